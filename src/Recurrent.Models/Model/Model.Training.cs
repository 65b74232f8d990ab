using System.Runtime.CompilerServices;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Compiling, training, evaluating and predicting.</content>
public partial class Model
{
    /// <summary>Is told by <c>Fit</c> which samples come next, before they are taken: inputs may still change.</summary>
    internal Action<ReadOnlyMemory<int>>? PreparingBatch { get; set; }

    /// <summary>Trains the model.</summary>
    /// <remarks>
    /// Sequences of unequal length are taken as they are (<see cref="RaggedSequences"/>): batches hold sequences of like length,
    /// in an order that follows from the seed, and are padded to the longest of them, rounded up to one of a few lengths. Padding
    /// is masked through all layers, in the loss and in metrics, and no value of the data is special: a batch gives the loss and
    /// the gradients of its sequences, whatever is beside them. The model must be built for any number of time steps
    /// (<c>inputShape: (null, features)</c>, or <c>new([null])</c> for ids), or not be built yet.
    /// </remarks>
    /// <param name="x">
    /// Inputs, shape (samples, timesteps, features) for sequences or (samples, features); sequences of unequal length, each
    /// (timesteps, features); for several inputs one of these for each, in order or by name.
    /// </param>
    /// <param name="y">
    /// Targets, one for each sample, of the shape of the model's output (integer class labels: without its last axis); for
    /// several outputs one of these for each that has a loss.
    /// </param>
    /// <param name="epochs">
    /// How often every sample is seen; at least 1. With <paramref name="initialEpoch"/>, the number of epochs there will have
    /// been, as in Keras.
    /// </param>
    /// <param name="batchSize">Samples to an update; at least 1. The last batch of an epoch may be smaller.</param>
    /// <param name="shuffle">Whether each epoch takes the samples in another order; null means yes, unless a layer is
    /// stateful.</param>
    /// <param name="validationSplit">Share of the samples, taken from the end before any shuffling, to evaluate on and not to
    /// train on.</param>
    /// <param name="validationData">Data to evaluate on after each epoch, in place of <paramref name="validationSplit"/>.</param>
    /// <param name="sampleWeight">
    /// A weight for each sample, shape (samples), or for each step of each sample; for several outputs one for all, or one for
    /// each.
    /// </param>
    /// <param name="classWeight">A weight for each class index, in place of <paramref name="sampleWeight"/>; for models of one
    /// output.</param>
    /// <param name="verbose">What is shown on the console: 0 for nothing, 1 for a live display, 2 for one line an epoch; the
    /// default is 1.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="truncatedSteps">
    /// Cuts the sequences of a batch into pieces of so many steps and does one update for each piece: states are carried from
    /// piece to piece, whether layers are stateful or not, and gradients are not (truncated backpropagation through time,
    /// TBPTT(k, k): Williams and Peng, "An efficient gradient-based algorithm for on-line training of recurrent network
    /// trajectories", 1990). Memory is that of so many steps. The model must give an output at every step, and no layer may need
    /// the whole sequence. Null (the default) takes sequences whole.
    /// </param>
    /// <param name="initialEpoch">
    /// Index of the first epoch, which names it to callbacks and chooses the order of its samples; epochs run from there to
    /// <paramref name="epochs"/>. Null (the default) goes on counting: after the epochs of earlier calls and, for a model that
    /// was loaded, those before it was saved.
    /// </param>
    /// <param name="stepsPerEpoch">
    /// Batches to an epoch; null (the default) for one pass over the samples. Epochs of another length follow one another without
    /// a seam: where the samples are used up in the middle of one, they come again, in another order.
    /// </param>
    /// <param name="validationSteps">How many batches are validated on, from the first on; null (the default) for all.</param>
    /// <param name="validationBatchSize">Samples to a batch of validation; null (the default) for
    /// <paramref name="batchSize"/>.</param>
    /// <param name="validationFreq">After every how many epochs the model is validated; 1, the default, after each.</param>
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
        int? stepsPerEpoch = null,
        int? validationSteps = null,
        int? validationBatchSize = null,
        int validationFreq = 1,
        CancellationToken cancellationToken = default)
    {
        using ParameterGate.Use use = Gate.Change(nameof(Fit), callsBack: true);
        var options = new FitOptions(epochs, initialEpoch, batchSize, validationSplit, classWeight, shuffle)
        {
            TruncatedSteps = truncatedSteps,
            StepsPerEpoch = stepsPerEpoch,
            ValidationSteps = validationSteps,
            ValidationBatchSize = validationBatchSize,
            ValidationFreq = validationFreq,
        };
        options.Check(Context.IsStateful, validationData is not null, sampleWeight is not null);
        FitData data = FitData.Arrange(
            Context,
            options,
            CheckData(x, y, sampleWeight),
            validationData is null
                ? null
                : CheckData(validationData.X, validationData.Y, validationData.SampleWeight, nameof(validationData)));
        using var feed = new MemoryFeed(Context, data.Training, data.BatchSize, data.Shuffle, stepsPerEpoch);
        MemoryValidation? validation = data.Validation is null ? null
            : new(Context, data.Validation, validationBatchSize ?? data.BatchSize, validationSteps);
        FitPlan plan = PlanOf(options, data, validation) with
        {
            DataNote = Context.Ranks is null ? null : RankAgreement.NoteOf(x, y, sampleWeight, classWeight, validationData),
        };
        return Fit(feed, plan, callbacks, verbose, cancellationToken);
    }

    private static FitPlan PlanOf(FitOptions options, FitData data, ValidationFeed? validation) => new(
        options.Epochs, data.InitialEpoch, options.InitialEpoch is null, validation, options.ValidationFreq,
        options.TruncatedSteps, data.BatchSize, data.Shuffle, options.StepsPerEpoch);

    /// <summary>Trains on batches, wherever they come from; all is checked but what depends on the run.</summary>
    private History Fit(
        EpochFeed feed, FitPlan plan, IReadOnlyList<Callback>? callbacks, Verbosity verbose, CancellationToken cancellation)
    {
        verbose = Context.Ranks is { Link.Rank: > 0 } ? Verbosity.Silent : verbose;
        Callback[] all = [.. CallbackList.Check(callbacks), .. ProgressDisplay.For(verbose)];
        TrainingData data = feed.Typical;
        if (plan.PieceLength is not null)
        {
            if (data.Outputs.Any(output => output?.Loss is CTC))
            {
                throw new ArgumentException("truncatedSteps cuts sequences into pieces, but CTC looks at whole ones. Leave "
                    + "truncatedSteps out.");
            }

            TruncatedSteps.Check(Name, data.Inputs, Walk(data.Inputs.SampleShapes));
        }

        var loop = new FitLoop(this, feed, plan, all, cancellation) { Preparing = PreparingBatch };
        EnsureBuilt(data.Inputs.SampleShapes);
        Context.OnWarning = OnWarning ?? (verbose == Verbosity.Silent ? null : ProgressDisplay.Warn);
        if (Context.Ranks is { } ranks)
        {
            RankAgreement.Require(ranks, this, plan, callbacks, feed);
        }

        Context.PrepareOptimizer();
        Context.Advise(data);
        return loop.Run();
    }

    /// <summary>Trains the model with one callback, which need not be put into a list.</summary>
    /// <inheritdoc cref="Fit(ModelData, ModelData, int, int, bool?, double, ValidationData?, ModelData?,
    /// IReadOnlyDictionary{int, double}?, Verbosity, IReadOnlyList{Callback}?, int?, int?, int?, int?, int?, int,
    /// CancellationToken)"/>
    [OverloadResolutionPriority(-1)] // Where no callback is given, it is no callback.
    public History Fit(
        ModelData x,
        ModelData y,
        Callback callbacks,
        int epochs = 1,
        int batchSize = 32,
        bool? shuffle = null,
        double validationSplit = 0,
        ValidationData? validationData = null,
        ModelData? sampleWeight = null,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        int? truncatedSteps = null,
        int? initialEpoch = null,
        int? stepsPerEpoch = null,
        int? validationSteps = null,
        int? validationBatchSize = null,
        int validationFreq = 1,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callbacks);
        return Fit(
            x, y, epochs, batchSize, shuffle, validationSplit, validationData, sampleWeight, classWeight, verbose, [callbacks],
            truncatedSteps, initialEpoch, stepsPerEpoch, validationSteps, validationBatchSize, validationFreq, cancellationToken);
    }

    /// <summary>Does one update on one batch.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <returns>Loss (before the update, penalties included) and metrics of the batch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or has no layers.</exception>
    /// <exception cref="ArgumentException">The data do not fit; the model has not been changed then.</exception>
    public Scores TrainOnBatch(ModelData x, ModelData y, ModelData? sampleWeight = null)
    {
        using ParameterGate.Use use = Gate.Change(nameof(TrainOnBatch));
        TrainingData data = CheckData(x, y, sampleWeight);
        Context.CheckBatches(data.Count, data.Count);
        EnsureBuilt(data.Inputs.SampleShapes);
        var objective = Objective.For(Compiled!, data);
        var step = new TrainStep(Context, data);
        Context.OnWarning = OnWarning;
        Context.PrepareOptimizer();
        Context.Advise(data);
        using BatchLease trained = step.Run(AllSamples(data.Count));
        if (step.Divergence is not null)
        {
            Context.Warn("divergence", $"Training diverged: {step.Divergence}.");
        }

        objective.Update(trained.Batch, step.Loss);
        return new Scores(objective.Logs());
    }

    /// <summary>Computes loss and metrics of one batch without training.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <returns>The loss under <c>loss</c>, and every metric under its name.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    public Scores TestOnBatch(ModelData x, ModelData y, ModelData? sampleWeight = null)
    {
        using ParameterGate.Use use = Gate.Read(nameof(TestOnBatch));
        using ParameterGate.Use states = ChangingStates(nameof(TestOnBatch));
        RequireCompiled();
        RequireBuilt();
        return Evaluate(CheckData(x, y, sampleWeight), int.MaxValue, CancellationToken.None);
    }

    /// <summary>Computes loss and metrics without training.</summary>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets.</param>
    /// <param name="batchSize">Samples to a batch; at least 1.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <param name="callbacks">Look on, in this order; null (the default) for none.</param>
    /// <param name="steps">How many batches are looked at, from the first on; null (the default) for all.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The loss under <c>loss</c>, and every metric under its name.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Scores Evaluate(
        ModelData x, ModelData y, int batchSize = 32, ModelData? sampleWeight = null, IReadOnlyList<Callback>? callbacks = null,
        int? steps = null, CancellationToken cancellationToken = default)
    {
        using ParameterGate.Use use = Looking(nameof(Evaluate), callbacks);
        using ParameterGate.Use states = ChangingStates(nameof(Evaluate));
        new OptionCheck(nameof(Evaluate)).Positive(nameof(batchSize), batchSize).Positive(nameof(steps), steps ?? 1)
            .ThrowIfAny();
        RequireCompiled();
        RequireBuilt();
        TrainingData data = CheckData(x, y, sampleWeight);
        int all = (data.Count + Math.Min(batchSize, data.Count) - 1) / Math.Min(batchSize, data.Count);
        CallbackRound? round = CallbackRound.For(this, callbacks, data.Count, Math.Min(all, steps ?? all));
        return round is null ? Evaluate(data, batchSize, cancellationToken, steps)
            : new(round.Test(watch => Evaluate(data, batchSize, cancellationToken, steps, watch)));
    }

    /// <summary>Begins what reads the weights; where a callback lets others take their place, nobody else may read.</summary>
    private ParameterGate.Use Looking(string action, IReadOnlyList<Callback>? callbacks) =>
        callbacks?.Any(callback => callback?.SwapsWeights == true) == true
            ? Gate.Change(action, within: true, callsBack: true)
            : Gate.Read(action);

    /// <summary>Gradients of the compiled loss, penalties included, with respect to every trainable parameter, in the order of
    /// <see cref="GetWeights"/>. Nothing is updated; stateful layers begin at zero.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <param name="training">Whether layers behave as in the next step of training: dropout is on, and the kernel inside a
    /// <see cref="SpectralNormalization"/> is the one that is divided before it.</param>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    public IReadOnlyList<NDArray> ComputeGradients(ModelData x, ModelData y, ModelData? sampleWeight = null,
        bool training = false)
    {
        bool changes = training && Layers.Any(layer => layer.ChangesBeforeUpdate);
        using ParameterGate.Use use = changes ? Gate.Change(nameof(ComputeGradients)) : Gate.Read(nameof(ComputeGradients));
        RequireCompiled();
        RequireBuilt();
        Context.FollowTrainable();
        return ComputeGradients(CheckData(x, y, sampleWeight), training);
    }

    private NDArray[] ComputeGradients(TrainingData data, bool training)
    {
        var step = new TrainStep(Context, data);
        StateStore? fromZero = StateStore.Create(Network, data.Count);
        using IDisposable? prepared = training ? step.PrepareForNow() : null;
        using BatchLease computed = step.ComputeGradients(AllSamples(data.Count), training, fromZero);
        return [.. Runner.TrainableParameters.Zip(computed.Batch.Gradients).Select(
            pair => new NDArray(pair.First.Shape, (Real[])pair.Second.Values.Clone()))];
    }

    /// <summary>Sets the states of all stateful layers back to zero.</summary>
    public void ResetStates()
    {
        using ParameterGate.Use use = Gate.Read(nameof(ResetStates));
        using ParameterGate.Use states = ChangingStates(nameof(ResetStates));
        Context.ResetStates();
    }

    /// <summary>Runs batches.</summary>
    internal BatchRunner Runner => Context.Runner;

    private Scores Evaluate(
        TrainingData data, int batchSize, CancellationToken cancellationToken, int? steps = null, IBatchWatch? watch = null) =>
        new(Context.Evaluate(
            data, batchSize, Context.StatesFor(data.Count, batchSize, out _), cancellationToken, steps, watch));

    private static int[] AllSamples(int count) => [.. Enumerable.Range(0, count)];
}
