using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class SeriesSmoothingContract : LayerContract<SeriesSmoothingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("with a season", () => new SeriesSmoothing(3, 4), 16, Weights: 0),
        new("of one season", () => new SeriesSmoothing(4, 2), 10, Weights: 0),
        new("without a season", () => new SeriesSmoothing(1, 3), 7, Weights: 0),
        new("of one step", () => new SeriesSmoothing(1, 1), 2, Weights: 0),
    ];

    [Test]
    public void A_series_of_level_and_season_leaves_nothing_and_goes_on()
    {
        double[] season = [3, -1, -2];
        double[] input = [0.3, -0.4, 0, 0, 0, .. Enumerable.Range(0, 10).Select(t => 5 + season[t % 3])];
        NDArray output = new Sequential([new SeriesSmoothing(3, 5, inputShape: 15)]).Predict(new NDArray([1, 15], input));
        Assert.That(output.Values[..10], Is.All.EqualTo(0).Within(1e-12));
        Assert.That(output.Values[10..], Is.EqualTo(Enumerable.Range(10, 5).Select(t => 5 + season[t % 3])).Within(1e-12));
    }

    [Test]
    public void Levels_are_those_of_simple_exponential_smoothing()
    {
        // α = ½: levels 4, 4 → 5 → 3.5.
        NDArray output = new Sequential([new SeriesSmoothing(1, 2, inputShape: 4)])
            .Predict(new NDArray([1, 4], [0, 4, 6, 2]));
        Assert.That(output.Values, Is.EqualTo(new[] { 0.5, 2.5, -1.5, 3.5, 3.5 }).Within(1e-12));
    }
}
