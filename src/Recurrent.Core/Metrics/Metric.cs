using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>A figure that is gathered batch by batch. It is created anew for every run: it holds what it has seen so far.</summary>
public abstract class Metric : IConfigurable
{
    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name under which it appears in the history and in logs.</summary>
    public abstract string Name { get; }

    /// <summary>The figure over everything seen since the last <see cref="Reset"/>; NaN when nothing was seen.</summary>
    public abstract double Result { get; }

    /// <summary>Forgets everything seen.</summary>
    public abstract void Reset();

    /// <summary>Takes in a batch.</summary>
    /// <param name="targets">Targets, columns of <paramref name="targetRows"/> entries one after the other.</param>
    /// <param name="targetRows">Rows of the targets: as many as the predictions have, or 1 for integer labels.</param>
    /// <param name="predictions">Predictions, columns of <paramref name="rows"/> entries one after the other.</param>
    /// <param name="rows">Rows of the predictions.</param>
    /// <param name="weights">Weight of each column (0 where a mask hides it); empty where all count once.</param>
    public abstract void Update(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>The metric of a name, such as <c>"mae"</c>, with its default options.</summary>
    /// <param name="name">One of <see cref="MetricNames.Registry"/>'s names.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    public static implicit operator Metric(string name) => MetricNames.Registry.Create(name);
}
