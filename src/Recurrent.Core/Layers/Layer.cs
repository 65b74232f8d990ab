using System.Numerics.Tensors;
using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A function of a batch with parameters, and its gradient. The constructor validates, <see cref="Build(Shape, ulong)"/> allocates,
/// <see cref="Forward"/> and <see cref="Backward"/> compute.
/// </summary>
/// <remarks>
/// A layer holds its hyper-parameters and its parameters and nothing else: whatever a pass computes lives in its
/// <see cref="Pass"/>, so any number of threads can run one layer at once.
/// </remarks>
public abstract class Layer : IConfigurable
{
    /// <summary>Most numbers that a layer makes of one sample by an option alone: 1 GiB of floats, far beyond what is of use.</summary>
    private protected const long MostOfOneSample = 1L << 28;

    private readonly List<Parameter> parameters = [];
    private readonly List<Layer> wrapped = [];
    private readonly Lock packing = new();
    private bool trainable;
    private long packedVersion = -1;

    /// <summary>Sets what all layers have.</summary>
    /// <param name="name">Name of the layer; null takes one from the model, such as <c>lstm_1</c>.</param>
    /// <param name="trainable">Whether training changes the layer's parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; null lets it follow from what comes before.</param>
    protected Layer(string? name, bool trainable, Shape? inputShape)
    {
        if (name is not null && (string.IsNullOrWhiteSpace(name) || name.Contains('/', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"The name '{name}' is not a name: it must not be blank and must not contain '/'.", nameof(name));
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

    /// <summary>Shape of a sample of the input, or null before <see cref="Build(Shape, ulong)"/>.</summary>
    public Shape? InputShape { get; private set; }

    /// <summary>Shape of a sample of the output, or null before <see cref="Build(Shape, ulong)"/>.</summary>
    public Shape? OutputShape { get; private set; }

    /// <summary>The layer's parameters in Keras's order; empty before <see cref="Build(Shape, ulong)"/>.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Path of each parameter as Keras writes it: <c>dense/kernel</c>, <c>time_distributed/dense/kernel</c>.</summary>
    public virtual IEnumerable<string> ParameterPaths => parameters.Select(parameter => $"{Name}/{parameter.Name}");

    /// <summary>
    /// Whether training changes the layer's parameters. Setting it sets it for wrapped layers too, as in Keras, and takes effect when
    /// the model is compiled next.
    /// </summary>
    public bool Trainable
    {
        get => trainable;
        set
        {
            trainable = value;
            parameters.ForEach(parameter => parameter.Trainable = value);
            wrapped.ForEach(inner => inner.Trainable = value);
            SetInnerTrainable(value);
        }
    }

    /// <summary>Penalty on the layer's output, divided by the batch size and added to the loss; or null (the default).</summary>
    /// <exception cref="ArgumentException">The penalty of a batch is not the sum over its samples, as with the orthogonal regularizer.</exception>
    public Regularizer? ActivityRegularizer
    {
        get;
        init => field = value is null or { IsAdditive: true }
            ? value
            : throw new ArgumentException(
                $"{value.ClassName} compares samples with one another and cannot be an activity regularizer. Use it on a kernel.");
    }

    /// <summary>Whether the layer marks columns of its output as padding that its input had not marked.</summary>
    public virtual bool CreatesMask => false;

    /// <summary>
    /// Where the input holds ids, whole numbers from 0 on, and not measurements: how many there are. Each id is a step of its own, so
    /// the last axis of a sample is one of steps, and there is none of features. Null (the default) where any finite number will do.
    /// </summary>
    public virtual int? IdCount => null;

    /// <summary>
    /// Null where the layer can work step by step, because its output at a step follows from its input at that step and from the
    /// state it carries; else why it cannot, and what to do: <c>it reads the sequence from its end. Set goBackwards: false</c>.
    /// </summary>
    public virtual string? StreamingObstacle => "its output at a step may depend on other steps. Use Predict on whole sequences";

    /// <summary>
    /// Null where the layer can stand in a Sequential, or in a wrapper around one layer, because it gives one output; else why it
    /// cannot, and what to do.
    /// </summary>
    internal virtual string? SequentialObstacle => null;

    /// <summary>Whether the steps of the output are those of the input in reverse order.</summary>
    internal virtual bool TurnsSteps => false;

    /// <summary>
    /// Null where what the layer carries from step to step, if anything, can be taken as its states; else why it cannot.
    /// </summary>
    internal virtual string? StateObstacle => null;

    /// <summary>
    /// Null where the layer can take sequences of unequal length, which come with padding; else what it does with it, and what to do.
    /// </summary>
    internal virtual string? RaggedObstacle => null;

    /// <summary>The layers inside this one, in the order of their configs; none before <see cref="Build(Shape, ulong)"/>.</summary>
    internal IReadOnlyList<Layer> Wrapped => wrapped;

    /// <summary>Where parameters get their first values while the layer is being built; a wrapper hands it on. Null: from initializers.</summary>
    private protected IParameterSource? Source { get; private set; }

    /// <summary>Seed of the layer's random draws during training, from the option <c>seed</c> or from the model.</summary>
    protected ulong Seed { get; private set; }

    /// <summary>The option <c>seed</c>: null takes the seed from the model.</summary>
    protected int? SeedOption { get; init; }

    /// <summary>Infers the shape of a sample of the output, without building anything.</summary>
    /// <param name="input">Shape of a sample of the input; axes may be unknown.</param>
    /// <exception cref="ArgumentException">The layer cannot take such an input; the message says what it can.</exception>
    public abstract Shape ComputeOutputShape(Shape input);

    /// <summary>Allocates the parameters for an input shape and gives them their first values.</summary>
    /// <param name="input">Shape of a sample of the input; its last axis must be known where parameters depend on it.</param>
    /// <param name="seed">Seed for the first values, and for later draws where the option <c>seed</c> is not set.</param>
    /// <exception cref="InvalidOperationException">The layer is built already.</exception>
    public void Build(Shape input, ulong seed) => Build(input, seed, null);

    /// <summary>Builds the layer with first values from elsewhere.</summary>
    /// <param name="input">Shape of a sample of the input.</param>
    /// <param name="seed">Seed as in <see cref="Build(Shape, ulong)"/>.</param>
    /// <param name="source">Gives the parameters their first values; null leaves that to the initializers.</param>
    internal void Build(Shape input, ulong seed, IParameterSource? source)
    {
        if (InputShape is not null)
        {
            throw new InvalidOperationException(
                $"{Introduction} is built already, for input of shape {InputShape}. A layer belongs to one place of one model.");
        }

        Shape output = ComputeOutputShape(input);
        Seed = SeedOption is int option ? SeededRandom.Key((ulong)(long)option, 0) : seed;
        Source = source;
        try
        {
            BuildParameters(input);
        }
        catch (OverflowException exception)
        {
            Unbuild();
            throw new ArgumentException($"{Introduction} would have more weights than an array can hold for input of shape {input}.", exception);
        }
        catch
        {
            Unbuild();
            throw;
        }

        Source = null;
        InputShape = input;
        OutputShape = output;
        if (!trainable)
        {
            parameters.ForEach(parameter => parameter.Trainable = false);
        }
    }

    /// <summary>Takes a build back, when it or that of a layer after it has failed.</summary>
    internal void Unbuild()
    {
        wrapped.ForEach(inner => inner.Unbuild());
        wrapped.Clear();
        parameters.Clear();
        Source = null;
        InputShape = null;
        OutputShape = null;
    }

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
        long values = Math.Max(ValuesPerSample(input, differentiable), (long)output.Steps * output.Features);
        if (values > Array.MaxLength / batchSize)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{Introduction} needs a matrix of {values} values for each sample of input {input}, and {batchSize} are run together; an array holds at most {Array.MaxLength}. Use a smaller batchSize, shorter sequences or fewer units."));
        }
    }

    /// <summary>Makes room for one forward pass, and for its backward pass where one may follow.</summary>
    /// <param name="options">Shape of the input and what the pass is for.</param>
    public virtual Pass CreatePass(PassOptions options) => new(this, options);

    /// <summary>Computes the output. Does not write to the input, nor to the layer.</summary>
    /// <param name="pass">A pass of this layer, made for the shape of <paramref name="input"/>.</param>
    /// <param name="input">The input; it must stay as it is until the backward pass is over.</param>
    /// <returns>The output: a buffer of the pass, overwritten by the next forward pass, or the input itself.</returns>
    public abstract SequenceBatch Forward(Pass pass, SequenceBatch input);

    /// <summary>Adds to the gradients of the parameters (<see cref="Pass.Gradients"/>) and computes that of the input.</summary>
    /// <param name="pass">The pass whose <see cref="Forward"/> ran last.</param>
    /// <param name="outputGradient">Gradient of the loss with respect to the output; may be overwritten.</param>
    /// <returns>
    /// Gradient with respect to the input: a buffer of the pass, or <paramref name="outputGradient"/> itself; null where the pass
    /// was made without.
    /// </returns>
    public abstract DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient);

