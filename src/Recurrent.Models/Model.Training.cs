using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Registration;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Compiling, training, evaluating and predicting.</content>
public partial class Model
{
    private StateStore? states;

    /// <summary>Whether <see cref="Compile"/> has been called.</summary>
    public bool IsCompiled => Compiled is not null;

    /// <summary>The optimizer, or null before <see cref="Compile"/>.</summary>
    public Optimizer? Optimizer => Compiled?.Optimizer;

    /// <summary>The loss, or null before <see cref="Compile"/>.</summary>
    public Loss? Loss => Compiled?.Loss;

    /// <summary>What the model was compiled for.</summary>
    internal CompileOptions? Compiled { get; private set; }

    /// <summary>How far training has come: with the seed, this determines every further random draw.</summary>
    internal TrainingProgress Progress { get; set; } = new(0, 0);

    /// <summary>Says how the model is to be trained. A compiled model can be compiled anew; its parameters stay.</summary>
    /// <param name="optimizer">A name such as <c>"adam"</c>, or an object; it belongs to this model from now on.</param>
    /// <param name="loss">A name such as <c>"mse"</c>, or an object.</param>
    /// <param name="metrics">Metrics to report beside the loss; they ignore sample weights.</param>
    /// <param name="weightedMetrics">Metrics to report beside the loss, with sample weights.</param>
    /// <exception cref="ArgumentException">A name is unknown; the message lists the valid names and the nearest one.</exception>
    /// <exception cref="InvalidOperationException">The optimizer already trains another model.</exception>
    public void Compile(
        Optimizer optimizer, Loss loss, IReadOnlyList<Metric>? metrics = null, IReadOnlyList<Metric>? weightedMetrics = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        RequireNoNull(metrics, nameof(metrics));
        RequireNoNull(weightedMetrics, nameof(weightedMetrics));
        RequireOwnNames([.. metrics ?? [], .. weightedMetrics ?? []]);
        runner = null;
        if (optimizer.IsBuilt)
        {
            // It remembers what it has seen of some parameters: they must be this model's.
            optimizer.Build(Runner.TrainableParameters);
        }

        Compiled = new CompileOptions(optimizer, loss, [.. metrics ?? []], [.. weightedMetrics ?? []]);
    }

    /// <summary>Trains the model.</summary>
    /// <param name="x">Inputs, shape (samples, timesteps, features) for sequences or (samples, features).</param>
    /// <param name="y">Targets, one for each input, of the shape of the model's output (integer class labels: without its last axis).</param>
    /// <param name="epochs">
    /// How often every sample is seen; at least 1. With <paramref name="initialEpoch"/>, the number of epochs there will have been, as in Keras.
    /// </param>
    /// <param name="batchSize">Samples to an update; at least 1. The last batch of an epoch may be smaller.</param>
    /// <param name="shuffle">Whether each epoch takes the samples in another order; null means yes, unless a layer is stateful.</param>
    /// <param name="validationSplit">Share of the samples, taken from the end before any shuffling, to evaluate on and not to train on.</param>
    /// <param name="validationData">Data to evaluate on after each epoch, in place of <paramref name="validationSplit"/>.</param>
    /// <param name="sampleWeight">A weight for each sample, shape (samples), or for each step of each sample.</param>
    /// <param name="classWeight">A weight for each class index, in place of <paramref name="sampleWeight"/>.</param>
    /// <param name="verbose">What is shown on the console: 0 for nothing, 1 for a live display, 2 for one line an epoch; the default is 1.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="truncatedSteps">
    /// Cuts the sequences of a batch into pieces of so many steps and does one update for each piece: states are carried from piece
    /// to piece, whether layers are stateful or not, and gradients are not (truncated backpropagation through time, TBPTT(k, k):
    /// Williams and Peng, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories", 1990).
    /// Memory is that of so many steps. The model must give an output at every step, and no layer may need the whole sequence.
    /// Null (the default) takes sequences whole.
    /// </param>
    /// <param name="initialEpoch">
    /// Index of the first epoch, which names it to callbacks and chooses the order of its samples; epochs run from there to <paramref name="epochs"/>.
    /// Null (the default) goes on counting: after the epochs of earlier calls and, for a model that was loaded, those before it was saved.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancels after the batch that is running. The model keeps what it has learned, and the history so far is returned.
    /// </param>
    /// <returns>Loss and metrics of every finished epoch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or has no layers.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit; the model has not been changed then.</exception>
    public History Fit(
        NDArray x,
        NDArray y,
        int epochs = 1,
        int batchSize = 32,
        bool? shuffle = null,
        double validationSplit = 0,
        ValidationData? validationData = null,
        NDArray? sampleWeight = null,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? truncatedSteps = null,
        int? initialEpoch = null,
        CancellationToken cancellationToken = default)
    {
        new OptionCheck(nameof(Fit)).Positive(nameof(truncatedSteps), truncatedSteps ?? 1).ThrowIfAny();
        var data = FitData.Check(
            this,
            () => CheckData(x, y, sampleWeight),
            validationData is null ? null : () => CheckData(validationData.X, validationData.Y, validationData.SampleWeight, nameof(validationData)),
            batchSize,
            epochs,
            initialEpoch,
            validationSplit,
            sampleWeight is not null,
            classWeight,
            shuffle);
        Callback[] all = [.. FitData.Check(callbacks), .. ProgressDisplay.For(verbose)];
        if (truncatedSteps is not null)
        {
            TruncatedSteps.Check(this, data.Training.Inputs.SampleShapes[0]);
        }

        return new FitLoop(this, data, all, cancellationToken) { PieceLength = truncatedSteps }.Run();
    }

