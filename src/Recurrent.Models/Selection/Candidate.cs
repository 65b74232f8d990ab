using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>One point of a <see cref="SearchSpace"/>: a value for each parameter that counts.</summary>
public sealed class Candidate : IEquatable<Candidate>
{
    private readonly IReadOnlyList<SearchParameter> parameters;
    private readonly double[] values;

    internal Candidate(IReadOnlyList<SearchParameter> parameters, double[] values)
    {
        this.parameters = parameters;
        this.values = values;
    }

    /// <summary>The parameters that count, in their order, with their values as text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values => [.. Active().Select(i =>
        KeyValuePair.Create(parameters[i].Name, parameters[i].Text(values[i])))];

    internal ReadOnlySpan<double> Places => values;

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter, or it does not count here.</exception>
    /// <exception cref="InvalidOperationException">The parameter is of another kind.</exception>
    public int Integer(string name) => (int)values[Place(name, SearchParameterKind.Integer)];

    /// <summary>A number; of an integer too.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter, or it does not count here.</exception>
    /// <exception cref="InvalidOperationException">The parameter is of another kind.</exception>
    public double Real(string name) => values[Place(name, SearchParameterKind.Real, SearchParameterKind.Integer)];

    /// <summary>The option that was chosen, as text.</summary>
    /// <param name="name">Name of the choice.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter, or it does not count here.</exception>
    /// <exception cref="InvalidOperationException">The parameter is of another kind.</exception>
    public string Choice(string name)
    {
        int place = Place(name, SearchParameterKind.Choice);
        return parameters[place].Labels[(int)values[place]];
    }

    /// <summary>The option that was chosen.</summary>
    /// <typeparam name="T">What the options are.</typeparam>
    /// <param name="name">Name of the choice.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter, or it does not count here.</exception>
    /// <exception cref="InvalidOperationException">The parameter is of another kind, or its options are of another
    /// type.</exception>
    public T Choice<T>(string name)
    {
        int place = Place(name, SearchParameterKind.Choice);
        object option = parameters[place].Options[(int)values[place]];
        return option is T chosen ? chosen : throw new InvalidOperationException(
            $"The options of '{name}' are of type {option.GetType().Name}, not {typeof(T).Name}.");
    }

    /// <summary>Whether a switch is on.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter, or it does not count here.</exception>
    /// <exception cref="InvalidOperationException">The parameter is of another kind.</exception>
    public bool Switch(string name) => Choice<bool>(name);

    /// <summary>Whether a parameter counts for this candidate.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such parameter.</exception>
    public bool Has(string name) => !double.IsNaN(values[Find(name)]);

    /// <inheritdoc/>
    public bool Equals(Candidate? other) => other is not null && ReferenceEquals(parameters, other.parameters)
        && values.AsSpan().SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Candidate);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (double value in values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>The values in one line: <c>units 32, rate 0.01, cell lstm</c>.</summary>
    public override string ToString() => string.Join(", ", Values.Select(pair => $"{pair.Key} {pair.Value}"));

    internal Config ToConfig()
    {
        var config = new Config();
        foreach (int i in Active())
        {
            config.Add(parameters[i].Name, parameters[i].Plain(values[i]));
        }

        return config;
    }

    private IEnumerable<int> Active() => Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]));

    private int Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Name == name)
            {
                return i;
            }
        }

        string[] names = [.. parameters.Select(parameter => parameter.Name)];
        throw new KeyNotFoundException(($"The search space has no parameter '{name}'. It has {string.Join(", ", names)}. "
            + Spelling.DidYouMean(name, names)).TrimEnd());
    }

    private int Place(string name, params ReadOnlySpan<SearchParameterKind> kinds)
    {
        int place = Find(name);
        SearchParameter parameter = parameters[place];
        if (!kinds.Contains(parameter.Kind))
        {
            throw new InvalidOperationException($"'{name}' is {Kind(parameter.Kind)}, not {Kind(kinds[0])}. Read it with "
                + $"candidate.{parameter.Kind}(\"{name}\").");
        }

        return !double.IsNaN(values[place]) ? place : throw new KeyNotFoundException(
            $"'{name}' counts only where {parameter.Condition}, and this candidate is: {this}. "
            + $"Ask candidate.Has(\"{name}\") first.");
    }

    private static string Kind(SearchParameterKind kind) => kind switch
    {
        SearchParameterKind.Integer => "a whole number",
        SearchParameterKind.Real => "a real number",
        _ => "a choice",
    };
}
