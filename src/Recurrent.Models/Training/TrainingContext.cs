using Recurrent.Layers;
using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Training;

/// <summary>
/// What the engine needs to train layers, and what it changes beside their parameters. A model owns one and calls the engine with
/// it; the engine knows no model.
/// </summary>
internal sealed class TrainingContext
{
    private readonly ITrained trained;
    private BatchRunner? runner;
    private TrainingGuard? guard;
    private readonly HashSet<string> topics = [];
    private readonly List<string> warnings = [];
    private StateStore? states;
    private Action<string>? onWarning;
    private int told;
    private bool advised;

    // Whether a training has begun since the model was compiled.
    private bool settled;

    /// <summary>Looks at a model.</summary>
    /// <param name="trained">The model; <see cref="Forget"/> follows every change of its layers.</param>
    public TrainingContext(ITrained trained) => this.trained = trained;

    /// <summary>Name of the model, for messages.</summary>
    public string Name => trained.Name;

    /// <summary>Where every random draw comes from.</summary>
    public int Seed => trained.Seed;

    /// <summary>The layers.</summary>
    public IReadOnlyList<Layer> Layers => trained.Layers;

    /// <summary>What runs.</summary>
    public Network Network => trained.Network;

    /// <summary>Most threads that a call may use.</summary>
    public int MaxDegreeOfParallelism { get; set; } = Environment.ProcessorCount;

    /// <summary>What the model was compiled for; null before it is.</summary>
    public CompileOptions? Compiled { get; private set; }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer => Compiled!.Optimizer;

    /// <summary>How far training has come: with the seed, this determines every further random draw.</summary>
    public TrainingProgress Progress { get; set; } = new(0, 0);

    /// <summary>Runs batches; made anew when layers or what is trainable change.</summary>
    public BatchRunner Runner => runner ??= new BatchRunner(Network);

    /// <summary>What is trained, where that has been settled since the model was compiled; else null.</summary>
    public IReadOnlyList<Parameter>? SettledParameters => IsSettled ? Runner.TrainableParameters : null;

    /// <summary>Watches over the updates of the parameters that are trained.</summary>
    public TrainingGuard Guard => guard ??= new TrainingGuard(
        Optimizer, Runner.TrainableParameters, [.. Network.Parameters.Where(parameter => parameter.IsStatistic)]);

    /// <summary>Other processes that share the training that is going on; null where there are none.</summary>
    public ShardRanks? Ranks { get; set; }

    /// <summary>Whether a layer carries states from batch to batch.</summary>
    public bool IsStateful => trained.IsBuilt
        ? Array.Exists(Network.Nodes, node => node.Layer is IHasStates { Stateful: true })
        : Layers.Any(layer => layer is IHasStates { Stateful: true } or ITrained { IsStateful: true });

    // An optimizer that remembers parameters, as one from a file may, goes on with them.
    private bool IsSettled => settled || Compiled?.Optimizer.IsBuilt == true;

    /// <summary>What has been warned of since the model was compiled.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Is told of every warning when it comes up, and when it is set of what nobody could be told of when the model was
    /// compiled.</summary>
    public Action<string>? OnWarning
    {
        get => onWarning;
        set
        {
            onWarning = value;
            for (; told < warnings.Count; told++)
            {
                onWarning?.Invoke(warnings[told]);
            }
        }
    }

    /// <summary>Warns, unless that has been done since the model was compiled.</summary>
    /// <param name="topic">What the warning is about.</param>
    /// <param name="text">The warning: a sentence or two.</param>
    public void Warn(string topic, string text)
    {
        if (topics.Add(topic))
        {
            warnings.Add(text);
            told = warnings.Count;
            OnWarning?.Invoke(text);
        }
    }

    /// <summary>Looks, once after the model was compiled, for what is allowed but hardly meant.</summary>
    public void Advise(TrainingData data)
    {
        if (advised)
        {
            return;
        }

        advised = true;
        foreach ((string topic, string text) in TrainingAdvice.For(this, data))
        {
            Warn(topic, text);
        }
    }

