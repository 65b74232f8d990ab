using Recurrent.Callbacks;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Data that come in batches and are never all there.</content>
public partial class Model
{
    /// <summary>Trains the model on batches that are read ahead on another thread, and never held together.</summary>
    /// <remarks>
    /// Batches may differ in size and, where the model takes any number of time steps, in length. A batch that does not fit, a
    /// source that throws or one that ends too early ends training with an exception that names the batch; the model holds what
    /// it has learned, and a <see cref="BackupAndRestore"/> is written at that point.
    /// </remarks>
    /// <param name="batches">The batches.</param>
    /// <param name="epochs">Number of epochs; at least 1. With <paramref name="initialEpoch"/>, how many there will have
    /// been.</param>
    /// <param name="stepsPerEpoch">
    /// Batches to an epoch; null (the default) for one pass. With a number, the next epoch goes on where the last one ended, and
    /// a new pass begins where a pass has ended with an epoch; <see cref="BatchSource.Repeat"/> has it begin anywhere.
    /// </param>
    /// <param name="validationData">Data to evaluate on after epochs; null for none.</param>
    /// <param name="validationBatches">The same in batches, in place of <paramref name="validationData"/>.</param>
    /// <param name="validationSteps">How many batches are validated on; null (the default) for all.</param>
    /// <param name="validationBatchSize">Samples to a batch of <paramref name="validationData"/>; default 32.</param>
    /// <param name="validationFreq">After every how many epochs the model is validated; default 1.</param>
    /// <param name="classWeight">A weight for each class index; for models of one output.</param>
    /// <param name="verbose">What is shown on the console, as in the other forms of <c>Fit</c>.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="truncatedSteps">Cuts the sequences of a batch into pieces of so many steps, an update each.</param>
    /// <param name="initialEpoch">Index of the first epoch; null (the default) goes on counting.</param>
    /// <param name="prefetch">How many batches are read and checked ahead; default 2.</param>
    /// <param name="cancellationToken">Cancels after the batch that is running; the history so far is returned.</param>
    /// <returns>Loss and metrics of every finished epoch.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or has no layers.</exception>
    /// <exception cref="ArgumentException">Options are out of range, or a batch does not fit; the message names it.</exception>
    /// <exception cref="BatchException">The source has thrown or ended too early; the message names the batch.</exception>
    public History Fit(
        BatchSource batches,
        int epochs = 1,
        int? stepsPerEpoch = null,
        ValidationData? validationData = null,
        BatchSource? validationBatches = null,
        int? validationSteps = null,
        int? validationBatchSize = null,
        int validationFreq = 1,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? truncatedSteps = null,
        int? initialEpoch = null,
        int prefetch = 2,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        using ParameterGate.Use use = Gate.Change(nameof(Fit), callsBack: true);
        var options = new FitOptions(epochs, initialEpoch, validationBatchSize ?? 32, 0, classWeight, false)
        {
            TruncatedSteps = truncatedSteps,
            StepsPerEpoch = stepsPerEpoch,
            ValidationSteps = validationSteps,
            ValidationBatchSize = validationBatchSize,
            ValidationFreq = validationFreq,
        };
        options.Check(false, validationData is not null || validationBatches is not null, false);
        new OptionCheck(nameof(Fit))
            .Positive(nameof(prefetch), prefetch)
            .Require(validationData is null || validationBatches is null,
                "validationData and validationBatches exclude each other")
            .ThrowIfAny();
        RequireCompiled();
        TrainingData? validating = validationData is null ? null
            : CheckData(validationData.X, validationData.Y, validationData.SampleWeight, nameof(validationData));
        int first = options.FirstEpoch(Progress);
        TrainingData? typical = null;
        using var feed = new SourceFeed(Context, batches, Checked, stepsPerEpoch, prefetch, first);
        ValidationFeed? validation = validationBatches is not null
            ? new SourceValidation(this, validationBatches, validationSteps, prefetch)
            : validating is null ? null : new MemoryValidation(Context, validating, validationBatchSize ?? 32, validationSteps);
        var plan = new FitPlan(epochs, first, initialEpoch is null, validation, validationFreq, truncatedSteps, null, null,
            stepsPerEpoch);
        return Fit(feed, plan, callbacks, verbose, cancellationToken);

        TrainingData Checked(Batch batch)
        {
            TrainingData data = CheckBatch(batch);
            try
            {
                data = classWeight is null ? data : FitData.Weigh(data, classWeight);
                RequireAlike(typical, data, truncatedSteps is not null);
            }
            catch (ArgumentException failure)
            {
                throw new BatchProblem(failure);
            }

            typical ??= data;
            return data;
        }
    }

