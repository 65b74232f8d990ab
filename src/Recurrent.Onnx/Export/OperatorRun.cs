namespace Recurrent.Onnx.Export;

/// <summary>Runs of the operators LSTM, GRU and RNN, in one direction or in both.</summary>
/// <remarks>
/// The operators know masks as lengths alone. Where there is a mask, the steps that hold data are brought to the front, and what
/// comes of each step is looked up by how many of them came before it: so a masked step, wherever it stands, leaves the states as
/// they are and repeats the output.
/// </remarks>
internal static class OperatorRun
{
    /// <summary>Writes the run.</summary>
    /// <param name="context">The layer that is written.</param>
    /// <param name="operators">The cell of each direction: one, or one from the beginning and one from the end.</param>
    /// <param name="input">The sequence.</param>
    /// <param name="states">The states to begin with, those of the first direction first; null for zero.</param>
    /// <param name="plans">How each is run.</param>
    /// <param name="startsAnew">Whether an output before the first step with data is zero, also where states are given.</param>
    public static RecurrentResult[] Write(LayerContext context, RecurrentOperator[] operators, Signal input, Tensor[]? states,
        RecurrentRunPlan[] plans, bool startsAnew)
    {
        GraphWriter writer = context.Writer;
        RecurrentOperator first = operators[0];
        int each = first.States;
        Packed? packed = input.Mask is { } mask ? Packed.Of(mask) : null;
        Tensor x = packed is { } own ? own.Arrange(input.Value) : input.Value;
        Tensor?[] initial = [.. Enumerable.Range(0, each).Select(state => states is null ? (Tensor?)null
            : Stacked(writer, [.. operators.Select((_, i) => states[(i * each) + state].Unsqueeze(0))]))];
        Tensor[] given = writer.Ops(
            first.Name,
            1 + each,
            [
                x.Transpose(1, 0, 2),
                Weight("W", op => [op.Kernel()], op => op.Cell.Parameters[0].Shape[0]),
                Weight("R", op => [op.RecurrentKernel()], op => op.Units),
                Biases(),
                packed?.Lengths.Cast(ElementType.Int32),
                .. initial,
                .. first.HasPeepholes ? new Tensor?[] { Peepholes() } : [],
            ],
            [
                ("hidden_size", (long)first.Units),
                ("direction", operators.Length == 2 ? "bidirectional" : plans[0].Backwards ? "reverse" : "forward"),
                .. Activations(operators),
                .. first.Name == "GRU"
                    ? new (string, object)[] { ("linear_before_reset", first.ResetAfter ? 1L : 0L) }
                    : [],
            ]);
        return [.. operators.Select((op, i) => ResultOf(i))];

        RecurrentResult ResultOf(int i)
        {
            Tensor[] begun = states is null ? [] : states[(i * each)..((i + 1) * each)];
            Tensor[] final = [.. Enumerable.Range(0, each).Select(state =>
            {
                Tensor value = operators.Length == 1 ? given[1 + state].Squeeze(0)
                    : given[1 + state].Slice(0, i, i + 1).Squeeze(0);
                return packed is null ? value : writer.Op("Where", packed.Value.HasData.Unsqueeze(-1), value,
                    states is null ? writer.Number(0) : begun[state]);
            })];
            return new(Output(plans[i], i, final, startsAnew || states is null ? null : begun[0]), final);
        }

        Tensor Output(RecurrentRunPlan plan, int i, Tensor[] final, Tensor? before)
        {
            if (!plan.Sequences)
            {
                Tensor last = packed is null || before is not null || states is null ? final[0]
                    : writer.Op("Where", packed.Value.HasData.Unsqueeze(-1), final[0], writer.Number(0));
                return packed is null || !plan.ZeroWhereMasked ? last
                    : writer.Op("Where", packed.Value.At(plan.Backwards ? 0 : -1), last, writer.Number(0));
            }

            Tensor y = operators.Length == 1 ? given[0].Squeeze(1) : given[0].Slice(1, i, i + 1).Squeeze(1);
            y = y.Transpose(1, 0, 2);
            y = packed is null ? y : packed.Value.Spread(y, plan, before);
            return plan.Backwards == plan.Turned ? y : RecurrentExport.Reverse(y);
        }

        Tensor Weight(string name, Func<RecurrentOperator, WeightPart[]> parts, Func<RecurrentOperator, int> columns) =>
            writer.Weight(name, [operators.Length, first.Order.Length * first.Units, columns(first)],
                [.. operators.SelectMany(parts)]);

        Tensor? Biases() => operators.All(op => op.Cell.Parameters.All(parameter => parameter.Name != "bias")) ? null
            : writer.Weight("B", [operators.Length, 2 * first.Order.Length * first.Units],
                [.. operators.SelectMany(op => op.Biases())]);

        Tensor Peepholes() => writer.Weight("P", [operators.Length, 3 * first.Units],
            [.. operators.Select(op => op.Peepholes())]);
    }

