using Recurrent.Callbacks;
using Recurrent.Registration;

namespace Recurrent.Models;

/// <summary>What a call of <c>Fit</c> does, data aside.</summary>
/// <param name="Epochs">Epochs that are asked for.</param>
/// <param name="InitialEpoch">Index of the first one.</param>
/// <param name="CountsOn">Whether <paramref name="Epochs"/> counts from the first one; else from the very beginning.</param>
/// <param name="Validation">What is validated on, or null.</param>
/// <param name="ValidationFreq">After every how many epochs.</param>
/// <param name="PieceLength">Steps of a piece, where sequences are trained on piece by piece; else null.</param>
/// <param name="BatchSize">Samples to a batch; null where the data come in batches.</param>
/// <param name="Shuffle">Whether samples are shuffled; null where the data come in batches.</param>
/// <param name="StepsPerEpoch">Batches of an epoch, where that was said.</param>
internal sealed record FitPlan(
    int Epochs, int InitialEpoch, bool CountsOn, ValidationFeed? Validation, int ValidationFreq, int? PieceLength,
    int? BatchSize, bool? Shuffle, int? StepsPerEpoch)
{
    /// <summary>Under which name the learning rate is one of the settings.</summary>
    public const string RateKey = OptimizerPrefix + "learning_rate";

    private const string OptimizerPrefix = "optimizer's ";

    /// <summary>A text that is another one for other data, where several processes must agree on them; else null.</summary>
    public string? DataNote { get; init; }

    /// <summary>Index of the last epoch, plus 1, of a run that began with an epoch.</summary>
    public int LastEpoch(int first) => CountsOn ? (int)Math.Min((long)first + Epochs, int.MaxValue) : Epochs;

    /// <summary>Whether an epoch is followed by validation.</summary>
    public bool Validates(int epoch) => Validation is not null && (epoch + 1L) % ValidationFreq == 0;

    /// <summary>What must be the same in a run that goes on from a backup of this one.</summary>
    public Config Settings(Model model, Callback[] callbacks, EpochFeed feed)
    {
        var settings = new Config
        {
            { "model", null },
            { "seed", model.Seed },
            { "samples", feed.Samples },
            { "batchSize", BatchSize },
            { "shuffle", Shuffle },
            { "stepsPerEpoch", StepsPerEpoch },
            { "truncatedSteps", PieceLength },
            { "validationFreq", Validation is null ? null : ValidationFreq },
            { "callbacks", callbacks.Where(each => each is not ProgressDisplay).Select(each => each.GetType().Name).ToArray() },
        };
        foreach ((string key, object? value) in CompiledOf(model))
        {
            settings.Add(key, value);
        }

        return settings;
    }

    /// <summary>What a model is compiled for, as texts.</summary>
    public static Config CompiledOf(Model model)
    {
        var compiled = new Config
        {
            { "optimizer", model.Optimizer!.ClassName },
            { "loss", model.Compiled!.Outputs.Select(output => Describe(output.Loss)).ToArray() },
            { "lossWeights", model.Compiled.Outputs.Select(output => Describe(output.LossWeight)).ToArray() },
            { "metrics", model.Compiled.Outputs.SelectMany(output => output.Metrics.Concat(output.WeightedMetrics))
                .Select(metric => metric.Name).ToArray() },
        };
        foreach ((string key, object? value) in model.Optimizer.GetConfig())
        {
            compiled.Add(OptimizerPrefix + key, Describe(value));
        }

        return compiled;
    }

    /// <summary>A setting as text, which is another one for another setting.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "none",
        string text => text,
        IConfigurable part => Describe(ComponentConfig.Of(part)),
        ComponentConfig part => $"{part.ClassName} ({Describe(part.Config)})",
        Config part => string.Join(", ", part.Select(pair => $"{pair.Key} {Describe(pair.Value)}")),
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Describe)),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