    /// <summary>Takes what a model is compiled for.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="listener">Is told of warnings at once; null where they wait for the first training.</param>
    public void Compile(CompileOptions options, Action<string>? listener = null)
    {
        runner = null;
        guard = null;
        settled = options.Optimizer.IsBuilt;
        if (settled)
        {
            // It remembers what it has seen of some parameters: they must be this model's.
            BuildOptimizer(options.Optimizer);
        }

        Compiled = options;
        topics.Clear();
        warnings.Clear();
        told = 0;
        advised = false;
        if (trained.IsBuilt)
        {
            foreach ((string topic, string text) in TrainingAdvice.For(Network, options))
            {
                topics.Add(topic);
                warnings.Add(text);
            }
        }

        if (listener is not null)
        {
            OnWarning = listener;
        }
    }

    /// <summary>Forgets what was made for the layers as they were.</summary>
    public void Forget()
    {
        runner = null;
        guard = null;
        states = null;
    }

    /// <summary>
    /// Takes a change of what is trainable into account, until the first training after the model was compiled settles it, as in
    /// Keras.
    /// </summary>
    public void FollowTrainable()
    {
        if (!IsSettled && runner is { IsCurrent: false })
        {
            runner = null;
            guard = null;
        }
    }

    /// <summary>Settles what is trained, until the model is compiled again.</summary>
    public void Settle()
    {
        FollowTrainable();
        settled = true;
    }

    /// <summary>Makes the optimizer ready, which it is not for a model that another one is trained by.</summary>
    /// <exception cref="InvalidOperationException">The optimizer trains other parameters.</exception>
    public void PrepareOptimizer()
    {
        Settle();
        Parameter[] trainable = Runner.TrainableParameters;
        BuildOptimizer(Optimizer);
        if (trainable.Length == 0)
        {
            Warn("trainable", $"Model '{Name}' has nothing to train: no layer has weights, or all were frozen (Trainable = "
                + "false) when it was compiled. To train, set Trainable = true on a layer with weights and call Compile.");
            return;
        }

        foreach (string pattern in Optimizer.PatternsWithoutParameter)
        {
            Warn($"pattern {pattern}", $"{Optimizer.ClassName} is to treat '{pattern}' in a way of its own, but model '{Name}' "
                + $"trains nothing of that name: it trains {string.Join(", ", Optimizer.Paths.Take(8))}"
                + $"{(Optimizer.Paths.Count > 8 ? ", …" : string.Empty)}.");
        }

        WarnOfFreezing(trainable);
    }

    /// <summary>Gives an optimizer the parameters that are trained, with the paths by which its options may name them.</summary>
    /// <exception cref="InvalidOperationException">It trains other parameters.</exception>
    public void BuildOptimizer(Optimizer optimizer)
    {
        Parameter[] trainable = Runner.TrainableParameters;
        if (optimizer.IsBuilt)
        {
            optimizer.Build(trainable);
            return;
        }

        var paths = new Dictionary<Parameter, string>(ReferenceEqualityComparer.Instance);
        foreach ((string path, Parameter parameter) in trained.NamedParameters)
        {
            paths.TryAdd(parameter, path);
        }

        optimizer.Build(trainable, [.. trainable.Select(parameter => paths.GetValueOrDefault(parameter, parameter.Name))]);
    }

    /// <summary>What is trained was settled when the model was compiled: says so where that is no longer what layers
    /// say.</summary>
    private void WarnOfFreezing(Parameter[] trained)
    {
        var known = new HashSet<Parameter>(trained, ReferenceEqualityComparer.Instance);
        foreach (Layer layer in Layers)
        {
            if (layer.Parameters.FirstOrDefault(parameter => parameter.Trainable != known.Contains(parameter)) is { } changed)
            {
                Warn("trainable", changed.Trainable
                    ? $"{layer.Introduction} has been made trainable since model '{Name}' was compiled, and stays as it is "
                        + "until it is compiled again. Call Compile after a change of Trainable."
                    : $"{layer.Introduction} has been frozen (Trainable = false) since model '{Name}' was compiled, and is "
                        + "trained on until it is compiled again. Call Compile after a change of Trainable.");
                return;
            }
        }
    }

    /// <summary>The states that stateful layers go on from; null where no layer is stateful.</summary>
    /// <param name="samples">Number of samples of the call.</param>
    /// <param name="batchSize">Its batch size.</param>
    /// <param name="carriedBatch">The batch size that the states are for.</param>
    public StateStore? StatesFor(int samples, int batchSize, out int carriedBatch)
    {
        carriedBatch = Math.Min(batchSize, samples);
        CheckBatches(samples, carriedBatch);
        return IsStateful ? states ??= StateStore.Create(Network, carriedBatch) : null;
    }

