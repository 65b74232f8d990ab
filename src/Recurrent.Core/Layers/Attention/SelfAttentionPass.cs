namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="SelfAttention"/> remembers.</summary>
public sealed class SelfAttentionPass : Pass
{
    internal SelfAttentionPass(SelfAttention layer, PassOptions options, double dropout)
        : base(layer, options)
    {
        int steps = options.InputShape.Steps;
        int features = options.InputShape.Features;
        int columns = steps * options.BatchSize;
        var sizes = new AttentionSizes(1, 1, layer.Units, layer.ValueUnits, steps, steps, options.BatchSize);
        Mask = new AttentionMask(sizes, layer.UseCausalMask, window: null, zeroWhereNothingIsLeft: true);
        var scores = new DotScores(layer.Units, steps, SoftmaxAttention.Block(steps), options.Differentiable)
        {
            Scale = layer.UseScale ? (Real)(1 / Math.Sqrt(layer.Units)) : 1,
        };
        Attention = new SoftmaxAttention(sizes, scores, Mask, options.Differentiable, dropout, weightsAreDropped: false);
        Query = new DenseMatrix(layer.Units, columns);
        Key = new DenseMatrix(layer.Units, columns);
        Value = new DenseMatrix(layer.ValueUnits, columns);
        Joined = new DenseMatrix(layer.ValueUnits + features, columns);
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        if (options.Differentiable)
        {
            QueryGradient = new DenseMatrix(layer.Units, columns);
            KeyGradient = new DenseMatrix(layer.Units, columns);
            ValueGradient = new DenseMatrix(layer.ValueUnits, columns);
            JoinedGradient = new DenseMatrix(Joined.RowCount, columns);
        }

        InputGradient = options.InputGradient ? new DenseMatrix(features, columns) : null;
    }

    internal AttentionMask Mask { get; }

    internal SoftmaxAttention Attention { get; }

    internal DenseMatrix Query { get; }

    internal DenseMatrix Key { get; }

    internal DenseMatrix Value { get; }

    /// <summary>c ⊕ x of all steps.</summary>
    internal DenseMatrix Joined { get; }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? QueryGradient { get; }

    internal DenseMatrix? KeyGradient { get; }

    internal DenseMatrix? ValueGradient { get; }

    internal DenseMatrix? JoinedGradient { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal DenseMatrix? Input { get; set; }
}
