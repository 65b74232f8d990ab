using System.Globalization;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A graph of layers: its inputs, its outputs, and the uses of layers between them in an order in which they can run. Models
/// inside it are taken apart, so that there is one graph of plain layers.
/// </summary>
internal sealed class Network
{
    private readonly List<NetworkNode> nodes = [];
    private readonly List<Shape> shapes = [];
    private readonly List<Feed> feeds = [];

    private Network(Symbols inputs, Symbols outputs, IReadOnlyList<Node> calls)
    {
        Inputs = inputs;
        Outputs = outputs;
        Calls = calls;
        Layers = [.. calls.Select(call => call.Layer).Distinct<Layer>(ReferenceEqualityComparer.Instance)];
        var places = new Dictionary<Symbol, int>(ReferenceEqualityComparer.Instance);
        foreach (Symbol input in inputs)
        {
            places.Add(input, shapes.Count);
            feeds.Add(new(shapes.Count, shapes.Count, null));
            shapes.Add(input.Shape);
        }

        Add(calls, places, string.Empty, []);
        if (outputs.FirstOrDefault(output => output.HoldsStrings) is { } text)
        {
            throw new ArgumentException($"The output {text} would be strings, and a model gives numbers. Look them up: "
                + $"StringLookup.");
        }

        OutputPlaces = [.. outputs.Select(output => places[output])];
        Readers = new int[shapes.Count];
        foreach (int place in nodes.SelectMany(node => node.Reads).Concat(OutputPlaces))
        {
            Readers[place]++;
        }

        Nodes = [.. nodes];
        StatisticNodes = [.. Enumerable.Range(0, Nodes.Length).Where(i => Nodes[i].Layer is IBatchStatistics)];
        Feeds = [.. feeds];
        Adapted = [.. Nodes.SelectMany(node => node.Layer.Inner.Prepend(node.Layer)).OfType<IAdapted>().Distinct()];
        NeedsWholeBatches = Nodes.Any(node => node.Layer.Inner.Any(HasStatistics));
        Parameters = [.. Layers.SelectMany(layer => layer.Parameters).Distinct<Parameter>(ReferenceEqualityComparer.Instance)];
    }

    /// <summary>The inputs.</summary>
    public Symbols Inputs { get; }

    /// <summary>The outputs.</summary>
    public Symbols Outputs { get; }

    /// <summary>The uses of layers as they were written, models whole: inputs aside, in the order in which they run.</summary>
    public IReadOnlyList<Node> Calls { get; }

    /// <summary>The layers as they were written, models whole and without inputs, each once.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>
    /// What data go to, in order: the inputs, and behind them an input of strings once more for each further layer that reads it.
    /// </summary>
    public Feed[] Feeds { get; }

    /// <summary>The layers that must have learnt something of data before anything runs.</summary>
    public IAdapted[] Adapted { get; }

    /// <summary>What runs, in order.</summary>
    public NetworkNode[] Nodes { get; }

    /// <summary>The nodes whose layers need sums over a whole batch.</summary>
    public int[] StatisticNodes { get; }

    /// <summary>Whether a layer that needs sums over a whole batch is inside another, so that shards of a batch cannot share
    /// them.</summary>
    public bool NeedsWholeBatches { get; }

    /// <summary>The parameters of all layers in their order, each once.</summary>
    public Parameter[] Parameters { get; }

    /// <summary>Number of values: inputs, and outputs of nodes.</summary>
    public int Values => shapes.Count;

    /// <summary>Shape of a sample of each value as far as it is known.</summary>
    public IReadOnlyList<Shape> Shapes => shapes;

    /// <summary>Which value each output is.</summary>
    public int[] OutputPlaces { get; }

    /// <summary>How many read each value: nodes, once for each time they do, and outputs.</summary>
    public int[] Readers { get; }

