using System.Globalization;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A function of a batch with parameters, and its gradient. The constructor validates, <see cref="Build(Shape, ulong)"/>
/// allocates, <c>Forward</c> and <c>Backward</c> compute.
/// </summary>
/// <remarks>
/// A layer holds its hyper-parameters and its parameters and nothing else: whatever a pass computes lives in its
/// <see cref="Pass"/>, so any number of threads can run one layer at once.
/// </remarks>
public abstract partial class Layer : IConfigurable
{
    /// <summary>Most numbers that a layer makes of one sample by an option alone: 1 GiB of floats, far beyond what is of
    /// use.</summary>
    private protected const long MostOfOneSample = 1L << 28;

    private readonly List<Parameter> parameters = [];
    private readonly Lock packing = new();
    private bool trainable;
    private long packedVersion = -1;
    private IReadOnlyList<Shape> builtFor = [];
    private Shape? gives;

    /// <summary>Sets what all layers have.</summary>
    /// <param name="name">Name of the layer; null takes one from the model, such as <c>lstm_1</c>.</param>
    /// <param name="trainable">Whether training changes the layer's parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; null lets it follow from what comes
    /// before.</param>
    protected Layer(string? name, bool trainable, Shape? inputShape)
    {
        if (name is not null && (string.IsNullOrWhiteSpace(name) || name.Contains('/', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"The name '{name}' is not a name: it must not be blank and must not contain '/'.",
                nameof(name));
        }

        Name = name;
        this.trainable = trainable;
        DeclaredInputShape = inputShape;
    }

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name of the layer, unique in its model; null until a model has given it one.</summary>
    public string? Name { get; internal set; }

    /// <summary>Shape of a sample as given to the constructor, or null.</summary>
    public Shape? DeclaredInputShape { get; internal set; }

    /// <summary>Shape of a sample of the (first) input, or null before <see cref="Build(Shape, ulong)"/>.</summary>
    public virtual Shape? InputShape => builtFor.Count > 0 ? builtFor[0] : null;

    /// <summary>Shape of a sample of the (first) output, or null before <see cref="Build(Shape, ulong)"/>.</summary>
    public virtual Shape? OutputShape => gives;

    /// <summary>Shape of a sample of each input that the layer was built for; none before.</summary>
    internal IReadOnlyList<Shape> BuiltFor => builtFor;

    /// <summary>The layer's parameters in Keras's order; empty before <see cref="Build(Shape, ulong)"/>.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Path of each parameter as Keras writes it: <c>dense/kernel</c>, <c>time_distributed/dense/kernel</c>.</summary>
    public virtual IEnumerable<string> ParameterPaths => parameters.Select(parameter => $"{Name}/{parameter.Name}");

    /// <summary>
    /// Whether training changes the layer's parameters. Setting it sets it for wrapped layers too, as in Keras. The first
    /// training after <c>Compile</c> settles what is trained; a change after that waits for the next <c>Compile</c>.
    /// </summary>
    public bool Trainable
    {
        get => trainable;
        set
        {
            trainable = value;
            parameters.ForEach(parameter => parameter.Trainable = value);
            SetInnerTrainable(value);
        }
    }

    /// <summary>Penalty on the layer's output, divided by the batch size and added to the loss; or null (the default).</summary>
    /// <exception cref="ArgumentException">The penalty of a batch is not the sum over its samples, as with the orthogonal
    /// regularizer.</exception>
    public Regularizer? ActivityRegularizer
    {
        get;
        init => field = value is null or { IsAdditive: true }
            ? value
            : throw new ArgumentException(
                $"{value.ClassName} compares samples with one another and cannot be an activity regularizer. Use it on "
                + "a kernel.");
    }

    /// <summary>Whether the layer marks columns of its output as padding that its input had not marked.</summary>
    public virtual bool CreatesMask => false;

    /// <summary>
    /// Where the input holds ids, whole numbers from 0 on, and not measurements: how many there are. Each id is a step of its
    /// own, so the last axis of a sample is one of steps, and there is none of features. Null (the default) where any finite
    /// number will do.
    /// </summary>
    public virtual int? IdCount => null;

    /// <summary>
    /// Null where the layer can work step by step, because its output at a step follows from its input at that step and from the
    /// state it carries; else why it cannot, and what to change: <c>new("it reads the sequence from its end", "Set goBackwards:
    /// false")</c>.
    /// </summary>
    public virtual Obstacle? StreamingObstacle => new("its output at a step may depend on other steps");

    /// <summary>
    /// The same where some of its inputs are given once and stay as they are, while the others come step by step.
    /// </summary>
    /// <param name="isFixed">For each input whether it is given once.</param>
    internal virtual Obstacle? ObstacleBeside(ReadOnlySpan<bool> isFixed) => StreamingObstacle;

    /// <summary>
    /// Whether an input that is given once may be a sequence, while others come step by step: what attention looks at.
    /// </summary>
    /// <param name="input">Which input.</param>
    internal virtual bool TakesMemory(int input) => false;

    /// <summary>
    /// What keeps a continuing pass from taking more steps, as the end of a sentence with the layer as its subject; null
    /// where nothing does.
    /// </summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="steps">How many steps it is to take.</param>
    internal virtual string? StepObstacle(Pass pass, int steps) => null;

    /// <summary>Begins a continuing pass with states that other layers have given.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="states">The inputs behind the first.</param>
    internal virtual void TakeStates(Pass pass, ReadOnlySpan<SequenceBatch> states)
    {
    }

    /// <summary>
    /// Null where the layer can stand in a Sequential, or in a wrapper around one layer, because it takes one input and gives one
    /// output; else why it cannot, and what to do.
    /// </summary>
    internal virtual Obstacle? SequentialObstacle => null;

    /// <summary>How a use of the layer is written in files.</summary>
    internal virtual CallForm CallForm => CallForm.OneInput;

    /// <summary>Whether the steps of the output are those of the input in reverse order.</summary>
    internal virtual bool TurnsSteps => false;

    /// <summary>The padding of what the layer gives, from that of its inputs, before an axis of steps ends or is turned
    /// round.</summary>
    /// <param name="inputs">The inputs.</param>
    internal virtual Padding? PaddingOf(ReadOnlySpan<SequenceBatch> inputs) => inputs[0].Padding;

    /// <summary>
    /// Null where what the layer carries from step to step, if anything, can be taken as its states; else why it cannot.
    /// </summary>
    internal virtual Obstacle? StateObstacle => null;

    /// <summary>
    /// Null where the layer can take sequences of unequal length, which come with padding; else what it does with it, and what to
    /// do.
    /// </summary>
    internal virtual string? RaggedObstacle => null;

    /// <summary>How what the layer gives is read outside the model; null (the default) as the numbers that it is.</summary>
    internal virtual OutputReading? Reading => null;

    /// <summary>The layers inside this one, in the order of their configs.</summary>
    internal IReadOnlyList<Layer> Inner { get; private protected init; } = [];

    /// <summary>Where parameters get their first values while the layer is being built; a wrapper hands it on. Null: from
    /// initializers.</summary>
    private protected IParameterSource? Source { get; private set; }

    /// <summary>Seed of the layer's random draws during training, from the option <c>seed</c> or from the model.</summary>
    protected ulong Seed { get; private set; }

    /// <summary>The option <c>seed</c>: null takes the seed from the model.</summary>
    protected int? SeedOption { get; init; }

    /// <summary>Infers the shape of a sample of the output of a layer that takes one input, without building anything.</summary>
    /// <param name="input">Shape of a sample of the input; axes may be unknown.</param>
    /// <exception cref="ArgumentException">The layer cannot take such an input; the message says what it can.</exception>
    public virtual Shape ComputeOutputShape(Shape input) => ComputeOutputShapes([input])[0];

    /// <summary>Infers the shape of a sample of each output, without building anything.</summary>
    /// <param name="inputs">Shape of a sample of each input; axes may be unknown.</param>
    /// <exception cref="ArgumentException">The layer cannot take such inputs; the message says which it can.</exception>
    public abstract IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs);

