using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a pooling layer makes of the steps that a window sees: one column of many.</summary>
internal abstract class Pool
{
    /// <summary>The largest value of each feature. Backward: the first step that has it gets the gradient.</summary>
    public static Pool Max { get; } = new MaxPool();

    /// <summary>The mean of each feature. Backward: all steps get an equal part of the gradient.</summary>
    public static Pool Average { get; } = new AveragePool();

    /// <summary>Pools; zero where no step counts.</summary>
    /// <param name="steps">What the window sees.</param>
    /// <param name="y">Receives one value for each feature.</param>
    public void Forward(in PooledSteps steps, Span<Real> y)
    {
        y.Clear();
        int count = 0;
        Add(steps, y, ref count);
        Finish(y, count);
    }

    /// <summary>Takes steps into what is known of those before them.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="summary">What is known: zero before the first step.</param>
    /// <param name="count">How many steps counted.</param>
    public abstract void Add(in PooledSteps steps, Span<Real> summary, ref int count);

    /// <summary>Turns what is known of all steps into what they are pooled to.</summary>
    /// <param name="summary">What is known.</param>
    /// <param name="count">How many steps counted.</param>
    public abstract void Finish(Span<Real> summary, int count);

    /// <summary>Adds the gradient of the steps.</summary>
    /// <param name="steps">What the window saw.</param>
    /// <param name="dy">The gradient of what it was pooled to.</param>
    /// <param name="dx">Receives the gradient of the whole input, laid out as it.</param>
    public abstract void Backward(in PooledSteps steps, ReadOnlySpan<Real> dy, ColumnBlock dx);

    private sealed class MaxPool : Pool
    {
        public override void Add(in PooledSteps steps, Span<Real> summary, ref int count)
        {
            for (int t = steps.First; t < steps.End; t++)
            {
                if (!steps.Counts(t))
                {
                    continue;
                }

                if (count > 0)
                {
                    VectorMath.Max(steps.Column(t), summary);
                }
                else
                {
                    steps.Column(t).CopyTo(summary);
                }

                count++;
            }
        }

        public override void Finish(Span<Real> summary, int count)
        {
        }

        public override void Backward(in PooledSteps steps, ReadOnlySpan<Real> dy, ColumnBlock dx)
        {
            for (int row = 0; row < dy.Length; row++)
            {
                int place = -1;
                Real largest = 0;
                for (int t = steps.First; t < steps.End; t++)
                {
                    if (steps.Counts(t) && (place < 0 || steps.Column(t)[row] > largest))
                    {
                        place = steps.Place(t);
                        largest = steps.Column(t)[row];
                    }
                }

                if (place >= 0)
                {
                    dx.Column(place)[row] += dy[row];
                }
            }
        }
    }

    private sealed class AveragePool : Pool
    {
        public override void Add(in PooledSteps steps, Span<Real> summary, ref int count)
        {
            for (int t = steps.First; t < steps.End; t++)
            {
                if (steps.Counts(t))
                {
                    VectorMath.Add(steps.Column(t), summary);
                    count++;
                }
            }
        }

        public override void Finish(Span<Real> summary, int count) => VectorMath.Scale(1 / (Real)Math.Max(count, 1), summary);

        public override void Backward(in PooledSteps steps, ReadOnlySpan<Real> dy, ColumnBlock dx)
        {
            int count = 0;
            for (int t = steps.First; t < steps.End; t++)
            {
                count += steps.Counts(t) ? 1 : 0;
            }

            for (int t = steps.First; t < steps.End; t++)
            {
                if (steps.Counts(t))
                {
                    VectorMath.AddScaled(1 / (Real)count, dy, dx.Column(steps.Place(t)));
                }
            }
        }
    }
}

/// <summary>The steps of one sample that one window sees.</summary>
/// <param name="input">The input: features × (steps · batch).</param>
/// <param name="counted">Which columns count; null where all do.</param>
/// <param name="batch">Number of samples.</param>
/// <param name="sample">The sample.</param>
/// <param name="first">The first step.</param>
/// <param name="end">The step behind the last one.</param>
internal readonly ref struct PooledSteps(ColumnBlock input, bool[]? counted, int batch, int sample, int first, int end)
{
    private readonly ColumnBlock input = input;

    public int First => first;

    public int End => end;

    /// <summary>The column of a step.</summary>
    public int Place(int step) => (step * batch) + sample;

    /// <summary>Whether a step counts.</summary>
    public bool Counts(int step) => counted is null || counted[Place(step)];

    /// <summary>The features of a step.</summary>
    public ReadOnlySpan<Real> Column(int step) => input.Column(Place(step));
}
