using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of an attention without projections remembers.</summary>
public sealed class ScoredAttentionPass : Pass
{
    private readonly (SoftmaxAttention Attention, AttentionMask Mask) own;
    private readonly DenseMatrix?[] inputGradients;
    private DenseMatrix? nothing;
    private bool[]? hiddenQueries;

    internal ScoredAttentionPass(ScoredAttention layer, PassOptions options)
        : base(layer, options)
    {
        if (options.Continuing && !options.IsFixed(1))
        {
            int[] rows = [options.InputShapes[^1].Features, options.InputShapes[1].Features];
            Growing = new GrowingAttention(
                new StepCache(rows, options.BatchSize, options.Capacity, lookBack: null), room => NewAttention(layer, room));
        }
        else
        {
            own = NewAttention(layer, options.InputShapes[1].Steps);
        }

        IReadOnlyList<Shapes.Shape> outputs = layer.ComputeOutputShapes(options.InputShapes);
        Output = new SequenceBatch(outputs[0], options.BatchSize);
        Scores = outputs.Count > 1 ? new SequenceBatch(outputs[1], options.BatchSize) : null;
        inputGradients =
        [
            .. options.InputShapes.Select((shape, i) => options.InputGradients[i]
                ? new DenseMatrix(shape.Features, shape.Steps * options.BatchSize)
                : null),
        ];
    }

    internal AttentionScores Compared { get; private set; } = null!;

    internal SoftmaxAttention Attention => Growing?.Attention ?? own.Attention;

    /// <summary>What is kept of every step, in a continuing pass.</summary>
    internal GrowingAttention? Growing { get; }

    internal SequenceBatch Output { get; }

    internal SequenceBatch? Scores { get; }

    internal DenseMatrix Query { get; private set; } = null!;

    internal DenseMatrix Key { get; private set; } = null!;

    internal DenseMatrix Value { get; private set; } = null!;

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        Growing?.Cache.Clear();
        if (Options.Continuing && Growing is null)
        {
            own.Attention.HoldKeys();
        }
    }

    /// <summary>Notes the inputs of a forward pass, and what their masks hide.</summary>
    internal void TakeInputs(ReadOnlySpan<SequenceBatch> inputs)
    {
        Query = inputs[0].Values;
        Value = inputs[1].Values;
        Key = inputs[inputs.Length > 2 ? 2 : 1].Values;
        hiddenQueries = inputs[0].Mask;
        if (Growing is null)
        {
            own.Mask.Values = inputs[1].Mask;
            return;
        }

        StepCache cache = Growing.Cache;
        Growing.Extend(inputs[1].Steps, inputs[1].Mask);
        Key.Values.CopyTo(cache.Newest(0).Values);
        Value.Values.CopyTo(cache.Newest(1).Values);
        (Key, Value) = (cache[0], cache[1]);
    }

    /// <summary>Room for the gradient of an input; null where nobody asks for it.</summary>
    internal DenseMatrix? InputGradient(int input) => inputGradients[input];

    private (SoftmaxAttention Attention, AttentionMask Mask) NewAttention(ScoredAttention layer, int keys)
    {
        Shapes.Shape query = Options.InputShapes[0];
        Shapes.Shape value = Options.InputShapes[1];
        var sizes = new AttentionSizes(1, 1, query.Features, value.Features, query.Steps, keys, Options.BatchSize)
        {
            Sharing = Options.SharingOf(1),
        };
        var mask = new AttentionMask(sizes, layer.UseCausalMask, window: null, zeroWhereNothingIsLeft: false);
        Compared = layer.NewScores(Options, keys);
        return (new(sizes, Compared, mask, Options.Differentiable, layer.Rate, weightsAreDropped: true), mask);
    }

    /// <summary>The gradient of a context that the loss does not depend on.</summary>
    internal DenseMatrix NoContextGradient()
    {
        nothing ??= new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount);
        nothing.Clear();
        return nothing;
    }

    /// <summary>Makes the columns of queries that a mask hides zero.</summary>
    internal void ClearHiddenQueries(DenseMatrix matrix)
    {
        ColumnBlock columns = matrix;
        for (int column = 0; column < columns.ColumnCount && hiddenQueries is not null; column++)
        {
            if (!hiddenQueries[column])
            {
                columns.Column(column).Clear();
            }
        }
    }
}
