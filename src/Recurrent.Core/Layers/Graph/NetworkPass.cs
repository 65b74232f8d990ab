using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A pass for each node of a network, with the values between them and their gradients: the only code that runs layers. Training,
/// prediction, sessions and calls of single layers stand on it. One worker uses it at a time, again and again.
/// </summary>
/// <remarks>
/// Backward, a value that one node reads gets that node's gradient as it is. Where several read it, their gradients are added up
/// in an order that follows from the graph: what is an output first, then the nodes from last to first, each node's inputs in
/// their order.
/// </remarks>
internal sealed class NetworkPass
{
    private static readonly bool[] NoGradient = [false];

    private readonly Network network;
    private readonly NetworkPassOptions options;
    private readonly Pass[] passes;
    private readonly SequenceBatch[] values;
    private readonly NodeBuffers[] buffers;
    private readonly DenseMatrix?[] gradients;
    private readonly DenseMatrix?[] sums;
    private readonly bool[] wanted;
    private readonly DenseMatrix[] outputGradients;
    private readonly Shape[] outputShapes;

    // The node whose gradients have been taken before it runs backward, since others wait for its sums.
    private int taken = -1;

    /// <summary>Makes room.</summary>
    /// <param name="network">The network; its layers are built.</param>
    /// <param name="shapes">Shape of a sample of each value, as <see cref="Network.InferShapes"/> gives them; every axis
    /// known.</param>
    /// <param name="options">What the pass is for.</param>
    /// <exception cref="ArgumentException">A layer would need more room than an array has.</exception>
    public NetworkPass(Network network, Shape[] shapes, NetworkPassOptions options)
    {
        this.network = network;
        this.options = options;
        outputShapes = Array.ConvertAll(network.OutputPlaces, place => shapes[place]);
        wanted = options.Differentiable ? WantedGradients(network, options) : [];
        Gradients = options.Differentiable ? options.Gradients ?? new GradientSet(network.Parameters) : null;
        values = new SequenceBatch[network.Values];
        if (options.OutputsOnly)
        {
            (passes, buffers, gradients, sums, outputGradients, GivenOutputs) = ([], [], [], [], [], []);
            foreach (int place in network.OutputPlaces)
            {
                values[place] = new SequenceBatch(shapes[place], options.BatchSize);
            }

            return;
        }

        foreach (Feed feed in network.Feeds)
        {
            int samples = options.FixedValues?[feed.Place] == true ? options.BatchSize / options.Sharing : options.BatchSize;
            values[feed.Place] = new SequenceBatch(shapes[feed.Place], samples);
        }

        passes = new Pass[network.Nodes.Length];
        buffers = new NodeBuffers[passes.Length];
        for (int i = 0; i < passes.Length; i++)
        {
            NetworkNode node = network.Nodes[i];
            Shape[] reads = Array.ConvertAll(node.Reads, place => shapes[place]);
            for (int output = 0; output < node.OutputShapes.Count; output++)
            {
                node.Layer.RequireRoom(reads[0], shapes[node.FirstOutput + output], options.BatchSize, options.Differentiable);
            }

            bool[] inputGradients = node.Reads.Length == 1 && !options.Differentiable
                ? NoGradient
                : Array.ConvertAll(node.Reads, place => options.Differentiable && wanted[place]);
            int samples = IsFixed(node) ? options.BatchSize / options.Sharing : options.BatchSize;
            passes[i] = node.Layer.CreatePass(new PassOptions(reads, samples, options.Differentiable, inputGradients)
            {
                Threads = options.Threads,
                Continuing = options.Continuing && !IsFixed(node),
                FixedInputs = options.FixedValues is null ? [] : FixedInputs(node, options.FixedValues),
                Sharing = IsFixed(node) ? 1 : options.Sharing,
                Capacity = options.Capacity,
                Use = node.Use,
                StateGradients = node.HasWiredStates || options.InputGradients,
                RunsMaskedSteps = node.HasWiredStates && node.Reads[0] >= network.Inputs.Count,
                HasKeys = node.HasKeys,
                UsesMovingStatistics = options.UsesMovingStatistics,
                Gradients = Gradients,
            });
            buffers[i] = new NodeBuffers(node, options.Differentiable);
        }

        gradients = options.Differentiable ? new DenseMatrix?[network.Values] : [];
        sums = options.Differentiable ? new DenseMatrix?[network.Values] : [];
        outputGradients = options.Differentiable ? Array.ConvertAll(network.OutputPlaces, place => Room(shapes[place])) : [];
        GivenOutputs = new bool[outputGradients.Length];
        Array.Fill(GivenOutputs, true);
        for (int place = 0; place < sums.Length; place++)
        {
            sums[place] = network.Readers[place] > 1 && wanted[place] && network.OutputPlaces.Contains(place)
                ? Room(shapes[place])
                : null;
        }
    }

