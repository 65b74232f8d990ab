using System.Runtime.CompilerServices;
using Recurrent.Callbacks;
using Recurrent.Registration;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Sequences of unequal length, taken as they are.</content>
public partial class Model
{
    /// <summary>Trains the model on sequences of unequal length, without padding them first.</summary>
    /// <remarks>
    /// Batches hold sequences of like length, in an order that follows from the seed, and are padded to the longest of them, rounded up
    /// to one of a few lengths. Padding is masked through all layers, in the loss and in metrics, and no value of the data is special:
    /// a batch gives the loss and the gradients of its sequences, whatever is beside them. The model must be built for any number of
    /// time steps (<c>inputShape: (null, features)</c>, or <c>new([null])</c> for ids), or not be built yet.
    /// </remarks>
    /// <param name="x">Inputs, each of shape (timesteps, features), or (timesteps) of ids.</param>
    /// <param name="y">
    /// Targets, one for each input; where the model gives sequences, one for each step: (timesteps, …).
    /// </param>
    /// <param name="epochs">
    /// How often every sample is seen; at least 1. With <paramref name="initialEpoch"/>, the number of epochs there will have been, as in Keras.
    /// </param>
    /// <param name="batchSize">Samples to an update; at least 1. The last batch of an epoch may be smaller.</param>
    /// <param name="shuffle">
    /// Whether each epoch takes the samples in another order, those of like length together (the default); else they come as given.
    /// </param>
    /// <param name="validationSplit">Share of the samples, taken from the end before any shuffling, to evaluate on and not to train on.</param>
    /// <param name="validationData">Data to evaluate on after each epoch, in place of <paramref name="validationSplit"/>.</param>
    /// <param name="sampleWeight">A weight for each sample, or for each step of each sample.</param>
    /// <param name="classWeight">A weight for each class index, in place of <paramref name="sampleWeight"/>.</param>
    /// <param name="verbose">What is shown on the console: 0 for nothing, 1 for a live display, 2 for one line an epoch; the default is 1.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="initialEpoch">
    /// Index of the first epoch, which names it to callbacks and chooses the order of its samples; epochs run from there to <paramref name="epochs"/>.
    /// Null (the default) goes on counting: after the epochs of earlier calls and, for a model that was loaded, those before it was saved.
    /// </param>
    /// <param name="cancellationToken">Cancels after the batch that is running.</param>
    /// <returns>Loss and metrics of every finished epoch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, has no layers, or a layer does not hand masks on.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit; the message names the sample. The model has not been changed then.</exception>
    [OverloadResolutionPriority(-1)] // What fits in one array is one array first.
    public History Fit(
        RaggedSequences x,
        RaggedSequences y,
        int epochs = 1,
        int batchSize = 32,
        bool? shuffle = null,
        double validationSplit = 0,
        RaggedValidationData? validationData = null,
        RaggedSequences? sampleWeight = null,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? initialEpoch = null,
        CancellationToken cancellationToken = default)
    {
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
        return new FitLoop(this, data, all, cancellationToken).Run();
    }

    /// <summary>Does one update on one batch of sequences of unequal length.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets, one for each input or for each of its steps.</param>
    /// <param name="sampleWeight">A weight for each sample, or for each step of each sample; or null.</param>
    /// <returns>Loss (before the update, penalties included) and metrics of the batch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, has no layers, or a layer does not hand masks on.</exception>
    /// <exception cref="ArgumentException">The data do not fit; the model has not been changed then.</exception>
    [OverloadResolutionPriority(-1)]
    public IReadOnlyDictionary<string, double> TrainOnBatch(RaggedSequences x, RaggedSequences y, RaggedSequences? sampleWeight = null) =>
        TrainOnBatch(CheckData(x, y, sampleWeight));

