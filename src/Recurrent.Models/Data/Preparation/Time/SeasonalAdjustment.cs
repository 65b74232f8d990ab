using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Takes the seasons away that <see cref="Stl"/> finds, or <see cref="Mstl"/> where there are several. Behind the training part
/// each season repeats its last period. For seasons that swell with the level, take logarithms before.
/// </summary>
public sealed class SeasonalAdjustment : VariablePreparation
{
    /// <summary>Creates the preparation.</summary>
    /// <param name="seasons">Lengths of the seasons in steps, each at least 2; null takes those of the series' frequency.</param>
    /// <param name="seasonalWindow">Number of periods that each season is smoothed over, at least 3; null keeps a season the same
    /// in all periods where it is the only one, and takes 11, 15, … periods where there are several.</param>
    /// <param name="robust">Whether outliers are weighted down.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SeasonalAdjustment(
        IReadOnlyList<int>? seasons = null,
        int? seasonalWindow = null,
        bool robust = false,
        IReadOnlyList<string>? variables = null)
        : base(variables)
    {
        new OptionCheck(nameof(SeasonalAdjustment))
            .Check(seasons)
            .Require(seasonalWindow is null or >= 3, $"seasonalWindow must be at least 3, but is {seasonalWindow}")
            .ThrowIfAny();
        Seasons = seasons is null ? null : [.. seasons];
        (SeasonalWindow, Robust) = (seasonalWindow, robust);
    }

    /// <summary>Lengths of the seasons in steps; null for those of the frequency.</summary>
    public IReadOnlyList<int>? Seasons { get; }

    /// <summary>Number of periods that each season is smoothed over; null for the default.</summary>
    public int? SeasonalWindow { get; }

    /// <summary>Whether outliers are weighted down.</summary>
    public bool Robust { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(SeasonalAdjustment);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("seasons", Seasons);
        config.Add("seasonal_window", SeasonalWindow);
        config.Add("robust", Robust);
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable)
    {
        ArgumentNullException.ThrowIfNull(series);
        int[] seasons = SeasonLengths.Of(series, Seasons, nameof(SeasonalAdjustment));
        double[] filled = FillMissing.Linear(training);
        Decomposition parts = seasons.Length == 1
            ? Stl.Decompose(filled, seasons[0], SeasonalWindow, Robust)
            : Mstl.Decompose(filled, seasons, SeasonalWindow is int window ? [.. seasons.Select(_ => window)] : null, Robust);
        return new Fitted(
            parts.Seasonal,
            [.. parts.Seasons.Select((season, i) => parts.Seasonals[i][^season..])]);
    }

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double[] seasonal = PreparationNames.Numbers(ClassName, state, "seasonal");
        int[] lengths = [.. state.Ints("seasons")];
        double[] last = PreparationNames.Numbers(ClassName, state, "last");
        if (lengths.Any(length => length < 2 || length > seasonal.Length) || lengths.Sum(length => (long)length) != last.Length)
        {
            throw new ConfigException($"{ClassName}: the last periods are not those of the seasons.");
        }

        int start = 0;
        return new Fitted(seasonal, [.. lengths.Select(length => last[start..(start += length)])]);
    }

    private sealed class Fitted(double[] seasonal, double[][] last) : FittedVariable
    {
        public override double[] Transform(ReadOnlySpan<double> values, int place) => Add(values, place, -1);

        public override double[] Inverse(ReadOnlySpan<double> values, int place) => Add(values, place, 1);

        public override Config GetState() => new()
        {
            { "seasonal", seasonal },
            { "seasons", last.Select(period => period.Length).ToArray() },
            { "last", last.SelectMany(period => period).ToArray() },
        };

        private double[] Add(ReadOnlySpan<double> values, int place, int sign)
        {
            double[] result = [.. values];
            for (int i = 0; i < result.Length; i++)
            {
                int behind = place + i - seasonal.Length;
                double season = behind < 0 ? seasonal[place + i] : last.Sum(period => period[behind % period.Length]);
                result[i] += sign * season;
            }

            return result;
        }
    }
}