    /// <summary>Computes loss and metrics over batches that are read ahead, without training.</summary>
    /// <param name="batches">The batches.</param>
    /// <param name="steps">How many are looked at; null (the default) for all.</param>
    /// <param name="callbacks">Look on, in this order; null (the default) for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The loss under <c>loss</c>, and every metric under its name.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">A batch does not fit; the message names it.</exception>
    /// <exception cref="BatchException">The source has thrown, or gives no batches.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Scores Evaluate(BatchSource batches, int? steps = null, IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        using ParameterGate.Use use = Looking(nameof(Evaluate), callbacks);
        using ParameterGate.Use states = ChangingStates(nameof(Evaluate));
        new OptionCheck(nameof(Evaluate)).Positive(nameof(steps), steps ?? 1).ThrowIfAny();
        RequireCompiled();
        RequireBuilt();
        CallbackRound? round = CallbackRound.For(this, callbacks, 0, steps ?? 0);
        var feed = new SourceValidation(this, batches, steps, 2) { CarriesOn = true };
        return new(round is null ? feed.Evaluate(null, cancellationToken)
            : round.Test(watch => feed.Evaluate(watch, cancellationToken)));
    }

    /// <summary>Computes loss and metrics over batches, without training.</summary>
    /// <inheritdoc cref="Evaluate(BatchSource, int?, IReadOnlyList{Callback}?, CancellationToken)"/>
    public Scores Evaluate(IEnumerable<Batch> batches, int? steps = null, IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(BatchSource.From(batches), steps, callbacks, cancellationToken);

    /// <summary>Computes the outputs of batch after batch, as they are asked for: memory is that of a batch.</summary>
    /// <param name="batches">The batches; targets are not looked at.</param>
    /// <returns>For each batch the output; the first axis counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or has several outputs.</exception>
    /// <exception cref="ArgumentException">A batch does not fit; the message names it.</exception>
    /// <exception cref="BatchException">The source has thrown.</exception>
    public IEnumerable<NDArray> PredictBatches(BatchSource batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        RequireOneOutput();
        RequireBuilt();
        return PredictEach(batches);
    }

    /// <summary>Computes the outputs of all batches together.</summary>
    /// <param name="batches">The batches; targets are not looked at.</param>
    /// <param name="steps">How many are looked at; null (the default) for all.</param>
    /// <param name="callbacks">Look on, in this order, after each batch; null (the default) for none.</param>
    /// <returns>The outputs; the first axis counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or has several outputs.</exception>
    /// <exception cref="ArgumentException">A batch does not fit; the message names it.</exception>
    /// <exception cref="BatchException">The source has thrown, or gives no batches.</exception>
    public NDArray Predict(BatchSource batches, int? steps = null, IReadOnlyList<Callback>? callbacks = null)
    {
        ArgumentNullException.ThrowIfNull(batches);
        using ParameterGate.Use use = Looking(nameof(Predict), callbacks);
        new OptionCheck(nameof(Predict)).Positive(nameof(steps), steps ?? 1).ThrowIfAny();
        RequireOneOutput();
        CallbackRound? round = CallbackRound.For(this, callbacks, 0, steps ?? 0);
        NDArray[] All() => [.. PredictEach(batches, round).Take(steps ?? int.MaxValue)];
        NDArray[] outputs = round is null ? All() : round.Predict(All);
        return outputs.Length > 0 ? NDArray.Concatenate(outputs) : throw new BatchException("The source gives no batches.");
    }

    /// <summary>Checks a batch; what is wrong with it is told apart from what is wrong with its source.</summary>
    internal TrainingData CheckBatch(Batch batch)
    {
        try
        {
            ModelData targets = batch.Y ?? throw new ArgumentException("The batch has no targets (Y).");
            return CheckData(batch.X, targets, batch.SampleWeight);
        }
        catch (ArgumentException failure)
        {
            throw new BatchProblem(failure);
        }
    }

    /// <summary>Requires of a batch what losses and metrics were chosen by.</summary>
    private static void RequireAlike(TrainingData? first, TrainingData data, bool steps)
    {
        for (int i = 0; i < first?.Outputs.Count; i++)
        {
            if (first.Outputs[i] is { } own && data.Outputs[i] is { } other
                && (own.Targets.SampleShape.Features != other.Targets.SampleShape.Features
                    || own.Loss.GetType() != other.Loss.GetType()))
            {
                throw new ArgumentException(
                    $"Targets have {other.Targets.SampleShape.Features} numbers at a place, but those of the first batch have "
                    + $"{own.Targets.SampleShape.Features}. All batches need targets of one kind.");
            }
        }

        if (steps && first is not null && !first.Inputs.SampleShapes.SequenceEqual(data.Inputs.SampleShapes))
        {
            throw new ArgumentException("With truncatedSteps, all batches need sequences of one length.");
        }
    }

    private IEnumerable<NDArray> PredictEach(BatchSource batches, CallbackRound? round = null)
    {
        long index = 0;
        using var reading = new ReadAhead<Batch>(batches.Read(0, 0).GetEnumerator(), 2);
        while (true)
        {
            NDArray? output = null;
            try
            {
                if (reading.TryTake(out Batch batch))
                {
                    round?.BeginPrediction((int)index);
                    output = PredictAll(batch.X, int.MaxValue)[0];
                }
            }
            catch (Exception exception) when (exception is not BatchException)
            {
                throw SourceValidation.Told(exception, index);
            }

            if (output is null)
            {
                yield break;
            }

            bool goesOn = round?.EndPrediction((int)index, [output]) != false;
            index++;
            yield return output;
            if (!goesOn)
            {
                yield break;
            }
        }
    }
}
