using System.Collections;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Many series of the same variables, each with a name of its own, and what is always so of each. A panel never changes.
/// </summary>
/// <example>
/// <code>
/// var panel = new SeriesPanel([berlin, paris], new Dictionary&lt;string, IReadOnlyDictionary&lt;string, AttributeValue&gt;&gt;
/// {
///     ["Berlin"] = new Dictionary&lt;string, AttributeValue&gt; { ["country"] = "DE", ["size"] = 891.8 },
///     ["Paris"] = new Dictionary&lt;string, AttributeValue&gt; { ["country"] = "FR", ["size"] = 105.4 },
/// });
/// </code>
/// </example>
public sealed partial class SeriesPanel : IReadOnlyList<TimeSeries>
{
    private readonly TimeSeries[] series;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <summary>Creates a panel.</summary>
    /// <param name="series">The series: names differ, variables are the same in the same order. They may begin and end at dates
    /// of their own.</param>
    /// <param name="attributes">For each name of a series, what is always so of it; null for none. All series have the same
    /// attributes, or none.</param>
    /// <exception cref="ArgumentException">There is no series, a name comes twice, variables differ, or attributes are not those
    /// of the series; the message says which.</exception>
    public SeriesPanel(IEnumerable<TimeSeries> series,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, AttributeValue>>? attributes = null)
        : this(series, attributes, new Dictionary<string, string>())
    {
    }

    internal SeriesPanel(IEnumerable<TimeSeries> series,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, AttributeValue>>? attributes, IReadOnlyDictionary<string,
            string> leftOut)
    {
        ArgumentNullException.ThrowIfNull(series);
        LeftOut = leftOut;
        this.series = [.. series];
        if (this.series.Length == 0)
        {
            throw new ArgumentException("A panel has at least one series.", nameof(series));
        }

        for (int i = 0; i < this.series.Length; i++)
        {
            Add(this.series[i], i);
        }

        Attributes = Checked(attributes);
        AttributeNames = [.. Attributes[this.series[0].Name].Keys];
    }

    /// <summary>Number of series.</summary>
    public int Count => series.Length;

    /// <summary>Names of the series, in their order.</summary>
    public IReadOnlyList<string> Names => [.. series.Select(one => one.Name)];

    /// <summary>Names of the variables that every series has.</summary>
    public IReadOnlyList<string> Variables => series[0].Variables;

    /// <summary>Names of what is always so of each series.</summary>
    public IReadOnlyList<string> AttributeNames { get; }

    /// <summary>For each name of a series, what is always so of it; empty for none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, AttributeValue>> Attributes { get; }

    /// <summary>Series that could not be read and were left out (<see cref="BadSeries.LeaveOut"/>): their names, and
    /// why.</summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; }

    /// <summary>Whether a value of any series is missing.</summary>
    public bool HasMissing => Array.Exists(series, one => one.HasMissing);

