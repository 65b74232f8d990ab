namespace Recurrent.Layers;

/// <summary>
/// What a forward pass of a layer remembers that makes tokens of its input and encodes them: which token each value is.
/// </summary>
public sealed class TokenPass : Pass
{
    private readonly string mode;
    private readonly int depth;
    private readonly int places;
    private bool[]? mask;

    internal TokenPass(Layer layer, PassOptions options, string mode, int depth)
        : base(layer, options)
    {
        this.mode = mode;
        this.depth = depth;
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        places = options.InputShape.Size;
        Tokens = mode == TokenEncoding.Int ? [] : new int[places * options.BatchSize];
        Zero = options.InputGradient
            ? new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize)
            : null;
    }

    internal SequenceBatch Output { get; }

    /// <summary>
    /// Which token each value of the input is, in the order of its storage; below 0 where it is none. For all modes but int.
    /// </summary>
    internal int[] Tokens { get; }

    /// <summary>The gradient of the input, always zero: between two tokens there is no slope.</summary>
    internal DenseMatrix? Zero { get; }

    /// <summary>Encodes <see cref="Tokens"/>.</summary>
    /// <param name="input">The input.</param>
    /// <param name="weights">How much each value counts, laid out as the input; empty for 1.</param>
    /// <param name="scales">By what the count of each token is multiplied; empty for 1.</param>
    internal SequenceBatch Encode(SequenceBatch input, ReadOnlySpan<Real> weights, ReadOnlySpan<Real> scales)
    {
        Span<Real> y = Output.Values.Values;
        y.Clear();
        for (int i = 0; i < Tokens.Length; i++)
        {
            if (PlaceOf(i, input.Padding) is int place and >= 0)
            {
                if (mode == TokenEncoding.OneHot || mode == TokenEncoding.MultiHot)
                {
                    y[place] = 1;
                }
                else
                {
                    y[place] += (weights.IsEmpty ? 1 : weights[i]) * (scales.IsEmpty ? 1 : scales[Tokens[i]]);
                }
            }
        }

        Output.Mask = mode == TokenEncoding.OneHot && input.Padding is { } padding ? PaddingMask(padding) : null;
        return Output;
    }

    /// <summary>Where in the storage of the output a value counts; −1 where it does not.</summary>
    /// <param name="index">Index of the value in the storage of the input.</param>
    /// <param name="padding">The padding of the input, or null.</param>
    internal int PlaceOf(int index, Padding? padding)
    {
        int token = Tokens[index];
        if (token < 0)
        {
            return -1;
        }

        int rows = Options.InputShape.Features;
        int batch = Options.BatchSize;
        int column = index / rows;
        int place = (column / batch * rows) + (index % rows);
        int sample = column % batch;
        if (padding?.Hides((place * batch) + sample, places * batch) == true)
        {
            return -1;
        }

        int step = mode == TokenEncoding.OneHot ? place
            : Options.InputShape.Rank == 1 ? 0
            : place % (places / Options.InputShape[0]!.Value);
        return (((step * batch) + sample) * depth) + token;
    }

    private bool[] PaddingMask(Padding padding)
    {
        mask ??= new bool[Output.Values.ColumnCount];
        Array.Fill(mask, true);
        padding.Hide(mask);
        return mask;
    }
}
