using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Turns gradients into updates of the parameters. It belongs to one model: it holds slots (moments) for its
/// parameters.</summary>
/// <remarks>
/// One update clips the gradients, takes the decoupled weight decay <c>w ← w − w · decay · rate</c>, does the step of the
/// algorithm, follows the weights with their mean (<see cref="UseEma"/>), and projects them onto their constraints, in Keras's
/// order and with Keras's rounding. With <see cref="GradientAccumulationSteps"/>, gradients wait until as many have come, and the
/// update is done with their mean.
/// The whole state is <see cref="Iterations"/>, <see cref="LearningRate"/> and <see cref="Slots"/>.
/// </remarks>
public abstract partial class Optimizer : IConfigurable
{
    private readonly GradientClipping clipping;
    private readonly string defaultName;
    private readonly List<Slot> slots = [];
    private LearningRateSchedule schedule;
    private Parameter[]? parameters;
    private Piece[] pieces = [];
    private long iterations;
    private volatile bool spoiled;
    private int hidden = -1;

    /// <summary>Keeps what every optimizer has; <see cref="Check"/> checks it.</summary>
    /// <param name="learningRate">The learning rate: a number or a schedule.</param>
    /// <param name="weightDecay">Share of the weights, times the learning rate, that is taken off before each step; null for
    /// none.</param>
    /// <param name="clipNorm">Greatest length of the gradient of one parameter, or null.</param>
    /// <param name="clipValue">Greatest size of an entry of a gradient, or null.</param>
    /// <param name="globalClipNorm">Greatest length of all gradients together, or null.</param>
    /// <param name="name">Name of the optimizer.</param>
    protected Optimizer(
        LearningRateSchedule learningRate, double? weightDecay, double? clipNorm, double? clipValue,
            double? globalClipNorm, string name)
        : this(learningRate, new(weightDecay, clipNorm, clipValue, globalClipNorm), name)
    {
    }

    /// <summary>Keeps what every optimizer has; <see cref="Check"/> checks it.</summary>
    /// <param name="learningRate">The learning rate: a number or a schedule.</param>
    /// <param name="options">The options that every optimizer has.</param>
    /// <param name="defaultName">Name of the optimizer where the options say none.</param>
    protected Optimizer(LearningRateSchedule learningRate, OptimizerOptions options, string defaultName)
    {
        ArgumentNullException.ThrowIfNull(learningRate);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(defaultName);
        schedule = learningRate;
        Options = options;
        this.defaultName = defaultName;
        clipping = new(options.ClipNorm, options.ClipValue, options.GlobalClipNorm);
    }

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name of the optimizer: <c>adam</c>.</summary>
    public string Name => Options.Name ?? defaultName;

    /// <summary>The options that every optimizer has.</summary>
    public OptimizerOptions Options { get; private set; }