    /// <summary>What each node remembers of the last run.</summary>
    public IReadOnlyList<Pass> Passes => passes;

    /// <summary>The gradients of all parameters; null where no backward pass may follow.</summary>
    public GradientSet? Gradients { get; }

    /// <summary>Penalties on the outputs of layers in the last forward pass, before they are divided by the batch size.</summary>
    public double ActivityPenalty { get; set; }

    /// <summary>For each output whether a loss has written its gradient; all have, unless somebody says otherwise.</summary>
    public bool[] GivenOutputs { get; }

    /// <summary>Number of samples.</summary>
    public int BatchSize => options.BatchSize;

    /// <summary>What is to be filled before a forward pass: the inputs, then the further feeds of the network.</summary>
    public SequenceBatch Input(int index) => values[network.Feeds[index].Place];

    /// <summary>Takes a batch as an input, in place of one that is filled.</summary>
    public void SetInput(int index, SequenceBatch batch) => values[index] = batch;

    /// <summary>An output of the last forward pass.</summary>
    public SequenceBatch Output(int index) => values[network.OutputPlaces[index]];

    /// <summary>Receives the gradient of the loss with respect to an output, before a backward pass.</summary>
    public DenseMatrix OutputGradient(int index) => outputGradients[index];

    /// <summary>After a backward pass: the gradient with respect to an input; null where none reaches it.</summary>
    public DenseMatrix? InputGradient(int index) => gradients[index];

    /// <summary>Rows and columns of an output, before anything has run.</summary>
    public (int Rows, int Columns) SizeOf(int output)
    {
        Shape shape = outputShapes[output];
        return (shape.Features, shape.Steps * options.BatchSize);
    }

    /// <summary>A value of the last forward pass, by its place in the network.</summary>
    public SequenceBatch Value(int place) => values[place];

    /// <summary>During a backward pass, when all that read a value have run: the gradient with respect to it; null where none
    /// reaches it.</summary>
    public DenseMatrix? Gradient(int place) => gradients[place];

    /// <summary>The first layer that gave a number that is not finite in the last forward pass; null where none did.</summary>
    public Layer? SpoiledLayer() => passes.Length == 0 ? null : Array.Find(
        network.Nodes,
        node => Enumerable.Range(node.FirstOutput, node.OutputShapes.Count)
        .Any(place => !TensorPrimitives.IsFiniteAll<Real>(values[place].Values.Values)))?.Layer;

    /// <summary>Every recurrent layer with its pass, those inside wrappers and models too.</summary>
    /// <param name="around">Path of what is around the network, to stand before theirs; empty for none.</param>
    public IEnumerable<RecurrentRun> RecurrentRuns(string around = "") => network.Nodes.Zip(passes).SelectMany(
        pair => pair.First.Layer.RecurrentRuns(pair.Second, around + pair.First.Name));

    /// <summary>Begins a step: random draws are determined, and continuing passes start a sequence.</summary>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <param name="key">Names the step (and shard), for random draws.</param>
    public void Begin(bool training, ulong key)
    {
        foreach (Pass pass in passes)
        {
            pass.Begin(training, key);
        }
    }

