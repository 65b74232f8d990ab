using Recurrent.Shapes;

namespace Recurrent.Losses;

/// <summary>A loss that looks at more than one column: a whole sequence, pairs of samples, sums over a batch.</summary>
/// <remarks>
/// The engine runs all layers of the whole batch forward, asks for its loss once, and runs backward with the gradient it is
/// given. The batch is always the whole one, so the bits are the same for any number of threads. A loss holds no state.
/// </remarks>
public abstract class BatchLoss : Loss
{
    /// <summary>Keeps what every loss has.</summary>
    /// <param name="reduction">How the losses of samples become one number.</param>
    /// <param name="name">Name of the loss.</param>
    protected BatchLoss(Reduction reduction, string name)
        : base(reduction, name)
    {
    }

    /// <summary>Whether samples can have weights: one for each, not one for each step.</summary>
    public virtual bool TakesSampleWeights => true;

    /// <summary>Checks, before any work, that the loss can look at such an output.</summary>
    /// <param name="output">Shape of a sample of the output; its first axis is unknown where sequences are of unequal
    /// length.</param>
    /// <exception cref="ArgumentException">It cannot; the message says what to change.</exception>
    public virtual void CheckOutput(Shape output)
    {
    }

    /// <summary>Shape of a sample's targets; the default is that of the output, with <see cref="Loss.TargetRows"/>
    /// features.</summary>
    /// <param name="output">Shape of a sample of the output.</param>
    /// <param name="given">The axes of a sample of the targets that were given.</param>
    public virtual Shape TargetShape(Shape output, IReadOnlyList<int> given)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.WithFeatures(TargetRows(output.Features));
    }

    /// <summary>Checks, before any work, that the targets of a sample fit its number of steps.</summary>
    /// <param name="target">The targets of the sample.</param>
    /// <param name="steps">Number of steps of its output.</param>
    /// <param name="sample">Index of the sample, for messages.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    public virtual void CheckSteps(ReadOnlySpan<Real> target, int steps, int sample)
    {
    }

    /// <summary>How many numbers <see cref="LossBatch.Scratch"/> must hold.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="rows">Rows of the predictions.</param>
    /// <param name="targetRows">Rows of the targets.</param>
    public virtual int ScratchLength(int samples, int steps, int rows, int targetRows) => 0;

    /// <summary>The loss of a batch, by its reduction, and its gradient with respect to all predictions.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="gradient">Receives the gradient, laid out as the predictions; empty when not wanted.</param>
    public abstract double Evaluate(LossBatch batch, Span<Real> gradient);

    /// <summary>Not supported: a column alone has no such loss.</summary>
    /// <param name="targets">Targets.</param>
    /// <param name="predictions">Predictions.</param>
    /// <param name="rows">Rows of the predictions.</param>
    /// <param name="losses">Would receive losses.</param>
    /// <param name="gradient">Would receive the gradient.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        throw new NotSupportedException($"{ClassName} looks at more than a column: call Evaluate with a LossBatch.");

    /// <summary>What the loss of a sample, times its weight, is multiplied by, where samples are what the reduction
    /// counts.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="weightSum">The weights of the samples that count, together.</param>
    private protected double SampleScale(LossBatch batch, out double weightSum)
    {
        long counted = 0;
        weightSum = 0;
        for (int sample = 0; sample < batch.Samples; sample++)
        {
            if (batch.IsSampleCounted(sample))
            {
                counted++;
                weightSum += batch.Weight(sample);
            }
        }

        return LossReduction.ColumnScale(Reduction, counted, weightSum);
    }
}

/// <summary>What a <see cref="BatchLoss"/> looks at: all columns of a batch, column <c>t · samples + b</c> being step <c>t</c> of
/// sample <c>b</c>.</summary>
public readonly ref struct LossBatch
{
    /// <summary>Targets, columns of <see cref="TargetRows"/> entries one after the other.</summary>
    public required ReadOnlySpan<Real> Targets { get; init; }

    /// <summary>Rows of the targets.</summary>
    public required int TargetRows { get; init; }

    /// <summary>Predictions, columns of <see cref="Rows"/> entries one after the other.</summary>
    public required ReadOnlySpan<Real> Predictions { get; init; }

    /// <summary>Shape of a sample of the predictions; every axis known.</summary>
    public required Shape SampleShape { get; init; }

    /// <summary>Number of samples.</summary>
    public required int Samples { get; init; }

    /// <summary>For each column of the predictions whether it counts: no mask and no padding hides it. Empty where all
    /// do.</summary>
    public ReadOnlySpan<bool> Counts { get; init; }

    /// <summary>Weight of each sample; empty where all count once.</summary>
    public ReadOnlySpan<Real> Weights { get; init; }

    /// <summary>Index of each sample in the data, for messages; empty where they are as they stand.</summary>
    public ReadOnlySpan<int> Indices { get; init; }

    /// <summary>Room for at least <see cref="BatchLoss.ScratchLength"/> numbers, whatever is in it.</summary>
    public Span<double> Scratch { get; init; }

    /// <summary>Rows of the predictions.</summary>
    public int Rows => SampleShape.Features;

    /// <summary>Number of steps.</summary>
    public int Steps => Predictions.Length / (Rows * Samples);

    /// <summary>Whether a column counts.</summary>
    /// <param name="column">The column.</param>
    public bool IsCounted(int column) => Counts.IsEmpty || Counts[column];

    /// <summary>Whether a column of a sample counts.</summary>
    /// <param name="sample">The sample.</param>
    public bool IsSampleCounted(int sample) => CountedSteps(sample) > 0;

    /// <summary>Number of steps of a sample that count.</summary>
    /// <param name="sample">The sample.</param>
    public int CountedSteps(int sample)
    {
        int count = 0;
        for (int step = 0; step < Steps; step++)
        {
            count += IsCounted((step * Samples) + sample) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The weight of a sample.</summary>
    /// <param name="sample">The sample.</param>
    public double Weight(int sample) => Weights.IsEmpty ? 1 : Weights[sample];

    /// <summary>Index of a sample in the data.</summary>
    /// <param name="sample">The sample.</param>
    public int IndexOf(int sample) => Indices.IsEmpty ? sample : Indices[sample];
}
