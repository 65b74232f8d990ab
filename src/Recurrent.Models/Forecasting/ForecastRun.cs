using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>How far a fit or a forecast has come.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Parts that are done: series, epochs, folds.</param>
/// <param name="Total">Parts in all.</param>
public readonly record struct ForecastProgress(string Stage, int Done, int Total);

/// <summary>How a fit or forecast is run. Nothing here changes the numbers that come out, but for the series left out.</summary>
public sealed record ForecastRun
{
    /// <summary>What holds where nothing is said.</summary>
    public static ForecastRun Default { get; } = new();

    /// <summary>Largest number of threads; default all of the machine's. The numbers do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What to do with a series that cannot be fitted; default <see cref="BadSeries.Refuse"/>.</summary>
    public BadSeries OnBadSeries { get; init; }

    /// <summary>Hears how far the work has come, on any thread; null for nobody.</summary>
    public IProgress<ForecastProgress>? Progress { get; init; }

    /// <summary>Ends the work before it is done; what was fitted before stays.</summary>
    public CancellationToken Cancellation { get; init; }
}
