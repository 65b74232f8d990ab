using System.Globalization;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>
/// Layers between inputs and outputs that are compiled, trained, evaluated and asked for predictions together: any graph of them,
/// with several inputs and outputs, branches and shared layers. <see cref="Sequential"/> is the model whose layers stand in a
/// row.
/// </summary>
/// <remarks>
/// <para>
/// Layers are called on symbols, and the model is what lies between an <see cref="Layers.Input"/> and the last symbols. A layer
/// that is called several times, or in several models, has the same parameters everywhere; they exist as soon as one model is
/// made of them. A model is a layer too and can be called, or added to a Sequential.
/// </para>
/// <para>
/// Any number of threads may call <c>Predict</c> and <c>Evaluate</c> at once, unless a layer is stateful.
/// Methods that change the model (<c>Compile</c>, <c>Fit</c>, <see cref="SetWeights(IReadOnlyList{NDArray})"/>, …) need it for
/// themselves, and predictions of a model with stateful layers come one at a time: what comes at the wrong time is refused with
/// an <see cref="InvalidOperationException"/>. Callbacks may predict, evaluate, save and set weights while <c>Fit</c> calls them.
/// </para>
/// </remarks>
/// <example><code>
/// var series = new Input((timesteps: 30, features: 4), name: "series");
/// var place = new Input(8, name: "place");
/// Symbol h = new LSTM(32).Call(series);
/// Symbol both = new Concatenate().Call(h, place);
/// var model = new Model(inputs: [series, place], outputs: new Dense(1).Call(both));
/// </code></example>
public partial class Model : Layer, ITrained
{
    private readonly List<Layer> layers = [];
    private Network? network;

    /// <summary>Makes a model of what lies between inputs and outputs.</summary>
    /// <param name="inputs">The inputs, one or several: <c>[a, b]</c>.</param>
    /// <param name="outputs">The outputs, one or several.</param>
    /// <param name="name">Name of the model; default <c>functional</c>.</param>
    /// <param name="seed">
    /// Where every random draw of the model comes from: first weights of layers that have none yet, dropout, the order of
    /// samples. The same seed gives the same bits. Default 0.
    /// </param>
    /// <exception cref="ArgumentException">
    /// An output depends on an input that is not among the inputs, an input is none or comes twice, or two layers have the same
    /// name.
    /// </exception>
    public Model(Symbols inputs, Symbols outputs, string? name = null, int seed = 0)
        : this(inputs, outputs, name ?? "functional", seed, trainable: true) => BuildGraph((ulong)Seed, null);

    private protected Model(string name, int seed)
        : base(null, trainable: true, inputShape: null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        base.Name = name;
        Seed = seed;
        Context = new TrainingContext(this);
        Gate = new ParameterGates($"model '{name}'", FindGates);
    }

    /// <summary>Name of the model.</summary>
    public new string Name => base.Name!;

    /// <inheritdoc/>
    public override string ClassName => "Functional";

    /// <summary>Where every random draw of the model comes from.</summary>
    public new int Seed { get; }

    /// <summary>The layers without the <see cref="Layers.Input"/>s, in Keras's order: each after those that it reads.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Shape of a sample of the (first) input; null while it is not known.</summary>
    public override Shape? InputShape => network?.Inputs[0].Shape;

    /// <summary>Shape of a sample of the (first) output; null while the input shape is not known.</summary>
    public override Shape? OutputShape => IsBuilt ? Network.Outputs[0].Shape : null;

    /// <summary>The inputs, as symbols: for models that are part of this one, <c>new Model(model.Inputs,
    /// layer.Output)</c>.</summary>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    public Symbols Inputs
    {
        get
        {
            RequireBuilt();
            return Network.Inputs;
        }
    }

    /// <summary>The outputs, as symbols.</summary>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    public Symbols Outputs
    {
        get
        {
            RequireBuilt();
            return Network.Outputs;
        }
    }

    /// <summary>What the model gives, where it is one output.</summary>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    public override Symbol Output => Outputs;

    /// <summary>Names of the inputs: those of the input layers.</summary>
    public IReadOnlyList<string> InputNames => [.. Network.Inputs.Select(NameOf)];

    /// <summary>Names of the outputs: those of the layers that give them, numbered where one gives several.</summary>
    public IReadOnlyList<string> OutputNames
    {
        get
        {
            var names = new FreeNames([]);
            return [.. Network.Outputs.Select(output => names.Take(output.Layer.Name ?? output.Layer.ClassName))];
        }
    }

    /// <summary>Whether the input shape is known and the parameters exist.</summary>
    public virtual bool IsBuilt => network is not null;

    /// <summary>
    /// Most threads that one call may use; default: the number of processors. Results have the same bits for any value.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => Context.MaxDegreeOfParallelism;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxDegreeOfParallelism));
            Context.MaxDegreeOfParallelism = value;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [.. NamedParameters.Select(pair => pair.Parameter)];

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths => NamedParameters.Select(pair => $"{Name}/{pair.Path}");