    /// <summary>Brings what is derived from the parameters (panels for the product kernel) up to date. Any thread may call it.</summary>
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
        : $"{Introduction} {InputShape} → {OutputShape}, {parameters.Sum(p => p.Value.RowCount * p.Value.ColumnCount)} parameters";

    /// <summary>Adds the layer's parameters with <see cref="AddParameter"/>; most layers without parameters need not override this.</summary>
    /// <param name="input">Shape of a sample of the input.</param>
    protected virtual void BuildParameters(Shape input)
    {
    }

    /// <summary>Packs the parameters for the product kernel; called before passes run, whenever a parameter has changed.</summary>
    protected virtual void PackParameters()
    {
    }

    /// <summary>Starts a config with what all layers have, in Keras's order: name, trainable and, where set, activity_regularizer.</summary>
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

    /// <summary>Adds a parameter and fills it with its first values.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="initializer">Chooses the first values.</param>
    protected void AddParameter(Parameter parameter, Initializer initializer)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(initializer);
        if (Source?.TryFill(parameter) != true)
        {
            ulong seed = initializer.Seed is int own
                ? SeededRandom.Key((ulong)(long)own, 0)
                : SeededRandom.Key(Seed, (ulong)parameters.Count + 1);
            initializer.Fill([.. parameter.Shape], parameter.Values, new SeededRandom(seed));
            if (!TensorPrimitives.IsFiniteAll<Real>(parameter.Values))
            {
                throw new ArgumentException(
                    $"{Introduction}: the initializer {initializer.ClassName} gives '{parameter.Name}' numbers that are not finite, or too large for {typeof(Real).Name}. Give it smaller options.");
            }
        }

