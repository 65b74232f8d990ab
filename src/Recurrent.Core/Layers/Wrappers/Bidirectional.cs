using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Runs one recurrent layer over a sequence from its beginning and another one from its end, and merges what they give (Schuster
/// and Paliwal, "Bidirectional recurrent neural networks", 1997): Keras's keras.layers.Bidirectional.
/// </summary>
/// <remarks>
/// <code>
/// forward    f_t = the forward layer, having read x_1 … x_t
///            b_t = the backward layer, having read x_T … x_t       turned round, so that t is the same step for both
///            y_t = [f_t b_t]   f_t + b_t   f_t∘b_t   (f_t + b_t)/2   concat, sum, mul, ave
/// backward   concat: df and db are the parts of dy                 sum: df = db = dy
///            mul: df = dy∘b, db = dy∘f                             ave: df = db = dy/2
///            dx = dx of the forward layer + dx of the backward layer
/// </code>
/// <para>
/// Input (batch, timesteps, features); output (batch, timesteps, size) where the layers return sequences, else (batch, size); the
/// size is that of both outputs together for concat, else that of each. Parameters and states: the forward layer's, then the
/// backward layer's.
/// </para>
/// <para>
/// Where the layers return sequences, their output at a masked step is zero, and where they do not, it is the last one before;
/// whatever <c>zeroOutputForMask</c> they were made with. The mask of the input is passed on with sequences, as it came.
/// </para>
/// <para>
/// Where the forward layer was made with <c>goBackwards: true</c> the two change places, as in Keras: it reads from the end, the
/// backward layer from the beginning, and the steps of the output are in reverse order, though the mask is not.
/// </para>
/// </remarks>
public sealed class Bidirectional : Layer, IHasStates
{
    private const string ForwardPrefix = "forward_", BackwardPrefix = "backward_";

    /// <summary>Wraps a layer.</summary>
    /// <param name="layer">
    /// The layer that reads from the beginning, not built yet. It is named anew: <c>forward_lstm</c>. With <c>goBackwards:
    /// true</c> it reads from the end and the other one from the beginning, and the steps of the output are in reverse order, as
    /// in Keras.
    /// </param>
    /// <param name="mergeMode">
    /// How the two outputs become one: <c>"concat"</c> (the default), <c>"sum"</c>, <c>"mul"</c> or <c>"ave"</c>. Null keeps them
    /// apart, which no Sequential can pass on: <see cref="Call"/> gives both.
    /// </param>
    /// <param name="backwardLayer">The layer that reads the other way; null makes one like <paramref name="layer"/>:
    /// <c>backward_lstm</c>.</param>
    /// <param name="name">Name of this layer; null takes one from the model: <c>bidirectional</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; false makes it false for both layers too.</param>
    /// <param name="activityRegularizer">
    /// Penalty on the merged output, divided by the batch size, or null. Those of the wrapped layers are on what each of them
    /// gives.
    /// </param>
    /// <param name="inputShape">Shape of a sample (timesteps, features), for the first layer of a model; time steps may be
    /// null.</param>
    /// <exception cref="ArgumentException">Options are out of range or the layers do not make a pair; the message lists it
    /// all.</exception>
    public Bidirectional(
        RecurrentLayer layer,
        string? mergeMode = "concat",
        RecurrentLayer? backwardLayer = null,
        string? name = null,
        bool trainable = true,
        Regularizer? activityRegularizer = null,
        Shape? inputShape = null)
        : this(layer, mergeMode, backwardLayer, name, trainable, activityRegularizer, inputShape, null)
    {
    }

    private Bidirectional(
        RecurrentLayer layer,
        string? mergeMode,
        RecurrentLayer? backwardLayer,
        string? name,
        bool trainable,
        Regularizer? activityRegularizer,
        Shape? inputShape,
        ConfigReader? config)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ActivityRegularizer = activityRegularizer;
        MergeMode = mergeMode;
        var check = new OptionCheck(Introduction);
        check.Require(
            mergeMode is "concat" or "sum" or "mul" or "ave" or null,
            $"mergeMode must be 'concat', 'sum', 'mul', 'ave' or null, but is '{mergeMode}'",
            "mergeMode");
        BidirectionalCheck.Free(check, layer);
        if (backwardLayer is not null)
        {
            BidirectionalCheck.Free(check, backwardLayer);
            BidirectionalCheck.Pair(check, layer, backwardLayer);
        }

        check.ThrowIfAny();
        ForwardLayer = layer;
        BackwardLayer = backwardLayer ?? Reversed(layer, config);
        string own = layer.Name ?? LayerNames.SnakeCase(layer.ClassName);
        layer.Name = Prefixed(ForwardPrefix, own);
        BackwardLayer.Name = backwardLayer is null ? Prefixed(BackwardPrefix, own) : backwardLayer.Name
            ?? LayerNames.SnakeCase(backwardLayer.ClassName);
        new OptionCheck(Introduction)
            .Require(BackwardLayer.Name != layer.Name,
                $"both layers would be called '{layer.Name}'. Give the backward layer another name")
            .ThrowIfAny();
        Inner = [ForwardLayer, BackwardLayer];
        ForwardLayer.ZeroOutputForMask = ForwardLayer.ReturnSequences;
        BackwardLayer.ZeroOutputForMask = BackwardLayer.ReturnSequences;
        if (!trainable)
        {
            ForwardLayer.Trainable = false;
            BackwardLayer.Trainable = false;
        }
    }

    /// <inheritdoc/>
    public override string ClassName => "Bidirectional";

    /// <summary>How the two outputs become one; null keeps them apart.</summary>
    public string? MergeMode { get; }

    /// <summary>The layer that reads from the beginning, unless it was made with <c>goBackwards</c>.</summary>
    public RecurrentLayer ForwardLayer { get; }

    /// <summary>The layer that reads the other way.</summary>
    public RecurrentLayer BackwardLayer { get; }

    /// <summary>Whether the output has a value for every step, and not for the last alone.</summary>
    public bool ReturnSequences => ForwardLayer.ReturnSequences;

    /// <summary>Whether <see cref="Call"/> gives the final states beside the output.</summary>
    public bool ReturnState => ForwardLayer.ReturnState;

    /// <inheritdoc/>
    public bool Stateful => ForwardLayer.Stateful;

    /// <inheritdoc/>
    public IReadOnlyList<int> StateSizes => [.. ForwardLayer.StateSizes, .. BackwardLayer.StateSizes];

    /// <summary>The names of the forward layer's states and then of the backward layer's: <c>forward_hidden</c>, …,
    /// <c>backward_cell</c>.</summary>
    public IReadOnlyList<string> StateNames =>
    [
        .. ForwardLayer.StateNames.Select(state => ForwardPrefix + state),
        .. BackwardLayer.StateNames.Select(state => BackwardPrefix + state),
    ];

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("one of its layers reads the sequence from its end");

    internal override CallForm CallForm => CallForm.Recurrent with { Noted = [new("mask", null)] };
    internal override bool TurnsSteps => ForwardLayer.TurnsSteps;

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths =>
        ForwardLayer.ParameterPaths.Concat(BackwardLayer.ParameterPaths).Select(path => $"{Name}/{path}");

    internal override Obstacle? SequentialObstacle => MergeMode is null
        ? new("with mergeMode: null it gives two outputs, and one is passed on",
            "Choose 'concat', 'sum', 'mul' or 'ave', or call the layer itself, layer.Call(x), for both")
        : ForwardLayer.SequentialObstacle;

    /// <inheritdoc/>
    /// <remarks>With <c>mergeMode: null</c> the two outputs stand one below the other, as with concat; <see cref="Call"/> gives
    /// them apart.</remarks>
    /// <exception cref="ShapeException">A layer cannot take the input, or the outputs cannot be merged.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        Shape forward = OutputShapeOf(ForwardLayer, input);
        Shape backward = OutputShapeOf(BackwardLayer, input);
        if (MergeMode is "concat" or null)
        {
            return forward.WithFeatures(forward.Features + backward.Features);
        }

        return forward.Equals(backward)
            ? forward
            : throw new ArgumentException(
                $"{Introduction} cannot take the {MergeMode} of outputs of two sizes: {ForwardLayer.Introduction} gives "
                + $"{forward}, but {BackwardLayer.Introduction} gives {backward}. Use mergeMode 'concat', or give both layers "
                + "the same units.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Shape merged = ComputeOutputShape(inputs[0]);
        IEnumerable<Shape> states = ForwardLayer.StateShapes(inputs[0]).Concat(BackwardLayer.StateShapes(inputs[0]));
        if (inputs.Count > 1)
        {
            StateCheck.RequireShapes(this, Stateful, StateNames, states, inputs);
        }

        IEnumerable<Shape> outputs = MergeMode is null
            ? [OutputShapeOf(ForwardLayer, inputs[0]), OutputShapeOf(BackwardLayer, inputs[0])]
            : [merged];
        return [.. outputs, .. ReturnState ? states : []];
    }

    /// <inheritdoc cref="RecurrentLayer.Call(NDArray, RecurrentState?, NDArray?, int?)"/>
    /// <returns>
    /// The output, the final states where the layers have <c>returnState</c>, and where <see cref="MergeMode"/> is null the
    /// backward layer's output beside the forward layer's.
    /// </returns>
    public RecurrentOutput Call(NDArray x, RecurrentState? initialState = null, NDArray? mask = null, int? dropoutSeed = null) =>
        LayerCall.Run(this, this, x, initialState, mask, dropoutSeed, ReturnState);

    /// <summary>Uses the layer on what other layers give, from states on that other layers give.</summary>
    /// <param name="x">The input.</param>
    /// <param name="initialState">The states to begin with, the forward layer's first; null begins with zero.</param>
    /// <returns>The output, or both where they are not merged, and with <c>returnState</c> the final states behind it.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such an input or such states.</exception>
    public Symbols Call(Symbols x, Symbols? initialState = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return base.Call([.. x, .. initialState ?? []]);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("merge_mode", MergeMode);
        config.Add("layer", ForwardLayer);
        config.Add("backward_layer", BackwardLayer);
        return config;
    }

    /// <inheritdoc/>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (BidirectionalPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.Forward.SetInitialStates(states, 0, firstColumn);
        own.Backward.SetInitialStates(states, own.Forward.InitialStates.Count, firstColumn);
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (BidirectionalPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.Forward.GetFinalStates(states, 0, firstColumn);
        own.Backward.GetFinalStates(states, own.Forward.InitialStates.Count, firstColumn);
    }

    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        Math.Max(ForwardLayer.ValuesPerSample(input, differentiable), BackwardLayer.ValuesPerSample(input, differentiable));

    private protected override bool CanShare(Shape built, Shape other) => built.Axes.Skip(1).SequenceEqual(other.Axes.Skip(1));

    internal override IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path)
    {
        var own = (BidirectionalPass)pass;
        return [new($"{path}/{ForwardLayer.Name}", ForwardLayer, own.Forward),
            new($"{path}/{BackwardLayer.Name}", BackwardLayer, own.Backward)];
    }

    internal static Bidirectional Read(ConfigReader config)
    {
        RecurrentLayer layer = Layer(config, "layer") ?? throw config.Missing("layer");
        string? merge = config.OptionalString("merge_mode");
        return new(
            layer,
            merge is null && !config.IsNull("merge_mode") ? "concat" : merge,
            Layer(config, "backward_layer"),
            config.Name(),
            config.Trainable(),
            config.ActivityRegularizer(),
            null,
            config);
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ForwardLayer.Build(input, Random.SeededRandom.Key(Seed, 1), Source);
        AdoptParameters(ForwardLayer);
        BackwardLayer.Build(input, Random.SeededRandom.Key(Seed, 2), Source);
        AdoptParameters(BackwardLayer);
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        ForwardLayer.Prepare();
        BackwardLayer.Prepare();
    }

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options) => new BidirectionalPass(this, options);

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (BidirectionalPass)pass;
        int states = own.Forward.InitialStates.Count;
        if (inputs.Length > 1)
        {
            own.Forward.TakeStates(inputs.Slice(1, states));
            own.Backward.TakeStates(inputs[(1 + states)..]);
        }

        SequenceBatch forward = ForwardLayer.Forward(own.Forward, inputs[0]);
        SequenceBatch backward = BackwardLayer.Forward(own.Backward, inputs[0]);
        int first = own.Give(forward, backward, outputs);
        if (outputs.Length > first)
        {
            own.Forward.GiveStates(outputs.Slice(first, states));
            own.Backward.GiveStates(outputs[(first + states)..]);
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (BidirectionalPass)pass;
        int states = own.Forward.InitialStates.Count;
        int first = own.TakeGradients(outputGradients);
        if (outputGradients.Length > first)
        {
            own.Forward.TakeStateGradients(outputGradients.Slice(first, states));
            own.Backward.TakeStateGradients(outputGradients[(first + states)..]);
        }

        DenseMatrix? forward = ForwardLayer.Backward(own.Forward, own.ForwardGradient);
        DenseMatrix? backward = BackwardLayer.Backward(own.Backward, own.BackwardGradient);
        if (forward is not null)
        {
            Numerics.VectorMath.Add(backward!.Values, forward.Values);
        }

        inputGradients[0] = forward;
        if (inputGradients.Length > 1)
        {
            own.Forward.GiveStateGradients(inputGradients.Slice(1, states));
            own.Backward.GiveStateGradients(inputGradients[(1 + states)..]);
        }
    }

    private static RecurrentLayer? Layer(ConfigReader config, string key) =>
        config.OptionalComponent(key, LayerNames.Registry) switch
        {
            null => null,
            RecurrentLayer layer => layer,
            var other =>
                throw new ConfigException($"Bidirectional runs recurrent layers, and {other.ClassName} is none.")
                {
                    Option = key
                },
        };

    /// <summary>A layer like another one, which reads the other way.</summary>
    private RecurrentLayer Reversed(RecurrentLayer layer, ConfigReader? reader)
    {
        Config config = [];
        foreach ((string key, object? value) in layer.GetConfig())
        {
            config.Add(key, key == "go_backwards" ? !layer.GoBackwards : value);
        }

        try
        {
            return (RecurrentLayer)LayerNames.Registry.Create(new ComponentConfig(layer.ClassName, config), reader?.Custom);
        }
        catch (ConfigException exception)
        {
            throw new ArgumentException(
                $"{Introduction}: no layer like the wrapped {layer.Introduction} can be made for the other direction "
                + $"({exception.Message.TrimEnd('.')}). Give one: backwardLayer: a layer of its own with goBackwards: "
                + $"{(layer.GoBackwards ? "false" : "true")}.", exception);
        }
    }

    /// <summary>The shape of a layer's output; what is wrong is told in this layer's name, whose input it is.</summary>
    private Shape OutputShapeOf(RecurrentLayer layer, Shape input)
    {
        try
        {
            return layer.ComputeOutputShape(input);
        }
        catch (ShapeException exception)
        {
            throw new ShapeException(Introduction, exception.Expected, exception.Got, exception.Advice);
        }
    }

    private static string Prefixed(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal)
        ? name : prefix + name;
}
