using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Losses;

/// <summary>
/// One less how far targets and outputs overlap, <c>1 − k I / (a I + b Y + c P + 1e-7)</c> with the sums <c>I = Σ y p</c>, <c>Y =
/// Σ y</c> and <c>P = Σ p</c> over the axes of the loss; one such number for each place on the other axes.
/// </summary>
/// <remarks>
/// With <c>D</c> the divisor, the gradient is <c>−k (y D − I (a y + c)) / D²</c>. Columns that a mask or padding hides are in
/// none of the sums; Keras, whose losses do not see the mask, counts them in.
/// </remarks>
public abstract class OverlapLoss : BatchLoss
{
    private readonly int[]? axis;

    /// <summary>Keeps what both have.</summary>
    /// <param name="className">Class name of the loss, for messages.</param>
    /// <param name="axis">The axes to sum over.</param>
    /// <param name="reduction">How the numbers become one.</param>
    /// <param name="name">Name of the loss.</param>
    private protected OverlapLoss(string className, IReadOnlyList<int>? axis, Reduction reduction, string name)
        : base(reduction, name)
    {
        this.axis = axis is null ? null : [.. axis];
        new OptionCheck(className)
            .Require(axis is null or { Count: > 0 }, "axis must have at least one entry, or be null for all axes", nameof(axis))
            .Require(axis is null || axis.Distinct().Count() == axis.Count, "axis names an axis twice", nameof(axis))
            .ThrowIfAny();
    }

    /// <summary>The axes that are summed over, 0 being the samples of a batch and −1 the outputs; null for all.</summary>
    public IReadOnlyList<int>? Axis => axis;

    /// <summary>Whether samples have losses of their own, or all have one.</summary>
    public override bool TakesSampleWeights => axis is null || !axis.Contains(0) || axis.Contains(-1);

    /// <summary>The factors k, a, b and c.</summary>
    private protected abstract (double Hits, double Both, double Targets, double Outputs) Factors { get; }

    /// <inheritdoc/>
    public override void CheckOutput(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int rank = output.Rank + 1;
        int wrong = Array.FindIndex(axis ?? [], a => a < -rank || a >= rank);
        if (wrong >= 0)
        {
            throw new ArgumentException(
                $"{ClassName}: axis {axis![wrong]} does not exist, because the output has {rank} axes, samples included: "
                + $"{-rank} to {rank - 1}.");
        }

        int steps = Enumerable.Range(1, Math.Max(0, rank - 2)).Count(a => Sums(a, rank));
        if (steps != 0 && steps != rank - 2)
        {
            throw new ArgumentException(
                $"{ClassName}: axis names {steps} of the {rank - 2} axes between samples and outputs. Name all of them, "
                + "or none.");
        }

        if (output.Rank > 1 && output[0] is null && Sums(0, rank) && !Sums(1, rank))
        {
            throw new ArgumentException(
                $"{ClassName}: axis sums over samples step by step, but sequences of unequal length have no steps in common. "
                + "Name axis 1 too.");
        }

        if (axis is not null && axis.Select(a => (a + rank) % rank).Distinct().Count() != axis.Length)
        {
            throw new ArgumentException($"{ClassName}: axis names an axis of the {rank} of the output twice.");
        }
    }

    /// <inheritdoc/>
    public override int ScratchLength(int samples, int steps, int rows, int targetRows) => 4 * samples * steps * rows;

    /// <inheritdoc/>
    public override double Evaluate(LossBatch batch, Span<Real> gradient)
    {
        Places places = PlacesOf(batch);
        Span<double> hits = batch.Scratch[..places.Count];
        Span<double> targets = batch.Scratch.Slice(places.Count, places.Count);
        Span<double> outputs = batch.Scratch.Slice(2 * places.Count, places.Count);
        Span<double> scales = batch.Scratch.Slice(3 * places.Count, places.Count);
        batch.Scratch[..(4 * places.Count)].Clear();
        Add(batch, places, hits, targets, outputs, scales);
        FindScales(batch, places, scales);

        (double k, double a, double b, double c) = Factors;
        double loss = 0;
        for (int i = 0; i < places.Count; i++)
        {
            double divisor = (a * hits[i]) + (b * targets[i]) + (c * outputs[i]) + Epsilon;
            loss += scales[i] == 0 ? 0 : scales[i] * (1 - (k * hits[i] / divisor));

            // What the gradient needs: −k s / D, and I / D.
            targets[i] = scales[i] == 0 ? 0 : -k * scales[i] / divisor;
            outputs[i] = hits[i] / divisor;
        }

        for (int column = 0; column < gradient.Length / batch.Rows; column++)
        {
            for (int row = 0; row < batch.Rows; row++)
            {
                int entry = (column * batch.Rows) + row;
                int i = places.Of(column, row, batch.Samples);
                double y = batch.Targets[entry];
                gradient[entry] = batch.IsCounted(column) ? (Real)(targets[i] * (y - (outputs[i] * ((a * y) + c)))) : 0;
            }
        }

        return loss;
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("axis", axis);
        return config;
    }

    private static void Add(
        LossBatch batch, Places places, Span<double> hits, Span<double> targets, Span<double> outputs, Span<double> seen)
    {
        for (int column = 0; column < batch.Samples * batch.Steps; column++)
        {
            for (int row = 0; row < batch.Rows && batch.IsCounted(column); row++)
            {
                int entry = (column * batch.Rows) + row;
                int i = places.Of(column, row, batch.Samples);
                double y = batch.Targets[entry];
                double p = batch.Predictions[entry];
                hits[i] += y * p;
                targets[i] += y;
                outputs[i] += p;
                seen[i] = 1;
            }
        }
    }

