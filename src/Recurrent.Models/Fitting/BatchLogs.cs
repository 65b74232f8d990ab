using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>
/// What callbacks see after a batch. Results of metrics are computed when somebody asks for them, so that a run whose callbacks
/// look at the loss alone does not pay for the others after every batch.
/// </summary>
internal sealed class BatchLogs : IReadOnlyDictionary<string, double>
{
    private readonly Objective objective;
    private IReadOnlyDictionary<string, double>? computed;

    public BatchLogs(Objective objective) => this.objective = objective;

    public IEnumerable<string> Keys => All.Keys;

    public IEnumerable<double> Values => All.Values;

    public int Count => All.Count;

    private IReadOnlyDictionary<string, double> All => computed ??= objective.Logs();

    public double this[string key] => key == Objective.LossName ? objective.MeanLoss : All[key];

    /// <summary>Says that a batch has been added.</summary>
    public void Renew() => computed = null;

    public bool ContainsKey(string key) => All.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value)
    {
        if (key == Objective.LossName)
        {
            value = objective.MeanLoss;
            return true;
        }

        return All.TryGetValue(key, out value);
    }

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => All.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
