using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Shapes;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <summary>A model as sessions see it: a network whose layers can work step by step. Any number of sessions share one.</summary>
internal sealed class StreamedModel
{
    private readonly Func<Network?> current;
    private readonly ParameterGates? gate;
    private readonly Shape[] shapes;
    private readonly IReadOnlyList<string> allInputs;
    private readonly IReadOnlyList<string> allOutputs;
    private readonly SessionStart opened;
    private readonly bool turnsOutputs;
    private Network last;

    /// <summary>Looks at a model that is built.</summary>
    /// <param name="name">Name of the model, for messages.</param>
    /// <param name="network">The model's network.</param>
    /// <param name="inputNames">Names of its inputs.</param>
    /// <param name="outputNames">Names of its outputs.</param>
    /// <param name="start">What is given once.</param>
    /// <param name="current">The network that the model has now, another one when layers have been added or removed.</param>
    /// <param name="gate">Says when somebody else is changing the parameters; null where nobody can.</param>
    /// <exception cref="NotSupportedException">A layer needs more than one step at a time; the message names it.</exception>
    public StreamedModel(
        string name,
        Network network,
        IReadOnlyList<string> inputNames,
        IReadOnlyList<string> outputNames,
        SessionStart start,
        Func<Network?> current,
        ParameterGates? gate = null)
    {
        Name = name;
        Network = network;
        allInputs = inputNames;
        allOutputs = outputNames;
        this.current = current;
        this.gate = gate;
        last = network;
        opened = start;
        Given = start.Given;
        Ragged = start.Ragged;
        Plan = new SessionPlan(name, network, inputNames, Given, Ragged);
        GivenShapes = start.Shapes;
        for (int i = 0; i < GivenShapes.Length; i++)
        {
            // States that nobody gives are zero.
            GivenShapes[i] ??= Plan.IsGiven(i) ? network.Inputs[i].Shape : null;
        }

        shapes = Plan.ShapesFor(GivenShapes);
        InputNames = [.. Plan.Stepped.Select(input => inputNames[input])];
        OutputNames = [.. Plan.Outputs.Select(output => outputNames[output])];
        Readers = [.. Plan.Stepped.Select(input => network.ReaderOf(input) ?? network.Inputs[input].Layer)];
        Descriptions = ModelState.Describe(network);
        turnsOutputs = OutputNames.Where((_, i) => OutputShape(i).Steps > 1).Any();
        Limited =
        [
            .. Enumerable.Range(0, network.Nodes.Length)
                .Where(i => !Plan.IsFixed(network.Nodes[i])
                    && (network.Nodes[i].Layer is PositionLayer || Plan.Keeps(network.Nodes[i]))),
        ];
    }

    /// <summary>Name of the model.</summary>
    public string Name { get; }

    /// <summary>What runs at each step.</summary>
    public Network Network { get; }

    /// <summary>What changes from step to step, and what does not.</summary>
    public SessionPlan Plan { get; }

    /// <summary>Which inputs are given once.</summary>
    public bool[] Given { get; }

    /// <summary>Which of them are sequences of unequal length.</summary>
    public bool[] Ragged { get; }

    /// <summary>Shape of a sample of each input that is given once; null for others.</summary>
    public Shape?[] GivenShapes { get; }

    /// <summary>Names of the inputs that come step by step.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>Names of the outputs that a step gives.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>The layer that reads each of those inputs.</summary>
    public IReadOnlyList<Layer> Readers { get; }

    /// <summary>Nodes that may have no room for another step.</summary>
    public int[] Limited { get; }

    /// <summary>Shape of one step of one of the inputs that come step by step.</summary>
    public Shape InputShape(int index) => shapes[Plan.Stepped[index]];

    /// <summary>Shape of one of the outputs at one step.</summary>
    public Shape OutputShape(int index) => shapes[Network.OutputPlaces[Plan.Outputs[index]]];

    /// <summary>
    /// Room for the outputs that do not stand in a pass sequence after sequence; null for the others, and for none.
    /// </summary>
    public Real[]?[] NewTurnedOutputs(int sequences)
    {
        if (!turnsOutputs)
        {
            return [];
        }

        return [.. OutputNames.Select((_, i) => OutputShape(i).Steps > 1 ? new Real[OutputShape(i).Size * sequences] : null)];
    }

