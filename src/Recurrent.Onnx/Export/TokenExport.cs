using Recurrent.Layers;

namespace Recurrent.Onnx.Export;

/// <summary>Layers that make numbers or vectors of tokens.</summary>
internal static class TokenExport
{
    /// <summary>Ids as vectors.</summary>
    public static Signal[] Write(LayerContext c, CategoryEncoding layer) => c.GiveUnmasked(Encoded(
        c, c.X.Cast(ElementType.Int64), layer.OutputMode, layer.NumTokens, null,
        c.Inputs.Length > 1 ? c.Inputs[1].Value : null));

    /// <summary>Numbers in bins.</summary>
    public static Signal[] Write(LayerContext c, Discretization layer)
    {
        IReadOnlyList<double> boundaries = layer.BinBoundaries!;
        Tensor edges = c.Writer.Numbers([boundaries.Count], [.. boundaries.Select(edge => (float)edge)]);
        Tensor below = c.Writer.Op("GreaterOrEqual", c.X.Unsqueeze(-1), edges);
        Tensor bins = boundaries.Count == 0 ? c.X * 0 : below.AsNumbers().Reduce("ReduceSum", false, -1);
        string mode = c.Options.Text("output_mode")!;
        return mode == TokenEncoding.Int
            ? c.GiveMasked(bins)
            : c.GiveUnmasked(Encoded(c, bins.Cast(ElementType.Int64), mode, layer.NumBins, null, null));
    }

    /// <summary>Whole numbers of a vocabulary.</summary>
    public static Signal[] Write(LayerContext c, IntegerLookup layer)
    {
        long[] tokens = [.. layer.GetVocabulary(includeSpecialTokens: false)];
        Tensor keys = c.X.Cast(ElementType.Int64);
        int start = layer.VocabularySize - tokens.Length;
        if (layer.Invert)
        {
            return c.GiveMasked(TokensOf(c, keys, tokens, start).AsNumbers());
        }

        int count = layer.NumOovIndices;
        if (count > 1 && c.Options.Text("oov_method") != "floormod")
        {
            throw c.Refuse("hashes tokens that it does not know, and there is no operator of that hash",
                "Set numOovIndices: 1, or oovMethod: \"floormod\".");
        }

        Tensor unknown = count == 0 ? c.Writer.Integers(-1)
            : count == 1 ? c.Writer.Integers(start - 1)
            : c.Writer.Op("Mod", keys, c.Writer.Integers(count)) + c.Writer.Integers(start - count);
        Tensor found = c.Writer.Learning("LabelEncoder", keys,
            ("keys_int64s", tokens), ("values_int64s", Numbered(tokens.Length, start)), ("default_int64", -1L));
        return Looked(c, layer.OutputMode, layer.VocabularySize, found, unknown,
            c.Options.Has("mask_token") ? c.Writer.Op("Equal", keys, c.Writer.Integers((long)c.Options.Raw("mask_token")!))
                : null);
    }

    /// <summary>Strings of a vocabulary.</summary>
    public static Signal[] Write(LayerContext c, StringLookup layer)
    {
        string[] tokens = [.. layer.GetVocabulary(includeSpecialTokens: false)];
        if (layer.NumOovIndices > 1)
        {
            throw c.Refuse("hashes strings that it does not know, and there is no operator of that hash",
                "Set numOovIndices: 1.");
        }

        int start = layer.VocabularySize - tokens.Length;
        string? masked = c.Options.Text("mask_token");
        const long Nothing = -2;
        Tensor found = c.Writer.Learning("LabelEncoder", c.X,
            ("keys_strings", masked is null ? tokens : [.. tokens, masked]),
            ("values_int64s", masked is null ? Numbered(tokens.Length, start) : [.. Numbered(tokens.Length, start), Nothing]),
            ("default_int64", -1L));
        return Looked(c, layer.OutputMode, layer.VocabularySize, found,
            c.Writer.Integers(layer.NumOovIndices == 0 ? -1 : start - 1),
            masked is null ? null : c.Writer.Op("Equal", found, c.Writer.Integers(Nothing)));
    }

    private static Signal[] Looked(
        LayerContext c, string mode, int size, Tensor found, Tensor unknown, Tensor? masked)
    {
        Tensor index = c.Writer.Op("Where", c.Writer.Op("Less", found, c.Writer.Integers(0)), unknown, found);
        if (masked is { } hidden)
        {
            index = c.Writer.Op("Where", hidden, c.Writer.Integers(mode == TokenEncoding.Int ? 0 : -1), index);
        }

        if (mode == TokenEncoding.Int)
        {
            return c.GiveMasked(index.AsNumbers());
        }

        int depth = c.Options.Bool("pad_to_max_tokens") ? c.Options.Int("max_tokens") : size;
        float[]? scales = null;
        if (mode == TokenEncoding.TfIdf)
        {
            double[] own = c.Options.Doubles("idf_weights");
            scales = new float[depth];
            int front = size - own.Length;
            Array.Fill(scales, (float)own.Average(), 0, front);
            for (int i = 0; i < own.Length; i++)
            {
                scales[front + i] = (float)own[i];
            }
        }

        return c.GiveUnmasked(Encoded(c, index, mode, depth, scales, null));
    }

    private static Tensor TokensOf(LayerContext c, Tensor index, long[] tokens, int start)
    {
        long other = c.Options.Has("oov_token") ? (long)c.Options.Raw("oov_token")! : 0;
        bool hasMask = c.Options.Has("mask_token");
        long[] keys = hasMask ? [0, .. Numbered(tokens.Length, start)] : Numbered(tokens.Length, start);
        long[] values = hasMask ? [(long)c.Options.Raw("mask_token")!, .. tokens] : tokens;
        return c.Writer.Learning("LabelEncoder", index,
            ("keys_int64s", keys), ("values_int64s", values), ("default_int64", other));
    }

    private static long[] Numbered(int count, int start) => [.. Enumerable.Range(start, count).Select(i => (long)i)];

    /// <summary>Tokens below 0 count for nothing.</summary>
    private static Tensor Encoded(
        LayerContext c, Tensor tokens, string mode, int depth, float[]? scales, Tensor? weights)
    {
        GraphWriter writer = c.Writer;
        bool isOne = mode == TokenEncoding.OneHot && c.Input.Shape[^1] == 1;
        Tensor places = writer.Op("Range", writer.IntegersOf([], 0), writer.IntegersOf([], depth), writer.IntegersOf([], 1));
        Tensor each = writer.Op("Equal", isOne ? tokens : tokens.Unsqueeze(-1), places).AsNumbers();
        switch (mode)
        {
            case TokenEncoding.OneHot:
                return each;
            case TokenEncoding.MultiHot:
                return each.Reduce("ReduceMax", false, 1);
        }

        Tensor counted = weights is { } own ? each * own.Unsqueeze(-1) : each;
        Tensor sum = counted.Reduce("ReduceSum", false, 1);
        return scales is null ? sum : sum * writer.Numbers([depth], scales);
    }
}
