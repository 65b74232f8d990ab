using System.Globalization;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <content>LSTM, GRU and RNN.</content>
internal sealed partial class Importer
{
    // The gates of the operators in our order.
    private static readonly int[] LstmOrder = [0, 2, 3, 1];
    private static readonly int[] PlainOrder = [0, 1, 2];

    private ImportValue[] Recurrent(NodeProto node)
    {
        View x = ViewIn(node, 0);
        if (x.Dims.Length != 3 || node.Int("layout", 0) != 0)
        {
            throw graph.Fail(node, "What it reads has not the axes steps, samples and features (layout 0)");
        }

        if (x.Dim(1) is not [var samples] || x.Dim(0) is not [var time])
        {
            throw graph.Fail(node, "The axes of steps and samples are joined of others");
        }

        if (samples != batch)
        {
            throw new RestartException(samples);
        }

        if (node.Find("clip") is not null || node.Int("input_forget", 0) != 0)
        {
            throw graph.Fail(node, "clip and input_forget cannot be read here");
        }

        string direction = node.Text("direction", "forward");
        int directions = direction == "bidirectional" ? 2 : 1;
        KnownValue w = KnownIn(node, 1, "weights W");
        KnownValue r = KnownIn(node, 2, "weights R");
        int gates = node.OpType == "LSTM" ? 4 : node.OpType == "GRU" ? 3 : 1;
        int units = r.Dims is [var d, var rows, var own] && d == directions && rows == gates * own && w.Dims.Length == 3
            && w.Dims[0] == directions && w.Dims[1] == rows && own > 0 ? (int)own
            : throw graph.Fail(node,
                $"Weights of the shapes ({string.Join(", ", w.Dims)}) and ({string.Join(", ", r.Dims)}) do not go together");
        if (Length.Of(x.Dims[2]).Number != w.Dims[2])
        {
            throw graph.Fail(node, "It has not as many weights as there are features");
        }

        if (Has(node, 4) && In(node, 4) is not KnownValue and not FilledValue)
        {
            throw graph.Fail(node, "Lengths of sequences that are computed by the model cannot be read here");
        }

        if (Has(node, 4)
            && !(time.Length is int all && TryKnown(In(node, 4)) is { } given && given.AsFloats().All(length => length == all)))
        {
            throw graph.Fail(node, "Lengths of sequences cannot be read here: mask the steps instead");
        }

        Cell[] cells = [.. Enumerable.Range(0, directions).Select(i => CellOf(node, i, units, gates, w, r))];
        Symbol input = As(x, [[time], x.Dim(2)], node);
        Symbol[] states = InitialStates(node, directions);
        return Outputs(node, cells, direction, input, states, time, units);
    }

    private Cell CellOf(NodeProto node, int direction, int units, int gates, KnownValue w, KnownValue r)
    {
        string[] names = [.. node.Find("activations")?.Strings.Select(name => name.ToStringUtf8()) ?? []];
        int each = node.OpType == "LSTM" ? 3 : node.OpType == "GRU" ? 2 : 1;
        string[] own = names.Length == 0 ? node.OpType == "RNN" ? ["Tanh"] : ["Sigmoid", .. Enumerable.Repeat("Tanh", each - 1)]
            : names.Length >= each * (direction + 1) ? names[(each * direction)..(each * (direction + 1))]
            : throw graph.Fail(node, "It names too few activations");
        if (each == 3 && !string.Equals(own[1], own[2], StringComparison.OrdinalIgnoreCase))
        {
            throw graph.Fail(node, "An LSTM with two activations beside that of the gates cannot be read here");
        }

        int[] order = gates == 4 ? LstmOrder : PlainOrder;
        float[]? bias = null;
        bool resetAfter = node.Int("linear_before_reset", 0) != 0;
        int size = gates * units;
        if (Has(node, 3))
        {
            float[] given = KnownIn(node, 3, "bias B").AsFloats();
            if (given.Length != r.Dims[0] * 2 * size)
            {
                throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture,
                    $"The bias has {given.Length} numbers, and {r.Dims[0] * 2 * size} are needed"));
            }

