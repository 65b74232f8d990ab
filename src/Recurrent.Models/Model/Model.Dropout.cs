using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Predicting with what training draws at random.</content>
public partial class Model
{
    /// <summary>Computes the output of a model of one output with dropout on, as in training (Gal and Ghahramani, "Dropout as a
    /// Bayesian approximation", 2016). Nothing else is as in training: <see cref="Layers.BatchNormalization"/> goes by what
    /// training has gathered, so that what a sample gives does not hang on the others of its batch.</summary>
    /// <param name="x">Inputs; no layer may carry a state.</param>
    /// <param name="batchSize">Samples to a batch; the draws depend on it.</param>
    /// <param name="key">What the draws follow from; the bits are the same on any number of threads.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    internal NDArray PredictWithDropout(
        ModelData x, int batchSize, ulong key, CancellationToken cancellationToken = default)
    {
        using ParameterGate.Use use = Gate.Read(nameof(Predict));
        RequireOneOutput();
        SampleSet inputs = CheckInputs(x, nameof(x));
        var output = new PredictedOutput(
            0, inputs, null, Runner.OutputShapesFor(inputs.SampleShapes)[0], Network.GiverOf(0).Reading);
        int[] samples = inputs.InOrder();
        Runner.Prepare();
        for (int start = 0; start < inputs.Count; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Memory<int> own = samples.AsMemory(start, Math.Min(batchSize, inputs.Count - start));
            using BatchLease predicted = Runner.Rent(inputs.ShapesOf(own.Span), own.Length, differentiable: false);
            predicted.Batch.ForwardAsTraining(inputs, own, SeededRandom.Key(key, (ulong)start), MaxDegreeOfParallelism);
            foreach (Shard shard in predicted.Batch.Shards)
            {
                output.Take(shard, own.Span);
            }
        }

        return (NDArray)output.Result;
    }
}
