using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="SelfAttention"/> remembers.</summary>
public sealed class SelfAttentionPass : Pass
{
    private readonly (SoftmaxAttention Attention, AttentionMask Mask) own;
    private readonly DenseMatrix? key;
    private readonly DenseMatrix? value;

    internal SelfAttentionPass(SelfAttention layer, PassOptions options, double dropout)
        : base(layer, options)
    {
        int steps = options.InputShape.Steps;
        int features = options.InputShape.Features;
        int columns = steps * options.BatchSize;
        Query = new DenseMatrix(layer.Units, columns);
        if (options.Continuing)
        {
            Growing = new GrowingAttention(
                new StepCache([layer.Units, layer.ValueUnits], options.BatchSize, options.Capacity, lookBack: null),
                room => NewAttention(layer, steps, room, dropout));
        }
        else
        {
            own = NewAttention(layer, steps, steps, dropout);
            key = new DenseMatrix(layer.Units, columns);
            value = new DenseMatrix(layer.ValueUnits, columns);
        }

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

    internal SoftmaxAttention Attention => Growing?.Attention ?? own.Attention;

    /// <summary>What is kept of every step, in a continuing pass.</summary>
    internal GrowingAttention? Growing { get; }

    internal DenseMatrix Query { get; }

    /// <summary>All keys: of every step so far, in a continuing pass.</summary>
    internal DenseMatrix Key => Growing?.Cache[0] ?? key!;

    internal DenseMatrix Value => Growing?.Cache[1] ?? value!;

    /// <summary>Where the keys of this forward pass belong.</summary>
    internal ColumnBlock NewKeys => Growing?.Cache.Newest(0) ?? key!;

    internal ColumnBlock NewValues => Growing?.Cache.Newest(1) ?? value!;

    /// <summary>c ⊕ x of all steps.</summary>
    internal DenseMatrix Joined { get; }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? QueryGradient { get; }

    internal DenseMatrix? KeyGradient { get; }

    internal DenseMatrix? ValueGradient { get; }

    internal DenseMatrix? JoinedGradient { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal DenseMatrix? Input { get; private set; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        Growing?.Cache.Clear();
    }

    /// <summary>Notes the input of a forward pass, and what its mask hides.</summary>
    internal void Take(SequenceBatch input)
    {
        Input = input.Values;
        if (Growing is not null)
        {
            Growing.Extend(input.Steps, input.Mask);
        }
        else
        {
            own.Mask.Keys = input.Mask;
        }
    }

    private (SoftmaxAttention Attention, AttentionMask Mask) NewAttention(
        SelfAttention layer, int queries, int keys, double dropout)
    {
        var sizes = new AttentionSizes(1, 1, layer.Units, layer.ValueUnits, queries, keys, Options.BatchSize);
        var mask = new AttentionMask(sizes, layer.UseCausalMask, window: null, zeroWhereNothingIsLeft: true);
        var scores = new DotScores(layer.Units, keys, SoftmaxAttention.Block(queries), Options.Differentiable)
        {
            Scale = layer.UseScale ? (Real)(1 / Math.Sqrt(layer.Units)) : 1,
        };
        return (new(sizes, scores, mask, Options.Differentiable, dropout, weightsAreDropped: false), mask);
    }
}