            ReadOnlySpan<float> part = given.AsSpan(direction * 2 * size, 2 * size);
            bool twice = gates == 3 && resetAfter;
            bias = new float[twice ? 2 * size : size];
            for (int i = 0; i < size; i++)
            {
                int from = (order[i / units] * units) + (i % units);
                bias[i] = twice ? part[from] : part[from] + part[size + from];
                if (twice)
                {
                    bias[size + i] = part[size + from];
                }
            }
        }

        float[]? peepholes = null;
        if (node.OpType == "LSTM" && Has(node, 7))
        {
            float[] given = KnownIn(node, 7, "peepholes P").AsFloats();
            if (given.Length != r.Dims[0] * 3 * units)
            {
                throw graph.Fail(node, "It has not three peepholes for each unit");
            }

            int[] places = [0, 2, 1];
            peepholes = [.. Enumerable.Range(0, 3 * units)
                .Select(i => given[(direction * 3 * units) + (places[i / units] * units) + (i % units)])];
        }

        return new(Turned(node, w, direction, units, order), Turned(node, r, direction, units, order), bias, peepholes,
            Activation(node, own[^1]), Activation(node, own[0]), resetAfter);
    }

    private ActivationFunction Activation(NodeProto node, string name) => name.ToUpperInvariant() switch
    {
        "TANH" => "tanh",
        "SIGMOID" => "sigmoid",
        "RELU" => "relu",
        "SOFTSIGN" => "softsign",
        "SOFTPLUS" => "softplus",
        "HARDSIGMOID" when node.Find("activation_alpha")?.Floats.All(alpha => Near(alpha, 1 / 6.0)) == true => "hard_sigmoid",
        _ => throw graph.Fail(node, $"The activation '{Readable(name)}' with its numbers is none of the library"),
    };

    // (directions, gates · units, columns) becomes (columns, gates · units), the gates in our order.
    private NDArray Turned(NodeProto node, KnownValue weights, int direction, int units, int[] order)
    {
        int rows = (int)weights.Dims[1];
        int columns = (int)weights.Dims[2];
        float[] from = weights.Floats ?? throw graph.Fail(node, "The weights are no floats");
        Take(node, (long)rows * columns);
        if (rows % units != 0 || rows / units > order.Length)
        {
            throw graph.Fail(node, "The weights are not as many as its gates ask for");
        }

        float[] to = LargeArrays.Create((long)rows * columns);
        for (int gate = 0; gate < rows / units; gate++)
        {
            int first = ((direction * rows) + (order[gate] * units)) * columns;
            LargeArrays.Turn(() => from.AsSpan(first), units, columns, to, gate * units, rows);
        }

        return new([columns, rows], to);
    }

    private Symbol[] InitialStates(NodeProto node, int directions)
    {
        int count = node.OpType == "LSTM" ? 2 : 1;
        var given = new View?[count];
        for (int i = 0; i < count; i++)
        {
            if (!Has(node, 5 + i))
            {
                continue;
            }

            ImportValue value = In(node, 5 + i);
            given[i] = value is View view ? view
                : value is FilledValue { Number: 0 }
                    || (value is KnownValue known && known.AsFloats().All(number => number == 0)) ? null
                : throw graph.Fail(node, "It begins with known states that are not zero, which cannot be read here");
        }

        if (given.All(view => view is null))
        {
            return [];
        }

        if (given.Any(view => view is null))
        {
            throw graph.Fail(node, "One of its states comes from a layer, and the other does not");
        }

        var symbols = new List<Symbol>();
        for (int direction = 0; direction < directions; direction++)
        {
            foreach (View? view in given)
            {
                if (view!.Dims.Length != 3)
                {
                    throw graph.Fail(node, "A state has not the axes directions, samples and units");
                }

                if (view.Dim(1) is [var samples] && samples != batch)
                {
                    throw new RestartException(samples);
                }

                View own = directions == 1 && view.Dim(0).Length == 0 ? view with { Dims = view.Dims[1..] }
                    : At(node, view, 0, direction);
                symbols.Add(As(own, [own.Dim(1)], node));
            }
        }

        return [.. symbols];
    }

    private ImportValue[] Outputs(NodeProto node, Cell[] cells, string direction, Symbol input, Symbol[] states, Atom time,
        int units)
    {
        string y = node.Output.Count > 0 ? node.Output[0] : string.Empty;
        bool reads = IsRead(y);
        bool onlyLast = reads && direction == "forward" && OnlyLast(y) && !hints.WholeSequences.Contains(y);
        bool sequences = reads && !onlyLast;
        bool hidden = node.Output.Count > 1 && IsRead(node.Output[1]);
        bool cell = node.Output.Count > 2 && IsRead(node.Output[2]);

        // The last output is the hidden state, unless there are two directions.
        bool returnState = cell || (hidden && sequences);
        var unit = new Atom(units, "units");
        if (direction == "forward" || (direction == "reverse" && !sequences))
        {
            RecurrentLayer layer = NewLayer(node, cells[0], units, sequences, returnState, direction == "reverse", NameOf(node));
            weights.Add((node, layer, cells[0].Weights));
            Symbols given = CallAll(node, layer, [input, .. states]);
            Symbol last = sequences ? returnState ? given[1] : given[0] : given[0];
            Source whole = sequences
                ? new LayerSource(given[0], [time, unit]) { Last = returnState ? new LayerSource(last, [unit]) : null }
                : new LastStepSource(last, time, unit, y);
            var state = new View(new LayerSource(last, [unit]), [[], [batch], [unit]]);
            return [new View(whole, [[time], [], [batch], [unit]]), state,
                returnState && given.Count > 2 ? new View(new LayerSource(given[2], [unit]), [[], [batch], [unit]]) : state];
        }

        return BothWays(node, cells, input, states, time, unit, sequences, returnState);
    }

    private ImportValue[] BothWays(NodeProto node, Cell[] cells, Symbol input, Symbol[] states, Atom time, Atom unit,
        bool sequences, bool returnState)
    {
        int units = unit.Length!.Value;
        string name = NameOf(node);

        // One direction alone, from the end, has beside it one that nobody reads.
        bool alone = cells.Length == 1;
        if (alone && states.Length > 0)
        {
            throw graph.Fail(node, "A sequence that is read from its end alone, from given states, cannot be read here");
        }

        Cell first = alone ? cells[0].Empty(input.Shape.Features) : cells[0];
        RecurrentLayer forward = NewLayer(node, first, alone ? 1 : units, sequences, returnState, false, null);
        RecurrentLayer backward = NewLayer(node, cells[^1], units, sequences, returnState, true, $"backward_{name}");
        forward.Trainable = !alone;
        var both = new Bidirectional(forward, alone ? null : "concat", backward, name);
        weights.Add((node, both, [.. first.Weights, .. cells[^1].Weights]));
        Symbols given = CallAll(node, both, [input, .. states]);
        int outputs = alone ? 2 : 1;
        if (alone)
        {
            var own = new View(new LayerSource(given[1], [time, unit]), [[time], [], [batch], [unit]]);
            int each = (given.Count - 2) / 2;
            return [own, .. Enumerable.Range(0, each).Select(i =>
                new View(new LayerSource(given[2 + each + i], [unit]), [[], [batch], [unit]]))];
        }

        var direction = new Atom(2, "direction");
        var part = new Atom(units, "units");
        var features = Joined([direction, part]);
        var states2 = new List<ImportValue>();
        int count = returnState ? (given.Count - outputs) / 2 : 1;
        for (int i = 0; i < count; i++)
        {
            var way = new Atom(2, "direction");
            var own = new Atom(units, "units");
            Symbol joined = returnState
                ? Call(node, new Concatenate(-1, NameOf(string.Empty, "states")), given[outputs + i], given[outputs + count + i])
                : given[0];
            states2.Add(returnState || !sequences
                ? new View(new LayerSource(joined, [returnState ? Joined([way, own]) : features]),
                    returnState ? [[way], [batch], [own]] : [[direction], [batch], [part]])
                : new View(new LayerSource(given[0], [time, features]), [[direction], [batch], [part]]));
        }

        Source whole = sequences ? new LayerSource(given[0], [time, features])
            : new LastStepSource(given[0], time, features, node.Output[0]);
        return [new View(whole, [[time], [direction], [batch], [part]]), .. states2];
    }

    private static RecurrentLayer NewLayer(NodeProto node, Cell cell, int units, bool sequences, bool state, bool backwards,
        string? name)
    {
        bool bias = cell.Bias is not null;
        return node.OpType switch
        {
            "GRU" => new GRU(units, cell.Activation, cell.Gate, bias, "zeros", "zeros", resetAfter: cell.ResetAfter,
                returnSequences: sequences, returnState: state, goBackwards: backwards, name: name),
            "RNN" => new SimpleRNN(units, cell.Activation, bias, "zeros", "zeros",
                returnSequences: sequences, returnState: state, goBackwards: backwards, name: name),
            _ when cell.Peepholes is not null => new PeepholeLSTM(units, options: new()
            {
                Activation = cell.Activation,
                RecurrentActivation = cell.Gate,
                UseBias = bias,
                KernelInitializer = "zeros",
                RecurrentInitializer = "zeros",
            }, returnSequences: sequences, returnState: state, goBackwards: backwards, name: name),
            _ => new LSTM(units, cell.Activation, cell.Gate, bias, "zeros", "zeros",
                returnSequences: sequences, returnState: state, goBackwards: backwards, name: name),
        };
    }

    private bool IsRead(string name) => name.Length > 0
        && (graph.ConsumersOf(name).Any(graph.Nodes.Contains) || graph.IsOutput(name));

    /// <summary>Whether of a sequence the last step alone is read, however its axes are exchanged.</summary>
    private bool OnlyLast(string name)
    {
        var open = new Queue<string>([name]);
        while (open.TryDequeue(out string? next))
        {
            if (graph.IsOutput(next))
            {
                return false;
            }

            foreach (NodeProto reader in graph.ConsumersOf(next))
            {
                if (reader.OpType is "Squeeze" or "Transpose" or "Identity")
                {
                    open.Enqueue(reader.Output[0]);
                }
                else if (!(reader.OpType == "Gather" && graph.Constant(reader.In(1))?.Single == -1)
                    && !(reader.OpType == "Slice" && graph.Constant(reader.In(1))?.Single == -1))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The weights of one direction, and what it does.</summary>
    private sealed record Cell(NDArray Kernel, NDArray Recurrent, float[]? Bias, float[]? Peepholes,
        ActivationFunction Activation,
        ActivationFunction Gate, bool ResetAfter)
    {
        /// <summary>As the layer has them.</summary>
        public NDArray[] Weights
        {
            get
            {
                List<NDArray> all = [Kernel, Recurrent];
                if (Bias is not null)
                {
                    int rows = Kernel.Shape[1];
                    all.Add(Bias.Length == rows ? new NDArray([rows], Bias) : new NDArray([2, rows], Bias));
                }

                if (Peepholes is not null)
                {
                    all.Add(new NDArray([Peepholes.Length], Peepholes));
                }

                return [.. all];
            }
        }

        /// <summary>One unit of zeros.</summary>
        public Cell Empty(int features)
        {
            int gates = Kernel.Shape[1] / Recurrent.Shape[0];
            return this with
            {
                Kernel = new NDArray([features, gates]),
                Recurrent = new NDArray([1, gates]),
                Bias = Bias is null ? null : new float[Bias.Length / Recurrent.Shape[0]],
                Peepholes = Peepholes is null ? null : new float[3],
            };
        }
    }
}