    /// <summary>The layers of a <c>Sequential</c>, each of which reads what the one before it gives.</summary>
    /// <param name="input">Shape of a sample of the input, or the input.</param>
    /// <param name="layers">The layers, first to last.</param>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives; the message names both.</exception>
    public static Network Line(Symbol input, IEnumerable<Layer> layers)
    {
        IReadOnlyList<Node> calls = Chain(input, layers);
        return new(input, calls.Count > 0 ? calls[^1].Outputs[0] : input, calls);
    }

    /// <summary>Uses of layers, each of which reads what the one before it gives. The layers need not be built.</summary>
    public static IReadOnlyList<Node> Chain(Symbol input, IEnumerable<Layer> layers)
    {
        var calls = new List<Node>();
        Symbol current = input;
        foreach (Layer layer in layers)
        {
            calls.Add(new Node(layer, [current]));
            current = calls[^1].Outputs[0];
        }

        return calls;
    }

    /// <summary>One layer called with what it takes; all its outputs are the network's.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">Shape of a sample of each of its inputs.</param>
    public static Network Of(Layer layer, params IReadOnlyList<Shape> inputs)
    {
        Symbol[] symbols = [.. inputs.Select(shape => Input.For(shape, layer).Output)];
        var node = new Node(layer, symbols);
        return new(symbols, Symbols.Create([.. node.Outputs]), [node]);
    }

    /// <summary>What lies between inputs and outputs.</summary>
    /// <exception cref="ArgumentException">It is not a graph from those inputs to those outputs; the message says what is
    /// missing.</exception>
    public static Network Between(Symbols inputs, Symbols outputs) => new(inputs, outputs, GraphOrder.Between(inputs, outputs));

    /// <summary>Shape of a sample of every value for other shapes of the inputs.</summary>
    /// <param name="inputs">Shape of a sample of each input.</param>
    /// <exception cref="ArgumentException">A layer cannot take what it would be given.</exception>
    public Shape[] InferShapes(IReadOnlyList<Shape> inputs)
    {
        var result = new Shape[Values];
        var givers = new Layer?[Values];
        for (int i = 0; i < feeds.Count; i++)
        {
            // Several layers that read one input of strings may be fed something else each.
            Shape shape = inputs[inputs.Count == feeds.Count ? i : feeds[i].Input];
            result[feeds[i].Place] = feeds[i].Reader?.FedShape(shape) ?? shape;
        }

        foreach (NetworkNode node in Nodes)
        {
            IReadOnlyList<Shape> own = node.Layer.InferShapes(
                Array.ConvertAll(node.Reads, place => result[place]), Array.ConvertAll(node.Reads, place => givers[place]));
            for (int i = 0; i < own.Count; i++)
            {
                result[node.FirstOutput + i] = own[i];
                givers[node.FirstOutput + i] = node.Layer;
            }
        }

        return result;
    }

    /// <summary>Brings what layers derive from their parameters up to date; before a run that follows a change.</summary>
    public void Prepare()
    {
        foreach (NetworkNode node in Nodes)
        {
            node.Layer.Prepare();
        }
    }

    /// <summary>The layer that first reads what is fed, for messages and for what it says of ids; null where none does.</summary>
    public Layer? ReaderOf(int feed) =>
        feeds[feed].Reader ?? Array.Find(Nodes, node => IsReader(node, feeds[feed].Place))?.Layer;

    // Of what a layer reads, the first holds its tokens, and what stands beside it does not.
    private static bool IsReader(NetworkNode node, int place) =>
        node.Layer.ReadsTokens ? node.Reads[0] == place : node.Reads.Contains(place);

    /// <summary>The feed whose steps a value has, where it has a step for each of one: an input, or strings once
    /// more.</summary>
    public int SourceOf(int place)
    {
        while (place >= Inputs.Count)
        {
            int again = feeds.FindIndex(feed => feed.Place == place);
            if (again >= 0)
            {
                return again;
            }

            NetworkNode node = Array.FindLast(Nodes, each => each.FirstOutput <= place)!;
            int open = Array.FindIndex(node.Reads, read => shapes[read] is { Rank: > 0 } shape && shape[0] is null);
            place = node.Reads[Math.Max(open, 0)];
        }

        return place;
    }

