using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Layers;

namespace Recurrent.Tests.Forecasting;

/// <summary>How long training by default takes: few series, or long windows, cost no more than common ones.</summary>
[TestFixture]
public sealed class TrainingTimeTests
{
    private static readonly NetworkForecaster[] All =
    [
        new NLinear(), new DLinear(), new SegRNN(), new RecurrentForecaster(), new TcnForecaster(), new PatchTransformer(),
        new ResidualMlp(), new NBeats(), new DeepAR(), new EsRnn(),
    ];

    [Test]
    public void Few_windows_of_a_panel_network_take_fewer_updates_and_a_smaller_network()
    {
        var mlp = new ResidualMlp();
        int[] updates = [.. ((long[])[100, 10_000, 200_000]).Select(windows => mlp.UpdatesFor(Sizes(36, 12, windows)))];
        Assert.That(updates, Is.EqualTo(new[] { 1200, 3000, 5000 }));
        var small = new ResidualMlp(24, 12, season: 12, training: new() { Epochs = 1, Members = 1 });
        small.Fit(new TimeSeries("x", [.. Enumerable.Range(0, 60).Select(t => Math.Sin(t / 2.0) + t)]));
        Assert.That(((Dense)small.Networks[0].Layers.Single(layer => layer.Name == "encode")).Units, Is.EqualTo(128));
    }

    [Test]
    public void A_look_back_of_days_of_minutes_takes_less_than_a_quarter_of_the_updates_and_at_least_some()
    {
        foreach (NetworkForecaster forecaster in All)
        {
            int common = forecaster.UpdatesFor(Sizes(48, 24, 20_000));
            int far = forecaster.UpdatesFor(Sizes(2880, 1440, 20_000));
            Assert.That(common, Is.EqualTo(forecaster is PanelNetwork ? 3000 : forecaster.Defaults.Updates), forecaster.Name);
            Assert.That(far, Is.InRange(200, Math.Max(common / 4, 200)), forecaster.Name);
        }
    }

    [TestCase(20_000, 222, 3)]
    [TestCase(20_000, 4000, 50)]
    [TestCase(100, 222, 55)]
    public void Epochs_follow_from_updates(int samples, int updates, int expected) =>
        Assert.That(TrainingPlan.For(new(), new(), samples, updates).Epochs, Is.EqualTo(expected));

    private static NetworkSizes Sizes(int lookback, int horizon, long windows) => new()
    {
        Lookback = lookback,
        Horizon = horizon,
        Targets = 1,
        PastFeatures = 1,
        FutureFeatures = 0,
        StaticFeatures = 0,
        Channels = 1,
        Levels = 7,
        Season = 12,
        Scaling = WindowScaling.Standard,
        Windows = windows,
        Seed = 0,
    };
}