    /// <inheritdoc/>
    public override bool CreatesMask => layers.Exists(layer => layer.CreatesMask);

    /// <summary>The input layer, where there is one and it was given; null where the shape came from elsewhere.</summary>
    internal Input? Input { get; private protected set; }

    /// <summary>The layer that reads the (first) input.</summary>
    internal Layer First => layers[0];

    /// <summary>The layer that gives the (last) output.</summary>
    internal Layer Last => layers[^1];

    /// <summary>
    /// What is allowed but hardly meant, as far as compiling and training since have come across it: a loss that does not
    /// suit the last activation, inputs far from scale, an accuracy of what is no class, layers frozen without compiling again,
    /// numbers out of range. Each is said once.
    /// </summary>
    public IReadOnlyList<string> Warnings => Context.Warnings;

    /// <summary>
    /// Is told of every warning when it comes up. Null (the default): a <c>Fit</c> that is not silent writes them to the
    /// console's error stream.
    /// </summary>
    /// <example><code>model.OnWarning = text => logger.LogWarning(text);</code></example>
    public Action<string>? OnWarning { get; set; }

    /// <summary>What the engine trains.</summary>
    internal TrainingContext Context { get; }

    IReadOnlyList<Layer> ITrained.Layers => layers;

    Network ITrained.Network => Network;

    bool ITrained.IsStateful => Context.IsStateful;

    IEnumerable<(string Path, Parameter Parameter)> ITrained.NamedParameters => NamedParameters;

    // A training step asks, and allocates nothing.
    int? ITrained.DeclaredBatchSize
    {
        get
        {
            for (int i = 0; IsBuilt && i < Network.Inputs.Count; i++)
            {
                if (((Input)Network.Inputs[i].Layer).BatchSize is int declared)
                {
                    return declared;
                }
            }

            return IsBuilt ? null : Input?.BatchSize;
        }
    }

    /// <summary>What runs. It is made anew when layers change.</summary>
    internal override Network Network => network ??= CreateNetwork();

    internal override bool IsModel => true;

    internal override bool IsStateful => Context.IsStateful;

    internal override CallForm CallForm => (graph?.Inputs.Count ?? 1) > 1 ? CallForm.MaskedList : CallForm.Masked;

    internal override Obstacle? SequentialObstacle => IsBuilt && (Network.Inputs.Count > 1 || Network.Outputs.Count > 1)
        ? new(
            $"it has {Network.Inputs.Count} inputs and {Network.Outputs.Count} outputs, and a Sequential passes on one",
            "Use new Model(inputs, outputs): model.Call(…)")
        : null;

    /// <summary>The parameters with their paths below the model, each once, however often its layer is used.</summary>
    internal IEnumerable<(string Path, Parameter Parameter)> NamedParameters => layers
        .SelectMany(layer => layer.ParameterPaths.Zip(layer.Parameters))
        .DistinctBy(pair => pair.Second, (IEqualityComparer<Parameter>)ReferenceEqualityComparer.Instance);

    /// <summary>A layer by its name.</summary>
    /// <param name="name">Its name; of a layer of a model inside, use that model's own <c>GetLayer</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no layer of that name; the message lists those there are.</exception>
    public Layer GetLayer(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (IsBuilt)
        {
            // So that its symbol can be asked for.
            _ = Network;
        }

        return layers.Find(layer => layer.Name == name) ?? throw new KeyNotFoundException(
            ($"Model '{Name}' has no layer '{name}'. It has {string.Join(", ", layers.Select(layer => layer.Name))}. "
                + $"{Spelling.DidYouMean(name, [.. layers.Select(layer => layer.Name!)])}").TrimEnd());
    }

    /// <summary>A layer by its place in <see cref="Layers"/>, from the front or from the end: <c>GetLayer(0)</c>,
    /// <c>GetLayer(^1)</c>.</summary>
    /// <param name="index">The place.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Layer GetLayer(Index index)
    {
        int place = index.GetOffset(layers.Count);
        return place >= 0 && place < layers.Count
            ? layers[place]
            : throw new ArgumentOutOfRangeException(
                nameof(index),
                    FormattableString.Invariant($"Model '{Name}' has {layers.Count} layers, so there is no layer {index}."));
    }

    /// <inheritdoc cref="GetLayer(Index)"/>
    public Layer GetLayer(int index) => index >= 0 ? GetLayer((Index)index) : throw new ArgumentOutOfRangeException(
        nameof(index), string.Create(CultureInfo.InvariantCulture, $"There is no layer {index} of model '{Name}'. From the "
            + $"end, places are counted with ^: GetLayer(^{-(long)index})."));

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Symbols? own = graph?.Inputs ?? (IsBuilt ? Network.Inputs : null);
        if (own is not null && inputs.Count != own.Count)
        {
            throw new ArgumentException(
                $"{Introduction} takes {Counted(own.Count, "input")} ({string.Join(", ", own.Select(NameOf))}), but it is "
                + $"called with {inputs.Count}. Give one symbol for each, in this order.");
        }

