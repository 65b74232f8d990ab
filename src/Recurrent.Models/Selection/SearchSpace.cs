using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>What a search chooses from: named parameters with their values, written in code.</summary>
/// <remarks>
/// Rates and sizes are best searched on a log scale (<c>log: true</c>), where 0.001 to 0.01 is as far as 0.01 to 0.1. What counts
/// only for some values of another parameter stands inside <see cref="When{T}"/>; what no candidate may be is said with
/// <see cref="Where"/>.
/// </remarks>
/// <example><code>
/// var space = new SearchSpace()
///     .Integer("units", 8, 128, log: true)
///     .Real("rate", 1e-4, 1e-1, log: true)
///     .Choice("cell", "gru", "lstm")
///     .When("cell", "lstm", inside => inside.Real("dropout", 0, 0.5));
/// </code></example>
public sealed class SearchSpace
{
    private const int Attempts = 10_000;

    private readonly List<SearchParameter> parameters = [];
    private readonly List<(Func<Candidate, bool> Holds, string What)> rules = [];
    private (int Place, SearchParameter Parameter, string Label)? condition;

    /// <summary>The parameters, each after the one that it depends on.</summary>
    public IReadOnlyList<SearchParameter> Parameters => parameters;

    /// <summary>Number of candidates where all parameters are whole numbers or choices and no rule leaves any out; else null.
    /// Values that do not count are not counted.</summary>
    public long? Count => rules.Count > 0 ? null : CountFrom(0, new double[parameters.Count]);

    /// <summary>Adds a whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">Least value.</param>
    /// <param name="high">Greatest value.</param>
    /// <param name="step">Distance of the values, at least 1; default 1.</param>
    /// <param name="log">Whether equal factors are equally likely; default false, equal differences.</param>
    /// <exception cref="ArgumentException">There is no such number, a log scale reaches 0, or the name is taken; the message
    /// lists everything.</exception>
    public SearchSpace Integer(string name, int low, int high, int step = 1, bool log = false)
    {
        Check(name)
            .Require(low <= high, FormattableString.Invariant($"low must not be above high, but {low} is above {high}"))
            .Require(step >= 1, FormattableString.Invariant($"step must be at least 1, but is {step}"))
            .Require(!log || low > 0,
                FormattableString.Invariant($"a log scale needs values above 0, but low is {low}"))
            .ThrowIfAny();
        return Add(new(name, SearchParameterKind.Integer, low, high, log, step, [], condition));
    }

    /// <summary>Adds a number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">Least value.</param>
    /// <param name="high">Greatest value.</param>
    /// <param name="log">Whether equal factors are equally likely; default false, equal differences.</param>
    /// <exception cref="ArgumentException">There is no such number, a log scale reaches 0, or the name is taken.</exception>
    public SearchSpace Real(string name, double low, double high, bool log = false)
    {
        Check(name)
            .Finite(nameof(low), low)
            .Finite(nameof(high), high)
            .Require(!(low > high), FormattableString.Invariant($"low must not be above high, but {low} is above {high}"))
            .Require(double.IsFinite(high - low) || !double.IsFinite(low) || !double.IsFinite(high),
                "high - low must be a finite number")
            .Require(!log || low > 0 || double.IsNaN(low),
                FormattableString.Invariant($"a log scale needs values above 0, but low is {low}"))
            .ThrowIfAny();
        return Add(new(name, SearchParameterKind.Real, low, high, log, 1, [], condition));
    }

    /// <summary>Adds a choice among options: texts, numbers, or objects that tell themselves apart by their texts.</summary>
    /// <typeparam name="T">What the options are.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="options">The options, at least one.</param>
    /// <exception cref="ArgumentException">There is no option, two have the same text, or the name is taken.</exception>
    public SearchSpace Choice<T>(string name, params T[] options)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionCheck check = Check(name).Require(options.Length > 0, "a choice needs at least one option, and there is none")
            .Require(Array.TrueForAll(options, option => option is not null), "an option is null");
        if (Array.TrueForAll(options, option => option is not null))
        {
            string? twice = options.Select(option => SearchParameter.Label(option)).GroupBy(label => label,
                StringComparer.Ordinal)
                .FirstOrDefault(labels => labels.Count() > 1)?.Key;
            check.Require(twice is null, $"the option '{twice}' is there twice: options are told apart by their texts");
        }