    /// <summary>Does one update on one batch.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <returns>Loss (before the update, penalties included) and metrics of the batch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or has no layers.</exception>
    /// <exception cref="ArgumentException">The data do not fit; the model has not been changed then.</exception>
    public IReadOnlyDictionary<string, double> TrainOnBatch(NDArray x, NDArray y, NDArray? sampleWeight = null)
    {
        return TrainOnBatch(CheckData(x, y, sampleWeight));
    }

    private IReadOnlyDictionary<string, double> TrainOnBatch(TrainingData data)
    {
        CheckBatches(data.Count, data.Count);
        EnsureBuilt(data.Inputs.SampleShapes[0]);
        Objective objective = CreateObjective(data);
        var step = new TrainStep(this, data);
        step.Prepare();
        double loss = step.Run(AllSamples(data.Count), out ShardedBatch batch);
        objective.Update(batch, loss);
        Runner.Return(batch);
        return objective.Logs();
    }

    /// <summary>Computes loss and metrics without training.</summary>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets.</param>
    /// <param name="batchSize">Samples to a batch; at least 1.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The loss under <c>loss</c>, and every metric under its name.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyDictionary<string, double> Evaluate(
        NDArray x, NDArray y, int batchSize = 32, NDArray? sampleWeight = null, CancellationToken cancellationToken = default)
    {
        new OptionCheck(nameof(Evaluate)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        RequireCompiled();
        RequireBuilt();
        return Evaluate(CheckData(x, y, sampleWeight), batchSize, cancellationToken);
    }

    /// <summary>Computes the model's output.</summary>
    /// <param name="x">Inputs, shape (samples, timesteps, features) for sequences or (samples, features).</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result. At least 1.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The outputs; the first axis counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public NDArray Predict(NDArray x, int batchSize = 32, CancellationToken cancellationToken = default)
    {
        if (batchSize < 1)
        {
            new OptionCheck(nameof(Predict)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        }

        RequireBuilt();
        SampleArray inputs = DataCheck.Inputs(x, InputShape!, First, nameof(x));
        StateStore? carried = StatesFor(inputs.Count, batchSize, out int carriedBatch);
        return PredictBlocks(inputs, carried is not null ? carriedBatch : PredictionBlock(inputs.Count, batchSize), carried, cancellationToken);
    }

    private NDArray PredictBlocks(SampleArray inputs, int block, StateStore? carried, CancellationToken cancellationToken)
    {
        Shape outputShape = inputs.SampleShape.Equals(InputShape) ? OutputShape! : OutputShapeFor(inputs.SampleShape);
        var set = new SampleSet([inputs]);
        Runner.RequireRoom(set.SampleShapes);
        var result = new NDArray([inputs.Count, .. outputShape.Axes.Select(axis => axis!.Value)]);
        var outputs = new SampleArray(result, outputShape);
        int[] samples = AllSamples(inputs.Count);
        Runner.Prepare();
        for (int start = 0; start < inputs.Count; start += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int size = Math.Min(block, inputs.Count - start);
            ShardedBatch batch = Runner.RentForPrediction(set.SampleShapes, size, MaxDegreeOfParallelism);
            try
            {
                batch.Forward(set, samples.AsMemory(start, size), MaxDegreeOfParallelism, carried?.StartingAt(start % carried.BatchSize));
                foreach (Shard shard in batch.Shards)
                {
                    outputs.Scatter(shard.Pass.Output(0).Values, shard.Size, start + shard.BatchStart);
                }
            }
            finally
            {
                Runner.ReturnFromPrediction(batch);
            }
        }

        return result;
    }

    /// <summary>Gradients of the compiled loss, penalties included, with respect to every trainable parameter, in the order of
    /// <see cref="GetWeights"/>. Nothing is updated; stateful layers begin at zero.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <param name="training">Whether layers behave as in training (dropout).</param>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    public IReadOnlyList<NDArray> ComputeGradients(NDArray x, NDArray y, NDArray? sampleWeight = null, bool training = false)
    {
        RequireCompiled();
        RequireBuilt();
        return ComputeGradients(CheckData(x, y, sampleWeight), training);
    }

    private NDArray[] ComputeGradients(TrainingData data, bool training)
    {
        var step = new TrainStep(this, data);
        StateStore? fromZero = StateStore.Create(Network, data.Count);
        step.ComputeGradients(AllSamples(data.Count), training, fromZero, out ShardedBatch batch);
        NDArray[] gradients = [.. Runner.TrainableParameters.Zip(batch.Gradients).Select(
            pair => new NDArray(pair.First.Shape, (Real[])pair.Second.Values.Clone()))];
        Runner.Return(batch);
        return gradients;
    }

    /// <summary>Sets the states of all stateful layers back to zero.</summary>
    public void ResetStates() => states = null;

    /// <summary>Runs batches; made anew when layers or what is trainable change.</summary>
    internal BatchRunner Runner => runner ??= new BatchRunner(Network);

    internal IReadOnlyDictionary<string, double> Evaluate(TrainingData data, int batchSize, CancellationToken cancellationToken)
    {
        Objective objective = CreateObjective(data);
        StateStore? carried = StatesFor(data.Count, batchSize, out _);
        int[] samples = data.Inputs.InOrder();
        Runner.Prepare();
        double penalty = Penalties.Sum(Runner.TrainableParameters);
        batchSize = Math.Min(batchSize, data.Count);
        for (int start = 0; start < data.Count; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int size = Math.Min(batchSize, data.Count - start);
            ShardedBatch batch = Runner.Rent(data.Inputs.ShapesOf(samples.AsSpan(start, size)), size, differentiable: false);
            batch.ComputeLoss(data, samples.AsMemory(start, size), MaxDegreeOfParallelism, carried);
            objective.Update(batch, batch.Loss + penalty);
            Runner.Return(batch);
        }

        return objective.Logs();
    }

    /// <summary>Fresh loss and metrics for a run over some data; the model need not be built.</summary>
    /// <param name="data">The data, checked.</param>
    internal Objective CreateObjective(TrainingData data) => Objective.For(
        Compiled!, OutputRows(data), data.Outputs[0]!.Targets.SampleShape.Features);

    /// <summary>Number of outputs of the model for some data; the model need not be built.</summary>
    internal int OutputRows(TrainingData data) => OutputShapeFor(data.Inputs.SampleShapes[0]).Features;

    /// <summary>Checks inputs, targets and weights before any work.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The targets.</param>
    /// <param name="sampleWeight">The weights, or null.</param>
    /// <param name="owner">The argument they are part of, for messages; null where they are arguments themselves.</param>
    internal TrainingData CheckData(NDArray x, NDArray y, NDArray? sampleWeight, string? owner = null)
    {
        RequireCompiled();
        (string inputsName, string targetsName, string weightsName) = owner is null
            ? (nameof(x), nameof(y), nameof(sampleWeight))
            : ($"{owner}.X", $"{owner}.Y", $"{owner}.SampleWeight");
        Shape expected = InputShape ?? DataCheck.SampleShape(x, inputsName);
        Shape output = OutputShapeFor(expected);
        SampleArray inputs = DataCheck.Inputs(x, expected, First, inputsName);
        output = OutputShapeFor(inputs.SampleShape);
        Loss loss = Compiled!.Loss.Resolve(output.Features, y is not null && y.Rank == output.Rank + 1 ? y.Shape[^1] : 1);
        SampleArray targets = DataCheck.Targets(y!, inputs.Count, output, Last, loss, targetsName);
        return new(new([inputs]), [new(targets, DataCheck.Weights(sampleWeight, targets, weightsName), loss)]);
    }

    /// <summary>The states that stateful layers go on from; null where no layer is stateful.</summary>
    /// <param name="samples">Number of samples of the call.</param>
    /// <param name="batchSize">Its batch size.</param>
    /// <param name="carriedBatch">The batch size that the states are for.</param>
    internal StateStore? StatesFor(int samples, int batchSize, out int carriedBatch)
    {
        carriedBatch = Math.Min(batchSize, samples);
        CheckBatches(samples, carriedBatch);
        return IsStateful ? states ??= StateStore.Create(Network, carriedBatch) : null;
    }

    /// <summary>Checks that the samples of a call come in batches that the model can take: a stateful one takes one size only.</summary>
    internal void CheckBatches(int samples, int batchSize)
    {
        if (Input?.BatchSize is int declared && (batchSize != declared || samples % declared != 0))
        {
            throw new ArgumentException(
                $"The input of model '{Name}' declares batches of {declared} samples, but {samples} samples come in batches of {batchSize}. Give a multiple of {declared} samples with batchSize: {declared}, or declare no batch size.", nameof(batchSize));
        }

        if (!IsStateful)
        {
            return;
        }

        if (samples % batchSize != 0)
        {
            throw new ArgumentException(
                $"Model '{Name}' is stateful: every batch needs the same size, but {samples} samples do not divide into batches of {batchSize}. Choose a batchSize that divides {samples}.", nameof(batchSize));
        }

        if (states is not null && states.BatchSize != batchSize)
        {
            throw new ArgumentException(
                $"Model '{Name}' is stateful and holds the states of {states.BatchSize} samples, but the batch has {batchSize}. Call ResetStates first, or keep the batch size.", nameof(batchSize));
        }
    }

    internal bool IsStateful => layers.Exists(layer => layer is IStateful { Stateful: true });

    private static void RequireNoNull(IReadOnlyList<Metric>? metrics, string argument)
    {
        for (int i = 0; i < metrics?.Count; i++)
        {
            if (metrics[i] is null)
            {
                throw new ArgumentException($"{argument}[{i}] is null.", argument);
            }
        }
    }

    /// <summary>Logs have one value for each name.</summary>
    private static void RequireOwnNames(IReadOnlyList<Metric> metrics)
    {
        string[] names = [.. metrics.Select(metric => metric.Name).Prepend(Objective.LossName)];
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Two of the metrics would be called '{twice.Key}' in the logs{(twice.Key == Objective.LossName ? ", which is the name of the loss" : string.Empty)}. Give one of them a name of its own.", nameof(metrics));
        }
    }

    /// <summary>Samples that all threads together predict at a time.</summary>
    private int PredictionBlock(int samples, int batchSize) => (int)Math.Min(samples, (long)batchSize * MaxDegreeOfParallelism);

    private static int[] AllSamples(int count) => [.. Enumerable.Range(0, count)];

    private void RequireCompiled()
    {
        if (Compiled is null)
        {
            throw new InvalidOperationException($"Model '{Name}' is not compiled. Call Compile(optimizer, loss) first.");
        }
    }
}