    /// <summary>The layer that gives an output; the input's where it is one.</summary>
    public Layer GiverOf(int output) =>
        Array.FindLast(Nodes, node => node.FirstOutput <= OutputPlaces[output])?.Layer ?? Outputs[output].Layer;

    private static bool HasStatistics(Layer layer) => layer is IBatchStatistics || layer.Inner.Any(HasStatistics);

    private void Add(IReadOnlyList<Node> calls, Dictionary<Symbol, int> places, string prefix, HashSet<Network> around)
    {
        foreach (Node call in calls)
        {
            int[] reads = [.. call.Inputs.Select(input => places[input])];
            if (call.Layer.Network is { } inner)
            {
                if (!around.Add(inner))
                {
                    throw new ArgumentException(
                        $"{call.Layer.Introduction} is part of itself: a model cannot be a layer of its own.");
                }

                // Its inputs are what it is called with, and what it gives are its outputs.
                var own = new Dictionary<Symbol, int>(ReferenceEqualityComparer.Instance);
                for (int i = 0; i < reads.Length; i++)
                {
                    own.Add(inner.Inputs[i], reads[i]);
                }

                Add(inner.Calls, own, $"{prefix}{call.Layer.Name}/", around);
                around.Remove(inner);
                for (int i = 0; i < call.Outputs.Count; i++)
                {
                    places[call.Outputs[i]] = own[inner.Outputs[i]];
                }

                continue;
            }

            bool hasKeys = reads.Length > 0 && reads[0] < Inputs.Count && Inputs[reads[0]].HoldsStrings;
            reads = hasKeys ? [FeedOf(reads[0], call.Layer)] : reads;
            int use = nodes.Count(node => ReferenceEquals(node.Layer, call.Layer));
            string name = $"{prefix}{call.Layer.Name}{(use > 0 ? FormattableString.Invariant($":{use}") : string.Empty)}";
            IReadOnlyList<Shape> outputs = call.Layer.InferShapes([.. reads.Select(place => shapes[place])], []);
            RequireTable(call.Layer, nodes.Find(node => node.FirstOutput == reads[0])?.Layer);
            nodes.Add(new(call.Layer, name, use, reads, shapes.Count, outputs) { HasKeys = hasKeys });
            for (int i = 0; i < call.Outputs.Count; i++)
            {
                places[call.Outputs[i]] = shapes.Count;
                shapes.Add(outputs[i]);
            }
        }
    }

    /// <summary>
    /// The value that holds what an input of strings is to a layer; each layer that reads it has one of its own.
    /// </summary>
    private int FeedOf(int input, Layer reader)
    {
        int index = feeds.FindIndex(feed => feed.Input == input && (feed.Reader is null || ReferenceEquals(feed.Reader, reader)));
        if (index >= 0)
        {
            feeds[index] = feeds[index] with { Reader = reader };
            return feeds[index].Place;
        }

        feeds.Add(new(input, shapes.Count, reader));
        shapes.Add(shapes[input]);
        return shapes.Count - 1;
    }

    /// <summary>Requires that a table of ids is as long as the lookup before it gives ids.</summary>
    /// <param name="table">The layer that has the table.</param>
    /// <param name="lookup">The layer before it, or null.</param>
    /// <exception cref="ArgumentException">It is shorter.</exception>
    public static void RequireTable(Layer table, Layer? lookup)
    {
        if (table.IdCount is int rows && lookup?.TokenCount is int ids && ids > rows)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{table.Introduction} takes ids below {rows} ({table.IdOption}), but {lookup.Introduction} gives {ids}. "
                + $"Set {table.IdOption}: lookup.VocabularySize, or give the lookup maxTokens: {rows}."));
        }
    }
}
