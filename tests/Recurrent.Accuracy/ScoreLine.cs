using System.Text.Json;

namespace Recurrent.Accuracy;

/// <summary>The scores of a run: one line of JSON, with what applies.</summary>
internal sealed class ScoreLine
{
    private readonly List<KeyValuePair<string, object>> entries = [];

    internal ScoreLine(string set, string method)
    {
        entries.Add(new("set", set));
        entries.Add(new("method", method));
    }

    /// <summary>Adds a score; one that does not apply, NaN or null, is left out.</summary>
    internal ScoreLine Add(string key, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            entries.Add(new(key, Math.Round(number, 6)));
        }

        return this;
    }

    /// <summary>Adds a count or a text.</summary>
    internal ScoreLine Add(string key, object value)
    {
        entries.Add(new(key, value));
        return this;
    }

    internal string ToJson() => JsonSerializer.Serialize(entries.ToDictionary(entry => entry.Key, entry => entry.Value));
}