    /// <summary>Computes loss and metrics on sequences of unequal length, without training. Batches hold sequences of like length.</summary>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets, one for each input or for each of its steps.</param>
    /// <param name="batchSize">Samples to a batch; at least 1.</param>
    /// <param name="sampleWeight">A weight for each sample, or for each step of each sample; or null.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The loss under <c>loss</c>, and every metric under its name.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, not built, or a layer does not hand masks on.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [OverloadResolutionPriority(-1)]
    public IReadOnlyDictionary<string, double> Evaluate(
        RaggedSequences x,
        RaggedSequences y,
        int batchSize = 32,
        RaggedSequences? sampleWeight = null,
        CancellationToken cancellationToken = default)
    {
        new OptionCheck(nameof(Evaluate)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        RequireCompiled();
        RequireBuilt();
        return Evaluate(CheckData(x, y, sampleWeight), batchSize, cancellationToken);
    }

    /// <summary>Computes the model's output for sequences of unequal length: for each the one that it has by itself.</summary>
    /// <param name="x">Inputs, each of shape (timesteps, features), or (timesteps) of ids.</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result. At least 1.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>
    /// The outputs in the order of the inputs: as many steps as the input has where the model gives sequences; else vectors, which
    /// <see cref="RaggedSequences.Stack"/> makes one array of.
    /// </returns>
    /// <exception cref="InvalidOperationException">The model is not built, or a layer does not hand masks on.</exception>
    /// <exception cref="ArgumentException">The data do not fit; the message names the sample.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [OverloadResolutionPriority(-1)]
    public RaggedSequences Predict(RaggedSequences x, int batchSize = 32, CancellationToken cancellationToken = default)
    {
        new OptionCheck(nameof(Predict)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        RequireBuilt();
        RaggedSamples inputs = CheckInputs(x, nameof(x));
        var outputs = new RaggedOutputs(inputs, OutputShape!);
        var set = new SampleSet([inputs]);
        int[] samples = set.InOrder();
        int block = (int)Math.Min(inputs.Count, (long)batchSize * MaxDegreeOfParallelism);
        Runner.Prepare();
        for (int start = 0; start < inputs.Count; start += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Memory<int> own = samples.AsMemory(start, Math.Min(block, inputs.Count - start));
            ShardedBatch batch = Runner.RentForPrediction(set.ShapesOf(own.Span), own.Length, MaxDegreeOfParallelism);
            try
            {
                batch.Forward(set, own, MaxDegreeOfParallelism, null);
                foreach (Shard shard in batch.Shards)
                {
                    outputs.Take(shard, own.Span);
                }
            }
            finally
            {
                Runner.ReturnFromPrediction(batch);
            }
        }

        return outputs.Result();
    }

    /// <summary>Gradients of the compiled loss on sequences of unequal length, penalties included, with respect to every trainable
    /// parameter, in the order of <see cref="GetWeights"/>. Nothing is updated.</summary>
    /// <param name="x">Inputs; all of them are one batch.</param>
    /// <param name="y">Targets, one for each input or for each of its steps.</param>
    /// <param name="sampleWeight">A weight for each sample, or for each step of each sample; or null.</param>
    /// <param name="training">Whether layers behave as in training (dropout).</param>
    /// <exception cref="InvalidOperationException">The model is not compiled, not built, or a layer does not hand masks on.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    [OverloadResolutionPriority(-1)]
    public IReadOnlyList<NDArray> ComputeGradients(
        RaggedSequences x, RaggedSequences y, RaggedSequences? sampleWeight = null, bool training = false)
    {
        RequireCompiled();
        RequireBuilt();
        return ComputeGradients(CheckData(x, y, sampleWeight), training);
    }

    /// <summary>Checks inputs, targets and weights before any work.</summary>
    private TrainingData CheckData(RaggedSequences x, RaggedSequences y, RaggedSequences? sampleWeight, string? owner = null)
    {
        RequireCompiled();
        string prefix = owner is null ? string.Empty : owner + ".";
        (string inputsName, string targetsName, string weightsName) = owner is null
            ? (nameof(x), nameof(y), nameof(sampleWeight))
            : ($"{prefix}X", $"{prefix}Y", $"{prefix}SampleWeight");
        RaggedSamples inputs = CheckInputs(x, inputsName);
        Shape output = OutputShapeFor(InputShape ?? inputs.SampleShape);
        int targetRank = y is { Count: > 0 } ? y[0].Rank : 0;
        Losses.Loss loss = Compiled!.Loss.Resolve(output.Features, targetRank == output.Rank ? y![0].Shape[^1] : 1);
        Samples targets = RaggedCheck.Targets(y!, inputs, output, Last, loss, targetsName);
        return new(new([inputs]), [new(targets, RaggedCheck.Weights(sampleWeight, inputs, targets, weightsName), loss)]);
    }

    private RaggedSamples CheckInputs(RaggedSequences x, string argument)
    {
        if (layers.Count == 0)
        {
            // Says that there are none.
            OutputShapeFor(new Shape(1));
        }

        Shape expected = InputShape ?? RaggedCheck.SampleShape(x, First, argument);
        OutputShapeFor(expected);
        RaggedCheck.Layers(this, layers, expected);
        return RaggedCheck.Inputs(x, expected, First, argument);
    }
}