        check.ThrowIfAny();
        return Add(new(name, SearchParameterKind.Choice, 0, options.Length - 1, false, 1, [.. options.Cast<object>()],
            condition));
    }

    /// <summary>Adds a choice between false and true.</summary>
    /// <param name="name">Its name.</param>
    public SearchSpace Switch(string name) => Choice(name, false, true);

    /// <summary>Adds parameters that count only where another one has a certain value.</summary>
    /// <typeparam name="T">What the value is.</typeparam>
    /// <param name="parent">Name of the other parameter: a choice, a switch or an integer that is there already.</param>
    /// <param name="value">Its value.</param>
    /// <param name="inside">Adds the parameters.</param>
    /// <exception cref="ArgumentException">There is no such parameter, it never has the value, or what is around says that it
    /// has another one.</exception>
    public SearchSpace When<T>(string parent, T value, Action<SearchSpace> inside)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(inside);
        int place = parameters.FindIndex(parameter => parameter.Name == parent);
        if (place < 0)
        {
            throw new ArgumentException($"There is no parameter '{parent}' that others could depend on. "
                + $"{Names()} {Spelling.DidYouMean(parent, [.. parameters.Select(parameter => parameter.Name)])}".TrimEnd(),
                nameof(parent));
        }

        SearchParameter known = parameters[place];
        string label = SearchParameter.Label(value);
        if (known.Kind == SearchParameterKind.Real || !Has(known, label))
        {
            throw new ArgumentException(known.Kind switch
            {
                SearchParameterKind.Real => $"'{parent}' is a real number, which no parameter can depend on. Use a choice.",
                SearchParameterKind.Integer => $"'{parent}' never is {label}.",
                _ => $"'{parent}' never is '{label}'. Its options are {string.Join(", ", known.Labels)}.",
            }, nameof(value));
        }

        RequireNoContradiction(place, label);
        (int, SearchParameter, string)? around = condition;
        int before = parameters.Count;
        condition = (place, known, label);
        try
        {
            inside(this);
        }
        finally
        {
            condition = around;
        }

        return parameters.Count > before ? this : throw new ArgumentException(
            $"Inside of {parent} = {label} no parameter is added.", nameof(inside));
    }

    /// <summary>Adds a rule that every candidate must keep, such as that the units divide by the heads.</summary>
    /// <param name="holds">Whether a candidate keeps it.</param>
    /// <param name="what">What it says, for messages.</param>
    public SearchSpace Where(Func<Candidate, bool> holds, string what)
    {
        ArgumentNullException.ThrowIfNull(holds);
        ArgumentException.ThrowIfNullOrWhiteSpace(what);
        rules.Add((holds, what));
        return this;
    }

    /// <summary>Draws a candidate at random.</summary>
    /// <exception cref="ArgumentException">No candidate keeps the rules, as far as 10 000 draws can tell.</exception>
    internal Candidate Draw(ref SeededRandom random)
    {
        double[] uniforms = new double[parameters.Count];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            for (int i = 0; i < uniforms.Length; i++)
            {
                uniforms[i] = random.NextDouble();
            }

            Candidate candidate = Make(i => parameters[i].Draw(uniforms[i]));
            if (Keeps(candidate))
            {
                return candidate;
            }
        }

        throw Contradiction();
    }

    /// <summary>A candidate, parameter by parameter; those that do not count are not asked for.</summary>
    internal Candidate Make(Func<int, double> value)
    {
        double[] values = new double[parameters.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = IsActive(i, values) ? value(i) : double.NaN;
        }

        return new(parameters, values);
    }

    internal bool Keeps(Candidate candidate) => rules.TrueForAll(rule => rule.Holds(candidate));

    internal ArgumentException Contradiction() => new(
        $"The search space contradicts itself: no candidate keeps its rules "
        + $"({string.Join("; ", rules.Select(rule => rule.What))}). Widen the values of its parameters, or leave a rule out.");

    /// <summary>All candidates, the last parameter changing fastest.</summary>
    /// <param name="points">How many values a real has.</param>
    /// <param name="most">Most candidates.</param>
    internal List<Candidate> Grid(int points, int most)
    {
        double[][] values = new double[parameters.Count][];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = parameters[i] is { Kind: SearchParameterKind.Integer, IsLog: false, Count: var count } && count > most
                ? throw TooMany(most) : parameters[i].Grid(points);
        }

        List<Candidate> all = [];
        Extend(0, new double[parameters.Count]);
        return all.Count > 0 ? all : throw Contradiction();

        void Extend(int place, double[] chosen)
        {
            if (place == values.Length)
            {
                var candidate = new Candidate(parameters, [.. chosen]);
                if (Keeps(candidate))
                {
                    all.Add(candidate);
                    _ = all.Count > most ? throw TooMany(most) : 0;
                }

                return;
            }

            foreach (double value in IsActive(place, chosen) ? values[place] : [double.NaN])
            {
                chosen[place] = value;
                Extend(place + 1, chosen);
            }
        }
    }

    /// <summary>Requires that there is something to choose.</summary>
    internal void RequireParameters()
    {
        if (parameters.Count == 0)
        {
            throw new ArgumentException(
                "The search space is empty. Add parameters: new SearchSpace().Integer(\"units\", 8, 128).");
        }
    }

    internal IReadOnlyList<object?> Describe() => [.. parameters.Select(parameter => (object?)parameter.Describe()),
        .. rules.Select(rule => (object?)rule.What)];

    private static ArgumentException TooMany(int most) => new(FormattableString.Invariant(
        $"The grid has more than {most} candidates. Give wider steps or fewer points, or use a RandomSearch."));

    private static bool Has(SearchParameter parameter, string label) => parameter.Kind == SearchParameterKind.Choice
        ? parameter.Labels.Contains(label)
        : long.TryParse(label, System.Globalization.CultureInfo.InvariantCulture, out long value)
            && value >= parameter.Low && value <= parameter.High && (value - (long)parameter.Low) % parameter.Step == 0;

    private OptionCheck Check(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new OptionCheck($"Parameter '{name}'")
            .Require(!parameters.Exists(parameter => parameter.Name == name), "there is a parameter of that name already; "
                + "what two values of a choice have in common stands outside of both")
            .Require(name is not ("class_name" or "config"), "the name is one that files keep for themselves");
    }

    private SearchSpace Add(SearchParameter parameter)
    {
        parameters.Add(parameter);
        return this;
    }

    /// <summary>What is inside of a condition depends on it, and on what that depends on.</summary>
    private void RequireNoContradiction(int place, string label)
    {
        for ((int Place, string Label)? at = condition is { } inner ? (inner.Place, inner.Label) : null; at is { } known;)
        {
            if (known.Place == place && known.Label != label)
            {
                throw new ArgumentException($"Inside of {parameters[place].Name} = {known.Label}, {parameters[place].Name} never "
                    + $"is {label}: these parameters would never count.", nameof(label));
            }

            SearchParameter parameter = parameters[known.Place];
            at = parameter.ParentPlace < 0 ? null : (parameter.ParentPlace, parameter.ParentLabel!);
        }

        // The other parameter may itself count only where the one around it has another value.
        for (int up = place; parameters[up].ParentPlace is >= 0 and var above; up = above)
        {
            if (condition is { } around && around.Place == above && around.Label != parameters[up].ParentLabel)
            {
                throw new ArgumentException($"'{parameters[place].Name}' counts only where {parameters[up].Condition}, "
                    + $"which never is so inside of {around.Parameter.Name} = {around.Label}.", nameof(label));
            }
        }
    }

    private bool IsActive(int place, double[] values)
    {
        SearchParameter parameter = parameters[place];
        return parameter.ParentPlace < 0 || (!double.IsNaN(values[parameter.ParentPlace])
            && parameters[parameter.ParentPlace].Text(values[parameter.ParentPlace]) == parameter.ParentLabel);
    }

    private long? CountFrom(int place, double[] values)
    {
        if (place == parameters.Count)
        {
            return 1;
        }

        if (!IsActive(place, values))
        {
            values[place] = double.NaN;
            return CountFrom(place + 1, values);
        }

        SearchParameter parameter = parameters[place];
        if (parameter.Count is not { } own)
        {
            return null;
        }

        if (!parameters.Skip(place + 1).Any(later => later.ParentPlace == place))
        {
            values[place] = parameter.Low;
            return Product(own, CountFrom(place + 1, values));
        }

        long sum = 0;
        for (long i = 0; i < own && i < 100_000; i++)
        {
            values[place] = parameter.Kind == SearchParameterKind.Choice ? i : parameter.Low + (i * (double)parameter.Step);
            if (CountFrom(place + 1, values) is not { } rest)
            {
                return null;
            }

            sum += rest;
        }

        return sum;
    }

    private static long? Product(long own, long? rest) =>
        rest is not { } known ? null : own > long.MaxValue / Math.Max(1, known) ? long.MaxValue : own * known;

    private string Names() => parameters.Count == 0 ? "There is none yet."
        : $"There are {string.Join(", ", parameters.Select(parameter => parameter.Name))}.";
}