    private static Tensor Stacked(GraphWriter writer, Tensor[] parts) =>
        parts.Length == 1 ? parts[0] : writer.Op("Concat", [.. parts.Select(part => (Tensor?)part)], ("axis", 0L));

    private static IEnumerable<(string, object)> Activations(RecurrentOperator[] operators)
    {
        OperatorActivation[] all = [.. operators.SelectMany(op => op.Activations)];
        yield return ("activations", all.Select(activation => activation.Name).ToArray());
        if (all.Any(activation => activation.Alpha is not null))
        {
            yield return ("activation_alpha", all.Where(a => a.Alpha is not null).Select(a => a.Alpha!.Value).ToArray());
            yield return ("activation_beta", all.Where(a => a.Beta is not null).Select(a => a.Beta!.Value).ToArray());
        }
    }

    /// <summary>A sequence whose steps with data stand in front.</summary>
    /// <param name="Mask">Which steps hold data, (batch, steps).</param>
    /// <param name="Count">How many did up to each step, that one too.</param>
    /// <param name="Total">How many do, (batch, 1).</param>
    private readonly record struct Packed(Tensor Mask, Tensor Count, Tensor Total)
    {
        private GraphWriter Writer => Mask.Writer;

        /// <summary>How many steps of each sample the operator runs; it runs one at least.</summary>
        public Tensor Lengths => Writer.Op("Max", Total, Writer.Integers(1)).Squeeze(1);

        /// <summary>Which samples hold data at all.</summary>
        public Tensor HasData => Total.Greater(Writer.Integers(0)).Squeeze(1);

        public static Packed Of(Tensor mask)
        {
            GraphWriter writer = mask.Writer;
            Tensor count = writer.Op("CumSum", mask.Cast(ElementType.Int64), writer.IntegersOf([], 1));
            return new(mask, count, count.Slice(1, -1, long.MaxValue));
        }

        /// <summary>Whether one step holds data, (batch, 1).</summary>
        public Tensor At(long step) => Mask.Slice(1, step, step == -1 ? long.MaxValue : step + 1);

        /// <summary>The steps with data in front, in their order.</summary>
        public Tensor Arrange(Tensor x)
        {
            Tensor steps = Mask.Length(1);
            Tensor place = Writer.Op("Range", Writer.IntegersOf([], 0), steps.Squeeze(0), Writer.IntegersOf([], 1));
            Tensor key = place + Writer.Op("Where", Mask, Writer.Integers(0), steps);
            Tensor order = Writer.Ops("TopK", 2, [key, steps], ("axis", 1L), ("largest", 0L))[1];
            return Writer.Op("GatherND", [x, order.Unsqueeze(-1)], ("batch_dims", 1L));
        }

        /// <summary>What comes of each step, in the order of time.</summary>
        /// <param name="y">What came of the steps with data.</param>
        /// <param name="plan">How the layer is run.</param>
        /// <param name="before">The output before the first of them; null for zero.</param>
        public Tensor Spread(Tensor y, RecurrentRunPlan plan, Tensor? before)
        {
            // From the beginning, the last with data up to a step; from the end, the first from the step on.
            Tensor place = plan.Backwards ? Count - Mask.Cast(ElementType.Int64) : Count - Writer.Integers(1);
            Tensor there = plan.Backwards ? Total.Greater(place) : Count.Greater(Writer.Integers(0));
            Tensor safe = Writer.Op("Where", there, place, Writer.Integers(0)).Unsqueeze(-1);
            Tensor found = Writer.Op("GatherND", [y, safe], ("batch_dims", 1L));
            Tensor otherwise = before is { } output ? output.Unsqueeze(1) : Writer.Number(0);
            Tensor spread = Writer.Op("Where", there.Unsqueeze(-1), found, otherwise);
            return plan.ZeroWhereMasked ? Writer.Op("Where", Mask.Unsqueeze(-1), spread, Writer.Number(0)) : spread;
        }
    }
}