        parameters.Add(parameter);
    }

    /// <summary>Hands on that <see cref="Trainable"/> has been set, to what is inside though it is not among the wrapped layers yet.</summary>
    /// <param name="value">What it was set to.</param>
    private protected virtual void SetInnerTrainable(bool value)
    {
    }

    /// <summary>The recurrent layers in a pass of this layer, itself or those inside it, by their paths; none by default.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="path">Path of this layer.</param>
    internal virtual IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path) => [];

    /// <summary>Takes over the parameters of a wrapped layer.</summary>
    /// <param name="inner">The wrapped layer, built.</param>
    private protected void AdoptParameters(Layer inner)
    {
        parameters.AddRange(inner.Parameters);
        wrapped.Add(inner);
    }
}

/// <summary>A layer whose passes are of a type of its own.</summary>
/// <typeparam name="TPass">What a forward pass remembers.</typeparam>
public abstract class Layer<TPass> : Layer
    where TPass : Pass
{
    /// <inheritdoc cref="Layer(string?, bool, Shape?)"/>
    protected Layer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public sealed override Pass CreatePass(PassOptions options) => NewPass(options);

    /// <inheritdoc/>
    public sealed override SequenceBatch Forward(Pass pass, SequenceBatch input) => Forward((TPass)pass, input);

    /// <inheritdoc/>
    public sealed override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient) => Backward((TPass)pass, outputGradient);

    /// <inheritdoc cref="Layer.CreatePass"/>
    protected abstract TPass NewPass(PassOptions options);

    /// <inheritdoc cref="Layer.Forward"/>
    protected abstract SequenceBatch Forward(TPass pass, SequenceBatch input);

    /// <inheritdoc cref="Layer.Backward"/>
    protected abstract DenseMatrix? Backward(TPass pass, DenseMatrix outputGradient);
}
