using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of an attention without projections remembers.</summary>
public sealed class ScoredAttentionPass : Pass
{
    private readonly AttentionMask mask;
    private readonly DenseMatrix?[] inputGradients;
    private DenseMatrix? nothing;
    private bool[]? hiddenQueries;

    internal ScoredAttentionPass(ScoredAttention layer, PassOptions options)
        : base(layer, options)
    {
        Shapes.Shape query = options.InputShapes[0];
        Shapes.Shape value = options.InputShapes[1];
        var sizes = new AttentionSizes(1, 1, query.Features, value.Features, query.Steps, value.Steps, options.BatchSize);
        mask = new AttentionMask(sizes, layer.UseCausalMask, window: null, zeroWhereNothingIsLeft: false);
        Compared = layer.NewScores(options);
        Attention = new SoftmaxAttention(sizes, Compared, mask, options.Differentiable, layer.Rate, weightsAreDropped: true);
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

    internal AttentionScores Compared { get; }

    internal SoftmaxAttention Attention { get; }

    internal SequenceBatch Output { get; }

    internal SequenceBatch? Scores { get; }

    internal DenseMatrix Query { get; private set; } = null!;

    internal DenseMatrix Key { get; private set; } = null!;

    internal DenseMatrix Value { get; private set; } = null!;

    /// <summary>Notes the inputs of a forward pass, and what their masks hide.</summary>
    internal void TakeInputs(ReadOnlySpan<SequenceBatch> inputs)
    {
        Query = inputs[0].Values;
        Value = inputs[1].Values;
        Key = inputs[inputs.Length > 2 ? 2 : 1].Values;
        mask.Values = inputs[1].Mask;
        hiddenQueries = inputs[0].Mask;
    }

    /// <summary>Room for the gradient of an input; null where nobody asks for it.</summary>
    internal DenseMatrix? InputGradient(int input) => inputGradients[input];

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
