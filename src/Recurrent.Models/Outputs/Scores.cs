using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Recurrent.Callbacks;

namespace Recurrent.Models;

/// <summary>Loss and metrics by name, in the order in which the model has them. It prints as <c>loss: 0.0123 - mae:
/// 0.0800</c>.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A user reads scores; that they are a dictionary is beside the point.")]
public sealed class Scores : IReadOnlyDictionary<string, double>
{
    private readonly KeyValuePair<string, double>[] ordered;
    private readonly Dictionary<string, double> scores;

    internal Scores(IReadOnlyDictionary<string, double> scores)
    {
        ordered = [.. scores];
        this.scores = new(scores, StringComparer.Ordinal);
    }

    /// <summary>The loss, penalties included.</summary>
    public double Loss => scores["loss"];

    /// <inheritdoc/>
    public IEnumerable<string> Keys => ordered.Select(score => score.Key);

    /// <inheritdoc/>
    public IEnumerable<double> Values => ordered.Select(score => score.Value);

    /// <inheritdoc/>
    public int Count => ordered.Length;

    /// <summary>A score.</summary>
    /// <param name="key">Its name: <c>loss</c>, or that of a metric.</param>
    /// <exception cref="KeyNotFoundException">There is no such score; the message lists those there are.</exception>
    public double this[string key] => scores.TryGetValue(key, out double value)
        ? value
        : throw new KeyNotFoundException($"There is no score '{key}'. There are {string.Join(", ", Keys)}.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => scores.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value) => scores.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => ordered.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The scores in one line: <c>loss: 0.0123 - mae: 0.0800</c>.</summary>
    public override string ToString() => LogText.Figures(this, " - ");
}
