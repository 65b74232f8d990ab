using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Adds a layer's output to its input: <c>y = x + f(x)</c> (He, Zhang, Ren and Sun, "Deep residual learning for image
/// recognition", 2016).</summary>
/// <remarks>
/// <para>
/// Input and output have one shape, which the wrapped layer must keep: stacked recurrent layers as many units as features come
/// in, and <c>returnSequences: true</c>. Gradients reach the layers below undiminished, which lets stacks be deep. Parameters:
/// those of the wrapped layer.
/// </para>
/// <para>Backward: <c>dx = dy + (∂f/∂x)ᵀ·dy</c>. The wrapped layer sees the mask, and the mask that it gives is passed on; at a
/// masked step y is x plus what the wrapped layer gives there.</para>
/// <para>Where the wrapped layer is stateful or works step by step, so does this one: the state is the wrapped layer's.</para>
/// </remarks>
public sealed class Residual : UnaryLayer<ResidualPass>, IHasStates, ICaching
{
    /// <summary>Wraps a layer.</summary>
    /// <param name="layer">The layer f, not built yet.</param>
    /// <param name="name">Name of this layer; null takes one from the model: <c>residual</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; false makes it false for the wrapped layer too.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The layer is built, reads backwards, or has options that only the wrapper can
    /// have.</exception>
    public Residual(Layer layer, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(layer);
        new OptionCheck(Introduction)
            .Require(layer.InputShape is null || layer.IsModel,
                $"{layer.Introduction} is built already, and belongs to one place of one model")
            .Require(layer.DeclaredInputShape is null, $"give inputShape to {ClassName}, not to the wrapped {layer.Introduction}")
            .Require(
                layer.ActivityRegularizer is null,
                $"give the activity regularizer to {ClassName}, not to the wrapped {layer.Introduction}")
            .Require(layer.SequentialObstacle is null,
                $"the wrapped {layer.Introduction} must give one output: {layer.SequentialObstacle}")
            .Require(
                layer.ReadsStrings(0) != true,
                $"the wrapped {layer.Introduction} reads strings, which are looked up where a model begins; put it before "
                + $"{ClassName}")
            .Require(
                layer is not RecurrentLayer { GoBackwards: true } && !layer.TurnsSteps,
                $"the wrapped {layer.Introduction} gives its steps from last to first, which cannot be added to the input's. "
                + "Set goBackwards: false")
            .ThrowIfAny();
        layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
        Layer = layer;
        Inner = [layer];
    }

    /// <inheritdoc/>
    public override string ClassName => "Residual";

    /// <summary>The wrapped layer.</summary>
    public Layer Layer { get; }

    /// <inheritdoc/>
    public override bool CreatesMask => Layer.CreatesMask;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => Layer.StreamingObstacle?.Outside(
        reason => $"{Layer.Introduction} inside cannot, because {reason}");

    internal override string? RaggedObstacle => Layer.RaggedObstacle;

    internal override Obstacle? StateObstacle => Layer.StateObstacle?.Outside(
        reason => $"that of {Layer.Introduction} inside cannot be taken: {reason}");

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths => Layer.ParameterPaths.Select(path => $"{Name}/{path}");

    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        Layer.ValuesPerSample(input, differentiable);

    /// <inheritdoc/>
    internal override void UpdateStatistics(Pass pass) => Layer.UpdateStatistics(((ResidualPass)pass).Inner);

    internal override IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path) =>
        Layer.RecurrentRuns(((ResidualPass)pass).Inner, $"{path}/{Layer.Name}");

    /// <inheritdoc/>
    public bool Stateful => Carrier is { Stateful: true };

    /// <inheritdoc/>
    public IReadOnlyList<int> StateSizes => Carrier?.StateSizes ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => Carrier?.StateNames ?? [];

    IReadOnlyList<string> ICaching.CacheNames => (Layer as ICaching)?.CacheNames ?? [];

    int ICaching.CachedInput => 0;

    private IHasStates? Carrier => Layer as IHasStates;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The wrapped layer does not keep the shape; the message names both.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Shape output = Layer.ComputeOutputShape(input);
        return output.Equals(input) ? input : throw new ShapeException(
            Introduction, $"input of the shape that the wrapped {Layer.Introduction} gives, {output}", input,
                Advice(input, output));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("layer", Layer);
        return config;
    }

    /// <inheritdoc/>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        ArgumentNullException.ThrowIfNull(pass);
        StatesOf(states)?.SetInitialState(((ResidualPass)pass).Inner, states, firstColumn);
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        ArgumentNullException.ThrowIfNull(pass);
        StatesOf(states)?.GetFinalState(((ResidualPass)pass).Inner, states, firstColumn);
    }

    IReadOnlyList<int> ICaching.CacheSizes(IReadOnlyList<Shape> inputs) => (Layer as ICaching)?.CacheSizes(inputs) ?? [];

    NDArray ICaching.ReadCache(Pass pass, int part) => ((ICaching)Layer).ReadCache(((ResidualPass)pass).Inner, part);

    void ICaching.WriteCache(Pass pass, ReadOnlySpan<NDArray> parts) =>
        ((ICaching)Layer).WriteCache(((ResidualPass)pass).Inner, parts);

    void ICaching.SelectCache(Pass pass, ReadOnlySpan<int> samples) =>
        ((ICaching)Layer).SelectCache(((ResidualPass)pass).Inner, samples);

    internal override string? StepObstacle(Pass pass, int steps) => Layer.StepObstacle(((ResidualPass)pass).Inner, steps);

    internal static Residual Read(ConfigReader config) =>
        new(
            config.Component("layer", LayerNames.Registry),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        if (Layer.InputShape is null)
        {
            Layer.Build(input, Seed, Source);
        }

        AdoptParameters(Layer);
    }

    /// <inheritdoc/>
    protected override void PackParameters() => Layer.Prepare();

    /// <inheritdoc/>
    protected override ResidualPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(ResidualPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        return pass.Sum(input, Layer.Forward(pass.Inner, input));
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(ResidualPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        pass.KeepGradient(outputGradient);
        return pass.SumGradient(Layer.Backward(pass.Inner, outputGradient));
    }

    /// <summary>The wrapped layer, which checks the states; where it has none, there may be none.</summary>
    private IHasStates? StatesOf(IReadOnlyList<DenseMatrix> states)
    {
        if (Carrier is null)
        {
            StateCheck.RequireFit(this, [], 0, states, 0);
        }

        return Carrier;
    }

    private string Advice(Shape input, Shape output)
    {
        if (input.Rank == output.Rank && input.Rank > 0 && !Nullable.Equals(input[^1], output[^1]) && input[^1] is int features)
        {
            string size = Layer is ConvLSTM1D ? "filters" : "units";
            return FormattableString.Invariant(
                $"Give {Layer.Introduction} {size}: {features}, or put a Dense layer with {output[^1]} units before it.");
        }

        return Layer is RecurrentLayer { ReturnSequences: false }
            ? $"Set returnSequences: true on {Layer.Introduction}."
            : $"Wrap a layer that keeps the shape of its input, or use the {Layer.ClassName} without {ClassName}.";
    }
}