    /// <summary>The most values that one matrix of a pass holds for each sample, the output aside.</summary>
    /// <param name="input">Shape of a sample of the input; every axis known.</param>
    /// <param name="differentiable">Whether a backward pass may follow.</param>
    internal virtual long ValuesPerSample(Shape input, bool differentiable) => (long)input.Steps * input.Features;

    /// <summary>Checks, before any room is made, that the matrices of a pass are not larger than an array can be.</summary>
    /// <param name="input">Shape of a sample of the input; every axis known.</param>
    /// <param name="output">Shape of a sample of the output.</param>
    /// <param name="batchSize">Number of samples.</param>
    /// <param name="differentiable">Whether a backward pass may follow.</param>
    /// <exception cref="ArgumentException">They are.</exception>
    internal void RequireRoom(Shape input, Shape output, int batchSize, bool differentiable)
    {
        long values;
        try
        {
            values = Math.Max(ValuesPerSample(input, differentiable), (long)output.Steps * output.Features);
        }
        catch (OverflowException exception)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction} needs a matrix of more values for each sample of input {input} than an array holds "
                + $"({Array.MaxLength}). Use shorter sequences, fewer units, or a smaller rate or dilation."), exception);
        }

        if (values > Array.MaxLength / batchSize)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction} needs a matrix of {values} values for each sample of input {input}, and {batchSize} are run "
                + $"together; an array holds at most {Array.MaxLength}. Use a smaller batchSize, shorter sequences or "
                + $"fewer units."));
        }
    }

    /// <summary>Makes room for one forward pass, and for its backward pass where one may follow.</summary>
    /// <param name="options">Shape of the input and what the pass is for.</param>
    public virtual Pass CreatePass(PassOptions options) => new(this, options);

    /// <summary>Computes the outputs. Does not write to the inputs, nor to the layer.</summary>
    /// <param name="pass">A pass of this layer, made for the shapes of <paramref name="inputs"/>.</param>
    /// <param name="inputs">The inputs; they must stay as they are until the backward pass is over.</param>
    /// <param name="outputs">
    /// Receives the outputs: buffers of the pass, overwritten by the next forward pass, or inputs themselves. Where it is shorter
    /// than the layer has outputs, the first ones.
    /// </param>
    public abstract void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs);

    /// <summary>Computes the (first) output from one input.</summary>
    /// <param name="pass">A pass of this layer, made for the shape of <paramref name="input"/>.</param>
    /// <param name="input">The input; it must stay as it is until the backward pass is over.</param>
    /// <returns>The output: a buffer of the pass, overwritten by the next forward pass, or the input itself.</returns>
    public virtual SequenceBatch Forward(Pass pass, SequenceBatch input)
    {
        SequenceBatch output = null!;
        Forward(pass, new ReadOnlySpan<SequenceBatch>(in input), new Span<SequenceBatch>(ref output));
        return output;
    }

    /// <summary>Adds to the gradients of the parameters (<see cref="Pass.Gradients"/>) and computes those of the
    /// inputs.</summary>
    /// <param name="pass">The pass whose <see cref="Forward(Pass, ReadOnlySpan{SequenceBatch}, Span{SequenceBatch})"/> ran
    /// last.</param>
    /// <param name="outputGradients">
    /// Gradient of the loss with respect to each output, null where the loss does not depend on it; they may be overwritten. One
    /// at least is there.
    /// </param>
    /// <param name="inputGradients">
    /// Receives the gradient with respect to each input: buffers of the pass that share no storage, one of which may be one of
    /// <paramref name="outputGradients"/>; null where the pass was made without.
    /// </param>
    public abstract void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients);

    /// <summary>The same for a layer of one input, by its (first) output.</summary>
    /// <param name="pass">The pass whose <see cref="Forward(Pass, SequenceBatch)"/> ran last.</param>
    /// <param name="outputGradient">Gradient of the loss with respect to the output; may be overwritten.</param>
    /// <returns>
    /// Gradient with respect to the input: a buffer of the pass, or <paramref name="outputGradient"/> itself; null where the pass
    /// was made without.
    /// </returns>
    public virtual DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient)
    {
        DenseMatrix? gradient = outputGradient;
        DenseMatrix? inputGradient = null;
        Backward(pass, new ReadOnlySpan<DenseMatrix?>(in gradient), new Span<DenseMatrix?>(ref inputGradient));
        return inputGradient;
    }

    /// <summary>Brings what is derived from the parameters (panels for the product kernel) up to date. Any thread may call
    /// it.</summary>
    public void Prepare()
    {
        long version = CurrentVersion();
        if (Volatile.Read(ref packedVersion) == version)
        {
            return;
        }

        lock (packing)
        {
            if (packedVersion != version)
            {
                PackParameters();
                Volatile.Write(ref packedVersion, version);
            }
        }
    }

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>The layer as messages name it: <c>LSTM 'lstm_1'</c>.</summary>
    public string Introduction => Name is null ? ClassName : $"{ClassName} '{Name}'";

    /// <summary>The layer in one line: <c>LSTM 'lstm' (batch, 10, 1) → (batch, 10, 50), 10400 parameters</c>.</summary>
    public override string ToString() => OutputShape is null
        ? Introduction
        : $"{Introduction} {InputShape} → {OutputShape}, {parameters.Sum(p => p.Value.RowCount * p.Value.ColumnCount)} "
            + "parameters";

    /// <summary>Packs the parameters for the product kernel; called before passes run, whenever a parameter has
    /// changed.</summary>
    protected virtual void PackParameters()
    {
    }

    /// <summary>Starts a config with what all layers have, in Keras's order: name, trainable and, where set,
    /// activity_regularizer.</summary>
    protected Config StartConfig()
    {
        var config = new Config { { "name", Name }, { "trainable", trainable } };
        if (ActivityRegularizer is not null)
        {
            config.Add("activity_regularizer", ActivityRegularizer);
        }

        return config;
    }

    /// <summary>A number that changes whenever a parameter does.</summary>
    private protected virtual long CurrentVersion()
    {
        long version = 0;
        foreach (Parameter parameter in parameters)
        {
            version += parameter.Version;
        }

        return version;
    }

    /// <summary>Whether <see cref="BeforeUpdate"/> changes anything.</summary>
    internal virtual bool ChangesBeforeUpdate => Inner.Any(layer => layer.ChangesBeforeUpdate);

    /// <summary>Before an update: changes what the layer changes itself, where it does; by default what is inside it
    /// does.</summary>
    internal virtual void BeforeUpdate()
    {
        for (int i = 0; i < Inner.Count; i++)
        {
            Inner[i].BeforeUpdate();
        }
    }

    /// <summary>After an update: takes the statistics of its last forward pass into those that the layer keeps, where it keeps
    /// any.</summary>
    /// <param name="pass">A pass that ran as in training.</param>
    internal virtual void UpdateStatistics(Pass pass)
    {
    }

    /// <summary>Hands on that <see cref="Trainable"/> has been set, to what is inside.</summary>
    /// <param name="value">What it was set to.</param>
    private protected virtual void SetInnerTrainable(bool value)
    {
        foreach (Layer inner in Inner)
        {
            inner.Trainable = value;
        }
    }

    /// <summary>The recurrent layers in a pass of this layer, itself or those inside it, by their paths; none by
    /// default.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="path">Path of this layer.</param>
    internal virtual IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path) => [];

    /// <summary>What to throw where a layer is given another number of inputs than it takes.</summary>
    private protected ArgumentException WrongInputs(string takes, IReadOnlyList<Shape> inputs) => new(
        $"{Introduction} {takes}, but {inputs.Count} came, of shapes {string.Join(", ", inputs)}. To make one of several, use "
        + "Concatenate, Add or another merging layer; of a layer with returnState: true, pass on the outputs that are meant.");
}
