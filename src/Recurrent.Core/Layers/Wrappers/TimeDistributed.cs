using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Applies a layer to every time step by itself, with the same parameters: <c>y_t = f(x_t)</c>.</summary>
/// <remarks>
/// <para>
/// The wrapped layer sees one batch of steps · samples. For a sequence of vectors that batch is the very matrix of the input.
/// Input: (batch, timesteps, …), with at least one axis after the steps. Output: (batch, timesteps, …) with the rest of the shape
/// as the wrapped layer gives it. Parameters: those of the wrapped layer.
/// </para>
/// <para>
/// The wrapped layer sees the mask of the input, and the mask is passed on unless the wrapped layer takes away the axis it runs
/// over. Dropout in the wrapped layer draws for every step anew. Keras's keras.layers.TimeDistributed.
/// </para>
/// </remarks>
public sealed class TimeDistributed : UnaryLayer<TimeDistributedPass>
{
    /// <summary>Wraps a layer.</summary>
    /// <param name="layer">The layer f, not built yet.</param>
    /// <param name="name">Name of this layer; null takes one from the model: <c>time_distributed</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; false makes it false for the wrapped layer too.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The layer is built, or has options that only the wrapper can have.</exception>
    public TimeDistributed(Layer layer, string? name = null, bool trainable = true, Shape? inputShape = null)
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
            .Require(
                !layer.IsStateful,
                $"the wrapped {layer.Introduction} is stateful, but {ClassName} gives every step to it as a sequence of its own")
            .Require(layer.SequentialObstacle is null,
                $"the wrapped {layer.Introduction} must give one output: {layer.SequentialObstacle}")
            .Require(
                layer.ReadsStrings(0) != true,
                $"the wrapped {layer.Introduction} reads strings, which are looked up where a model begins; put it before "
                + $"{ClassName}")
            .ThrowIfAny();
        layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
        Layer = layer;
        Inner = [layer];
    }

    /// <inheritdoc/>
    public override string ClassName => "TimeDistributed";

    /// <summary>The wrapped layer.</summary>
    public Layer Layer { get; }

    /// <inheritdoc/>
    public override int? IdCount => Layer.IdCount;

    internal override bool ReadsTokens => Layer.ReadsTokens;

    internal override string IdOption => Layer.IdOption;

    internal override bool ChecksInput => Layer.ChecksInput;

    internal override string? WrongInput(Real value, string place) => Layer.WrongInput(value, place);

    internal override CallForm CallForm => CallForm.Masked;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => Layer.StreamingObstacle?.Outside(
        reason => $"{Layer.Introduction} inside cannot, because {reason}");

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths => Layer.ParameterPaths.Select(path => $"{Name}/{path}");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample has no axis after the steps, or the wrapped layer cannot take a
    /// step.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank < 2)
        {
            throw new ShapeException(
                Introduction,
                "input of rank 3 or more (batch, timesteps, ..., features)",
                input,
                $"Set returnSequences: true on the recurrent layer before it, or use the {Layer.ClassName} without {ClassName}.");
        }

        if (Layer is RecurrentLayer or Bidirectional && input.Rank == 2)
        {
            throw new ShapeException(
                Introduction,
                $"a whole sequence at every step, (batch, timesteps, steps within, features), because {Layer.Introduction} "
                + "inside reads sequences",
                input,
                $"Use the {Layer.ClassName} without {ClassName}; returnSequences: true gives its output at every step.");
        }

        return new([input[0], .. Layer.ComputeOutputShape(StepShape(input)).Axes]);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("layer", Layer);
        return config;
    }

    /// <summary>Shape of one step of a sample.</summary>
    /// <param name="sample">Shape of a sample.</param>
    internal static Shape StepShape(Shape sample) => new([.. sample.Axes.Skip(1)]);

    private protected override bool CanShare(Shape built, Shape other) => Layer.CanTake(StepShape(other));

    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        input[0]!.Value * Layer.ValuesPerSample(StepShape(input), differentiable);

    /// <inheritdoc/>
    internal override void UpdateStatistics(Pass pass) => Layer.UpdateStatistics(((TimeDistributedPass)pass).Inner);

    internal override IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path) =>
        Layer.RecurrentRuns(((TimeDistributedPass)pass).Inner, $"{path}/{Layer.Name}");

    internal static TimeDistributed Read(ConfigReader config) =>
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
            Layer.Build(StepShape(input), Seed, Source);
        }

        AdoptParameters(Layer);
    }

    /// <inheritdoc/>
    protected override void PackParameters() => Layer.Prepare();

    /// <inheritdoc/>
    protected override TimeDistributedPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(TimeDistributedPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        return pass.Unfold(Layer.Forward(pass.Inner, pass.Fold(input)), input.Mask);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(TimeDistributedPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        return pass.UnfoldGradient(Layer.Backward(pass.Inner, pass.FoldGradient(outputGradient)));
    }
}
