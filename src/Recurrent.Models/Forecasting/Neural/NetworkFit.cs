using Recurrent.Models;

namespace Recurrent.Forecasting;

/// <summary>What a <see cref="NetworkForecaster"/> has fitted; never changed.</summary>
/// <param name="Networks">The networks, one for each member.</param>
/// <param name="Sizes">What goes in and comes out.</param>
/// <param name="Encoding">How covariates are scaled.</param>
/// <param name="Scales">For each series the scales of its targets.</param>
/// <param name="Attributes">For each series its static features.</param>
/// <param name="Tails">The last steps of each series.</param>
/// <param name="Spread">How far off points were.</param>
/// <param name="Dependence">Correlation of the errors of one step and the next.</param>
/// <param name="Intervals">By what intervals are stretched; null where nothing was held back to learn it from.</param>
internal sealed record NetworkFit(
    Model[] Networks,
    NetworkSizes Sizes,
    PanelEncoding Encoding,
    SeriesScale[][] Scales,
    Real[][] Attributes,
    SeriesValues[] Tails,
    ResidualSpread Spread,
    double Dependence,
    NetworkIntervals? Intervals = null)
{
    /// <summary>The ends of all series as networks see them.</summary>
    public NetworkSeries[] Encode(IReadOnlyList<SeriesValues> values) =>
        [.. values.Select((one, i) => Encoding.Encode(one, Scales[i], Attributes[i]))];
}
