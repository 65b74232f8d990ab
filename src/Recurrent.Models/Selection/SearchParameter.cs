using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>What kind of values a parameter of a search has.</summary>
public enum SearchParameterKind
{
    /// <summary>Whole numbers between two bounds.</summary>
    Integer,

    /// <summary>Numbers between two bounds.</summary>
    Real,

    /// <summary>One of a list of options.</summary>
    Choice,
}

/// <summary>A parameter of a <see cref="SearchSpace"/>: its name, its values, and when it counts.</summary>
public sealed class SearchParameter
{
    private readonly string? parent;
    private readonly string? parentLabel;
    private readonly int parentPlace = -1;

    internal SearchParameter(string name, SearchParameterKind kind, double low, double high, bool isLog, int step,
        IReadOnlyList<object> options, (int Place, SearchParameter Parameter, string Label)? condition)
    {
        Name = name;
        Kind = kind;
        Low = low;
        High = high;
        IsLog = isLog;
        Step = step;
        Options = options;
        Labels = [.. options.Select(Label)];
        if (condition is { } known)
        {
            parentPlace = known.Place;
            parent = known.Parameter.Name;
            parentLabel = known.Label;
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What kind of values it has.</summary>
    public SearchParameterKind Kind { get; }

    /// <summary>Least value; 0 of a choice.</summary>
    public double Low { get; }

    /// <summary>Greatest value; of a choice the place of its last option.</summary>
    public double High { get; }

    /// <summary>Whether equal factors, and not equal differences, are equally far apart.</summary>
    public bool IsLog { get; }

    /// <summary>Distance of the values of an integer.</summary>
    public int Step { get; }

    /// <summary>The options of a choice, as text; empty for numbers.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>On which parameter, with which value, this one depends: <c>cell = lstm</c>; null where it always
    /// counts.</summary>
    public string? Condition => parent is null ? null : $"{parent} = {parentLabel}";

    internal IReadOnlyList<object> Options { get; }

    /// <summary>Place of the parameter that it depends on; −1 where it always counts.</summary>
    internal int ParentPlace => parentPlace;

    internal string? ParentLabel => parentLabel;

    /// <summary>Number of values; null of a real.</summary>
    internal long? Count => Kind switch
    {
        SearchParameterKind.Real => Low == High ? 1 : null,
        SearchParameterKind.Integer => (((long)High - (long)Low) / Step) + 1,
        _ => Options.Count,
    };

    /// <summary>A text of an option that is the same on every machine.</summary>
    internal static string Label(object option) => option switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => option.ToString() ?? string.Empty,
    };

    /// <summary>A value as text.</summary>
    internal string Text(double value) => Kind switch
    {
        SearchParameterKind.Choice => Labels[(int)value],
        SearchParameterKind.Integer => value.ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToString("G6", CultureInfo.InvariantCulture),
    };

    /// <summary>A value as plain data, for a log.</summary>
    internal object Plain(double value) => Kind switch
    {
        SearchParameterKind.Choice => Labels[(int)value],
        SearchParameterKind.Integer => (long)value,
        _ => value,
    };

    /// <summary>Place of a number between its bounds, from 0 to 1, on its own scale.</summary>
    internal double Share(double value) => Low == High ? 0.5
        : IsLog ? (Math.Log(value) - Math.Log(Low)) / (Math.Log(High) - Math.Log(Low)) : (value - Low) / (High - Low);

    /// <summary>The number at a place: of an integer the nearest of its values.</summary>
    internal double At(double share)
    {
        share = Math.Clamp(share, 0, 1);
        double value = IsLog ? Math.Exp(Math.Log(Low) + (share * (Math.Log(High) - Math.Log(Low)))) : Low
            + (share * (High - Low));
        return Kind == SearchParameterKind.Integer ? Nearest(value) : Math.Clamp(value, Low, High);
    }

    /// <summary>A number such that each of a linear integer's values, and of a choice's options, is equally likely.</summary>
    internal double Draw(double uniform)
    {
        if (Kind == SearchParameterKind.Real || (IsLog && Count > 1))
        {
            // Of a log integer each value has the width that rounding leaves it, the first and the last too.
            return Kind == SearchParameterKind.Real ? At(uniform) : FromWide(uniform);
        }

        long index = Math.Min((long)(uniform * Count!.Value), Count.Value - 1);
        return Kind == SearchParameterKind.Choice ? index : Low + (index * Step);
    }

    /// <summary>The values of a grid.</summary>
    /// <param name="points">How many a real has, and an integer on a log scale.</param>
    internal double[] Grid(int points) => Kind switch
    {
        SearchParameterKind.Choice => [.. Enumerable.Range(0, Options.Count).Select(place => (double)place)],
        SearchParameterKind.Integer when !IsLog => [.. Enumerable.Range(0, checked((int)Count!.Value))
            .Select(place => Low + ((double)place * Step))],
        _ => [.. Enumerable.Range(0, points).Select(i => points == 1 ? At(0.5) : At((double)i / (points - 1))).Distinct()],
    };

    internal Config Describe()
    {
        var config = new Config { { "name", Name }, { "kind", Kind.ToString().ToLowerInvariant() } };
        if (Kind == SearchParameterKind.Choice)
        {
            config.Add("options", Labels.Cast<object?>().ToArray());
        }
        else
        {
            config.Add("low", Low);
            config.Add("high", High);
            config.Add("log", IsLog);
            config.Add("step", (long)Step);
        }

        config.Add("when", Condition);
        return config;
    }

    private double FromWide(double uniform)
    {
        double low = Math.Log(Low - (0.5 * Math.Min(Step, Low)));
        return Nearest(Math.Exp(low + (uniform * (Math.Log(High + (0.5 * Step)) - low))));
    }

    private double Nearest(double value) => Math.Clamp(
        Low + (Step * Math.Round((value - Low) / Step)), Low, Low + (Step * (double)(Count!.Value - 1)));
}
