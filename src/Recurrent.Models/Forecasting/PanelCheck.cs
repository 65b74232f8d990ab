using System.Globalization;
using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>Holds the series that a forecaster is given to one another and to those that it knows.</summary>
internal static class PanelCheck
{
    /// <summary>The roles of the variables of a panel, checked against what a method can use.</summary>
    /// <exception cref="ArgumentException">A variable is missing, or the method cannot use it.</exception>
    internal static SeriesRoles Roles(Forecaster method, SeriesPanel panel, SeriesRoles? roles)
    {
        if (panel.Count == 0)
        {
            throw new ArgumentException("The panel holds no series.", nameof(panel));
        }

        roles ??= new();
        SeriesRoles resolved = roles.Resolve(panel[0].Name, panel[0].Variables);
        foreach (TimeSeries series in panel)
        {
            RequireVariables(series, [.. resolved.Targets!, .. resolved.Past!, .. resolved.Future!]);
        }

        RequireUse(method, Covariates.Past, resolved.Past!, "known up to the last step only");
        RequireUse(method, Covariates.Future, resolved.Future!, "known ahead");
        RequireUse(method, Covariates.Static, resolved.Static!, "that are attributes of a series");
        return resolved;
    }

    /// <summary>A panel of one variable in which all call it as the first one does: what a variable is called in a panel of
    /// single series often is each series' own name.</summary>
    internal static SeriesPanel Aligned(SeriesPanel panel) =>
        panel.Variables.Count == 1 ? panel.Map(series => Called(series, panel.Variables)) : panel;

    /// <summary>A series of one variable by the name that is expected; any other as it is.</summary>
    internal static TimeSeries Called(TimeSeries series, IReadOnlyList<string> names) =>
        names.Count == 1 && series.Variables.Count == 1 && series.Variables[0] != names[0]
            ? series.With(names[0], series.Values.ToArray()).Select(names)
            : series;

    /// <summary>What follows the one series that a method is fitted to, under its name: it is the same series where it has its
    /// name, or else its variables.</summary>
    internal static TimeSeries Named(TimeSeries newer, string name, SeriesRoles roles) =>
        newer.Name == name && roles is { Past.Count: 0, Future.Count: 0 } ? Called(newer, roles.Targets!)
            : newer.Rename(name);

    /// <summary>A series as one that was fitted, with its end.</summary>
    internal static FittedSeries Ending(TimeSeries series) => new(
        series.Name, series.Count, series.Dates is { Count: > 0 } dates ? dates[^1] : null, series.Frequency);

    /// <summary>A series of which further steps are known.</summary>
    internal static FittedSeries Continued(FittedSeries known, TimeSeries part)
    {
        DateTime? end = part.Dates is { Count: > 0 } dates ? dates[^1]
            : known is { End: { } last, Frequency: { } frequency } ? frequency.After(last, part.Count)[^1] : null;
        return known with { Count = known.Count + part.Count, End = end };
    }

    /// <summary>Those steps of a series that come right after what is known of it; none where all are known.</summary>
    /// <exception cref="ArgumentException">They do not follow, or are of another frequency or of other variables.</exception>
    internal static TimeSeries After(FittedSeries known, SeriesRoles roles, TimeSeries newer)
    {
        RequireVariables(newer, [.. roles.Targets!, .. roles.Past!, .. roles.Future!]);
        RequireFrequency(known, newer);
        if (newer.Dates is not { Count: > 0 } dates || known.End is not { } end)
        {
            return newer;
        }

        int start = 0;
        while (start < dates.Count && dates[start] <= end)
        {
            start++;
        }

        if (start < dates.Count && known.Frequency?.StepsBetween(end, dates[start]) is not 1)
        {
            throw new ArgumentException(
                $"Series '{known.Name}' is known up to {Text(end)}, and what is to follow begins at {Text(dates[start])}, "
                + $"which is not the next step ({known.Frequency?.Name ?? "no frequency is known"}). Give the steps between "
                + "too, missing ones as NaN.");
        }

        return newer.Slice(start, dates.Count - start);
    }

    /// <summary>The covariates that are known ahead, over the steps asked for, in the order of the series.</summary>
    /// <exception cref="ArgumentException">They are missing, too short, or for other steps.</exception>
    internal static IReadOnlyList<TimeSeries> Future(
        string method, IReadOnlyList<FittedSeries> series, SeriesRoles roles, TimeSeries[] given, int horizon)
    {
        if (roles.Future!.Count == 0)
        {
            return [];
        }

        var result = new TimeSeries[series.Count];
        Dictionary<string, TimeSeries> named = given.ToDictionary(one => one.Name);
        for (int i = 0; i < result.Length; i++)
        {
            string name = series[i].Name;
            TimeSeries found = named.GetValueOrDefault(name) ?? throw new ArgumentException(
                    $"{method} was fitted with the covariates {string.Join(", ", roles.Future)}, which are known ahead: to "
                    + $"forecast series '{name}' it needs their next {horizon} values.");
            RequireVariables(found, roles.Future);
            TimeSeries ahead = After(series[i], new([], [], roles.Future, []), found);
            if (ahead.Count < horizon)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Series '{name}': {horizon} steps are asked for, but its covariates are known for {ahead.Count} of them. ")
                    + "Give more of their values, or forecast fewer steps.");
            }

            result[i] = ahead.Slice(0, horizon);
            foreach (string variable in roles.Future)
            {
                int missing = result[i].Variable(variable).IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
                if (missing >= 0)
                {
                    throw new ArgumentException(FormattableString.Invariant(
                        $"Series '{name}': the covariate '{variable}' is missing at step {missing + 1} ahead. Give a value."));
                }
            }
        }

        return result;
    }

    private static void RequireVariables(TimeSeries series, IEnumerable<string> needed)
    {
        string[] missing = [.. needed.Where(name => !series.Variables.Contains(name))];
        if (missing.Length > 0)
        {
            throw new ArgumentException(
                $"Series '{series.Name}' lacks the variable{(missing.Length == 1 ? string.Empty : "s")} "
                + $"{string.Join(", ", missing.Select(name => $"'{name}'"))}. It has: {string.Join(", ", series.Variables)}.");
        }
    }

    private static void RequireFrequency(FittedSeries known, TimeSeries newer)
    {
        if (known.Frequency is { } expected && newer.Frequency is { } found && expected != found && newer.Count > 2)
        {
            throw new ArgumentException(
                $"Series '{known.Name}' was fitted at the frequency {expected.Name}, and what is given now is {found.Name}. "
                + "Bring it to the same frequency first.");
        }
    }

    private static void RequireUse(Forecaster method, Covariates kind, IReadOnlyList<string> names, string words)
    {
        if (names.Count > 0 && !method.Uses.HasFlag(kind))
        {
            throw new ArgumentException(
                $"{method.Name} cannot use covariates {words}: {string.Join(", ", names)}. Leave them out of the roles, or "
                + "choose a method that can.");
        }
    }

    private static string Text(DateTime date) => date.ToString(
        date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
