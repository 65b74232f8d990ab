using Recurrent.Layers;

namespace Recurrent.Onnx.Export;

/// <summary>Attention layers.</summary>
internal static class AttentionExport
{
    private const double Hidden = -1e30;

    /// <summary>Attention of several heads.</summary>
    public static Signal[] Write(LayerContext c, HeadedAttention layer)
    {
        if (c.Input.Shape.Rank > 2)
        {
            throw c.Refuse("attends over inputs of more axes than steps and features",
                "Bring the other axes to samples before the model, and export attention of sequences");
        }

        GraphWriter writer = c.Writer;
        Signal query = c.Input;
        Signal value = c.Inputs[1];
        Signal key = c.Inputs.Length > 2 ? c.Inputs[2] : value;
        (int heads, int keyHeads, int width) = (c.Require("query/kernel").Shape[1], c.Require("key/kernel").Shape[1],
            c.Require("query/kernel").Shape[2]);
        Tensor q = Projected(c, query.Value, "query");
        Tensor k = Shared(Projected(c, key.Value, "key"), keyHeads, heads);
        Tensor v = Shared(Projected(c, value.Value, "value"), keyHeads, heads);
        Tensor scores = q.Transpose(0, 2, 1, 3).MatMul(k.Transpose(0, 2, 3, 1)) * (1 / Math.Sqrt(width));

        // Over heads: (batch, 1, queries, keys).
        var allowed = new List<Tensor>();
        if (query.Mask is { } queries)
        {
            allowed.Add(queries.Unsqueeze(1, 3));
        }

        foreach (Tensor? mask in new[] { value.Mask, c.Inputs.Length > 2 ? key.Mask : null })
        {
            if (mask is { } keys)
            {
                allowed.Add(keys.Unsqueeze(1, 2));
            }
        }

        if (c.Inputs.Length > 3)
        {
            Tensor pairs = c.Inputs[3].Value.Greater(0.5);
            allowed.Add(c.Inputs[3].Shape.Rank == 2 ? pairs.Unsqueeze(1) : pairs);
        }

        Tensor weights = Weights(scores, allowed, Distances(c, query, value, layer.UseCausalMask,
            c.Options.Has("sliding_window") ? c.Options.Int("sliding_window") : null), layer.ZeroWhereNothingIsLeft);
        Tensor context = weights.MatMul(v.Transpose(0, 2, 1, 3)).Transpose(0, 2, 1, 3);
        if (layer.UseGate)
        {
            context *= Projected(c, query.Value, "gate").Apply("Sigmoid");
        }

        int[] shape = [.. c.Require("attention_output/kernel").Shape];
        Tensor kernel = writer.Weight("attention_output/kernel", [shape[0] * shape[1], shape[2]],
            new WeightPart(c.Require("attention_output/kernel")));
        Tensor y = c.Biased(context.Reshape(0, 0, shape[0] * shape[1]).MatMul(kernel), "attention_output/bias");
        return layer.ReturnAttentionScores
            ? [new(y, c.OutputShape, query.Mask), new(weights, c.OutputShapes[1])]
            : c.Give(y, query.Mask);
    }

    /// <summary>Attention without projections.</summary>
    public static Signal[] Write(LayerContext c, ScoredAttention layer)
    {
        Signal query = c.Input;
        Signal value = c.Inputs[1];
        Tensor key = c.Inputs.Length > 2 ? c.Inputs[2].Value : value.Value;
        Tensor? scale = c.Options.Bool("use_scale") ? c.Weight("scale") : null;
        Tensor scores;
        if (layer is AdditiveAttention)
        {
            Tensor sums = Sums(query.Value, key).Apply("Tanh");
            scores = (scale is { } w ? sums * w : sums).Reduce("ReduceSum", false, -1);
        }
        else if (c.Options.Text("score_mode") == "concat")
        {
            Tensor sums = Sums(query.Value, key);
            scores = (scale is { } s ? sums * s : sums).Apply("Tanh").Reduce("ReduceSum", false, -1)
                * c.Weight("concat_score_weight");
        }
        else
        {
            scores = query.Value.MatMul(key.Transpose(0, 2, 1));
            scores = scale is { } s ? scores * s : scores;
        }

        List<Tensor> allowed = value.Mask is { } keys ? [keys.Unsqueeze(1)] : [];
        Tensor weights = Weights(
            scores, allowed, Distances(c, query, value, layer.UseCausalMask, null), zeroWhereNothingIsLeft: false);
        Tensor y = weights.MatMul(value.Value);
        if (query.MaskOfValues is { } queries)
        {
            y = c.Writer.Op("Where", queries, y, c.Writer.Number(0));
        }

        return layer.ReturnAttentionScores
            ? [new(y, c.OutputShape, query.Mask), new(weights, c.OutputShapes[1])]
            : c.Give(y, query.Mask);
    }

