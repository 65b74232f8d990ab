using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The values of a series by their roles, in their own units; NaN where missing.</summary>
/// <param name="Name">Name of the series.</param>
/// <param name="Targets">The targets.</param>
/// <param name="Past">The past covariates.</param>
/// <param name="Future">The future covariates, which may go on behind the targets.</param>
internal sealed record SeriesValues(string Name, double[][] Targets, double[][] Past, double[][] Future)
{
    /// <summary>Number of steps of the targets.</summary>
    public int Count => Targets[0].Length;

    /// <summary>Steps of the series that came before these.</summary>
    public long Start { get; init; }

    /// <summary>Targets, past and future covariates.</summary>
    public IEnumerable<double[]> All => [.. Targets, .. Past, .. Future];

    /// <summary>Takes the values of a series.</summary>
    public static SeriesValues Of(TimeSeries series, SeriesRoles roles) => new(
        series.Name, Take(series, roles.Targets!), Take(series, roles.Past!), Take(series, roles.Future!));

    /// <summary>The values with others behind them.</summary>
    public SeriesValues Followed(SeriesValues by) => new(
        Name, Join(Targets, by.Targets), Join(Past, by.Past),
        Join(Array.ConvertAll(Future, values => values[..Count]), by.Future))
    { Start = Start };

    /// <summary>The last steps.</summary>
    public SeriesValues Last(int steps)
    {
        int first = Math.Max(0, Count - steps);
        return new(Name, Cut(Targets), Cut(Past), Cut(Future)) { Start = Start + first };
        double[][] Cut(double[][] all) => Array.ConvertAll(all, values => values[first..]);
    }

    private static double[][] Take(TimeSeries series, IReadOnlyList<string> names) =>
        [.. names.Select(name => series.Variable(name).ToArray())];

    private static double[][] Join(double[][] some, double[][] more) =>
        [.. some.Zip(more, (first, second) => (double[])[.. first, .. second])];
}

/// <summary>How covariates and attributes of a panel become numbers of about 1, the same for all series.</summary>
internal sealed class PanelEncoding
{
    private readonly SeriesScale[] past;
    private readonly SeriesScale[] future;

    public PanelEncoding(SeriesScale[] past, SeriesScale[] future) => (this.past, this.future) = (past, future);

    /// <summary>Learns from the values of a panel.</summary>
    /// <param name="panel">The series.</param>
    public static PanelEncoding Of(IReadOnlyList<SeriesValues> panel) => new(
        [.. panel[0].Past.Select((_, i) => SeriesScale.Of(panel.SelectMany(series => series.Past[i])))],
        [.. panel[0].Future.Select((_, i) => SeriesScale.Of(panel.SelectMany(series => series.Future[i])))]);

    /// <summary>The series as networks see it.</summary>
    /// <param name="series">The values.</param>
    /// <param name="scales">The scales of its targets.</param>
    /// <param name="attributes">Its static features.</param>
    public NetworkSeries Encode(SeriesValues series, SeriesScale[] scales, Real[] attributes) => new(
        series.Name, series.Targets, scales, Scaled(series.Past, past), Scaled(series.Future, future), attributes)
    { Start = series.Start };

    /// <summary>As plain data.</summary>
    public Config ToConfig()
    {
        var config = new Config();
        config.Add("past", StoredState.Pack(Plain(past)));
        config.Add("future", StoredState.Pack(Plain(future)));
        return config;
    }

    /// <summary>Reads what <see cref="ToConfig"/> wrote.</summary>
    public static PanelEncoding Read(ConfigReader config, int past, int future) =>
        new(ReadScales(config, "past", past), ReadScales(config, "future", future));

    /// <summary>Scales as a row of numbers.</summary>
    internal static double[] Plain(SeriesScale[] scales) =>
        [.. scales.SelectMany(scale => new[] { scale.Mean, scale.Deviation })];

    /// <summary>Reads what <see cref="Plain"/> wrote.</summary>
    internal static SeriesScale[] ReadScales(ConfigReader config, string key, int count)
    {
        double[] numbers = StoredState.Numbers(config, key);
        return numbers.Length == 2 * count && Enumerable.Range(0, count).All(i => numbers[(2 * i) + 1] > 0)
            ? [.. Enumerable.Range(0, count).Select(i => new SeriesScale(numbers[2 * i], numbers[(2 * i) + 1]))]
            : throw new ConfigException($"'{key}' must hold a mean and a positive deviation for each of {count} variables.");
    }

    private static double[][] Scaled(double[][] all, SeriesScale[] scales) =>
        [.. all.Select((values, i) => Array.ConvertAll(values, value => (value - scales[i].Mean) / scales[i].Deviation))];
}
