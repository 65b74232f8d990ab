namespace Recurrent.Layers;

/// <summary>
/// Finds the uses of layers between inputs and outputs, and puts them in Keras's order: those furthest from the outputs first,
/// and of those equally far the one that is met first on the way from the outputs. It is an order in which they can run, and the
/// order of weights.
/// </summary>
internal static class GraphOrder
{
    /// <summary>The uses between inputs and outputs, without those of <see cref="Input"/>.</summary>
    /// <exception cref="ArgumentException">An output depends on an input that is not among them, or an input is not
    /// one.</exception>
    public static IReadOnlyList<Node> Between(Symbols inputs, Symbols outputs) =>
        [.. All(inputs, outputs, out _).Where(node => node.Layer is not (Input or MaskOperation))];

    /// <summary>
    /// The same with the inputs, each as far from the outputs as it is, those that nothing reads among the nearest; and with
    /// the operations that compute masks in Keras, on which the order depends.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="masks">Which masks the calls have.</param>
    /// <exception cref="ArgumentException">An output depends on an input that is not among them, or an input is not
    /// one.</exception>
    public static IReadOnlyList<Node> All(Symbols inputs, Symbols outputs, out MaskGraph masks)
    {
        RequireInputs(inputs, outputs);
        var known = new HashSet<Symbol>(inputs, ReferenceEqualityComparer.Instance);
        var met = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        List<Node> finished = Walk(outputs, known, met, node => node.InputsInOrder);
        MaskGraph all = masks = new MaskGraph(finished);
        if (!all.IsEmpty)
        {
            met.Clear();
            finished = Walk(outputs, known, met, all.InputsOf);
        }

        // The depth of a node is how far it is from the outputs at most; a layer that is used at several depths stands at the
        // greatest.
        var depths = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        var layerDepths = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        for (int i = finished.Count - 1; i >= 0; i--)
        {
            Node node = finished[i];
            int depth = Math.Max(depths.GetValueOrDefault(node), layerDepths.GetValueOrDefault(node.Layer));
            layerDepths[node.Layer] = depth;
            depths[node] = depth;
            foreach (Symbol input in all.InputsOf(node))
            {
                depths[input.Node] = Math.Max(depth + 1, depths.GetValueOrDefault(input.Node));
            }
        }

        // A stable sort: of one layer's uses at one depth the one that is finished first comes first.
        return
        [
            .. inputs.Select(input => input.Node).Where(node => !depths.ContainsKey(node)).Concat(finished)
                .OrderByDescending(node => depths.GetValueOrDefault(node)).ThenBy(node => met.GetValueOrDefault(node.Layer, -1)),
        ];
    }

    private static void RequireInputs(Symbols inputs, Symbols outputs)
    {
        if (inputs.Count == 0 || outputs.Count == 0)
        {
            throw new ArgumentException("A model needs at least one input and one output: new Model(inputs: [x], outputs: [y]).");
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Layer is not Input)
            {
                throw new ArgumentException(
                    $"inputs[{i}] is {inputs[i]}, which a layer gives. A model begins at an Input: new Input(shape).",
                        nameof(inputs));
            }

            if (inputs.Take(i).Contains(inputs[i]))
            {
                throw new ArgumentException(
                    $"inputs[{i}] is the Input {inputs[i]}, which is among the inputs already. Create an Input for each.",
                        nameof(inputs));
            }

            if (inputs[i].Layer.Name is { } name && inputs.Take(i).Any(other => other.Layer.Name == name))
            {
                throw new ArgumentException($"Two inputs have the name '{name}'. Give each Input a name of its own.",
                    nameof(inputs));
            }
        }
    }

    /// <summary>
    /// The nodes that outputs depend on, each after those it depends on; a stack of its own, since graphs may be deep.
    /// </summary>
    private static List<Node> Walk(
        Symbols outputs, HashSet<Symbol> known, Dictionary<Layer, int> met, Func<Node, IReadOnlyList<Symbol>> inputsOf)
    {
        var finished = new List<Node>();
        var done = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        foreach (Symbol output in outputs)
        {
            var path = new Stack<(Node Node, IReadOnlyList<Symbol> Inputs, int Next)>();
            Enter(output);
            while (path.TryPop(out (Node Node, IReadOnlyList<Symbol> Inputs, int Next) top))
            {
                if (top.Next < top.Inputs.Count)
                {
                    path.Push((top.Node, top.Inputs, top.Next + 1));
                    Enter(top.Inputs[top.Next]);
                }
                else if (done.Add(top.Node))
                {
                    finished.Add(top.Node);
                }
            }

            void Enter(Symbol symbol)
            {
                if (done.Contains(symbol.Node))
                {
                    return;
                }

                met.TryAdd(symbol.Layer, met.Count);
                if (symbol.Layer is Input && !known.Contains(symbol))
                {
                    throw new ArgumentException(
                        $"The output {output} depends on the Input {symbol}, which is not among the inputs of the model. Add "
                        + "it to inputs.", nameof(outputs));
                }

                path.Push((symbol.Node, inputsOf(symbol.Node), 0));
            }
        }

        return finished;
    }
}
