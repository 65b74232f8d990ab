using System.Globalization;
using System.Runtime.CompilerServices;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Predicting.</content>
public partial class Model
{
    /// <summary>Computes the output of a model that has one input and one output.</summary>
    /// <param name="x">Inputs, shape (samples, timesteps, features) for sequences or (samples, features).</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result. At least
    /// 1.</param>
    /// <param name="callbacks">Look on, in this order, after each batch; null (the default) for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The outputs; the first axis counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or has several outputs.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public NDArray Predict(NDArray x, int batchSize = 32, IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        RequireOneOutput();
        return (NDArray)PredictOutputs(x, batchSize, cancellationToken, callbacks)[0];
    }

    /// <summary>Computes the model's output for sequences of unequal length: for each the one that it has by itself.</summary>
    /// <param name="x">Inputs, each of shape (timesteps, features), or (timesteps) of ids.</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result. At least
    /// 1.</param>
    /// <param name="callbacks">Look on, in this order, after each batch; null (the default) for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>
    /// The outputs in the order of the inputs: as many steps as the input has where the model gives sequences; else vectors,
    /// which <see cref="RaggedSequences.Stack"/> makes one array of.
    /// </returns>
    /// <exception cref="InvalidOperationException">The model is not built, has several outputs, or a layer does not hand masks
    /// on.</exception>
    /// <exception cref="ArgumentException">The data do not fit; the message names the sample.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [OverloadResolutionPriority(-1)] // A collection expression [a, b] is two inputs, and what fits in one array is one array.
    public RaggedSequences Predict(RaggedSequences x, int batchSize = 32, IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        RequireOneOutput();
        object output = PredictOutputs(x, batchSize, cancellationToken, callbacks)[0];
        return output as RaggedSequences ?? (RaggedSequences)(NDArray)output;
    }

    /// <summary>Computes the output for one sample, which comes and goes without the axis that counts samples.</summary>
    /// <param name="sample">The sample: (timesteps, features) for a sequence, where one feature needs no axis of its own, or
    /// (features).</param>
    /// <returns>The output, without an axis that counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or has several inputs or outputs.</exception>
    /// <exception cref="ArgumentException">The sample does not fit.</exception>
    /// <example><code>float forecast = model.PredictOne(window)[0];</code></example>
    public NDArray PredictOne(NDArray sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        RequireOneOutput();
        if (Network.Inputs.Count > 1)
        {
            throw new InvalidOperationException(
                $"Model '{Name}' has {Network.Inputs.Count} inputs. Give Predict a batch of one for each.");
        }

        Shape expected = Network.Inputs[0].Shape;
        bool single = expected.Rank > 1 && expected.Features == 1 && sample.Rank == expected.Rank - 1;
        int[] axes = single ? [.. sample.Shape, 1] : [.. sample.Shape];
        if (!expected.Accepts(new([.. axes.Select(axis => (int?)axis)])))
        {
            string advice = expected.Accepts(new([.. sample.Shape.Skip(1).Select(axis => (int?)axis)]))
                ? "That is a batch of samples: use Predict."
                : "Give one sample, without an axis that counts samples.";
            throw new ArgumentException(
                $"Model '{Name}' takes samples of shape "
                + $"({string.Join(", ", expected.Axes.Select(axis => axis?.ToString(CultureInfo.InvariantCulture) ?? "?"))}), "
                + $"but this one has shape {NDArray.Describe(sample.Shape)}. {advice}", nameof(sample));
        }

        NDArray output = Predict(sample.Reshape([1, .. axes]));
        return output.Reshape([.. output.Shape.Skip(1)]);
    }

    /// <summary>Computes all outputs of a model, one array for each.</summary>
    /// <param name="x">Data for each input, in order or by name.</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result. At least
    /// 1.</param>
    /// <param name="callbacks">Look on, in this order, after each batch; null (the default) for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The outputs in their order; the first axis of each counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or outputs are sequences of unequal
    /// length.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<NDArray> PredictAll(ModelData x, int batchSize = 32, IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default) =>
        [.. PredictOutputs(x, batchSize, cancellationToken, callbacks)
            .Select((output, i) => output as NDArray ?? throw new InvalidOperationException(
            $"Output '{OutputNames[i]}' of model '{Name}' gives sequences of unequal length, which are no array. Use Predict "
            + "with RaggedSequences."))];

    /// <summary>Computes the output of a model that has several inputs and one output.</summary>
    /// <param name="x">Data for each input, in order or by name: <c>[a, b]</c>.</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result. At least
    /// 1.</param>
    /// <param name="callbacks">Look on, in this order, after each batch; null (the default) for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The outputs; the first axis counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or has several outputs.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public NDArray Predict(InputList x, int batchSize = 32, IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireOneOutput();
        return PredictAll(x.Data, batchSize, callbacks, cancellationToken)[0];
    }

    /// <summary>All outputs, each an array or sequences of unequal length.</summary>
    internal object[] PredictOutputs(
        ModelData x, int batchSize, CancellationToken cancellationToken, IReadOnlyList<Callback>? callbacks = null)
    {
        using ParameterGate.Use use = callbacks is null ? Gate.Read(nameof(Predict)) : Looking(nameof(Predict), callbacks);
        using ParameterGate.Use states = ChangingStates(nameof(Predict));
        if (batchSize < 1)
        {
            new OptionCheck(nameof(Predict)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        }

        RequireBuilt();
        SampleSet inputs = CheckInputs(x, nameof(x));
        StateStore? carried = Context.StatesFor(inputs.Count, batchSize, out int carriedBatch);
        int size = Math.Min(batchSize, inputs.Count);
        return CallbackRound.For(this, callbacks, inputs.Count, (inputs.Count + size - 1) / size) is { } round
            ? round.Predict(() => PredictBlocks(inputs, size, carried, cancellationToken, round))
            : PredictBlocks(inputs, carried is not null ? carriedBatch : PredictionBlock(inputs.Count, batchSize), carried,
                cancellationToken);
    }

    private object[] PredictBlocks(
        SampleSet inputs, int block, StateStore? carried, CancellationToken cancellationToken, CallbackRound? round = null)
    {
        IReadOnlyList<Shape> shapes = inputs.IsRagged
            ? OutputShapesFor(inputs.SampleShapes)
            : Runner.OutputShapesFor(inputs.SampleShapes);
        var outputs = new PredictedOutput[shapes.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            RaggedSamples? lengths = inputs.IsRagged ? inputs.Parts[Network.SourceOf(Network.OutputPlaces[i])] as RaggedSamples
                : null;
            outputs[i] = new PredictedOutput(i, inputs, lengths, shapes[i], Network.GiverOf(i).Reading);
        }

        ReadOnlySpan<int> done = RunBlocks(inputs, block, carried, (shard, samples) =>
        {
            foreach (PredictedOutput output in outputs)
            {
                output.Take(shard, samples.Span);
            }
        }, cancellationToken, round, round is null ? null : (batch, samples) => round.EndPrediction(
            batch, Array.ConvertAll(outputs, output => output.Of(samples.Span) switch
            {
                NDArray array => (ModelData)array,
                var sequences => (RaggedSequences)sequences,
            })));
        if (done.Length == inputs.Count)
        {
            return Array.ConvertAll(outputs, output => output.Result);
        }

        // Somebody has ended it: there is nothing for the others.
        var given = new object[outputs.Length];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = outputs[i].Of(done);
        }

        return given;
    }

    /// <summary>Runs the model over all samples, block by block.</summary>
    /// <param name="inputs">The samples.</param>
    /// <param name="block">How many of them at a time.</param>
    /// <param name="carried">States that go from block to block, or null.</param>
    /// <param name="take">Takes what a shard gives; with the samples of the block.</param>
    /// <param name="cancellationToken">Cancels between blocks.</param>
    /// <param name="round">Who looks on, block by block; null for nobody.</param>
    /// <param name="end">Ends a block where somebody looks on; false to end all.</param>
    /// <returns>The samples that the model has been run over.</returns>
    private ReadOnlySpan<int> RunBlocks(
        SampleSet inputs, int block, StateStore? carried, Action<Shard, Memory<int>> take, CancellationToken cancellationToken,
        CallbackRound? round = null, Func<int, Memory<int>, bool>? end = null)
    {
        int[] samples = inputs.InOrder();
        Runner.Prepare();
        for (int start = 0; start < inputs.Count; start += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Memory<int> own = samples.AsMemory(start, Math.Min(block, inputs.Count - start));
            round?.BeginPrediction(start / block);
            if (round is not null)
            {
                // Those who look on may have changed weights.
                Runner.Prepare();
            }

            using BatchLease predicted = Runner.RentForPrediction(
                inputs.ShapesOf(own.Span), own.Length, MaxDegreeOfParallelism);
            predicted.Batch.Forward(inputs, own, MaxDegreeOfParallelism, carried?.StartingAt(start % carried.BatchSize));
            foreach (Shard shard in predicted.Batch.Shards)
            {
                take(shard, own);
            }

            if (round is not null && !end!(start / block, own))
            {
                return samples.AsSpan(0, start + own.Length);
            }
        }

        return samples;
    }

    private void RequireOneOutput()
    {
        RequireBuilt();
        if (Network.Outputs.Count > 1)
        {
            throw new InvalidOperationException(
                $"Model '{Name}' has {Network.Outputs.Count} outputs ({string.Join(", ", OutputNames)}). PredictAll gives an "
                + "array for each.");
        }
    }

    /// <summary>Samples that all threads together predict at a time.</summary>
    private int PredictionBlock(int samples, int batchSize) => (int)Math.Min(samples, (long)batchSize * MaxDegreeOfParallelism);
}