        for (int i = 0; i < own?.Count; i++)
        {
            if (!own[i].Shape.Accepts(inputs[i]))
            {
                throw new ShapeException(
                    Introduction, $"input of shape {own[i].Shape} for '{NameOf(own[i])}'", inputs[i],
                        "Give it what the model was made for.");
            }
        }

        return OutputShapesFor(inputs);
    }

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options) => new ModelPass(this, options);

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs) =>
        ((ModelPass)pass).Forward(inputs, outputs);

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients) =>
        ((ModelPass)pass).Backward(outputGradients, inputGradients);

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "name", Name },
        { "trainable", Trainable },
        { "layers", layers },
    };

    /// <summary>
    /// The model in one line: <c>Sequential 'sequential' (batch, 10, 1) → (batch, 1): LSTM 'lstm', Dense 'dense'; 10451 weights,
    /// compiled with adam and mean_squared_error</c>.
    /// </summary>
    public override string ToString()
    {
        const int Most = 8;
        string shapes = IsBuilt
            ? $" {string.Join(", ", Network.Inputs.Select(input => input.Shape))} → "
                + $"{string.Join(", ", Network.Outputs.Select(output => output.Shape))}"
            : string.Empty;
        string parts = layers.Count > Most
            ? FormattableString.Invariant($"{layers.Count} layers")
            : layers.Count == 0 ? "no layers" : string.Join(", ", layers.Select(layer => layer.Introduction));
        string weights = IsBuilt ? FormattableString.Invariant($"; {ParameterCount} weights") : "; not built";
        string compiled = Compiled is { } options
            ? $", compiled with {options.Optimizer.Name} and "
                + $"{string.Join(", ", options.Outputs.Select(output => output.Loss?.Name ?? "no loss"))}"
            : ", not compiled";
        return $"{Introduction}{shapes}: {parts}{weights}{compiled}";
    }

    /// <summary>Shapes of a sample of the outputs for shapes of the inputs, without building anything.</summary>
    /// <exception cref="InvalidOperationException">The model has no layers.</exception>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives.</exception>
    internal virtual IReadOnlyList<Shape> OutputShapesFor(IReadOnlyList<Shape> inputs)
    {
        if (graph is not null && network is null)
        {
            return graph.InferShapes(inputs);
        }

        Shape[] shapes = Network.InferShapes(inputs);
        return Array.ConvertAll(Network.OutputPlaces, place => shapes[place]);
    }

    /// <summary>Makes sure that the parameters exist, for samples of shapes where no others were told.</summary>
    internal virtual void EnsureBuilt(IReadOnlyList<Shape> samples) => RequireBuilt();

    internal override void Build(IReadOnlyList<Shape> inputs, ulong seed, IParameterSource? source) => BuildGraph(seed, source);

    internal override void Unbuild()
    {
    }

    private protected override bool CanShare(Shape built, Shape other) => true;

    private protected override void SetInnerTrainable(bool value) => layers.ForEach(layer => layer.Trainable = value);

    private protected override long CurrentVersion() => layers.Sum(layer => layer.Parameters.Sum(parameter => parameter.Version));

    /// <inheritdoc/>
    protected override void PackParameters() => layers.ForEach(layer => layer.Prepare());

    /// <summary>Whether a model stands somewhere inside this one.</summary>
    internal bool Holds(Model other) =>
        layers.Exists(layer => ReferenceEquals(layer, other) || (layer as Model)?.Holds(other) == true);

    /// <summary>Adds a layer at the end.</summary>
    private protected void Append(Layer layer)
    {
        layers.Add(layer);
        LayersChanged();
    }

    /// <summary>Removes the last layer.</summary>
    private protected void RemoveLast()
    {
        layers[^1].LeaveGate(ownGate);
        layers.RemoveAt(layers.Count - 1);
        LayersChanged();
    }

    /// <summary>Forgets what was made for the layers as they were.</summary>
    private protected void LayersChanged()
    {
        foreach (Node call in network?.Calls ?? [])
        {
            call.Layer.RemoveUse(call);
        }

        network = null;
        gates = null;
        hasOtherLayers = Compiled?.Optimizer.IsBuilt == true;
        Context.Forget();
    }

    /// <summary>Makes the network of a model that is built.</summary>
    private protected virtual Network CreateNetwork() => throw new InvalidOperationException($"Model '{Name}' is not built.");

    private static string NameOf(Symbol input) => input.Layer.Name ?? "input_layer";

    private static string Counted(int count, string what) =>
        FormattableString.Invariant($"{count} {what}{(count == 1 ? string.Empty : "s")}");
}