    /// <summary>
    /// Starts a sequence of continuing passes, when its fixed inputs are there: runs the layers that depend on nothing else,
    /// and begins the others with the states that are given to them.
    /// </summary>
    public void Start()
    {
        for (int i = 0; i < passes.Length; i++)
        {
            NetworkNode node = network.Nodes[i];
            if (IsFixed(node))
            {
                Run(i, null, 0);
            }
            else if (node.HasWiredStates)
            {
                node.Layer.TakeStates(
                    passes[i], Array.ConvertAll(node.Reads[1..], place => values[place].Repeated(options.BatchSize)));
            }
        }
    }

    /// <summary>Runs every layer, but for those that <see cref="Start"/> has run.</summary>
    /// <param name="states">States that layers go on from and leave behind, or null.</param>
    /// <param name="firstSample">The sample of the states that is the first of this pass.</param>
    /// <exception cref="InvalidOperationException">A layer does not hand on which steps are padding.</exception>
    public void Forward(StateStore? states = null, int firstSample = 0) => Forward(0, passes.Length, states, firstSample);

    /// <summary>Runs some layers, when those before them have run.</summary>
    /// <param name="first">The first node.</param>
    /// <param name="end">The node after the last.</param>
    /// <param name="states">States that layers go on from and leave behind, or null.</param>
    /// <param name="firstSample">The sample of the states that is the first of this pass.</param>
    public void Forward(int first, int end, StateStore? states, int firstSample)
    {
        ActivityPenalty = first == 0 ? 0 : ActivityPenalty;
        for (int i = first; i < end; i++)
        {
            if (options.FixedValues is null || !IsFixed(network.Nodes[i]))
            {
                Run(i, states, firstSample);
            }
        }
    }

    /// <summary>Finds the sums that a layer needs over this pass's samples, before it runs.</summary>
    /// <param name="node">The node of the layer.</param>
    public void Contribute(int node) =>
        ((IBatchStatistics)network.Nodes[node].Layer).Contribute(passes[node], values[network.Nodes[node].Reads[0]]);

    /// <summary>Finds the sums that a layer needs on the way back over this pass's samples, when all nodes after it have run
    /// backward.</summary>
    /// <param name="node">The node of the layer.</param>
    /// <param name="penaltyScale">As in <see cref="Backward(Real)"/>.</param>
    public void ContributeBack(int node, Real penaltyScale)
    {
        NetworkNode own = network.Nodes[node];
        if (wanted[own.FirstOutput] && TakeGradients(own, buffers[node], penaltyScale))
        {
            taken = node;
            ((IBatchStatistics)own.Layer).ContributeBack(passes[node], buffers[node].OutputGradients[0]!);
        }
    }

    /// <summary>Runs every layer backward from the gradients that <see cref="OutputGradient"/> holds.</summary>
    /// <param name="penaltyScale">By what penalties on activities count in the loss: one over the number of samples of the whole
    /// batch.</param>
    public void Backward(Real penaltyScale)
    {
        StartBackward();
        Backward(passes.Length, 0, penaltyScale);
    }

    /// <summary>Starts a backward pass: the gradients of the outputs are handed on.</summary>
    public void StartBackward()
    {
        taken = -1;
        if (options.Gradients is null)
        {
            Gradients!.Clear();
        }

        Array.Clear(gradients);
        for (int output = 0; output < outputGradients.Length; output++)
        {
            if (GivenOutputs[output])
            {
                Deliver(network.OutputPlaces[output], outputGradients[output], isOutput: true);
            }
        }

    }

    /// <summary>Runs some layers backward, when those after them have run.</summary>
    /// <param name="end">The node after the last one.</param>
    /// <param name="first">The first one, to be run last.</param>
    /// <param name="penaltyScale">As in <see cref="Backward(Real)"/>.</param>
    public void Backward(int end, int first, Real penaltyScale)
    {
        for (int i = end - 1; i >= first; i--)
        {
            NetworkNode node = network.Nodes[i];
            NodeBuffers own = buffers[i];
            if (!wanted[node.FirstOutput] || (i != taken && !TakeGradients(node, own, penaltyScale)))
            {
                continue;
            }

            passes[i].PenaltyScale = penaltyScale;
            node.Layer.Backward(passes[i], own.OutputGradients, own.InputGradients);
            for (int input = 0; input < own.InputGradients.Length; input++)
            {
                if (own.InputGradients[input] is { } gradient)
                {
                    Deliver(node.Reads[input], gradient, isOutput: false);
                    own.InputGradients[input] = null;
                }
            }
        }
    }

