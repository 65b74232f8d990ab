using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Preparations one after another: each is fitted on what the one before gives, and they are undone from the last to the
/// first.</summary>
public sealed class PreparationPipeline : Preparation
{
    private readonly Preparation[] steps;

    /// <summary>Creates a pipeline.</summary>
    /// <param name="steps">The preparations in their order; none leaves series as they are.</param>
    /// <exception cref="ArgumentException">One is null, or is there twice.</exception>
    public PreparationPipeline(params IReadOnlyList<Preparation> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        this.steps = [.. steps];
        new OptionCheck(nameof(PreparationPipeline))
            .Require(steps.All(step => step is not null), "steps must be preparations, but one is null", nameof(steps))
            .Require(
                steps.Distinct(ReferenceEqualityComparer.Instance).Count() == steps.Count,
                "a preparation is in steps twice. Create one for each place", nameof(steps))
            .ThrowIfAny();
    }

    /// <summary>The preparations in their order.</summary>
    public IReadOnlyList<Preparation> Steps => steps;

    /// <inheritdoc/>
    public override string ClassName => nameof(PreparationPipeline);

    /// <inheritdoc/>
    public override bool IsFitted => Array.TrueForAll(steps, step => step.IsFitted);

    /// <inheritdoc/>
    public override TimeSeries Transform(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return steps.Aggregate(series, (prepared, step) => step.Transform(prepared));
    }

    /// <inheritdoc/>
    protected internal override TimeSeries TransformKnown(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return steps.Aggregate(series, (prepared, step) => step.TransformKnown(prepared));
    }

    /// <inheritdoc/>
    public override TimeSeries Inverse(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Enumerable.Reverse(steps).Aggregate(series, (prepared, step) => step.Inverse(prepared));
    }

    /// <inheritdoc/>
    public override ValuesAhead Inverse(ValuesAhead ahead)
    {
        ArgumentNullException.ThrowIfNull(ahead);
        return Enumerable.Reverse(steps).Aggregate(ahead, (values, step) => step.Inverse(values));
    }

    /// <inheritdoc/>
    public override void Follow(TimeSeries newer)
    {
        ArgumentNullException.ThrowIfNull(newer);
        TimeSeries prepared = newer;
        foreach (Preparation step in steps)
        {
            TimeSeries next = step.Transform(prepared);
            step.Follow(prepared);
            prepared = next;
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "steps", steps } };

    /// <inheritdoc/>
    protected internal override void Fit(SeriesPanel training, bool single)
    {
        ArgumentNullException.ThrowIfNull(training);
        foreach (Preparation step in steps)
        {
            step.Fit(training, single);
            training = step.Transform(training);
        }
    }
}