    /// <inheritdoc/>
    public TimeSeries this[int index] => index >= 0 && index < series.Length ? series[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The panel has {Count} series, and none at {index}.");

    /// <summary>The series of a name.</summary>
    /// <param name="name">The name, exactly.</param>
    /// <exception cref="ArgumentException">There is none of this name; the message names those that are near it.</exception>
    public TimeSeries this[string name] => series[PlaceOf(name)];

    /// <summary>Whether there is a series of a name.</summary>
    /// <param name="name">The name, exactly.</param>
    public bool Contains(string name) => places.ContainsKey(name);

    /// <summary>Some of the series, in the order of the names, with their attributes.</summary>
    /// <param name="names">The names, exactly.</param>
    /// <exception cref="ArgumentException">There is none of a name, or a name comes twice.</exception>
    public SeriesPanel Select(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new([.. names.Select(name => this[name])], names.Distinct().ToDictionary(name => name, name => Attributes[name]));
    }

    /// <summary>Some of the variables of every series.</summary>
    /// <param name="names">Names of the variables.</param>
    /// <exception cref="ArgumentException">There is no such variable, or a name comes twice.</exception>
    public SeriesPanel SelectVariables(params IReadOnlyList<string> names) => Map(one => one.Select(names));

    /// <summary>A panel of what becomes of each series, with the same attributes. Names stay.</summary>
    /// <param name="change">What becomes of a series.</param>
    /// <exception cref="ArgumentException">What comes is no panel: variables differ, or names are others.</exception>
    public SeriesPanel Map(Func<TimeSeries, TimeSeries> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new([.. series.Select(change)], Attributes, LeftOut);
    }

    /// <summary>Cuts the last values of every series off: what a model learns from, and what it is judged on.</summary>
    /// <param name="steps">Number of values to hold out of each.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing would be left of a series, which the message names.</exception>
    public (SeriesPanel Training, SeriesPanel HeldOut) HoldOut(int steps)
    {
        (TimeSeries Training, TimeSeries HeldOut)[] parts = [.. series.Select(one => one.HoldOut(steps))];
        return (new([.. parts.Select(part => part.Training)], Attributes),
            new([.. parts.Select(part => part.HeldOut)], Attributes));
    }

    /// <inheritdoc/>
    public IEnumerator<TimeSeries> GetEnumerator() => ((IEnumerable<TimeSeries>)series).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Number of series, their lengths and variables.</summary>
    public override string ToString()
    {
        int shortest = series.Min(one => one.Count);
        int longest = series.Max(one => one.Count);
        return FormattableString.Invariant(
            $"{Count} series of {shortest}{(longest > shortest ? $" to {longest}" : string.Empty)} ")
            + $"values of {string.Join(", ", Variables)}";
    }

    private void Add(TimeSeries one, int place)
    {
        ArgumentNullException.ThrowIfNull(one);
        if (!places.TryAdd(one.Name, place))
        {
            throw new ArgumentException(
                $"The panel has two series of the name '{one.Name}' (places {places[one.Name]} and {place}). "
                + "Rename one, so that each name means one series.");
        }

        // Series of one variable are alike whatever each calls it: it often has the series' own name.
        if (one.Variables.Count != series[0].Variables.Count || (place > 0 && one.Variables.Count > 1
            && !one.Variables.SequenceEqual(series[0].Variables)))
        {
            throw new ArgumentException(
                $"The series of a panel have the same variables, but '{series[0].Name}' has "
                    + $"{string.Join(", ", series[0].Variables)} "
                + $"and '{one.Name}' has {string.Join(", ", one.Variables)}. Select those that all have.");
        }
    }

    private Dictionary<string, IReadOnlyDictionary<string, AttributeValue>> Checked(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, AttributeValue>>? given)
    {
        foreach (string name in given?.Keys ?? [])
        {
            PlaceOf(name);
        }

        var none = new Dictionary<string, AttributeValue>();
        var all = new Dictionary<string, IReadOnlyDictionary<string, AttributeValue>>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, AttributeValue> first = given?.GetValueOrDefault(series[0].Name) ?? none;
        foreach (TimeSeries one in series)
        {
            IReadOnlyDictionary<string, AttributeValue> own = given?.GetValueOrDefault(one.Name) ?? none;
            if (own.Count != first.Count || own.Keys.Any(name => !first.ContainsKey(name)))
            {
                throw new ArgumentException(
                    $"All series of a panel have the same attributes, but '{series[0].Name}' has "
                        + $"({string.Join(", ", first.Keys)}) and "
                    + $"'{one.Name}' has ({string.Join(", ", own.Keys)}).");
            }

            string? mixed = first.Keys.FirstOrDefault(name => first[name].IsNumber != own[name].IsNumber);
            if (mixed is not null)
            {
                throw new ArgumentException($"Attribute '{mixed}' is a {(first[mixed].IsNumber ? "number" : "text")} of "
                    + $"'{series[0].Name}' and a {(own[mixed].IsNumber ? "number" : "text")} of '{one.Name}': it is one of "
                    + $"both.");
            }

            all[one.Name] = new Dictionary<string, AttributeValue>(own, StringComparer.Ordinal);
        }

        return all;
    }

    private int PlaceOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (places.TryGetValue(name, out int place))
        {
            return place;
        }

        const int shown = 10;
        throw new ArgumentException($"The panel has no series '{name}'. {Spelling.DidYouMean(name, [.. places.Keys])}It has "
            + $"{string.Join(", ", places.Keys.Take(shown))}{(Count > shown ? $" and {Count - shown} more" : string.Empty)}.",
            nameof(name));
    }
}
