namespace Recurrent.Data;

/// <summary>What names of columns say about what is in them.</summary>
internal static class ColumnHints
{
    private static readonly string[] Dates =
    [
        "date", "time", "datetime", "timestamp", "ds", "day", "month", "year", "week", "quarter", "period", "datum", "zeit",
            "zeitstempel",
        "jahr", "monat", "fecha", "jour", "mois", "unix", "epoch", "dteday", "observationdate", "timeperiod", "reftime", "ts",
    ];

    private static readonly string[] Names =
    [
        "name", "symbol", "ticker", "location", "source", "series", "seriesid", "uniqueid", "id", "itemid", "item", "store",
            "storeid",
        "shop", "country", "countryname", "state", "region", "city", "town", "station", "stationid", "sensor", "sensorid",
            "entity", "product",
        "productid", "sku", "variable", "variablename", "category", "group", "key", "dept", "department", "meter", "meterid",
            "stock",
        "company", "family", "client", "customer", "customerid", "device", "deviceid", "asset", "pair", "currency", "indicator",
            "sector",
    ];

    private static readonly string[] Counters =
        ["", "unnamed0", "rownames", "rowname", "index", "idx", "id", "no", "nr", "row", "rownumber", "obs", "instant", "x1",
            "v1", "num"];

    /// <summary>The name of months, or of quarters.</summary>
    internal const string Period = "period";

    /// <summary>Parts of a date that stand in columns of their own, from the year down.</summary>
    internal static readonly string[][] DateParts =
    [
        ["year", "yr", "yyyy", "jahr", "año", "annee", "année"], ["month", "mon", "mo", "mnth", "mm", "monat", "mes", "mois",
            Period],
        ["day", "dy", "dd", "tag", "mday", "dayofmonth", "dateofmonth",
            "monthday", "dom", "día", "jour"], ["hour", "hr", "hh", "stunde",
            "hora", "heure", "he", "hourending", "hourofday", "hod"],
        ["minute", "min", "mi"],
    ];

    /// <summary>Names of columns of quarters.</summary>
    internal static readonly string[] Quarters = ["quarter", "qtr", "q", "quartal", Period];

    /// <summary>Names of columns of weeks.</summary>
    internal static readonly string[] Weeks =
        ["week", "weekno", "weeknumber", "weekofyear", "isoweek", "epiweek", "wk", "kw", "woche", "semaine", "semana"];

    /// <summary>Names of columns of days of a year.</summary>
    internal static readonly string[] DaysOfYear = ["doy", "dayofyear", "yday", "yearday", "jday"];

    /// <summary>Whether a name says that a column holds dates.</summary>
    internal static bool IsDate(string name) => Dates.Contains(Plain(name))
        || Dates.Take(3).Any(hint => Plain(name).EndsWith(hint, StringComparison.Ordinal) || Plain(name)
        .StartsWith(hint, StringComparison.Ordinal));

    /// <summary>Whether a name says that a column numbers steps.</summary>
    internal static bool IsStep(string name) =>
        IsDate(name) || Plain(name) is "t" or "step" or "steps" or "index" or "timeindex" or "timeidx" or "seconds" or "secs"
            or "sec" or "elapsed" or "elapsedtime" or "elapsedseconds" or "sample";

    /// <summary>Whether a name says that a column holds times of day, as 1830 perhaps.</summary>
    internal static bool IsClock(string name) => Is(name, DateParts[3])
        || Plain(name) is "time" or "hhmm" or "hrmn" or "timeofday" or "uhrzeit" or "zeit" or "hora" or "heure";

    /// <summary>Whether a name is one of weeks, or ends in one.</summary>
    internal static bool IsWeek(string name) => Array.Exists(Weeks, week => week.Length > 2 && Plain(name).EndsWith(week,
        StringComparison.Ordinal)) || Is(name, Weeks);

    /// <summary>Whether a name speaks of quarters.</summary>
    internal static bool IsQuarter(string name) => Plain(name) is "quarter" or "quarters" or "qtr" or "yearquarter" or "yearqtr"
        or "quartal" or "trimestre";

    /// <summary>Whether a name says that numbers are days, as spreadsheets count them.</summary>
    internal static bool IsDay(string name) => Plain(name) is var plain && (plain.Contains("date", StringComparison.Ordinal)
        || plain.Contains("datum", StringComparison.Ordinal) || plain.Contains("fecha", StringComparison.Ordinal));

    /// <summary>Whether a name says that a column names series.</summary>
    internal static bool IsName(string name) => Names.Contains(Plain(name));

    /// <summary>Whether a name says that a column counts rows.</summary>
    internal static bool IsCounter(string name) => Counters.Contains(Plain(name)) || name.Trim() == "X";

    /// <summary>Whether a name is one of some.</summary>
    internal static bool Is(string name, string[] names) => names.Contains(Plain(name));

    private static string Plain(string name) =>
        string.Concat(name.Where(character => char.IsLetterOrDigit(character))).ToLowerInvariant();
}
