using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Onnx.Export;

/// <summary>What a recurrent layer gives: its output, of all steps or of the last, and its final states.</summary>
internal readonly record struct RecurrentResult(Tensor Output, Tensor[] States);

/// <summary>How a recurrent layer is run over a sequence.</summary>
/// <param name="Backwards">Whether it reads from the end.</param>
/// <param name="Turned">Whether the output is in the reverse of the order of reading.</param>
/// <param name="Sequences">Whether all outputs are given.</param>
/// <param name="ZeroWhereMasked">Whether the output at a masked step is zero.</param>
internal readonly record struct RecurrentRunPlan(bool Backwards, bool Turned, bool Sequences, bool ZeroWhereMasked);

/// <summary>Recurrent layers: by the operators LSTM, GRU and RNN where these are the cell, else step by step by Scan.</summary>
internal static class RecurrentExport
{
    /// <summary>Writes a recurrent layer.</summary>
    public static Signal[] Write(LayerContext context)
    {
        var layer = (RecurrentLayer)context.Layer;
        Tensor[]? states = States(context, layer.Stateful, layer.StateNames, StateAxes(context, layer));
        bool wired = context.Inputs.Length > 1;
        Signal input = context.Input;
        RecurrentResult result = Run(
            context, layer, wired ? input with { Mask = null } : input, states, PlanOf(layer), wired);
        return Finish(HandingOn(context, layer), layer, result, layer.ReturnSequences,
            [result.Output], StateAxes(context, layer));
    }

    /// <summary>
    /// Whether each place of a step, or each channel where these come first, is masked by itself: where a state has as many.
    /// </summary>
    public static bool MasksPlaces(RecurrentLayer layer, Shape input) =>
        layer.Cell.StepRank > 1 && input[1] == layer.StateShapes(input).First()[0];

    /// <summary>A layer with the mask that its output hands on, in the place of that of its input.</summary>
    public static LayerContext HandingOn(LayerContext context, RecurrentLayer layer)
    {
        if (layer.Cell.StepRank == 1 || MasksPlaces(layer, context.Input.Shape) || context.Input.Mask is not { } mask)
        {
            return context;
        }

        Tensor places = context.Writer.Integers(1, 1, context.OutputShape[^2]!.Value);
        Tensor every = context.Writer.Op("Expand", Any(mask), places);
        return context with { Inputs = [context.Input with { Mask = every }, .. context.Inputs[1..]] };
    }

    /// <summary>Whether a step holds data: where any of its places does.</summary>
    private static Tensor Any(Tensor mask) => mask.AsNumbers().Reduce("ReduceMax", true, 2).Cast(ElementType.Bool);

    /// <summary>How a layer by itself is run.</summary>
    public static RecurrentRunPlan PlanOf(RecurrentLayer layer) =>
        new(layer.GoBackwards, Turned: false, layer.ReturnSequences, layer.ZeroOutputForMask);

    /// <summary>The states that a layer begins with; null for zero.</summary>
    public static Tensor[]? States(
        LayerContext context, bool stateful, IReadOnlyList<string> names, IReadOnlyList<object[]> axes) =>
        context.Inputs.Length > 1 ? [.. context.Inputs.Skip(1).Select(input => input.Value)]
        : context.States?.Has(stateful) == true
            ? [.. names.Select((name, i) => context.States.In($"{context.Name}.{name}", axes[i]))]
        : null;

    /// <summary>The axes of each state behind that of the batch.</summary>
    public static IReadOnlyList<object[]> StateAxes(LayerContext context, RecurrentLayer layer) =>
        [.. layer.StateShapes(context.Input.Shape).Select(shape => shape.Axes.Select(axis => (object)axis!.Value).ToArray())];

    /// <summary>What a layer gives behind its outputs: its states, where they are asked for.</summary>
    public static Signal[] Finish(LayerContext context, IHasStates layer, RecurrentResult result, bool sequences,
        Tensor[] outputs, IReadOnlyList<object[]> axes)
    {
        if (context.Inputs.Length == 1 && context.States?.Has(layer.Stateful) == true)
        {
            for (int i = 0; i < result.States.Length; i++)
            {
                context.States.Out($"{context.Name}.{layer.StateNames[i]}", result.States[i], axes[i]);
            }
        }

        Tensor? mask = sequences ? context.Input.Mask : null;
        Tensor[] all = [.. outputs, .. result.States];
        return [.. context.OutputShapes.Select((shape, i) => new Signal(all[i], shape, i < outputs.Length ? mask : null))];
    }

    /// <summary>Runs a layer over a sequence.</summary>
    /// <param name="context">The layer that is written.</param>
    /// <param name="layer">The layer, which may be one inside it.</param>
    /// <param name="input">The sequence.</param>
    /// <param name="states">The states to begin with; null for zero.</param>
    /// <param name="plan">How.</param>
    /// <param name="startsAnew">Whether an output before the first step with data is zero, also where states are given.</param>
    public static RecurrentResult Run(LayerContext context, RecurrentLayer layer, Signal input, Tensor[]? states,
        RecurrentRunPlan plan, bool startsAnew) =>
        RecurrentOperator.Of(layer.Cell) is { } op
            ? OperatorRun.Write(context, [op], input, states, [plan], startsAnew)[0]
            : ScanRun.Write(context, layer, OfSteps(layer, input), states, plan, startsAnew);

