using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Recurrent.Callbacks;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>What several processes that train one model must agree on, before any work and between batches.</summary>
internal static class RankAgreement
{
    /// <summary>A text that is another one for other data.</summary>
    public static string NoteOf(ModelData x, ModelData y, ModelData? weights, IReadOnlyDictionary<int, double>? classWeight,
        ValidationData? validation)
    {
        var text = new StringBuilder();
        foreach (ModelData? part in (ModelData?[])[x, y, weights, validation?.X, validation?.Y, validation?.SampleWeight])
        {
            text.Append(part is null ? "none" : DataHash.Of(part)[..16]).Append(' ');
        }

        foreach ((int label, double weight) in (classWeight ?? new Dictionary<int, double>()).OrderBy(pair => pair.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"{label}: {weight:R} ");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Requires that all ranks train the same model on the same data in the same way.</summary>
    /// <exception cref="InvalidOperationException">They do not; the message says on what.</exception>
    public static void Require(ShardRanks ranks, Model model, FitPlan plan, IReadOnlyList<Callback>? callbacks, EpochFeed feed)
    {
        // Before the architecture, whose JSON says it too, so that what differs is named.
        foreach ((string name, object? value) in FitPlan.CompiledOf(model))
        {
            ranks.RequireSame($"what the model is compiled for ({name})", FitPlan.Describe(value));
        }

        ranks.RequireSame("the architecture of the model", $"{model.Name}, {Hash(Encoding.UTF8.GetBytes(model.ToJson()))}");
        ranks.RequireSame("the seed of the model", model.Seed.ToString(CultureInfo.InvariantCulture));
        ranks.RequireSame("the weights of the model", DataHash.Of(model.GetWeights())[..32]);
        ranks.RequireSame("the optimizer", string.Create(CultureInfo.InvariantCulture,
            $"{model.Optimizer!.ClassName}, rate {model.Optimizer.LearningRate:R}, {model.Optimizer.Iterations} updates"));
        ranks.RequireSame("the data", plan.DataNote ?? "batches of a source");
        ranks.RequireSame("the options of Fit", string.Create(CultureInfo.InvariantCulture,
            $"epochs {plan.Epochs}, initialEpoch {plan.InitialEpoch}, batchSize {plan.BatchSize}, shuffle {plan.Shuffle}, ")
            + string.Create(CultureInfo.InvariantCulture, $"stepsPerEpoch {plan.StepsPerEpoch}, samples {feed.Samples}, ")
            + string.Create(CultureInfo.InvariantCulture, $"truncatedSteps {plan.PieceLength}, validation ")
            + string.Create(CultureInfo.InvariantCulture, $"{plan.Validation is not null} {plan.ValidationFreq}, ")
            + $"{ranks.Note}, callbacks {string.Join(" ", (callbacks ?? []).Select(callback => callback.GetType().Name))}");
        ranks.RequireSame("the version of the library and the instructions that it rounds by",
            $"{typeof(Model).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}, "
            + Receipt.Instructions());
        if (model.Network.NeedsWholeBatches && ranks.Link.Count > 1)
        {
            model.Context.Warn("ranks", $"Model '{model.Name}' has batch statistics inside a wrapper, for which a batch is not "
                + "cut: one rank trains, and the others wait. Put BatchNormalization beside the wrapper, or use "
                + "LayerNormalization within.");
        }
    }

    /// <summary>Requires that all ranks have found the same on what they validate on: rates and ends are decided by
    /// it.</summary>
    /// <exception cref="InvalidOperationException">They have not.</exception>
    public static void RequireValidation(ShardRanks ranks, int epoch, IReadOnlyDictionary<string, double> logs) =>
        ranks.RequireSame(string.Create(CultureInfo.InvariantCulture, $"the validation after epoch {epoch + 1}"),
            string.Join(", ", logs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:R}"))));

    /// <summary>Requires that all ranks have read the same batch from their sources, or that all of these have ended.</summary>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    public static void RequireBatch(ShardRanks ranks, int epoch, int batch, TrainingData? data)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $"batch {batch + 1} of epoch {epoch + 1}");
        ranks.RequireSame(what, data is null ? "no batch: its source has ended" : string.Create(CultureInfo.InvariantCulture,
            $"{data.Count} samples, {HashOf(data)}"));
    }

    private static string HashOf(TrainingData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Samples? samples in data.Inputs.Parts.Concat(data.Outputs.SelectMany(
            output => (Samples?[])[output?.Targets, output?.Weights])))
        {
            Add(hash, samples);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static void Add(IncrementalHash hash, Samples? samples)
    {
        if (samples is RaggedSamples ragged)
        {
            foreach (NDArray item in ragged.Items)
            {
                hash.AppendData(BitConverter.GetBytes(item.Shape[0]));
                hash.AppendData(MemoryMarshal.AsBytes<Real>(item.Values));
            }
        }
        else if (samples is not null)
        {
            var room = new DenseMatrix(samples.SampleShape.Features, samples.SampleShape.Steps * samples.Count);
            samples.Gather([.. Enumerable.Range(0, samples.Count)], room);
            hash.AppendData(MemoryMarshal.AsBytes<Real>(room.Values));
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
}
