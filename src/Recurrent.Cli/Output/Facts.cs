using System.Collections;

namespace Recurrent.Cli.Output;

/// <summary>Named values, for a table or a JSON object.</summary>
internal sealed class Facts : IEnumerable<Fact>
{
    private readonly List<Fact> all = [];

    /// <summary>Adds a value; one that is null is left out of tables and null in JSON.</summary>
    internal void Add(string key, string title, object? value) => all.Add(new(key, title, value));

    public IEnumerator<Fact> GetEnumerator() => all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A named value.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Title">Its name in a table.</param>
/// <param name="Value">A text, a number, a boolean, a list, or null.</param>
internal sealed record Fact(string Key, string Title, object? Value);
