using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Shapes;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <summary>A model as sessions see it: a network whose layers can work step by step. Any number of sessions share one.</summary>
internal sealed class StreamedModel
{
    private readonly Func<Network?> current;
    private readonly Shape[] shapes;
    private readonly ParameterGates? gate;
    private Network last;

    /// <summary>Looks at a model that is built.</summary>
    /// <param name="name">Name of the model, for messages.</param>
    /// <param name="network">The model's network.</param>
    /// <param name="current">The network that the model has now, another one when layers have been added or removed.</param>
    /// <param name="gate">Says when somebody else is changing the parameters; null where nobody can.</param>
    /// <exception cref="NotSupportedException">A layer needs more than one step at a time; the message names it.</exception>
    public StreamedModel(string name, Network network, Func<Network?> current, ParameterGates? gate = null)
    {
        Name = name;
        Network = network;
        this.current = current;
        this.gate = gate;
        last = network;
        RequireSteps();
        shapes =
            [.. network.Shapes.Select((shape, place) =>
                OneStep(shape, Array.Exists(network.Nodes, node => node.Layer.IdCount is not null && node.Reads[0] == place)))];
        Descriptions = ModelState.Describe(network);
    }

    /// <summary>Name of the model.</summary>
    public string Name { get; }

    /// <summary>What runs at each step.</summary>
    public Network Network { get; }

    /// <summary>The layer that reads the input.</summary>
    public Layer First => Network.Nodes[0].Layer;

    /// <summary>The layer that gives the output.</summary>
    public Layer Last => Network.GiverOf(0);

    /// <summary>Shape of one step of the input.</summary>
    public Shape Input => shapes[0];

    /// <summary>Number of ids of which a step is one; null where steps are vectors of numbers.</summary>
    public int? IdCount => First.IdCount;

    /// <summary>Shape of the output at one step.</summary>
    public Shape Output => shapes[Network.OutputPlaces[0]];

    /// <summary>Each layer with its sizes: a state belongs to a model with the same ones.</summary>
    public IReadOnlyList<string> Descriptions { get; }

    /// <summary>Most sequences that one session can hold: their values must fit in arrays.</summary>
    public int MostSequences
    {
        get
        {
            long most = Network.Nodes.Max(node => node.Layer.ValuesPerSample(shapes[node.Reads[0]], differentiable: false));
            int state = Network.Nodes.Select(node => node.Layer).OfType<IStateful>().SelectMany(layer => layer.StateSizes)
                .DefaultIfEmpty().Max();
            return (int)(Array.MaxLength / Math.Max(Math.Max(most, state), Output.Size));
        }
    }

    /// <summary>
    /// Numbers that a session works in for each sequence: inputs or gates, outputs, and states before and after. Cells that keep
    /// more than their gates, and stacks of cells, take up to four times as many.
    /// </summary>
    public long ValuesPerSequence => Network.Nodes.Sum(node =>
        node.Layer.ValuesPerSample(shapes[node.Reads[0]], differentiable: false) + shapes[node.FirstOutput].Size
        + ((node.Layer as IStateful)?.StateSizes.Sum(size => 2L * size) ?? 0));

    /// <summary>Makes room for steps of so many sequences.</summary>
    public NetworkPass CreatePass(int sequences)
    {
        var pass = new NetworkPass(Network, shapes, new(sequences) { Continuing = true });
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

    /// <summary>Takes one step through all layers.</summary>
    /// <param name="pass">The pass, whose input is filled and whose states move on.</param>
    public static SequenceBatch Step(NetworkPass pass)
    {
        pass.Forward();
        return pass.Output(0);
    }

    /// <summary>Whether another network has the same layers in the same places, as when one has been added and removed
    /// again.</summary>
    private bool IsUnchanged(Network? other)
    {
        bool same = other is not null && other.Nodes.Length == Network.Nodes.Length && other.Nodes.Zip(Network.Nodes).All(
            pair => ReferenceEquals(pair.First.Layer, pair.Second.Layer) && pair.First.Reads.SequenceEqual(pair.Second.Reads));
        last = same ? other! : last;
        return same;
    }

    private void RequireSteps()
    {
        if (Network.Inputs.Count != 1 || Network.Outputs.Count != 1)
        {
            throw new NotSupportedException(
                $"A session feeds one sequence step by step and gives one output, but model '{Name}' has "
                + $"{Network.Inputs.Count} inputs and {Network.Outputs.Count} outputs. Use Predict.");
        }

        // A sequence of ids has no axis of features.
        Shape input = Network.Inputs[0].Shape;
        bool ofIds = input.Rank == 1 && First.IdCount is not null;
        if (input.Rank != 2 && !ofIds)
        {
            throw new NotSupportedException(
                $"A session feeds sequences of vectors step by step, but model '{Name}' takes samples of shape {input}, not "
                + "(batch, timesteps, features). Use Predict.");
        }

        foreach (NetworkNode node in Network.Nodes)
        {
            if (node.Layer.StreamingObstacle is { } obstacle)
            {
                throw new NotSupportedException(
                    $"{node.Layer.Introduction} of model '{Name}' cannot work step by step: {obstacle.Reason}. "
                    + $"{obstacle.Advice ?? "Use Predict on whole sequences"}.");
            }

            if (node.HasWiredStates)
            {
                throw new NotSupportedException(
                    $"{node.Layer.Introduction} of model '{Name}' cannot work step by step: it begins with states that other "
                    + "layers give. Make a model of the layers that step, and give it the states.");
            }
        }
    }

    private static Shape OneStep(Shape sample, bool ofIds) => sample.Rank > 1 || ofIds
        ? new([1, .. sample.Axes.Skip(1)]) : sample;
}
