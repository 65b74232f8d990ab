using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// The weighted mean of a loss over the columns: what <c>"mae"</c> is as a metric. A loss converts to it, so that
/// <c>metrics: ["mae", new Huber(0.5)]</c> needs no second class of the same name.
/// </summary>
/// <remarks>The cosine similarity is the one whose sign is turned: 1 is best. The reduction of the loss plays no part.</remarks>
public sealed class LossMetric : MeanMetric
{
    private readonly Loss loss;

    /// <summary>Creates the metric.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="name">Name of the metric; default the name of the loss.</param>
    /// <exception cref="ArgumentException">The loss looks at more than a column.</exception>
    public LossMetric(Loss loss, string? name = null)
        : base(name ?? DefaultName(loss))
    {
        this.loss = loss is not BatchLoss
            ? loss
            : throw new ArgumentException(
                $"{loss.ClassName} looks at more than a column at a time, so it cannot be a metric. As the loss of the model "
                + "it is in the logs.");
    }

    /// <inheritdoc/>
    public override int Axis => loss.ColumnAxis;

    /// <summary>The loss whose mean is taken.</summary>
    public Loss Loss => loss;

    /// <summary>Keras's name of the metric, which is that of the loss but for <c>LogCoshError</c>.</summary>
    public override string ClassName => loss is LogCosh ? "LogCoshError" : loss.ClassName;

    /// <inheritdoc/>
    public override Metric Fresh() => new LossMetric(loss, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        foreach ((string key, object? value) in loss.GetConfig())
        {
            if (key is not ("name" or "reduction" or "axis"))
            {
                config.Add(key, value);
            }
        }

        if (loss.ColumnAxis != -1 || loss is CategoricalCrossentropy or SparseCategoricalCrossentropy)
        {
            config.Add("axis", loss.ColumnAxis); // Of the default Keras writes it for these two metrics only.
        }

        return config;
    }

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction)
    {
        Real value = 0;
        loss.Evaluate(target, prediction, prediction.Length, new Span<Real>(ref value), []);
        return loss.MetricSign * (Real.IsInfinity(value) ? loss.Large(target, prediction) : value);
    }

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows)
    {
        int expected = loss.TargetRows(rows);
        if (targetRows != expected)
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' needs targets of {expected} rows for {rows} outputs, but they have {targetRows}.");
        }
    }

    /// <inheritdoc/>
    private protected override bool Ignores(ReadOnlySpan<Real> target) => loss.Ignores(target);

    private static string DefaultName(Loss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return loss is LogCosh { Name: "log_cosh" } ? "logcosh" : loss.Name;
    }
}
