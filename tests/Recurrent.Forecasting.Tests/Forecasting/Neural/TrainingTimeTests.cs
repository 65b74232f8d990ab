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

    [TestCase(48, 24)]
    [TestCase(672, 60)]
    [TestCase(1440, 60)]
    [TestCase(1440, 1440)]
    public void Twenty_thousand_points_take_no_more_steps_the_longer_the_windows_are(int lookback, int horizon)
    {
        const long Most = 4000L * 128 * 200;
        foreach (NetworkForecaster forecaster in All)
        {
            NetworkSizes sizes = Sizes(lookback, horizon, 19_000);
            int windows = Math.Min(19_000, forecaster.WindowsFor(sizes));
            NetworkSchedule plan = NetworkSchedule.For(new(), forecaster.Defaults, windows, forecaster.UpdatesFor(sizes));
            long steps = (long)plan.Epochs * windows * forecaster.StepsOfWindow(sizes);

            // Linear maps of whole windows are cheap.
            long most = forecaster is NLinear or DLinear or PanelNetwork ? 6 * Most : Most;
            Assert.That(steps, Is.LessThanOrEqualTo(most), forecaster.Name);
        }
    }

    [Test]
    public void An_epoch_takes_twenty_thousand_windows_and_fewer_of_long_ones() => Assert.Multiple(() =>
    {
        Assert.That(new RecurrentForecaster().WindowsFor(Sizes(168, 48, 1)), Is.EqualTo(20_000));
        Assert.That(new RecurrentForecaster().WindowsFor(Sizes(1440, 60, 1)), Is.EqualTo(4000));
        Assert.That(new TcnForecaster().WindowsFor(Sizes(1440, 60, 1)), Is.EqualTo(790));
        Assert.That(new PatchTransformer().WindowsFor(Sizes(1440, 60, 1)), Is.EqualTo(1333));
        Assert.That(new SegRNN().WindowsFor(Sizes(96, 720, 1)), Is.EqualTo(11_029));
    });

    [Test]
    public void SegRNN_takes_many_windows_of_several_variables_as_its_paper_does() => Assert.Multiple(() =>
    {
        var forecaster = new SegRNN();
        NetworkSizes few = Sizes(48, 24, 4999) with { Variables = 7 };
        NetworkSizes many = Sizes(96, 336, 11_089) with { Variables = 7 };
        NetworkSizes ofOne = Sizes(48, 24, 300_000);
        Assert.That(forecaster.LossFor(few), Is.EqualTo("mae"));
        Assert.That(forecaster.LossFor(ofOne), Is.EqualTo("mae"));
        Assert.That(forecaster.StopsEarly(ofOne));
        Assert.That(forecaster.UpdatesFor(ofOne), Is.EqualTo(1500));
        Assert.That(forecaster.LossFor(many), Is.EqualTo("mse"));
        Assert.That(forecaster.StopsEarly(few));
        Assert.That(forecaster.StopsEarly(many), Is.False);
        Assert.That(forecaster.UpdatesFor(few), Is.EqualTo(1500));
        Assert.That(forecaster.UpdatesFor(many), Is.EqualTo(5 * 11_089 / 256));
        Assert.That(forecaster.UpdatesFor(many with { Horizon = 720, Windows = 10_705 }), Is.EqualTo(4 * 10_705 / 256));
        Assert.That(forecaster.UpdatesFor(Sizes(1440, 60, 18_500) with { Variables = 7 }), Is.EqualTo(200));
        Assert.That(new SegRNN(training: new() { Loss = "quantile" }).LossFor(many), Is.EqualTo("quantile"));
    });

    [TestCase(3, 1, 4999, null)]
    [TestCase(3, 1, 5000, null)]
    [TestCase(3, 7, 5000, 1792)]
    [TestCase(1, 9, 5000, 2048)]
    public void An_update_of_SegRNN_takes_the_variables_of_a_window_together(int series, int variables, int windows, int? batch)
    {
        NetworkSizes sizes = Sizes(48, 24, windows) with { Variables = variables };
        NetworkSeries[] panel = [.. Enumerable.Range(0, series).Select(_ => Flat(variables))];
        Assert.That(new SegRNN().BatchFor(new(panel, [.. panel.Select(_ => new WindowRange(47, 1))], sizes)), Is.EqualTo(batch));
    }

    [Test]
    public void Where_nothing_says_when_to_stop_training_takes_all_epochs_and_with_a_patience_it_stops()
    {
        double[] values = [.. Enumerable.Range(0, 5100).Select(t => (double)(t * 7919 % 5003 % 97))];
        var noise = TimeSeries.Create("noise", ["a", "b"], [values, [.. values.Reverse()]]);
        Assert.That(EpochsOf(patience: null), Is.EqualTo(12));
        Assert.That(EpochsOf(patience: 1), Is.LessThan(12));

        int EpochsOf(int? patience)
        {
            var forecaster = new SegRNN(24, 12, units: 2, season: 12, training: new()
            {
                Epochs = 12,
                WindowsPerEpoch = 64,
                BatchSize = 64,
                LearningRate = 0.5,
                Retrain = false,
                Patience = patience,
            });
            forecaster.Fit(noise);
            return forecaster.Trainings.Single().Values["val_loss"].Count;
        }
    }

    [TestCase(1, 8, 24, 24)]
    [TestCase(24, 24, 48, 48)]
    [TestCase(132, 132, 264, 264)]
    [TestCase(365, 14, 672, 730)]
    [TestCase(1440, 60, 1440, 2880)]
    [TestCase(24, 720, 720, 1440)]
    public void Look_backs_hold_two_seasons_or_a_long_one_and_those_that_smooth_always_two(
        int season, int horizon, int expected, int smoothed)
    {
        Assert.That(new RecurrentForecaster().WantedLookback(season, horizon), Is.EqualTo(expected));
        Assert.That(new EsRnn().WantedLookback(season, horizon), Is.EqualTo(smoothed));
    }

    [TestCase(20_000, 222, 3)]
    [TestCase(20_000, 4000, 50)]
    [TestCase(100, 222, 55)]
    public void Epochs_follow_from_updates(int samples, int updates, int expected) =>
        Assert.That(NetworkSchedule.For(new(), new(), samples, updates).Epochs, Is.EqualTo(expected));

    private static NetworkSeries Flat(int variables) => new(
        "flat", [.. Enumerable.Range(0, variables).Select(_ => new double[80])],
        [.. Enumerable.Repeat(SeriesScale.Of(new double[80]), variables)], [], [], []);

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
