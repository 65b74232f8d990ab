using Recurrent.Layers;
using Recurrent.Shapes;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <summary>
/// What of a network changes from step to step, and what is computed once, when a session starts: everything that follows
/// from inputs that are given once. States to begin with are such inputs, and the session's own from then on.
/// </summary>
internal sealed class SessionPlan
{
    private readonly string model;
    private readonly Network network;
    private readonly IReadOnlyList<string> inputNames;
    private readonly bool[] fixedValues;
    private readonly bool[] beginsState;

    /// <summary>Looks at a network.</summary>
    /// <param name="model">Name of the model, for messages.</param>
    /// <param name="network">Its network.</param>
    /// <param name="inputNames">Names of its inputs.</param>
    /// <param name="given">Which inputs are given once. Those that only begin states are so anyway.</param>
    /// <param name="ragged">Which of them are sequences of unequal length.</param>
    /// <exception cref="NotSupportedException">It cannot work step by step; the message names the layer or the input.</exception>
    public SessionPlan(string model, Network network, IReadOnlyList<string> inputNames, bool[] given, bool[] ragged)
    {
        this.model = model;
        this.network = network;
        this.inputNames = inputNames;
        RequireNumbers();
        int inputs = network.Inputs.Count;
        bool[] begins = [.. Enumerable.Range(0, inputs).Select(i => BeginsStates(network, i))];
        fixedValues = new bool[network.Values];
        for (int i = 0; i < inputs; i++)
        {
            fixedValues[i] = given[i] || begins[i];
        }

        foreach (NetworkNode node in network.Nodes)
        {
            bool own = Array.TrueForAll(node.Reads, place => fixedValues[place]);
            Array.Fill(fixedValues, own, node.FirstOutput, node.OutputShapes.Count);
        }

        // Where a layer that runs once begins with a state, that is an input like others.
        beginsState =
            [.. begins.Select((only, i) => only && network.Nodes.All(node => !node.Reads.Contains(i) || !IsFixed(node)))];
        Stepped = [.. Enumerable.Range(0, inputs).Where(i => !fixedValues[i])];
        Outputs = [.. Enumerable.Range(0, network.Outputs.Count).Where(IsStepped)];
        RequireInputs();
        RequireSteps(ragged);
        RequireOutputs();
        Slots = [.. SlotsOf(ragged)];
    }

    /// <summary>The inputs that come step by step.</summary>
    public int[] Stepped { get; }

    /// <summary>The outputs that a step gives: those that change, and are no states of the session.</summary>
    public int[] Outputs { get; }

    /// <summary>What the state of a session consists of.</summary>
    public IReadOnlyList<StateSlot> Slots { get; }

    /// <summary>For each value of the network whether it is the same at all steps.</summary>
    public bool[] FixedValues => fixedValues;

    /// <summary>Whether anything is the same at all steps.</summary>
    public bool HasFixed => Array.Exists(fixedValues, own => own);

    /// <summary>Whether an input is given once.</summary>
    public bool IsGiven(int input) => fixedValues[input];

    /// <summary>
    /// Whether several sequences can share what follows from one row of what is given once: what steps reads it as memory or as
    /// states to begin with, and in no other way.
    /// </summary>
    public bool CanShare => network.Nodes.All(node => IsFixed(node)
        || node.Reads.Select((place, i) => !fixedValues[place] || node.Layer.TakesMemory(i)).All(own => own));

    /// <summary>Whether a node runs once.</summary>
    public bool IsFixed(NetworkNode node) => fixedValues[node.FirstOutput];

    /// <summary>Whether an input only gives states to begin with to layers.</summary>
    public static bool BeginsStates(Network network, int input)
    {
        bool any = false;
        foreach (NetworkNode node in network.Nodes)
        {
            for (int i = 0; i < node.Reads.Length; i++)
            {
                if (node.Reads[i] == input)
                {
                    if (!node.HasWiredStates || i == 0)
                    {
                        return false;
                    }

                    any = true;
                }
            }
        }

        return any && !network.OutputPlaces.Contains(input);
    }

    /// <summary>Shape of a sample of each value at one step.</summary>
    /// <param name="given">Shape of a sample of each input that is given once; null for others.</param>
    /// <param name="steps">How many steps are taken together.</param>
    public Shape[] ShapesFor(IReadOnlyList<Shape?> given, int steps = 1)
    {
        var shapes = new Shape[network.Values];
        for (int i = 0; i < network.Inputs.Count; i++)
        {
            shapes[i] = given[i] ?? OfSteps(network.Shapes[i], IsIds(i), steps);
        }

        foreach (NetworkNode node in network.Nodes)
        {
            // What is declared for some number of steps takes one; what reads a sequence that is given once may have as many of
            // it.
            bool isOpen = IsFixed(node) || node.Reads.Any(place => fixedValues[place]);
            IReadOnlyList<Shape> own = isOpen
                ? node.Layer.InferShapes(Array.ConvertAll(node.Reads, place => shapes[place]), [])
                : [.. node.OutputShapes.Select((shape, i) =>
                    OfSteps(shape, IsIds(node.FirstOutput + i) || IsOpen(node, shape), steps))];
            for (int i = 0; i < own.Count; i++)
            {
                shapes[node.FirstOutput + i] = own[i];
            }
        }

        return shapes;
    }

    /// <summary>Whether a value holds ids, which have no axis of features.</summary>
    private bool IsIds(int place) => network.Shapes[place].Rank == 1
        && Array.Exists(network.Nodes, node => node.Layer.ReadsTokens && node.Reads[0] == place);

