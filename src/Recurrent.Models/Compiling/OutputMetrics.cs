using System.Collections;
using System.Runtime.CompilerServices;
using Recurrent.Losses;
using Recurrent.Metrics;

namespace Recurrent.Models;

/// <summary>
/// The metrics of a model: for one output a list of them, for several a list for each output, in order or by name.
/// </summary>
/// <example><code>
/// model.Compile("adam", "mse", metrics: ["mae"]);                              // one output
/// model.Compile("adam", ["mse", "ce"], metrics: [["mae"], ["accuracy"]]);      // two
/// model.Compile("adam", losses, metrics: new() { ["sold"] = ["accuracy", "auc"] });
/// </code></example>
[CollectionBuilder(typeof(OutputMetrics), nameof(Create))]
public sealed class OutputMetrics : IEnumerable<OutputMetrics>
{
    private readonly OutputMetrics[] items = [];
    private readonly Dictionary<string, OutputMetrics>? named;

    /// <summary>Starts with nothing; add a list by the name of an output.</summary>
    public OutputMetrics() => named = new(StringComparer.Ordinal);

    private OutputMetrics(MetricChoice metric) => Metric = metric;

    private OutputMetrics(OutputMetrics[] items) => this.items = items;

    /// <summary>Sets the metrics of the output of a name.</summary>
    /// <param name="name">Name of the layer that gives the output.</param>
    public OutputMetrics this[string name]
    {
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (named ?? throw new InvalidOperationException("Metrics in order have no names. Begin with new OutputMetrics()."))[
                name] = value;
        }
    }

    /// <summary>The metric, where it is one.</summary>
    internal MetricChoice? Metric { get; }

    /// <summary>What is given in order: metrics, or lists of them.</summary>
    internal IReadOnlyList<OutputMetrics> Items => items;

    /// <summary>What is given by name; null where it is not.</summary>
    internal IReadOnlyDictionary<string, OutputMetrics>? Named => named;

    /// <summary>Metrics, or a list of them for each output; a collection expression <c>[a, b]</c> calls it.</summary>
    /// <param name="items">The metrics or lists.</param>
    public static OutputMetrics Create(ReadOnlySpan<OutputMetrics> items) => new(items.ToArray());

    /// <summary>A metric by its name, such as <c>"mae"</c>.</summary>
    /// <param name="name">One of the names of <see cref="MetricNames.Choices"/>.</param>
    /// <exception cref="Registration.ConfigException">
    /// The name is unknown; the message lists the valid names and the nearest one.
    /// </exception>
    public static implicit operator OutputMetrics(string name) => name is null ? null! : new((MetricChoice)name);

    /// <summary>A metric.</summary>
    /// <param name="metric">The metric.</param>
    public static implicit operator OutputMetrics(Metric metric) => metric is null ? null! : new((MetricChoice)metric);

    /// <summary>A metric, or a choice among several.</summary>
    /// <param name="metric">The metric.</param>
    public static implicit operator OutputMetrics(MetricChoice metric) => metric is null ? null! : new(metric);

    /// <summary>A loss as a metric.</summary>
    /// <param name="loss">The loss.</param>
    public static implicit operator OutputMetrics(Loss loss) => loss is null ? null! : new((MetricChoice)loss);

    /// <summary>A loss as a metric, or a choice among several.</summary>
    /// <param name="loss">The loss.</param>
    public static implicit operator OutputMetrics(LossChoice loss) => loss is null ? null! : new((MetricChoice)loss);

    /// <summary>Metrics of one output, or one for each of several.</summary>
    /// <param name="metrics">The metrics.</param>
    public static implicit operator OutputMetrics(Metric[] metrics) =>
        metrics is null ? null! : new([.. metrics.Select(metric => (OutputMetrics)metric)]);

    /// <summary>Metrics of one output, or one for each of several.</summary>
    /// <param name="metrics">The metrics.</param>
    public static implicit operator OutputMetrics(List<Metric> metrics) => metrics is null ? null! : metrics.ToArray();

    /// <summary>Metrics of one output, or one for each of several.</summary>
    /// <param name="metrics">The metrics.</param>
    public static implicit operator OutputMetrics(MetricChoice[] metrics) =>
        metrics is null ? null! : new([.. metrics.Select(metric => (OutputMetrics)metric)]);

    /// <summary>Metrics of one output by their names, or one for each of several.</summary>
    /// <param name="names">The names.</param>
    public static implicit operator OutputMetrics(string[] names) =>
        names is null ? null! : new([.. names.Select(name => (OutputMetrics)name)]);

    /// <summary>Metrics by the names of outputs.</summary>
    /// <param name="named">The metrics.</param>
    public static implicit operator OutputMetrics(Dictionary<string, OutputMetrics> named)
    {
        if (named is null)
        {
            return null!;
        }

        var metrics = new OutputMetrics();
        foreach ((string name, OutputMetrics own) in named)
        {
            metrics[name] = own;
        }

        return metrics;
    }

    /// <inheritdoc/>
    public IEnumerator<OutputMetrics> GetEnumerator() => (named?.Values ?? (IEnumerable<OutputMetrics>)items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>All metrics in it, however they are put together.</summary>
    internal IEnumerable<MetricChoice?> All() => Metric is not null ? [Metric] : this.SelectMany(item => item?.All() ?? [null]);
}
