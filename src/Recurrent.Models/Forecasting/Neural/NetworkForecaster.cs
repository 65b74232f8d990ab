using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A network of this library's layers that is trained on windows of all series of a panel together.</summary>
/// <remarks>
/// <para>
/// Each target is brought to mean 0 and deviation 1 over what is trained on, series by series, and each window as
/// <see cref="WindowScaling"/> says; covariates are scaled over the whole panel, attributes that are text become one number for
/// each of their values. A window is the look-back and the horizon behind it; windows are made when a batch needs them, so that
/// memory stays that of the series. Missing targets do not count in the loss; in the inputs the value before takes their place.
/// </para>
/// <para>
/// A forecast further ahead than the network was trained for goes on from its own medians; the spread at the end of one block is
/// added, as a variance, to those of the next, as it is for a random walk. Past covariates keep their last value there.
/// </para>
/// <para>
/// Intervals are moved by what it takes on windows that the network was not trained on (conformalized quantile regression:
/// Romano, Patterson and Candès, 2019): those kept for validation or, where none are and there are few, those kept from one more
/// network, which is trained for this alone. Points stay. A network that is given no such windows has intervals of its own.
/// </para>
/// </remarks>
public abstract partial class NetworkForecaster : Forecaster
{
    /// <summary>Most windows of an epoch, where nothing is said.</summary>
    private const int WindowsOfEpoch = 20_000;

    /// <summary>Updates that a training takes however long its windows are.</summary>
    private protected const int LeastUpdates = 200;

    /// <summary>Steps that the windows of an epoch have together at most: 20 000 windows of 300.</summary>
    private const long StepsOfEpoch = 6_000_000;

    /// <summary>Steps to look back on, where nothing is said, however short season and horizon are.</summary>
    private protected const int LeastWanted = 24;

    private NetworkFit? fit;
    private IReadOnlyList<TrainingCurves> trainings = [];

    /// <summary>Creates a forecaster.</summary>
    /// <param name="lookback">Steps that the network sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults.</param>
    private protected NetworkForecaster(int? lookback, int? horizon, int? season, NetworkTraining? training)
    {
        Lookback = lookback;
        Horizon = horizon;
        Season = season;
        Training = training ?? new();
    }

    /// <summary>Steps that the network sees, as asked for; null for one that follows from season and horizon.</summary>
    public int? Lookback { get; }

    /// <summary>Steps that the network forecasts at once, as asked for; null for a season, or 8.</summary>
    public int? Horizon { get; }

    /// <summary>Steps of a season, as asked for; null for that of the series' frequency.</summary>
    public int? Season { get; }

    /// <summary>How the network is trained.</summary>
    public NetworkTraining Training { get; }

    /// <inheritdoc/>
    public override Covariates Uses => Covariates.Past | Covariates.Future | Covariates.Static;

    /// <summary>What goes into the network and comes out of it, once it is fitted; else null.</summary>
    public NetworkSizes? Sizes => fit?.Sizes;

    /// <summary>The networks that are fitted; none before.</summary>
    public IReadOnlyList<Model> Networks => fit?.Networks ?? [];

    /// <inheritdoc/>
    public override IReadOnlyList<TrainingCurves> Trainings => trainings;

    /// <summary>Whether each variable is forecast by itself, with the same weights.</summary>
    internal abstract bool IsPerVariable { get; }

