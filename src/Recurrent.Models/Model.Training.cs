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

    /// <summary>Trains the model.</summary>
    /// <remarks>
    /// Sequences of unequal length are taken as they are (<see cref="RaggedSequences"/>): batches hold sequences of like length, in an order
    /// that follows from the seed, and are padded to the longest of them, rounded up to one of a few lengths. Padding is masked through all
    /// layers, in the loss and in metrics, and no value of the data is special: a batch gives the loss and the gradients of its sequences,
    /// whatever is beside them. The model must be built for any number of time steps (<c>inputShape: (null, features)</c>, or
    /// <c>new([null])</c> for ids), or not be built yet.
    /// </remarks>
    /// <param name="x">
    /// Inputs, shape (samples, timesteps, features) for sequences or (samples, features); sequences of unequal length, each (timesteps,
    /// features); for several inputs one of these for each, in order or by name.
    /// </param>
    /// <param name="y">
    /// Targets, one for each sample, of the shape of the model's output (integer class labels: without its last axis); for several outputs
    /// one of these for each that has a loss.
    /// </param>
    /// <param name="epochs">
    /// How often every sample is seen; at least 1. With <paramref name="initialEpoch"/>, the number of epochs there will have been, as in Keras.
    /// </param>
    /// <param name="batchSize">Samples to an update; at least 1. The last batch of an epoch may be smaller.</param>
    /// <param name="shuffle">Whether each epoch takes the samples in another order; null means yes, unless a layer is stateful.</param>
    /// <param name="validationSplit">Share of the samples, taken from the end before any shuffling, to evaluate on and not to train on.</param>
    /// <param name="validationData">Data to evaluate on after each epoch, in place of <paramref name="validationSplit"/>.</param>
    /// <param name="sampleWeight">
    /// A weight for each sample, shape (samples), or for each step of each sample; for several outputs one for all, or one for each.
    /// </param>
    /// <param name="classWeight">A weight for each class index, in place of <paramref name="sampleWeight"/>; for models of one output.</param>
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
        ModelData x,
        ModelData y,
        int epochs = 1,
        int batchSize = 32,
        bool? shuffle = null,
        double validationSplit = 0,
        ValidationData? validationData = null,
        ModelData? sampleWeight = null,
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
            TruncatedSteps.Check(Name, data.Training.Inputs, Walk(data.Training.Inputs.SampleShapes));
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
    public IReadOnlyDictionary<string, double> TrainOnBatch(ModelData x, ModelData y, ModelData? sampleWeight = null) =>
        TrainOnBatch(CheckData(x, y, sampleWeight));

    private IReadOnlyDictionary<string, double> TrainOnBatch(TrainingData data)
    {
        CheckBatches(data.Count, data.Count);
        EnsureBuilt(data.Inputs.SampleShapes);
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
        ModelData x, ModelData y, int batchSize = 32, ModelData? sampleWeight = null, CancellationToken cancellationToken = default)
    {
        new OptionCheck(nameof(Evaluate)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        RequireCompiled();
        RequireBuilt();
        return Evaluate(CheckData(x, y, sampleWeight), batchSize, cancellationToken);
    }

    /// <summary>Gradients of the compiled loss, penalties included, with respect to every trainable parameter, in the order of
    /// <see cref="GetWeights"/>. Nothing is updated; stateful layers begin at zero.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <param name="training">Whether layers behave as in training (dropout).</param>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    public IReadOnlyList<NDArray> ComputeGradients(ModelData x, ModelData y, ModelData? sampleWeight = null, bool training = false)
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
    internal Objective CreateObjective(TrainingData data) => Objective.For(Compiled!, OutputRows(data), data);

    /// <summary>Number of features of each output for some data; the model need not be built.</summary>
    internal IReadOnlyList<int> OutputRows(TrainingData data) => [.. OutputShapesFor(data.Inputs.SampleShapes).Select(shape => shape.Features)];

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
        int? declaredBatch = IsBuilt ? Network.Inputs.Select(input => ((Input)input.Layer).BatchSize).FirstOrDefault(size => size is not null) : Input?.BatchSize;
        if (declaredBatch is int declared && (batchSize != declared || samples % declared != 0))
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

    internal bool IsStateful => IsBuilt
        ? Array.Exists(Network.Nodes, node => node.Layer is IStateful { Stateful: true })
        : layers.Exists(layer => layer is IStateful { Stateful: true } or Model { IsStateful: true });

    private static int[] AllSamples(int count) => [.. Enumerable.Range(0, count)];
}