    /// <summary>Attention of a sequence to itself, joined with it.</summary>
    public static Signal[] Write(LayerContext c, SelfAttention layer)
    {
        Tensor Part(string name) => c.Biased(c.X.MatMul(c.Weight($"{name}_kernel")), $"{name}_bias");

        Tensor scores = Part("query").MatMul(Part("key").Transpose(0, 2, 1));
        scores = layer.UseScale ? scores * (1 / Math.Sqrt(layer.Units)) : scores;
        List<Tensor> allowed = c.Input.Mask is { } keys ? [keys.Unsqueeze(1)] : [];
        Tensor weights = Weights(scores, allowed, Distances(c, c.Input, c.Input, layer.UseCausalMask, null),
            zeroWhereNothingIsLeft: true);
        Tensor joined = c.Writer.Op("Concat", [weights.MatMul(Part("value")), c.X], ("axis", -1L));
        return c.GiveMasked(c.Biased(joined.MatMul(c.Weight("output_kernel")), "output_bias"));
    }

    /// <summary>Which keys a query may look at by their distance; null where by all.</summary>
    private static Tensor? Distances(LayerContext c, Signal query, Signal value, bool isCausal, int? window)
    {
        if (!isCausal && window is null)
        {
            return null;
        }

        GraphWriter writer = c.Writer;
        Tensor Places(Tensor x) => writer.Op("Range", writer.IntegersOf([], 0), x.Length(1).Squeeze(0), writer.IntegersOf([], 1));
        Tensor back = Places(query.Value).Unsqueeze(1) - Places(value.Value).Unsqueeze(0);
        Tensor? near = window is int width
            ? writer.Op("Less", back.Apply("Abs"), writer.Integers(width))
            : null;
        Tensor? past = isCausal ? back.Greater(writer.Integers(-1)) : null;
        return near is { } a && past is { } b ? writer.Op("And", a, b) : near ?? past;
    }

    private static Tensor Weights(Tensor scores, List<Tensor> allowed, Tensor? distances, bool zeroWhereNothingIsLeft)
    {
        GraphWriter writer = scores.Writer;
        if (distances is { } near)
        {
            allowed.Add(near);
        }

        if (allowed.Count == 0)
        {
            return writer.Op("Softmax", [scores], ("axis", -1L));
        }

        Tensor all = allowed.Aggregate((one, other) => writer.Op("And", one, other));
        Tensor hidden = writer.Op("Where", all, scores, writer.Number(Hidden));
        Tensor weights = writer.Op("Softmax", [hidden], ("axis", -1L));

        // Where nothing is left all are hidden alike, and softmax gives each the same weight.
        return zeroWhereNothingIsLeft ? writer.Op("Where", all, weights, writer.Number(0)) : weights;
    }

    private static Tensor Sums(Tensor query, Tensor key) => query.Unsqueeze(2) + key.Unsqueeze(1);

    /// <summary>A projection onto heads: (batch, steps, heads, width).</summary>
    private static Tensor Projected(LayerContext c, Tensor x, string name)
    {
        int[] shape = [.. c.Require($"{name}/kernel").Shape];
        int size = shape[1] * shape[2];
        Tensor y = x.MatMul(c.Writer.Weight($"{name}/kernel", [shape[0], size], new WeightPart(c.Require($"{name}/kernel"))));
        if (c.Find($"{name}/bias") is { } bias)
        {
            y += c.Writer.Weight($"{name}/bias", [size], new WeightPart(bias));
        }

        return y.Reshape(0, 0, shape[1], shape[2]);
    }

    /// <summary>Heads of keys, each for several of queries.</summary>
    private static Tensor Shared(Tensor x, int keyHeads, int heads) => keyHeads == heads ? x
        : x.Writer.Op("Gather",
            [x, x.Writer.Integers([.. Enumerable.Range(0, heads).Select(i => (long)(i / (heads / keyHeads)))])], ("axis", 2L));
}
