using Recurrent.Layers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Tags with their probabilities.</content>
public partial class Model
{
    /// <summary>
    /// Computes tags, the next best ones, and how probable each tag is at each step, of a model whose one output a
    /// <see cref="CRF"/> gives. <c>Predict</c> gives the best tags alone.
    /// </summary>
    /// <param name="x">Inputs: an array, or sequences of unequal length.</param>
    /// <param name="count">How many sequences of tags for each sample, best first; 1 by default.</param>
    /// <param name="batchSize">Samples that one thread works on at a time: memory against speed, never the result.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>What was found in each sample, in their order.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, or no CRF gives its one output.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <example><code>
    /// foreach (TaggedSequence found in model.PredictTags(x, count: 2))
    /// {
    ///     Console.WriteLine(string.Join(" ", found.Tags) + " " + Math.Exp(found.Paths[0].LogProbability));
    /// }
    /// </code></example>
    public IReadOnlyList<TaggedSequence> PredictTags(
        ModelData x, int count = 1, int batchSize = 32, CancellationToken cancellationToken = default)
    {
        using ParameterGate.Use use = Gate.Read(nameof(PredictTags));
        using ParameterGate.Use states = ChangingStates(nameof(PredictTags));
        new OptionCheck(nameof(PredictTags)).Positive(nameof(count), count).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        RequireOneOutput();
        CRF layer = Network.GiverOf(0) as CRF ?? throw new InvalidOperationException(
            $"PredictTags is for models whose output a CRF gives, but the output of model '{Name}' comes from "
            + $"{Network.GiverOf(0).Introduction}. Use Predict.");
        SampleSet inputs = CheckInputs(x, nameof(x));
        StateStore? carried = Context.StatesFor(inputs.Count, batchSize, out int carriedBatch);
        var found = new TaggedSequence[inputs.Count];
        var paths = new BestPaths(layer.Tags.Count, count);
        RunBlocks(
            inputs, carried is not null ? carriedBatch : PredictionBlock(inputs.Count, batchSize), carried,
            (shard, samples) =>
            {
                SequenceBatch output = shard.Pass.Output(0);
                for (int b = 0; b < shard.Size; b++)
                {
                    found[samples.Span[shard.BatchStart + b]] = Tagged(layer, output, b, paths);
                }
            }, cancellationToken);
        return found;
    }

    private static TaggedSequence Tagged(CRF layer, SequenceBatch output, int sample, BestPaths paths)
    {
        int tags = layer.Tags.Count;
        int[] columns = new int[output.Steps];
        Array.Resize(ref columns, LinearChain.Find(output.Mask, sample, output.BatchSize, output.Steps, columns));
        var marginals = new NDArray(columns.Length, tags);
        if (columns.Length == 0)
        {
            return new([new([], [], 0)], marginals);
        }

        var chain = new LinearChain(output.Values.Values, columns, tags);
        double[] alpha = new double[columns.Length * tags];
        double logZ = chain.Forward(alpha);
        chain.Marginals(alpha, logZ, new double[2 * tags], marginals.Values);
        TagTransitions allowed = layer.Transitions;
        paths.Find(chain, allowed.Allowed, allowed.Starts, allowed.Ends);
        var best = new TagPath[paths.Found];
        for (int i = 0; i < best.Length; i++)
        {
            int[] path = new int[columns.Length];
            paths.Write(i, path);
            best[i] = new(Array.ConvertAll(path, tag => layer.Tags[tag]), path, Math.Min(0, paths.ScoreOf(i) - logZ));
        }

        return new(best, marginals);
    }
}