    /// <summary>The layer that gives one of the outputs.</summary>
    public Layer Giver(int index) => Network.GiverOf(Plan.Outputs[index]);

    /// <summary>Each layer with its sizes: a state belongs to a model with the same ones.</summary>
    public IReadOnlyList<string> Descriptions { get; }

    /// <summary>Most sequences that one session can hold: their values must fit in arrays.</summary>
    public int MostSequences
    {
        get
        {
            long most = Network.Nodes.Max(node => Math.Max(
                node.Layer.ValuesPerSample(shapes[node.Reads[0]], differentiable: false),
                node.OutputShapes.Select((_, i) => (long)shapes[node.FirstOutput + i].Size).Max()));
            IEnumerable<long> states = Plan.Slots.Where(slot => slot.Shape.IsKnown).Select(slot => (long)slot.Shape.Size);
            return (int)(Array.MaxLength / states.Append(most).Max());
        }
    }

    /// <summary>
    /// Numbers that a session works in for each sequence: inputs or gates, outputs, and states before and after. Cells that
    /// keep more than their gates, and stacks of cells, take up to four times as many. What is kept of every step is not
    /// among them.
    /// </summary>
    public long ValuesPerSequence => Network.Nodes.Sum(node =>
            node.Layer.ValuesPerSample(shapes[node.Reads[0]], differentiable: false) + shapes[node.FirstOutput].Size)
        + Plan.Slots.Where(slot => slot.Kind == StateKind.Carried).Sum(slot => 2L * slot.Shape.Size);

    /// <summary>Whether another session's start is like this one's but for its values.</summary>
    public bool Suits(SessionStart start)
    {
        if (ReferenceEquals(start, opened))
        {
            return true;
        }

        Shape?[] others = start.Shapes;
        for (int i = 0; i < Given.Length; i++)
        {
            if (Given[i] != (others[i] is not null) || (others[i] is { } shape && !shape.Equals(GivenShapes[i])))
            {
                return false;
            }
        }

        return Ragged.SequenceEqual(start.Ragged);
    }

    /// <summary>The same model with another start.</summary>
    public StreamedModel With(SessionStart start) =>
        Suits(start) ? this : new(Name, Network, allInputs, allOutputs, start, current, gate);

    /// <summary>Makes room for steps of so many sequences.</summary>
    /// <param name="sequences">Number of sequences.</param>
    /// <param name="capacity">For how many steps there is room at first, where steps are kept.</param>
    /// <param name="sharing">How many sequences in a row share a row of what is given once.</param>
    /// <param name="steps">How many steps are taken together.</param>
    public NetworkPass CreatePass(int sequences, int capacity, int sharing, int steps = 1)
    {
        var pass = new NetworkPass(Network, steps == 1 ? shapes : Plan.ShapesFor(GivenShapes, steps), new(sequences)
        {
            Continuing = true,
            FixedValues = Plan.HasFixed ? Plan.FixedValues : null,
            Sharing = sharing,
            Capacity = capacity,
        });
        pass.Begin(training: false, 0);
        return pass;
    }

    /// <summary>Makes ready for a step, with the weights that the model has now.</summary>
    public void Prepare()
    {
        if (!ReferenceEquals(current(), last) && !IsUnchanged(current()))
        {
            throw new InvalidOperationException(
                $"The layers of model '{Name}' have changed since this session was opened. Open another session.");
        }

        gate?.RequireNoChange("A step of a session");
        Network.Prepare();
    }

    /// <summary>
    /// Whether another network has the same layers in the same places, as when one has been added and removed again.
    /// </summary>
    private bool IsUnchanged(Network? other)
    {
        bool same = other is not null && other.Nodes.Length == Network.Nodes.Length && other.Nodes.Zip(Network.Nodes).All(
            pair => ReferenceEquals(pair.First.Layer, pair.Second.Layer) && pair.First.Reads.SequenceEqual(pair.Second.Reads));
        last = same ? other! : last;
        return same;
    }
}