    /// <summary>How windows are scaled.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="season">Steps of a season.</param>
    /// <param name="horizon">Steps that are forecast.</param>
    internal abstract WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon);

    /// <summary>Steps that the network is trained for, where these are not <see cref="Horizon"/>.</summary>
    internal virtual int? TrainedHorizon => null;

    /// <summary>What training takes where its options leave it open.</summary>
    internal virtual NetworkDefaults Defaults => new();

    /// <summary>Whether the network reads which variable, or series, a sample is of.</summary>
    internal virtual bool ReadsChannel => false;

    /// <summary>Steps of look-back and horizon together up to which a training takes all its updates.</summary>
    internal virtual int StepsOfFullTraining => 200;

    /// <summary>What a window costs, in steps of a look-back of two days of hours.</summary>
    internal virtual int StepsOfWindow(NetworkSizes sizes) => sizes.Lookback + sizes.Horizon;

    /// <summary>Most updates of a training, where no epochs are given: fewer for longer windows, so that the time of a fit by
    /// default stays that of a common one.</summary>
    internal virtual int UpdatesFor(NetworkSizes sizes) => (int)Math.Max(Math.Min(LeastUpdates, Defaults.Updates),
        (long)Defaults.Updates * StepsOfFullTraining / Math.Max(StepsOfFullTraining, StepsOfWindow(sizes)));

    /// <summary>Most windows of an epoch: fewer, and so smaller batches, the longer they are.</summary>
    internal int WindowsFor(NetworkSizes sizes) =>
        (int)Math.Clamp(StepsOfEpoch / Math.Max(1, StepsOfWindow(sizes)), 1, WindowsOfEpoch);

    /// <summary>Samples to an update, where nothing is said; null follows from their number.</summary>
    /// <param name="windows">What is trained on.</param>
    internal virtual int? BatchFor(NetworkWindows windows) => null;

    /// <summary>Whether the windows that are kept back say when to stop, where no patience is given.</summary>
    internal virtual bool StopsEarly(NetworkSizes sizes) => true;

    /// <summary>Windows from which on a network that nothing is kept back from has intervals that hold by themselves.</summary>
    internal virtual long WindowsToTrust => 2000;

    /// <summary>Windows without a common step of what they forecast from which on it has such intervals: thousands that overlap
    /// by all but one of many steps are known by heart as soon as a few.</summary>
    internal virtual double IndependentToTrust => 100;

    /// <summary>Whether forecasts need to know how far off points and neighbouring steps were.</summary>
    internal virtual bool MeasuresErrors => true;

    /// <summary>What is fitted.</summary>
    private protected NetworkFit Fitted => fit!;

    /// <summary>Whether positive series are forecast on the scale of their logarithms.</summary>
    internal virtual bool UsesLog => false;

    /// <summary>Whether one series, or variable, is forecast on the scale of its logarithms, if it is positive.</summary>
    /// <param name="values">Its values, NaN where missing.</param>
    /// <param name="season">Steps of a season.</param>
    internal virtual bool UsesLogFor(double[] values, int season) => UsesLog;

    /// <summary>Steps to look back on where nothing is said, however short the series are; null for
    /// <see cref="WantedLookback"/>.</summary>
    internal virtual int? LookbackFor(int season, int horizon) => null;

    /// <summary>Steps to look back on where nothing is said and the series are long enough: two seasons, or two horizons where
    /// that is more, and one of them where two are long.</summary>
    internal virtual int WantedLookback(int season, int horizon) =>
        Math.Max(Math.Max(GlobalWindows.TwoOf(season), GlobalWindows.TwoOf(horizon)), LeastWanted);

    /// <summary>Steps to look back on where nothing is said and the series are of different lengths: what is wanted, but no more
    /// than leaves as many windows.</summary>
    /// <param name="season">Steps of a season.</param>
    /// <param name="horizon">Steps that are forecast.</param>
    /// <param name="shortest">Steps of the shortest series.</param>
    internal virtual int DefaultLookback(int season, int horizon, int shortest) =>
        Math.Clamp((shortest - horizon) / 2, 1, WantedLookback(season, horizon));

    /// <summary>Steps that must be known before a window: fewer than the look-back where a network can do with zeros before the
    /// beginning.</summary>
    internal virtual int LeastHistory(int lookback, int season) => lookback;

    /// <summary>Number of ids that tell variables, or series, apart.</summary>
    internal virtual int ChannelsOf(int series, int targets) => IsPerVariable && targets > 1 ? targets : series;

    /// <summary>Numbers that the network gives for each target and step.</summary>
    internal virtual int LevelsOf() => LossName == "quantile" ? Training.Levels.Count : 1;

    /// <summary>The loss that is made small, as far as that does not depend on the number of windows.</summary>
    internal string LossName => Training.Loss ?? Defaults.Loss;

    /// <summary>The loss that is made small.</summary>
    internal virtual string LossFor(NetworkSizes sizes) => LossName;

    /// <summary>Makes a network, not compiled.</summary>
    /// <param name="sizes">What goes in and must come out.</param>
    protected abstract Model CreateNetwork(NetworkSizes sizes);

    /// <summary>The loss that a network is compiled with.</summary>
    internal virtual Loss CreateLoss(NetworkSizes sizes) => LossFor(sizes) switch
    {
        "mae" => new MeanAbsoluteError(),
        "mse" => new MeanSquaredError(),
        _ => new Quantile(Training.Levels),
    };

    /// <summary>What a window shows the network: one source for each input.</summary>
    internal virtual IReadOnlyList<LazyArray> InputsOf(NetworkWindows windows)
    {
        NetworkSizes sizes = windows.Sizes;
        List<LazyArray> inputs = [new PastSource(windows)];
        if (sizes.FutureFeatures > 0)
        {
            inputs.Add(new FutureSource(windows));
        }

        if (sizes.StaticFeatures > 0)
        {
            inputs.Add(new StaticSource(windows));
        }

        if (ReadsChannel)
        {
            inputs.Add(new ChannelSource(windows));
        }

        return inputs;
    }

    /// <summary>What the network should give for a window.</summary>
    internal virtual LazyArray TargetsOf(NetworkWindows windows) => new TargetSource(windows);

    /// <summary>How much each target counts; null where all count once.</summary>
    internal virtual LazyArray? WeightsOf(NetworkWindows windows, bool anyMissing) =>
        anyMissing || windows.Sizes.Scaling == WindowScaling.Standard
            ? new WeightSource(windows, LossFor(windows.Sizes) == "mse" ? 2 : 1)
            : null;

    /// <summary>Steps at the end of a series that a forecast needs.</summary>
    internal virtual int TailOf(NetworkSizes sizes) => sizes.Lookback + sizes.Season;

    /// <summary>Checks the options that all networks have.</summary>
    /// <param name="check">Where problems are noted.</param>
    private protected OptionCheck CheckOptions(OptionCheck check)
    {
        check.Positive("lookback", Lookback ?? 1).Positive("horizon", Horizon ?? 1).Positive("season", Season ?? 1);
        Training.Check(check);
        return check;
    }

    /// <summary>Starts a config with the options that all networks have.</summary>
    private protected Config StartConfig()
    {
        var config = new Config();
        config.Add("lookback", Lookback);
        config.Add("horizon", Horizon);
        config.Add("season", Season);
        var own = new Config();
        Training.Write(own);
        config.Add("training", own);
        return config;
    }

    /// <summary>Reads the training options of a config.</summary>
    private protected static NetworkTraining ReadTraining(ConfigReader config)
    {
        if (config.Raw("training") is not Config own)
        {
            return new();
        }

        var reader = new ConfigReader(config.Owner + " training", own);
        NetworkTraining training = NetworkTraining.Read(reader);
        reader.RefuseUnreadKeys();
        return training;
    }

    /// <summary>Yes, no, or null where nothing is said.</summary>
    private protected static bool? ReadFlag(ConfigReader config, string key) =>
        config.Raw(key) is null ? null : config.Bool(key, false);

    /// <summary>A value of an enumeration by its name, or null.</summary>
    private protected static T? ReadEnum<T>(ConfigReader config, string key)
        where T : struct, Enum =>
        config.OptionalString(key) is not { } text ? null
        : Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value
        : throw new ConfigException($"{key} must be one of {string.Join(", ", Enum.GetNames<T>())}, but is '{text}'.")
        {
            Option = key,
        };
}
