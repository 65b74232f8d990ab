using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Onnx.Export;

/// <summary>Layers around layers.</summary>
internal static class WrapperExport
{
    /// <summary>Two directions.</summary>
    public static Signal[] Write(LayerContext c, Bidirectional layer)
    {
        (RecurrentLayer forward, RecurrentLayer backward) = (layer.ForwardLayer, layer.BackwardLayer);
        object[][] axes = [.. RecurrentExport.StateAxes(c, forward), .. RecurrentExport.StateAxes(c, backward)];
        Tensor[]? states = RecurrentExport.States(c, layer.Stateful, layer.StateNames, axes);
        bool wired = c.Inputs.Length > 1;
        Signal input = wired ? c.Input with { Mask = null } : c.Input;
        int each = forward.StateSizes.Count;
        RecurrentRunPlan first = RecurrentExport.PlanOf(forward);
        RecurrentRunPlan second = RecurrentExport.PlanOf(backward) with { Turned = true };
        RecurrentOperator? one = RecurrentOperator.Of(forward.Cell);
        RecurrentOperator? other = RecurrentOperator.Of(backward.Cell);
        RecurrentResult[] results = one is not null && other is not null && one.GoesWith(other) && !first.Backwards
            ? OperatorRun.Write(c, [one, other], input, states, [first, second], wired)
            :
            [
                RecurrentExport.Run(c, forward, input, states?[..each], first, wired),
                RecurrentExport.Run(c, backward, input, states?[each..], second, wired),
            ];
        (Tensor f, Tensor b) = (results[0].Output, results[1].Output);

        // Where the whole is not in sequences, nothing is to be turned round.
        Tensor[] outputs = layer.MergeMode switch
        {
            "sum" => [f + b],
            "mul" => [f * b],
            "ave" => [(f + b) * 0.5],
            null => [f, b],
            _ => [c.Writer.Op("Concat", [f, b], ("axis", -1L))],
        };
        return RecurrentExport.Finish(RecurrentExport.HandingOn(c, forward), layer,
            new(outputs[0], [.. results[0].States, .. results[1].States]),
            layer.ReturnSequences, outputs, axes);
    }

    /// <summary>A recurrence over steps that are some apart: its phases are samples of their own.</summary>
    public static Signal[] Write(LayerContext c, Dilated layer)
    {
        GraphWriter writer = c.Writer;
        int rate = layer.Rate;
        int features = c.Input.Shape.Features;
        bool fits = c.Input.Shape[0] is int known && known % rate == 0;
        Tensor length = c.X.Length(1);
        Tensor x = c.X;
        Tensor? mask = c.Input.Mask;
        if (!fits)
        {
            // Zeros at the end fill up the last step of all phases; no state sees them.
            Tensor rest = writer.Op("Mod", -length, writer.Integers(rate));
            mask ??= writer.Op("Expand", writer.Number(1).Cast(ElementType.Bool), c.X.Lengths().Slice(0, 0, -1));
            x = PaddedBehind(x, rest, 3);
            mask = PaddedBehind(mask.Value.AsNumbers(), rest, 2).Cast(ElementType.Bool);
        }

        Tensor phases = x.Reshape(0, -1, rate, features).Transpose(2, 0, 1, 3);
        Tensor folded = writer.Op("Reshape", phases,
            Joined(writer, writer.Integers(-1), phases.Length(2), writer.Integers(features)));
        Tensor? foldedMask = mask is { } own
            ? writer.Op("Reshape", own.Reshape(0, -1, rate).Transpose(2, 0, 1),
                Joined(writer, writer.Integers(-1), phases.Length(2)))
            : null;
        var inner = new Signal(folded, new Shape(null, features), foldedMask);
        if (layer.Layer is Bidirectional both)
        {
            Signal[] given = (c with { States = null }).Write(both, inner);
            return c.GiveMasked(Unfolded(given[0].Value, rate, length));
        }

        return Recurrent(c, layer, (RecurrentLayer)layer.Layer, inner, length);
    }

    /// <summary>A layer at each step by itself.</summary>
    public static Signal[] Write(LayerContext c, TimeDistributed layer)
    {
        Shape step = new([.. c.Input.Shape.Axes.Skip(1)]);
        Shape output = layer.Layer.ComputeOutputShape(step);
        var folded = new Signal(Folded(c.X), step, c.Input.Mask is { } mask ? Folded(mask) : null);
        Tensor y = (c with { States = null }).Write(layer.Layer, folded, [output])[0].Value;
        Tensor shape = Joined(c.Writer, c.X.Lengths().Slice(0, 0, 2), y.Lengths().Slice(0, 1, long.MaxValue));
        bool keeps = step.Axes.SkipLast(1).SequenceEqual(output.Axes.SkipLast(1));
        return c.Give(c.Writer.Op("Reshape", y, shape), keeps ? c.Input.Mask : null);
    }