    private static bool[] FixedInputs(NetworkNode node, bool[] isFixed) =>
        Array.ConvertAll(node.Reads, place => isFixed[place]);

    private bool IsFixed(NetworkNode node) => options.FixedValues is { } fixedValues && fixedValues[node.FirstOutput];

    private void Run(int index, StateStore? states, int firstSample)
    {
        NetworkNode node = network.Nodes[index];
        NodeBuffers own = buffers[index];
        for (int input = 0; input < own.Inputs.Length; input++)
        {
            own.Inputs[input] = values[node.Reads[input]];
        }

        states?.Load(index, passes[index], firstSample);
        node.Layer.Forward(passes[index], own.Inputs, own.Outputs);
        states?.Save(index, passes[index], firstSample);
        for (int output = 0; output < own.Outputs.Length; output++)
        {
            SequenceBatch value = own.Outputs[output];
            values[node.FirstOutput + output] = value;
            value.Padding = NetworkPadding.Of(node, own.Inputs, output, value);
            if (node.Layer.ActivityRegularizer is { } regularizer)
            {
                ActivityPenalty += NetworkPadding.Penalty(regularizer, value);
            }
        }

        ActivityPenalty += passes[index].ActivityPenalty;
    }

    /// <summary>
    /// For which values a gradient is wanted: those behind something that is trained, and inputs where somebody asks for theirs.
    /// </summary>
    private static bool[] WantedGradients(Network network, NetworkPassOptions options)
    {
        var wanted = new bool[network.Values];
        Array.Fill(wanted, options.InputGradients, 0, network.Inputs.Count);
        foreach (NetworkNode node in network.Nodes)
        {
            bool own = Array.Exists(node.Reads, place => wanted[place]) || node.Layer.Parameters.Any(options.Trained!.Contains);
            Array.Fill(wanted, own, node.FirstOutput, node.OutputShapes.Count);
        }

        return wanted;
    }

    /// <summary>Gathers the gradients of a node's outputs, penalties on them included; false where there are none.</summary>
    private bool TakeGradients(NetworkNode node, NodeBuffers own, Real penaltyScale)
    {
        bool any = false;
        for (int output = 0; output < own.OutputGradients.Length; output++)
        {
            int place = node.FirstOutput + output;
            if (node.Layer.ActivityRegularizer is { } regularizer)
            {
                if (gradients[place] is null)
                {
                    // Nobody reads it, but its penalty counts.
                    DenseMatrix of = values[place].Values;
                    gradients[place] = sums[place] ??= new DenseMatrix(of.RowCount, of.ColumnCount);
                    sums[place]!.Clear();
                }

                NetworkPadding.AddPenaltyGradient(regularizer, values[place], gradients[place]!, penaltyScale);
            }

            own.OutputGradients[output] = gradients[place];
            any |= gradients[place] is not null;
        }

        return any;
    }

    /// <summary>
    /// Hands a gradient to the value it belongs to. Where that has several readers, the first one's is where the sum grows: the
    /// layer that gave it has run, so nobody else looks at it any more. That of an output, which belongs to the loss, is copied.
    /// </summary>
    private void Deliver(int place, DenseMatrix gradient, bool isOutput)
    {
        if (!wanted[place])
        {
            return;
        }

        if (gradients[place] is { } sum)
        {
            VectorMath.Add(gradient.Values, sum.Values);
        }
        else if (isOutput && network.Readers[place] > 1)
        {
            gradient.Values.CopyTo(sums[place]!.Values, 0);
            gradients[place] = sums[place];
        }
        else
        {
            gradients[place] = gradient;
        }
    }

    private DenseMatrix Room(Shape shape) => new(shape.Features, shape.Steps * options.BatchSize);
}
