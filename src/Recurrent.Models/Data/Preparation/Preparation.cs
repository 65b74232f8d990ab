using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// What is done to series before a model sees them, and undone to its forecasts: fitted on the training part and nothing else,
/// then applied to any part of the same series. Its config holds what it has learnt, so that it is saved with a forecaster.
/// </summary>
/// <example>
/// <code>
/// var preparation = new PreparationPipeline(new LogScaling(), new SeasonalDifference(12), new StandardScaling());
/// TimeSeries prepared = preparation.FitTransform(training);
/// double[] forecast = preparation.Inverse(model.Predict(…)[0].ToDoubles1D());   // of the 24 steps behind the training part
/// </code>
/// </example>
public abstract class Preparation : IConfigurable
{
    /// <summary>Every preparation by name.</summary>
    public static Registry<Preparation> Registry => PreparationNames.Registry;

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Whether it has been fitted; others can do nothing but be fitted.</summary>
    public abstract bool IsFitted { get; }

    /// <summary>Fits on a series; what was learnt before is forgotten.</summary>
    /// <param name="training">The training part, and nothing else.</param>
    /// <exception cref="ArgumentException">The series cannot be prepared so; the message says why, with row and
    /// variable.</exception>
    public void Fit(TimeSeries training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Fit(new SeriesPanel([training]), single: true);
    }

    /// <summary>Fits on the series of a panel, each for itself unless the preparation says otherwise.</summary>
    /// <param name="training">The training parts, and nothing else.</param>
    /// <exception cref="ArgumentException">A series cannot be prepared so; the message says which and why.</exception>
    public void Fit(SeriesPanel training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Fit(training, single: false);
    }

    /// <summary>Prepares a series: the training part, what follows it, or both; where it begins is told by its
    /// <see cref="TimeSeries.Offset"/>.</summary>
    /// <param name="series">The series.</param>
    /// <returns>A series of as many steps; NaN where there is no value.</returns>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    /// <exception cref="ArgumentException">The series cannot be prepared so.</exception>
    public abstract TimeSeries Transform(TimeSeries series);

    /// <summary>Prepares those variables that a series has: what is known ahead comes without the targets.</summary>
    /// <param name="series">The series.</param>
    protected internal virtual TimeSeries TransformKnown(TimeSeries series) => Transform(series);

    /// <summary>Prepares the series of a panel.</summary>
    /// <param name="panel">The series.</param>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    /// <exception cref="ArgumentException">A series cannot be prepared so, or is not one of those fitted on.</exception>
    public SeriesPanel Transform(SeriesPanel panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        return panel.Map(Transform);
    }

    /// <summary>Fits on a series and prepares it.</summary>
    /// <param name="training">The training part.</param>
    public TimeSeries FitTransform(TimeSeries training)
    {
        Fit(training);
        return Transform(training);
    }

    /// <summary>Fits on the series of a panel and prepares them.</summary>
    /// <param name="training">The training parts.</param>
    public SeriesPanel FitTransform(SeriesPanel training)
    {
        Fit(training);
        return Transform(training);
    }

    /// <summary>Undoes <see cref="Transform(TimeSeries)"/>: of the training part, of what follows it, or of both. Variables that
    /// it added are taken away.</summary>
    /// <param name="series">A prepared series.</param>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    /// <exception cref="ArgumentException">What was done cannot be undone from there on; the message says why.</exception>
    public abstract TimeSeries Inverse(TimeSeries series);

    /// <summary>
    /// A forecast of what follows the history, on the scale of the series: differences are summed up from the last values known,
    /// trend and season go on.
    /// </summary>
    /// <param name="ahead">The forecast of prepared values.</param>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    public abstract ValuesAhead Inverse(ValuesAhead ahead);

    /// <summary>A point forecast, or a path, of the only variable of the only series that this was fitted on.</summary>
    /// <param name="ahead">The prepared value at each step behind the history.</param>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    public double[] Inverse(double[] ahead) => Inverse(new ValuesAhead(ahead)).Point;

    /// <summary>History has gone on: forecasts now follow these values. Nothing is fitted anew.</summary>
    /// <param name="newer">What follows the history, not prepared.</param>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    /// <exception cref="ArgumentException">It does not follow right behind the history.</exception>
    public abstract void Follow(TimeSeries newer);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>A preparation of the same options that has learnt the same.</summary>
    public Preparation Copy() => Registry.Create(ComponentConfig.Of(this));

    /// <summary>A preparation of the same options that has learnt nothing.</summary>
    public Preparation Unfitted() => Registry.Create(WithoutState(ComponentConfig.Of(this)));

    /// <summary>Fits on series.</summary>
    /// <param name="training">The training parts.</param>
    /// <param name="single">Whether there is one series, which may come under another name later.</param>
    protected internal abstract void Fit(SeriesPanel training, bool single);

    private static ComponentConfig WithoutState(ComponentConfig component)
    {
        Config config = [];
        foreach ((string key, object? value) in component.Config)
        {
            if (key != "state")
            {
                config.Add(key, value is IReadOnlyList<object?> list
                    ? list.Select(item => item is ComponentConfig inner ? WithoutState(inner) : item).ToArray()
                    : value);
            }
        }

        return new(component.ClassName, config);
    }

    /// <summary>Refuses to work before it is fitted.</summary>
    /// <exception cref="InvalidOperationException">It is not fitted.</exception>
    protected void RequireFitted()
    {
        if (!IsFitted)
        {
            throw new InvalidOperationException($"{ClassName} has not been fitted. Call Fit with the training part first.");
        }
    }
}