    /// <summary>A GRU over segments, and from its last state a step for each segment ahead.</summary>
    public static Signal[] Write(LayerContext c, SegmentGRU layer)
    {
        int units = layer.Units;
        Tensor state = (c with { States = null }).Write(layer.Reader, c.Input)[0].Value;
        Tensor bias = c.Weight("bias");
        Tensor query = c.Weight("positions") + c.Inputs[1].Value.Unsqueeze(1);
        query = c.Inputs.Length > 2 ? query + c.Inputs[2].Value : query;
        Tensor[] x = (query.MatMul(c.Weight("kernel")) + bias.Slice(0, 0, 1)).Split(units, units, units);
        Tensor[] h = (state.MatMul(c.Weight("recurrent_kernel")) + bias.Slice(0, 1, 2)).Unsqueeze(1).Split(units, units, units);
        Tensor update = (x[0] + h[0]).Apply("Sigmoid");
        Tensor candidate = (x[2] + ((x[1] + h[1]).Apply("Sigmoid") * h[2])).Apply("Tanh");
        return c.GiveUnmasked(candidate + (update * (state.Unsqueeze(1) - candidate)));
    }

    /// <summary>What a layer gives, added to its input.</summary>
    public static Signal[] Write(LayerContext c, Residual layer)
    {
        Signal given = c.Write(layer.Layer, c.Input)[0];
        return c.Give(c.X + given.Value, given.Mask);
    }

    private static Signal[] Recurrent(LayerContext c, Dilated layer, RecurrentLayer recurrent, Signal inner, Tensor length)
    {
        GraphWriter writer = c.Writer;
        int rate = layer.Rate;
        int[] sizes = [.. recurrent.StateSizes];
        object[][] axes = [.. layer.StateSizes.Select(size => new object[] { size })];
        Tensor[]? states = RecurrentExport.States(c, layer.Stateful, layer.StateNames, axes);
        Tensor[]? phases = states is null ? null
            : [.. sizes.Select((size, i) => states[i].Reshape(0, rate, size).Transpose(1, 0, 2).Reshape(-1, size))];
        RecurrentRunPlan plan = RecurrentExport.PlanOf(recurrent) with { Sequences = true };
        RecurrentResult result = RecurrentExport.Run(c, recurrent, inner, phases, plan, startsAnew: true);

        // First the one from which the step after the last goes on.
        Tensor order = writer.Op("Mod", writer.Integers([.. Enumerable.Range(0, rate).Select(i => (long)i)]) + length,
            writer.Integers(rate));
        List<Tensor> after =
        [
            .. result.States.Select((state, i) => writer.Op("Gather", [state.Reshape(rate, -1, sizes[i]), order], ("axis", 0L))
                .Transpose(1, 0, 2).Reshape(0, rate * sizes[i])),
        ];
        Tensor y = Unfolded(result.Output, rate, length);
        Tensor output = layer.ReturnSequences ? y
            : c.Input.Mask is { } mask && !recurrent.ZeroOutputForMask
                ? LastWithData(y, mask, states?.Length > sizes.Length ? states[^1] : null)
            : y.Slice(1, -1, long.MaxValue).Squeeze(1);
        if (layer.StateNames.Count > sizes.Length)
        {
            after.Add(output);
        }

        return RecurrentExport.Finish(c, layer, new(output, [.. after]), layer.ReturnSequences, [output], axes);
    }

    /// <summary>What came of the last step of each sample that holds data; where none does, another value, or zero.</summary>
    private static Tensor LastWithData(Tensor y, Tensor mask, Tensor? otherwise)
    {
        GraphWriter writer = y.Writer;
        Tensor steps = writer.Op("Range", writer.IntegersOf([], 1),
            mask.Length(1).Squeeze(0) + writer.IntegersOf([], 1), writer.IntegersOf([], 1));
        Tensor last = (mask.Cast(ElementType.Int64) * steps).Reduce("ReduceMax", true, 1);
        Tensor place = writer.Op("Max", last - writer.Integers(1), writer.Integers(0));
        Tensor found = writer.Op("GatherND", [y, place], ("batch_dims", 1L));
        return writer.Op("Where", last.Greater(writer.Integers(0)), found, otherwise ?? writer.Number(0));
    }

    private static Tensor Unfolded(Tensor y, int rate, Tensor length)
    {
        GraphWriter writer = y.Writer;
        Tensor apart = writer.Op("Reshape", y,
            Joined(writer, writer.Integers(rate, -1), y.Lengths().Slice(0, 1, long.MaxValue))).Transpose(1, 2, 0, 3);
        Tensor whole = writer.Op("Reshape", apart,
            Joined(writer, writer.Integers(0, -1), y.Lengths().Slice(0, 2, long.MaxValue)));
        return writer.Op("Slice", whole, writer.Integers(0), length, writer.Integers(1));
    }

    /// <summary>The axes of samples and steps as one.</summary>
    private static Tensor Folded(Tensor x) => x.Writer.Op(
        "Reshape", x, Joined(x.Writer, x.Writer.Integers(-1), x.Lengths().Slice(0, 2, long.MaxValue)));

    private static Tensor PaddedBehind(Tensor x, Tensor count, int rank)
    {
        GraphWriter writer = x.Writer;
        Tensor none = writer.Integers(new long[rank + 1]);
        return writer.Op("Pad", x, Joined(writer, none, count, writer.Integers(new long[rank - 2])), writer.Number(0));
    }

    private static Tensor Joined(GraphWriter writer, params Tensor[] parts) =>
        writer.Op("Concat", [.. parts.Select(part => (Tensor?)part)], ("axis", 0L));
}
