namespace Recurrent.Forecasting;

/// <summary>Every step will be as the last one was.</summary>
public sealed class NaiveForecast : BaselineForecast
{
    /// <inheritdoc/>
    public override string Name => "Naive";

    /// <inheritdoc/>
    private protected override int Season => 1;

    /// <inheritdoc/>
    private protected override void Fill(ReadOnlySpan<double> training, Span<double> forecast) => forecast.Fill(training[^1]);
}
