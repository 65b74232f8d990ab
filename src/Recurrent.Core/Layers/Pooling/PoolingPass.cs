using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of a <see cref="PoolingLayer"/> remembers.</summary>
public sealed class PoolingPass : StepsPass
{
    private bool[]? data;
    private DenseMatrix? summary;
    private int[] counts = [];

    internal PoolingPass(PoolingLayer layer, PassOptions options, bool stepsAreLast)
        : base(layer, options, stepsAreLast, keepsSums: false)
    {
    }

    /// <summary>Which columns of the input were pooled; null where all were.</summary>
    internal bool[]? Counted { get; set; }

    /// <summary>Whether what is pooled goes on from steps before the input.</summary>
    internal bool GoesOn { get; private set; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        GoesOn = false;
        if (Options.Continuing)
        {
            GoOn(null, 0);
        }
    }

    /// <summary>Goes on from what is known of steps before the input; null forgets them.</summary>
    internal void GoOn(IReadOnlyList<DenseMatrix>? states, int firstColumn)
    {
        GoesOn = true;
        int batch = Options.BatchSize;
        summary ??= new DenseMatrix(Output.Values.RowCount, batch);
        counts = counts.Length == batch ? counts : new int[batch];
        if (states is null)
        {
            summary.Clear();
            Array.Clear(counts);
            return;
        }

        new ColumnBlock(states[0], firstColumn, batch).Values.CopyTo(summary.Values);
        for (int sample = 0; sample < batch; sample++)
        {
            counts[sample] = (int)Math.Clamp((double)states[1].Values[firstColumn + sample], 0, int.MaxValue);
        }
    }

    /// <summary>Takes the last input into what is known.</summary>
    internal void Add(Pool pool)
    {
        int batch = Options.BatchSize;
        int steps = Input.ColumnCount / batch;
        for (int sample = 0; sample < batch; sample++)
        {
            Span<Real> known = new ColumnBlock(summary!, sample, 1).Values;
            pool.Add(new(Input, Counted, batch, sample, 0, steps), known, ref counts[sample]);
        }
    }

    /// <summary>What all steps are pooled to.</summary>
    internal void Finish(Pool pool)
    {
        summary!.Values.CopyTo(StepSums.Values, 0);
        for (int sample = 0; sample < counts.Length; sample++)
        {
            pool.Finish(new ColumnBlock(StepSums, sample, 1).Values, counts[sample]);
        }
    }

    /// <summary>Gives what is known of all steps.</summary>
    internal void Give(IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        summary!.Values.CopyTo(new ColumnBlock(states[0], firstColumn, Options.BatchSize).Values);
        for (int sample = 0; sample < counts.Length; sample++)
        {
            states[1].Values[firstColumn + sample] = counts[sample];
        }
    }

    /// <summary>The columns that are not padding of sequences of unequal length; null where there is none.</summary>
    internal bool[]? Data()
    {
        if (Padding is null)
        {
            return null;
        }

        data ??= new bool[Input.ColumnCount];
        Array.Fill(data, true);
        Padding.Hide(data);
        return data;
    }
}
