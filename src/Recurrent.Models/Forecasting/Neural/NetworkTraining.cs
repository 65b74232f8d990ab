using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>How the network of a <see cref="NetworkForecaster"/> is trained.</summary>
/// <remarks>
/// The newest windows are kept for validation, with no target step in common with those that are trained on. Training ends when
/// the loss on them has not become less for <see cref="Patience"/> epochs, and the weights of the best epoch stay; then, where
/// <see cref="Retrain"/> says so, a fresh network is trained on everything for as many epochs. What is null follows from the
/// number of windows.
/// </remarks>
public sealed record NetworkTraining
{
    /// <summary>The quantiles that a network gives where nothing else is said.</summary>
    public static IReadOnlyList<double> DefaultQuantiles { get; } = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

    /// <summary>
    /// What is made small: <c>quantile</c> (the pinball loss of <see cref="Quantiles"/>, whose median is the point forecast),
    /// <c>mae</c> or <c>mse</c>; with the latter two, quantiles come from the errors on the validation windows. Null leaves it to
    /// the forecaster.
    /// </summary>
    public string? Loss { get; init; }

    /// <summary>The quantiles of the loss <c>quantile</c>: ascending, with 0.5 among them; null for
    /// <see cref="DefaultQuantiles"/>.</summary>
    public IReadOnlyList<double>? Quantiles { get; init; }

    /// <summary>Most epochs; null for so many that there are some thousand updates.</summary>
    public int? Epochs { get; init; }

    /// <summary>Windows to an update; null for 32 to 256.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The learning rate of Adam; null leaves it to the forecaster.</summary>
    public double? LearningRate { get; init; }

    /// <summary>By what the learning rate is multiplied after each epoch; null leaves it to the forecaster.</summary>
    public double? Decay { get; init; }

    /// <summary>The norm that all gradients together are clipped to; default 1.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The epochs without a lower loss on the validation windows after which training ends; null for a fraction of
    /// <see cref="Epochs"/>.</summary>
    public int? Patience { get; init; }

    /// <summary>Share of the windows of each series, the newest, that is kept for validation; 0 for none, and intervals that are
    /// the network's own. Null leaves it to the forecaster: 0.15, or none where a network is trained for a fixed time; where
    /// it has less than 2000 windows, one more network, not trained on the newest, then says how far off forecasts are.</summary>
    public double? ValidationShare { get; init; }

    /// <summary>Number of steps at the end of each series whose values are kept for validation, in place of
    /// <see cref="ValidationShare"/>; null for that.</summary>
    public int? ValidationSteps { get; init; }

    /// <summary>
    /// Whether, once the number of epochs is known, a fresh network is trained on all windows; null where there are few.
    /// </summary>
    public bool? Retrain { get; init; }

    /// <summary>Distance of the windows that are trained on; default 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Most windows to an epoch, drawn anew for each; null for 20 000, and fewer where a window has more than 300
    /// steps.</summary>
    public int? WindowsPerEpoch { get; init; }

    /// <summary>Networks that are trained, each from other first weights; each quantile is the median of theirs. Null leaves it
    /// to the forecaster: 1 for most.</summary>
    public int? Members { get; init; }

    /// <summary>
    /// Number of passes with dropout to a forecast, whose mixture it is (Gal and Ghahramani, "Dropout as a Bayesian
    /// approximation", 2016); 0, the default, for one without.
    /// </summary>
    public int DropoutPasses { get; init; }

    /// <summary>A budget in seconds for the whole fit; null for none. With one, what comes out depends on the machine.</summary>
    public double? Seconds { get; init; }

    /// <summary>Where first weights, the order of windows and dropout come from; default 0.</summary>
    public int Seed { get; init; }

    /// <summary>The quantiles of the loss <c>quantile</c>.</summary>
    internal IReadOnlyList<double> Levels => Quantiles ?? DefaultQuantiles;

    /// <summary>Reads the options from the config of a forecaster.</summary>
    internal static NetworkTraining Read(ConfigReader config) => new()
    {
        Loss = config.OptionalString("loss"),
        Quantiles = config.OptionalDoubles("quantiles"),
        Epochs = config.OptionalInt("epochs"),
        BatchSize = config.OptionalInt("batch_size"),
        LearningRate = config.OptionalDouble("learning_rate"),
        Decay = config.OptionalDouble("decay"),
        ClipNorm = config.Double("clip_norm", 1),
        Patience = config.OptionalInt("patience"),
        ValidationShare = config.OptionalDouble("validation_share"),
        ValidationSteps = config.OptionalInt("validation_steps"),
        Retrain = config.Raw("retrain") is null ? null : config.Bool("retrain", false),
        Stride = config.Int("stride", 1),
        WindowsPerEpoch = config.OptionalInt("windows_per_epoch"),
        Members = config.OptionalInt("members"),
        DropoutPasses = config.Int("dropout_passes", 0),
        Seconds = config.OptionalDouble("seconds"),
        Seed = config.Int("seed", 0),
    };

    /// <summary>Writes the options into the config of a forecaster.</summary>
    internal void Write(Config config)
    {
        config.Add("loss", Loss);
        config.Add("quantiles", Quantiles);
        config.Add("epochs", Epochs);
        config.Add("batch_size", BatchSize);
        config.Add("learning_rate", LearningRate);
        config.Add("decay", Decay);
        config.Add("clip_norm", ClipNorm);
        config.Add("patience", Patience);
        config.Add("validation_share", ValidationShare);
        config.Add("validation_steps", ValidationSteps);
        config.Add("retrain", Retrain);
        config.Add("stride", Stride);
        config.Add("windows_per_epoch", WindowsPerEpoch);
        config.Add("members", Members);
        config.Add("dropout_passes", DropoutPasses);
        config.Add("seconds", Seconds);
        config.Add("seed", Seed);
    }

    /// <summary>Adds what is out of range to a check.</summary>
    internal void Check(OptionCheck check)
    {
        check.Require(Loss is null or "quantile" or "mae" or "mse", $"loss must be quantile, mae or mse, but is '{Loss}'", "loss")
            .Positive(nameof(Epochs), Epochs ?? 1)
            .Positive(nameof(BatchSize), BatchSize ?? 1)
            .Above(nameof(LearningRate), LearningRate ?? 1, 0)
            .Require(
                (Decay ?? 1) is > 0 and <= 1, FormattableString.Invariant($"decay must be above 0 and at most 1, but is {Decay}"))
            .Above(nameof(ClipNorm), ClipNorm, 0)
            .AtLeast(nameof(Patience), Patience ?? 0, 0)
            .Rate(nameof(ValidationShare), ValidationShare ?? 0)
            .AtLeast(nameof(ValidationSteps), ValidationSteps ?? 0, 0)
            .Positive(nameof(Stride), Stride)
            .Positive(nameof(WindowsPerEpoch), WindowsPerEpoch ?? 1)
            .Positive(nameof(Members), Members ?? 1)
            .AtLeast(nameof(DropoutPasses), DropoutPasses, 0)
            .Above(nameof(Seconds), Seconds ?? 1, 0);
        IReadOnlyList<double> levels = Levels;
        bool ascend = levels.Count > 0 && levels.All(level => level is > 0 and < 1)
            && Enumerable.Range(1, levels.Count - 1).All(i => levels[i] > levels[i - 1]);
        check.Require(ascend && levels.Contains(0.5), "quantiles must ascend between 0 and 1 and hold 0.5", "quantiles");
    }
}
