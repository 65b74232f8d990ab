using System.Diagnostics.CodeAnalysis;
using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// What a model is compiled with as a metric: a <see cref="Metric"/>, or a name such as <c>accuracy</c> that stands for
/// several, of which the one is taken that fits outputs and targets once they are known. Metrics, losses and names convert to
/// it.
/// </summary>
public abstract class MetricChoice : IConfigurable
{
    private protected MetricChoice(string name) => Name = name;

    /// <summary>The metric, where it is one; null where it is still to be chosen.</summary>
    public virtual Metric? Metric => null;

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name under which it appears in the history and in logs: the name it was asked for by, as in Keras.</summary>
    public string Name { get; }

    /// <summary>The metric to gather, which has seen nothing.</summary>
    /// <param name="predictionRows">Number of outputs of the model.</param>
    /// <param name="targetRows">Rows of the targets: 1 for integer labels.</param>
    public abstract Metric For(int predictionRows, int targetRows);

    /// <inheritdoc/>
    public virtual Config GetConfig() => new() { { "name", Name } };

    /// <summary>What a name stands for, with its default options; it appears under that very name.</summary>
    /// <param name="name">One of <see cref="MetricNames.Choices"/>'s names; null stays null.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator MetricChoice?(string? name) => name switch
    {
        null => null,
        _ when string.Equals(name, "accuracy", StringComparison.OrdinalIgnoreCase) => Accuracy(name),
        _ => MetricNames.Choices.Create(new ComponentConfig(name, new Config { { "name", name } })),
    };

    /// <summary>A metric, of which there is nothing left to choose.</summary>
    /// <param name="metric">The metric; null stays null.</param>
    [return: NotNullIfNotNull(nameof(metric))]
    public static implicit operator MetricChoice?(Metric? metric) => metric is null ? null : new Made(metric);

    /// <summary>A loss as a metric: its mean over the columns.</summary>
    /// <param name="loss">The loss; null stays null.</param>
    [return: NotNullIfNotNull(nameof(loss))]
    public static implicit operator MetricChoice?(Loss? loss) => loss is null ? null : new Made(loss);

    /// <summary>A loss as a metric, or the metric of a choice among losses.</summary>
    /// <param name="loss">The loss; null stays null.</param>
    [return: NotNullIfNotNull(nameof(loss))]
    public static implicit operator MetricChoice?(LossChoice? loss) => loss switch
    {
        null => null,
        { Loss: { } made } => made,
        _ => Crossentropy(loss.Name),
    };

    /// <summary>
    /// The accuracy that fits: <see cref="BinaryAccuracy"/> for one output, <see cref="SparseCategoricalAccuracy"/> for
    /// integer labels, else <see cref="CategoricalAccuracy"/>.
    /// </summary>
    internal static MetricChoice Accuracy(string name) => new Chosen("acc", name, (predictionRows, targetRows) =>
        predictionRows == 1 ? new BinaryAccuracy(name: name)
        : targetRows == 1 ? new SparseCategoricalAccuracy(name)
        : new CategoricalAccuracy(name));

    /// <summary>The mean of the crossentropy that fits.</summary>
    internal static MetricChoice Crossentropy(string name) => new Chosen(
        "ce", name, (predictionRows, targetRows) => new LossMetric(new Crossentropy().For(predictionRows, targetRows), name));

    /// <summary>One metric whatever outputs and targets are.</summary>
    private sealed class Made(Metric metric) : MetricChoice(metric.Name)
    {
        public override Metric Metric => metric;

        public override string ClassName => metric.ClassName;

        public override Metric For(int predictionRows, int targetRows) => metric.Fresh();

        public override Config GetConfig() => metric.GetConfig();
    }

    /// <summary>One among several.</summary>
    private sealed class Chosen(string className, string name, Func<int, int, Metric> choose) : MetricChoice(name)
    {
        public override string ClassName => className;

        public override Metric For(int predictionRows, int targetRows) => choose(predictionRows, targetRows);
    }
}