    /// <summary>The states that go on from batch to batch; null where there are none.</summary>
    public StateStore? CarriedStates => states;

    /// <summary>Sets the states that go on from batch to batch.</summary>
    /// <param name="given">For how many samples, and the numbers of each state; null for none.</param>
    /// <exception cref="ArgumentException">They are not the states of this model.</exception>
    public void RestoreStates((int Samples, Real[][] Values)? given)
    {
        states = null;
        if (given is not (int samples, var values))
        {
            return;
        }

        StateStore? restored = samples > 0 && IsStateful ? StateStore.Create(Network, samples) : null;
        DenseMatrix[] own = [.. restored?.All() ?? []];
        if (own.Length != values.Length || own.Zip(values).Any(pair => pair.First.Values.Length != pair.Second.Length))
        {
            throw new ArgumentException("The states are not those of this model's layers.");
        }

        for (int i = 0; i < own.Length; i++)
        {
            values[i].CopyTo(own[i].Values, 0);
        }

        states = restored;
    }

    /// <summary>Sets the states of all stateful layers back to zero.</summary>
    public void ResetStates() => states = null;

    /// <summary>Sets the states back to zero where one is not a finite number, from which nothing could go on.</summary>
    public void ResetSpoiledStates()
    {
        if (states?.IsFinite == false)
        {
            states = null;
        }
    }

    /// <summary>Checks that the samples of a call come in batches that the model can take: a stateful one takes one size
    /// only.</summary>
    public void CheckBatches(int samples, int batchSize)
    {
        if (trained.DeclaredBatchSize is int declared && (batchSize != declared || samples % declared != 0))
        {
            throw new ArgumentException(
                $"The input of model '{Name}' declares batches of {declared} samples, but {samples} samples come in batches of "
                + $"{batchSize}. Give a multiple of {declared} samples with batchSize: {declared}, or declare no batch size.",
                nameof(batchSize));
        }

        if (!IsStateful)
        {
            return;
        }

        if (samples % batchSize != 0)
        {
            throw new ArgumentException(
                $"Model '{Name}' is stateful: every batch needs the same size, but {samples} samples do not divide into "
                + $"batches of {batchSize}. Choose a batchSize that divides {samples}.", nameof(batchSize));
        }

        if (states is not null && states.BatchSize != batchSize)
        {
            throw new ArgumentException(
                $"Model '{Name}' is stateful and holds the states of {states.BatchSize} samples, but the batch has "
                + $"{batchSize}. Call ResetStates first, or keep the batch size.", nameof(batchSize));
        }
    }

    /// <summary>Computes loss and metrics over data.</summary>
    /// <param name="data">The data, checked.</param>
    /// <param name="batchSize">Samples to a batch.</param>
    /// <param name="carried">States to go on from, or null.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <param name="steps">How many batches are looked at, from the first on; null for all.</param>
    /// <param name="watch">Looks on, or null.</param>
    public IReadOnlyDictionary<string, double> Evaluate(
        TrainingData data, int batchSize, StateStore? carried, CancellationToken cancellation, int? steps = null,
        IBatchWatch? watch = null)
    {
        var objective = Objective.For(Compiled!, data);
        int[] samples = data.Inputs.InOrder();
        batchSize = Math.Min(batchSize, data.Count);
        int done = 0;
        for (int start = 0; start < data.Count && done != steps; start += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            watch?.Begin(done);
            Evaluate(data, samples.AsMemory(start, Math.Min(batchSize, data.Count - start)), carried, objective);
            if (watch?.End(done, objective) == false)
            {
                break;
            }

            done++;
        }

        return objective.Logs();
    }

    /// <summary>Adds loss and metrics of a batch.</summary>
    /// <param name="data">Where the samples come from.</param>
    /// <param name="samples">The batch.</param>
    /// <param name="carried">States to go on from, or null.</param>
    /// <param name="objective">Takes them in.</param>
    public void Evaluate(TrainingData data, ReadOnlyMemory<int> samples, StateStore? carried, Objective objective)
    {
        Runner.Prepare();
        double penalty = Penalties.Sum(Runner.TrainableParameters);
        using BatchLease evaluated = Runner.Rent(data.Inputs.ShapesOf(samples.Span), samples.Length, differentiable: false);
        ShardedBatch batch = evaluated.Batch;
        batch.ComputeLoss(data, samples, MaxDegreeOfParallelism, carried);
        objective.Update(batch, batch.Loss + penalty);
    }
}
