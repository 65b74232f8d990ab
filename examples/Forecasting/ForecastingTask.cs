using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Examples.Forecasting;

/// <summary>A series, how it is split, and the choices that follow from its training part.</summary>
internal sealed record ForecastingTask(TimeSeries Training, TimeSeries HeldOut, int Season, int Lookback, string TransformName)
{
    // Fewer windows than this are too few to learn from and to hold some back for validation.
    private const int FewestWindows = 20;

    internal int Horizon => HeldOut.Count;

    /// <summary>The scale on which growth and seasons are even.</summary>
    internal Scaler Transform => TransformName switch
    {
        "log" => new LogTransform(),
        "sqrt" => new SquareRootTransform(),
        _ => new IdentityTransform(),
    };

    /// <summary>Reads the series and splits it.</summary>
    /// <exception cref="UsageException">The series is too short for what was asked.</exception>
    internal static ForecastingTask Load(ForecastingOptions options)
    {
        string? column = options.Column;
        var table = CsvTable.Load(Find(options.Data), new CsvOptions
        {
            Columns = column is null ? null : [column],
            DateColumn = options.Date,
            Gaps = options.Gaps,
        });
        TimeSeries series = table.ToSeries();
        if (series.HasMissing)
        {
            throw new UsageException(
                $"{table.Name} has {series.Observed().Count(seen => !seen)} missing values in column '{series.Name}', the first "
                + $"in place {Array.IndexOf(series.Observed(), false) + 1} of {series.Count}. Fill them first: a network cannot "
                + "learn from a number that is not there.");
        }

        int season = options.Season ?? SeasonOf(series);
        int horizon = options.Horizon ?? (season > 1 ? 2 * season : 10);
        int lookback = options.Lookback ?? (season > 1 ? 2 * season : 20);
        int needed = season + lookback + (2 * horizon) + FewestWindows - 1;
        if (series.Count < needed)
        {
            throw new UsageException(
                $"{table.Name} has {series.Count} values. A season of {season}, a lookback of {lookback} and a horizon of "
                + $"{horizon} need at least "
                + $"{needed}. Choose a smaller --horizon, --lookback or --season.");
        }

        (TimeSeries training, TimeSeries heldOut) = series.HoldOut(horizon);
        return new(training, heldOut, season, lookback, options.Transform is string chosen ? Check(chosen, training)
            : TransformOf(training));
    }

    // A path, or the name of a series that comes with the program.
    private static string Find(string data)
    {
        if (File.Exists(data))
        {
            return data;
        }

        string folder = Path.Combine(AppContext.BaseDirectory, "data");
        string[] names = [.. Directory.EnumerateFiles(folder, "*.csv").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];
        string name = data.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? data[..^4] : data;
        return names.Contains(name)
            ? Path.Combine(folder, name + ".csv")
            : throw new UsageException(
                $"There is no file '{data}', and no such series comes with the program. Did you mean "
                + $"'{Spelling.Nearest(name, names)}'? "
                + $"There are {string.Join(", ", names)}.");
    }

    /// <summary>How many steps a year has; a week for days, a day for hours.</summary>
    private static int SeasonOf(TimeSeries series)
    {
        if (series.Dates is not { Count: > 1 } dates)
        {
            return 1;
        }

        return ((dates[^1] - dates[0]).TotalDays / (dates.Count - 1)) switch
        {
            < 0.5 => 24,
            < 2 => 7,
            < 10 => 52,
            < 40 => 12,
            < 100 => 4,
            _ => 1,
        };
    }

    private static string TransformOf(TimeSeries training) => Least(training) switch
    {
        > 0 => "log",
        >= 0 => "sqrt",
        _ => "none",
    };

    private static string Check(string transform, TimeSeries training)
    {
        double least = Least(training);
        return transform switch
        {
            "log" when least <= 0 => throw new UsageException(FormattableString.Invariant(
                $"--transform log needs values above 0, but the least one is {least}. Use --transform {TransformOf(training)}.")),
            "sqrt" when least < 0 => throw new UsageException(FormattableString.Invariant(
                $"--transform sqrt needs values of at least 0, but the least one is {least}. Use --transform none.")),
            _ => transform,
        };
    }

    private static double Least(TimeSeries training) => training.Values.ToArray().Min();
}