    /// <summary>Whether a layer gives ids of any number of steps.</summary>
    private static bool IsOpen(NetworkNode node, Shape output) => node.Layer.ReadsTokens && output.Rank == 1 && output[0] is null;

    private void RequireNumbers()
    {
        if (network.Inputs.Any(input => input.HoldsStrings))
        {
            throw new NotSupportedException(
                $"A session feeds numbers step by step, but model '{model}' takes strings. Make a model of the layers behind the "
                + "lookup, and step it with what the lookup gives: lookup.Call([token]).");
        }

        if (network.Adapted.Select(layer => layer.Missing).FirstOrDefault(missing => missing is not null) is { } first)
        {
            throw new InvalidOperationException($"{first}.");
        }
    }

    private bool IsStepped(int output)
    {
        int place = network.OutputPlaces[output];
        if (fixedValues[place])
        {
            return false;
        }

        // The state of a layer that began with one of the session's own is read as the state of the session.
        NetworkNode? giver = Array.FindLast(network.Nodes, node => node.FirstOutput <= place);
        return giver is null || place == giver.FirstOutput || !giver.HasWiredStates
            || !Array.TrueForAll(giver.Reads[1..], read => read < network.Inputs.Count);
    }

    private void RequireInputs()
    {
        if (Stepped.Length == 0)
        {
            throw new NotSupportedException(
                $"All inputs of model '{model}' are given once ({string.Join(", ", inputNames)}), so there is nothing to "
                + "step. Leave out the one that comes step by step, or use Predict.");
        }

        foreach (int input in Stepped)
        {
            Shape shape = network.Inputs[input].Shape;
            if (shape.Rank != 2 && !IsIds(input))
            {
                throw new NotSupportedException(network.Inputs.Count == 1
                    ? $"A session feeds sequences of vectors step by step, but model '{model}' takes samples of shape "
                        + $"{shape}, not (batch, timesteps, features). Use Predict."
                    : $"Input '{inputNames[input]}' of model '{model}' takes samples of shape {shape}, which do not come step "
                        + "by step as (batch, timesteps, features). Give it once, when the session is opened: start: new() "
                        + $"{{ [\"{inputNames[input]}\"] = … }}.");
            }
        }
    }

    private void RequireSteps(bool[] ragged)
    {
        foreach (NetworkNode node in network.Nodes)
        {
            if (IsFixed(node))
            {
                if (Array.Exists(ragged, own => own) && node.Layer.RaggedObstacle is { } padding)
                {
                    throw new NotSupportedException(
                        $"{node.Layer.ClassName} '{node.Name}' of model '{model}' cannot take sequences of "
                        + $"unequal length: {padding}");
                }

                continue;
            }

            bool[] isFixed = Array.ConvertAll(node.Reads, place => fixedValues[place]);
            if (node.Layer.ObstacleBeside(isFixed) is { } obstacle)
            {
                throw Refused(node, $"{obstacle.Reason}. {obstacle.Advice ?? "Use Predict on whole sequences"}");
            }

            if (node.HasWiredStates && isFixed.AsSpan(1).Contains(false))
            {
                throw Refused(node, "it begins with states that other layers give. Make a model of the layers that step, and "
                    + "give it the states");
            }

            for (int i = 0; i < node.Reads.Length; i++)
            {
                if (isFixed[i] && !node.Layer.TakesMemory(i)
                    && network.Shapes[node.Reads[i]] is { Rank: > 1 } shape && shape[0] != 1)
                {
                    throw Refused(node, "it reads a sequence that is given once beside what comes step by step, which only "
                        + "attention can. Give both step by step, or use Predict on whole sequences");
                }
            }
        }
    }

    private NotSupportedException Refused(NetworkNode node, string why) =>
        new($"{node.Layer.ClassName} '{node.Name}' of model '{model}' cannot work step by step: {why}.");

    private void RequireOutputs()
    {
        if (Outputs.Length == 0)
        {
            throw new NotSupportedException(
                $"No output of model '{model}' follows from a step but states, so a session of it gives nothing. Use Predict, "
                + "or add an output.");
        }
    }

    private IEnumerable<StateSlot> SlotsOf(bool[] ragged)
    {
        for (int i = 0; i < network.Nodes.Length; i++)
        {
            NetworkNode node = network.Nodes[i];
            if (IsFixed(node))
            {
                continue;
            }

            foreach (StateSlot slot in StateSlot.Carried(network, i))
            {
                yield return slot;
            }

            if (Keeps(node))
            {
                foreach (StateSlot slot in StateSlot.Cached(network, i))
                {
                    yield return slot;
                }
            }
        }

        for (int i = 0; i < network.Inputs.Count; i++)
        {
            if (fixedValues[i] && !beginsState[i])
            {
                yield return new(inputNames[i], network.Inputs[i].Shape, StateKind.Given, i);
                if (ragged[i])
                {
                    yield return new($"{inputNames[i]}/steps", 1, StateKind.Length, i);
                }
            }
        }
    }

    /// <summary>Whether a node keeps something of every step.</summary>
    public bool Keeps(NetworkNode node) => node.Layer is ICaching layer && !fixedValues[node.Reads[layer.CachedInput]];

    private static Shape OfSteps(Shape sample, bool ofIds, int steps) =>
        sample.Rank > 1 || ofIds ? new([steps, .. sample.Axes.Skip(1)]) : sample;
}