    private static Signal OfSteps(RecurrentLayer layer, Signal input) =>
        layer.Cell.StepRank == 1 || MasksPlaces(layer, input.Shape) || input.Mask is not { } mask
            ? input
            : input with { Mask = Any(mask).Squeeze(2) };

    /// <summary>Zeros (batch, size) or (batch, …) for a state.</summary>
    public static Tensor Zeros(Tensor x, IEnumerable<long> axes)
    {
        GraphWriter writer = x.Writer;
        Tensor shape = writer.Op("Concat", [x.Length(0), writer.Integers([.. axes])], ("axis", 0L));
        return writer.Op("Expand", writer.Number(0), shape);
    }

    /// <summary>A sequence with its steps in reverse order.</summary>
    public static Tensor Reverse(Tensor x) => x.Slice(1, -1, long.MinValue, -1);
}

/// <summary>A step of a recurrent layer over and over: the operator Scan.</summary>
internal static class ScanRun
{
    /// <summary>Writes the run.</summary>
    public static RecurrentResult Write(LayerContext context, RecurrentLayer layer, Signal input, Tensor[]? given,
        RecurrentRunPlan plan, bool startsAnew)
    {
        GraphWriter writer = context.Writer;
        var cell = CellExport.Of(context, layer.Cell);
        Shape[] shapes = [.. layer.StateShapes(input.Shape)];
        int output = layer.Cell.OutputState;
        int maskAxes = RecurrentExport.MasksPlaces(layer, input.Shape) ? 1 : 0;
        Tensor[] first = given ?? [.. shapes.Select(shape =>
            RecurrentExport.Zeros(input.Value, shape.Axes.Select(axis => (long)axis!.Value)))];
        Tensor[] projected = cell.Project(input.Value);

        // Where a step is masked the output is the one before, which is zero at first, or the state that came from outside.
        bool carriesOutput = input.Mask is not null && (plan.ZeroWhereMasked || (given is not null && startsAnew));
        if (carriesOutput)
        {
            Tensor before = given is not null && !startsAnew ? first[output]
                : RecurrentExport.Zeros(input.Value, shapes[output].Axes.Select(axis => (long)axis!.Value));
            first = [.. first, before];
        }

        int states = first.Length;
        Tensor[] steps = input.Mask is { } mask ? [.. projected, mask] : projected;
        ElementType[] types =
        [
            .. Enumerable.Repeat(ElementType.Float, states + projected.Length),
            .. input.Mask is null ? Array.Empty<ElementType>() : [ElementType.Bool],
        ];
        var body = writer.Inner(types, values =>
        {
            Tensor[] before = values[..shapes.Length];
            Tensor[] after = cell.Step(values[states..(states + projected.Length)], before);
            Tensor step = after[output];
            if (input.Mask is not null)
            {
                Tensor holds = values[^1];
                for (int i = 0; i < after.Length; i++)
                {
                    Tensor condition = holds;
                    for (int axis = maskAxes; axis < shapes[i].Rank; axis++)
                    {
                        condition = condition.Unsqueeze(-1);
                    }

                    Tensor kept = writer.Op("Where", condition, after[i], before[i]);
                    if (i == output)
                    {
                        step = !carriesOutput ? kept : writer.Op("Where", condition, after[i],
                            plan.ZeroWhereMasked ? writer.Number(0) : values[shapes.Length]);
                    }

                    after[i] = kept;
                }
            }

            IEnumerable<Tensor> carried = carriesOutput ? [.. after, step] : after;
            return [.. (plan.Sequences ? carried.Append(step) : carried).Select(value => (value, ElementType.Float))];
        });
        long[] ones = new long[steps.Length];
        Array.Fill(ones, 1);
        long[] directions = new long[steps.Length];
        Array.Fill(directions, plan.Backwards ? 1 : 0);
        Tensor[] results = writer.Ops(
            "Scan",
            states + (plan.Sequences ? 1 : 0),
            [.. first.Concat(steps).Select(value => (Tensor?)value)],
            [
                ("body", body), ("num_scan_inputs", (long)steps.Length), ("scan_input_axes", ones),
                ("scan_input_directions", directions),
                .. plan.Sequences
                    ? new (string, object)[]
                    {
                        ("scan_output_axes", new long[] { 1 }), ("scan_output_directions", new long[] { plan.Turned ? 1 : 0 }),
                    }
                    : [],
            ]);
        return new(plan.Sequences ? results[^1] : carriesOutput ? results[shapes.Length] : results[output],
            results[..shapes.Length]);
    }
}