    /// <summary>Turns what was seen into the factor of each place.</summary>
    private void FindScales(LossBatch batch, Places places, Span<double> scales)
    {
        if (places.Count == 1 && !batch.Weights.IsEmpty)
        {
            scales[0] *= Common(batch);
            return;
        }

        long counted = 0;
        double weightSum = 0;
        for (int i = 0; i < places.Count; i++)
        {
            counted += scales[i] == 0 ? 0 : 1;
            scales[i] *= places.KeepsSamples ? batch.Weight(i / places.PerSample) : 1;
            weightSum += scales[i];
        }

        double scale = LossReduction.ColumnScale(Reduction, counted, weightSum);
        for (int i = 0; i < places.Count; i++)
        {
            scales[i] *= scale;
        }
    }

    /// <summary>By what one loss of all samples counts: the mean of their weights, or their sum, as in Keras.</summary>
    private double Common(LossBatch batch)
    {
        double scale = SampleScale(batch, out double sum);
        return sum * scale;
    }

    private bool Sums(int index, int rank) => axis is null || axis.Contains(index) || axis.Contains(index - rank);

    private Places PlacesOf(LossBatch batch)
    {
        int rank = batch.SampleShape.Rank + 1;
        bool keepsSamples = !Sums(0, rank);
        int steps = rank > 2 && !Sums(1, rank) ? batch.Steps : 1;
        int rows = Sums(rank - 1, rank) ? 1 : batch.Rows;
        return new(keepsSamples, (keepsSamples ? batch.Samples : 1) * steps * rows, steps, rows);
    }

    /// <summary>Where the numbers of the loss are: sample by sample, step by step, row by row, of those that are not summed
    /// over.</summary>
    private readonly record struct Places(bool KeepsSamples, int Count, int Steps, int Rows)
    {
        public int PerSample => Steps * Rows;

        public int Of(int column, int row, int samples) =>
            ((((KeepsSamples ? column % samples : 0) * Steps) + (Steps == 1 ? 0 : column / samples)) * Rows)
                + (Rows == 1 ? 0 : row);
    }
}

/// <summary>The Dice loss <c>1 − 2 Σ y p / (Σ y + Σ p + 1e-7)</c>: 0 where outputs and targets cover each other.</summary>
/// <remarks>
/// Gradient: <c>−2 (y − I / D) / D</c> with the overlap <c>I</c> and the divisor <c>D</c>. By default the sums run over the whole
/// batch, and weights of samples only scale the loss by their mean (as in Keras); with an <c>axis</c> that leaves out 0 each
/// sample has a loss of its own. Sørensen, 1948; Milletari, Navab and Ahmadi, 2016: V-Net.
/// </remarks>
public sealed class Dice : OverlapLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="axis">The axes to sum over, 0 being the samples of a batch and −1 the outputs; null, the default, for
    /// all.</param>
    /// <param name="reduction">How the losses of the places on the other axes become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>dice</c>.</param>
    /// <exception cref="ArgumentException">The list of axes is empty, or names one twice.</exception>
    public Dice(IReadOnlyList<int>? axis = null, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(nameof(Dice), axis, reduction, name ?? "dice")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Dice);

    /// <inheritdoc/>
    private protected override (double Hits, double Both, double Targets, double Outputs) Factors => (2, 0, 1, 1);
}

/// <summary>
/// The Tversky loss <c>1 − I / (I + α (Y − I) + β (P − I) + 1e-7)</c> with <c>I = Σ y p</c>, <c>Y = Σ y</c>, <c>P = Σ p</c>: what
/// the outputs miss counts α, what they have too much counts β.
/// </summary>
/// <remarks>
/// This is the arithmetic of Keras 3.15, whose description has α and β the other way round (and whose next version follows it).
/// With α = β = ½ it is the <see cref="Dice"/> loss. Sums, weights and axes are as there.
/// Salehi, Erdogmus and Gholipour, 2017: Tversky Loss Function for Image Segmentation.
/// </remarks>
public sealed class Tversky : OverlapLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="alpha">How much counts what is missed, at least 0; default 0.5.</param>
    /// <param name="beta">How much counts what is too much, at least 0; default 0.5.</param>
    /// <param name="axis">The axes to sum over, 0 being the samples of a batch and −1 the outputs; null, the default, for
    /// all.</param>
    /// <param name="reduction">How the losses of the places on the other axes become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>tversky</c>.</param>
    /// <exception cref="ArgumentException">A factor is out of range, the list of axes is empty, or names one twice.</exception>
    public Tversky(
        double alpha = 0.5,
        double beta = 0.5,
        IReadOnlyList<int>? axis = null,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null)
        : base(nameof(Tversky), axis, reduction, name ?? "tversky")
    {
        new OptionCheck(ClassName).AtLeast(nameof(alpha), alpha, 0).AtLeast(nameof(beta), beta, 0).ThrowIfAny();
        Alpha = alpha;
        Beta = beta;
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Tversky);

    /// <summary>How much counts what is missed.</summary>
    public double Alpha { get; }

    /// <summary>How much counts what is too much.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    private protected override (double Hits, double Both, double Targets, double Outputs) Factors =>
        (1, 1 - Alpha - Beta, Alpha, Beta);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("alpha", Alpha);
        config.Add("beta", Beta);
        return config;
    }
}