    /// <summary>The learning rate of the next update. Where a schedule sets it, it cannot be set from outside.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    /// <exception cref="InvalidOperationException">A schedule sets the learning rate.</exception>
    public double LearningRate
    {
        get => schedule.At(iterations);
        set
        {
            if (!double.IsFinite(value) || value < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value,
                    "A learning rate must be a finite number of at least 0.");
            }

            schedule = schedule is ConstantRate
                ? value
                : throw new InvalidOperationException(
                    $"The learning rate of {ClassName} follows its schedule, {schedule.ClassName}, and cannot be set. Give the "
                    + "optimizer a number to set it later.");
        }
    }

    /// <summary>Takes the learning rate from a schedule from now on, whatever set it before.</summary>
    internal void Follow(LearningRateSchedule other) => schedule = other;

    /// <summary>Where the learning rate comes from; a number is a schedule too.</summary>
    public LearningRateSchedule Schedule => schedule;

    /// <summary>Share of the weights, times the learning rate, that is taken off before each step; null for none.</summary>
    public double? WeightDecay => Options.WeightDecay;

    /// <summary>Greatest length of the gradient of one parameter, or null.</summary>
    public double? ClipNorm => clipping.Norm;

    /// <summary>Greatest size of an entry of a gradient, or null.</summary>
    public double? ClipValue => clipping.Value;

    /// <summary>Greatest length of all gradients together, or null.</summary>
    public double? GlobalClipNorm => clipping.GlobalNorm;

    /// <summary>By what <c>Fit</c> multiplies the loss before it computes gradients, and every update divides gradients before
    /// anything else, as in Keras; null for none. The loss that is reported is not scaled.</summary>
    public double? LossScaleFactor => Options.LossScaleFactor;

    /// <summary>Number of batches taken in, which schedules follow; of each an update, unless several share one
    /// (<see cref="Updates"/>). Set it, with the slots, to restore a state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Iterations
    {
        get => iterations;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            iterations = value;
        }
    }

    /// <summary>Whether <see cref="Build"/> has been called.</summary>
    public bool IsBuilt => parameters is not null;

    /// <summary>The parameters to train; none before <see cref="Build"/>.</summary>
    internal IReadOnlyList<Parameter> Parameters => parameters ?? [];

    /// <summary>The last parameter whose gradient was not finite before it was clipped by value; −1 where there was
    /// none.</summary>
    internal int HiddenGradient => hidden;

    /// <summary>The slots of all parameters, in Keras's order; none before <see cref="Build"/>.</summary>
    public IReadOnlyList<Slot> Slots => slots;

    /// <summary>Allocates the slots of the parameters to train. To do so again for the very same parameters changes
    /// nothing.</summary>
    /// <param name="parameters">The trainable parameters, in the order in which gradients will come.</param>
    /// <exception cref="InvalidOperationException">It was built for other parameters.</exception>
    public void Build(IReadOnlyList<Parameter> parameters) => Build(parameters, null);

    /// <summary>Allocates the slots of the parameters to train, of which options may name some by their paths.</summary>
    /// <param name="parameters">The trainable parameters, in the order in which gradients will come.</param>
    /// <param name="paths">Their paths below the model, such as <c>lstm/kernel</c>; null for their names.</param>
    /// <exception cref="InvalidOperationException">It was built for other parameters.</exception>
    public void Build(IReadOnlyList<Parameter> parameters, IReadOnlyList<string>? paths)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (this.parameters is null)
        {
            this.parameters = [.. parameters];
            Scope(paths ?? [.. parameters.Select(parameter => parameter.Name)]);
            pieces = Piece.Cut(parameters.Select(parameter => parameter.Size));
            AddSharedSlots();
            AddSlots();
        }
        else if (!this.parameters.SequenceEqual(parameters))
        {
            throw new InvalidOperationException(
                $"This {ClassName} already trains other parameters, and remembers what it has seen of them. An optimizer "
                + "belongs to one model and its trainable parameters: create a new one, or use Fresh().");
        }
    }

    /// <summary>Does one update: division by the <see cref="LossScaleFactor"/> that the loss was multiplied by, clipping, weight
    /// decay, the step, constraints.</summary>
    /// <param name="gradients">One gradient for each parameter, in the order of <see cref="Build"/>; may be overwritten.</param>
    /// <param name="maxDegree">Most threads to use, which changes no bit of the result.</param>
    /// <exception cref="InvalidOperationException">The optimizer is not built.</exception>
    /// <exception cref="ArgumentException">The gradients do not match the parameters.</exception>
    public void Apply(IReadOnlyList<DenseMatrix> gradients, int maxDegree = 1) => TryApply(gradients, maxDegree);

    /// <summary>Does one update, as <see cref="Apply"/> does, and looks at the gradients and weights while it has them at
    /// hand.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="maxDegree">Most threads to use.</param>
    /// <returns>Whether all gradients were finite numbers, and all new weights are.</returns>
    internal bool TryApply(IReadOnlyList<DenseMatrix> gradients, int maxDegree)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Parameter[] trained = parameters
            ?? throw new InvalidOperationException(
            $"{ClassName} is not built: call Build with the parameters to train before Apply.");
        CheckShapes(trained, gradients);
        spoiled = false;
        hidden = -1;
        Unscale(gradients);
        Real rate = (Real)LearningRate;
        var job = new PieceByPiece(this, gradients, rate);
        if (IsUpdateDue)
        {
            UpdateWeights(trained, gradients, job, maxDegree);
        }
        else
        {
            Workers.Run(pieces.Length, maxDegree, job, AccumulateJob);
        }

        bool changed = IsUpdateDue || IsOverwriteDue;
        foreach (Parameter parameter in trained)
        {
            if (changed || parameter.Constraint is not null)
            {
                parameter.FinishUpdate();
            }

            if (parameter.Constraint is not null)
            {
                Inspect(parameter.Values);
            }
        }

        iterations++;
        return !spoiled;
    }

    /// <summary>An optimizer of the same options that has not trained anything.</summary>
    public abstract Optimizer Fresh();

    /// <inheritdoc/>
    public virtual Config GetConfig()
    {
        var config = new Config
        {
            { "name", Name },
            { "learning_rate", schedule is ConstantRate ? (object)LearningRate : schedule },
            { "weight_decay", WeightDecay },
            { "clipnorm", ClipNorm },
            { "global_clipnorm", GlobalClipNorm },
            { "clipvalue", ClipValue },
            { "use_ema", UseEma },
            { "ema_momentum", EmaMomentum },
            { "ema_overwrite_frequency", EmaOverwriteFrequency },
            { "loss_scale_factor", LossScaleFactor },
            { "gradient_accumulation_steps", GradientAccumulationSteps },
        };

        // What Keras keeps in no file is said only where there is something to say.
        if (ExcludedFromWeightDecay.Count > 0)
        {
            config.Add(OptimizerNames.ExcludedKey, ExcludedFromWeightDecay);
        }

        if (LearningRateMultipliers.Count > 0)
        {
            config.Add(OptimizerNames.MultipliedKey, LearningRateMultipliers.Select(each => each.Key));
            config.Add(OptimizerNames.MultipliersKey, LearningRateMultipliers.Select(each => each.Value));
        }

        return config;
    }

    /// <summary>The optimizer of a name, such as <c>"adam"</c>, with its default options.</summary>
    /// <param name="name">One of <see cref="OptimizerNames.Registry"/>'s names; null stays null, which is the default where it is
    /// optional.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Optimizer?(string? name) => name is null ? null : OptimizerNames.Registry.Create(name);

    /// <summary>Starts the check of the options with those that every optimizer has.</summary>
    protected OptionCheck Check()
    {
        var check = new OptionCheck(ClassName);
        if (schedule is ConstantRate)
        {
            check.AtLeast("learningRate", LearningRate, 0);
        }

        check.AtLeast("weightDecay", WeightDecay ?? 0, 0);
        check.Require(LossScaleFactor is null || (Real.IsNormal((Real)LossScaleFactor.Value) && LossScaleFactor > 0),
            FormattableString.Invariant($"lossScaleFactor must be a finite number above 0, but is {LossScaleFactor}"),
            "lossScaleFactor");
        return CheckShared(clipping.Check(check));
    }

    /// <summary>Allocates the slots, by <see cref="AddSlots(ReadOnlySpan{string})"/>; the default is none.</summary>
    protected virtual void AddSlots()
    {
    }

    /// <summary>Allocates slots of zeros: for each parameter one of each name, parameter by parameter.</summary>
    /// <param name="names">The names.</param>
    /// <returns>For each name the slots of all parameters.</returns>
    protected DenseMatrix[][] AddSlots(params ReadOnlySpan<string> names)
    {
        var added = new DenseMatrix[names.Length][];
        for (int n = 0; n < names.Length; n++)
        {
            added[n] = new DenseMatrix[parameters!.Length];
        }

        for (int i = 0; i < parameters!.Length; i++)
        {
            for (int n = 0; n < names.Length; n++)
            {
                added[n][i] = new DenseMatrix(parameters[i].Value.RowCount, parameters[i].Value.ColumnCount);
                AddSlot(names[n], i, parameters[i].Shape, added[n][i]);
            }
        }

        return added;
    }

    /// <summary>Notes a slot of one parameter, which may have a shape of its own.</summary>
    private protected void AddSlot(
        string name, int index, IReadOnlyList<int> shape, DenseMatrix values, bool isUnused = false) =>
        slots.Add(new(name, index, values) { IsNonNegative = IsNonNegative(name), Shape = shape, IsUnused = isUnused });

    /// <summary>Number of parameters to train.</summary>
    private protected int ParameterCount => parameters!.Length;

    /// <summary>The parameter at a place in the order of <see cref="Build(IReadOnlyList{Parameter})"/>.</summary>
    private protected Parameter ParameterAt(int index) => parameters![index];

    /// <summary>Whether no number of a slot can be negative, as that of a mean of squares; a file that says otherwise is
    /// refused.</summary>
    /// <param name="slot">Name of the slot.</param>
    protected virtual bool IsNonNegative(string slot) => false;

    /// <summary>Computes what all parameters of one update share.</summary>
    /// <param name="rate">The learning rate.</param>
    protected virtual void BeginStep(Real rate)
    {
    }

    /// <summary>
    /// Whether <see cref="Step"/> treats every weight alone, so that it may be given a parameter in pieces
    /// (<see cref="Update.Start"/>), several of them at once on different threads. False by default: it is given whole
    /// parameters, one after the other.
    /// </summary>
    protected virtual bool WorksInPieces => false;

    /// <summary>Updates one parameter, or a piece of it.</summary>
    /// <param name="index">Which one, in the order of <see cref="Build"/>.</param>
    /// <param name="update">Its weights and gradient.</param>
    protected abstract void Step(int index, Update update);

    /// <summary>Takes the factor of the loss out of its gradients.</summary>
    private void Unscale(IReadOnlyList<DenseMatrix> gradients)
    {
        if (LossScaleFactor is not double factor)
        {
            return;
        }

        foreach (DenseMatrix gradient in gradients)
        {
            TensorPrimitives.Divide(gradient.Values, (Real)factor, gradient.Values);
        }
    }

    private void CheckShapes(Parameter[] trained, IReadOnlyList<DenseMatrix> gradients)
    {
        if (gradients.Count != trained.Length)
        {
            throw new ArgumentException(
                $"{ClassName} trains {trained.Length} parameters, but {gradients.Count} gradients came.", nameof(gradients));
        }

        for (int i = 0; i < trained.Length; i++)
        {
            DenseMatrix value = trained[i].Value;
            if (gradients[i].RowCount != value.RowCount || gradients[i].ColumnCount != value.ColumnCount)
            {
                throw new ArgumentException(
                    $"{ClassName}: the gradient of parameter {i}, '{trained[i].Name}', is {gradients[i].RowCount} × "
                    + $"{gradients[i].ColumnCount}, but the parameter is {value.RowCount} × {value.ColumnCount}.",
                    nameof(gradients));
            }
        }
    }
}
