using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Data;

/// <summary>Windows over series and panels, and splits in time.</summary>
[TestFixture]
public sealed class SeriesWindowsTests
{
    private const double None = double.NaN;

    [Test]
    public void Roles_say_what_is_seen_and_what_is_to_be_forecast()
    {
        TimeSeries series = Numbers(8).With("price", Counting(8, 100)).With("holiday", Counting(8, 200));
        Windows windows = Windows.Create(
            series, new WindowOptions(3, 2) { Targets = ["x"], Past = ["price"], Future = ["holiday"], Stride = 2 });
        Assert.Multiple(() =>
        {
            Assert.That(windows.Count, Is.EqualTo(2));
            Assert.That(windows.InputNames, Is.EqualTo(new[] { "x", "price", "holiday" }));
            Assert.That(windows.X.Shape, Is.EqualTo(new[] { 2, 3, 3 }));
            Assert.That(windows.X.ToArray(1, 1).Values, Is.EqualTo(new[] { 2, 102, 202, 3, 103, 203, 4, 104, 204 }));
            Assert.That(windows.Y!.Shape, Is.EqualTo(new[] { 2, 2, 1 }));
            Assert.That(windows.Y.ToArray().Values, Is.EqualTo(new[] { 3, 4, 5, 6 }));
            Assert.That(windows.Future!.ToArray().Values, Is.EqualTo(new[] { 203, 204, 205, 206 }));
            Assert.That(windows.Static, Is.Null);
            Assert.That(windows.Weights, Is.Null);
        });
    }

    [Test]
    public void Steps_may_be_left_out()
    {
        Windows windows = Windows.Create(Numbers(12), new WindowOptions(2, 3) { SamplingRate = 2, Shift = 1, Flat = true });

        // Seen: 0, 2; a step left out; then 5, 7, 9.
        Assert.Multiple(() =>
        {
            Assert.That(windows.Count, Is.EqualTo(3));
            Assert.That(windows.X.ToArray(0, 1).Values, Is.EqualTo(new[] { 0, 2 }));
            Assert.That(windows.Y!.Shape, Is.EqualTo(new[] { 3, 3 }));
            Assert.That(windows.Y.ToArray(0, 1).Values, Is.EqualTo(new[] { 5, 7, 9 }));
            Assert.That(windows.Y.ToArray(2, 1).Values, Is.EqualTo(new[] { 7, 9, 11 }));
        });
    }

    [Test]
    public void A_panel_gives_the_windows_of_all_its_series_with_their_attributes()
    {
        var panel = new SeriesPanel(
            [Numbers(5).Rename("a"), Numbers(2).Rename("short"), new TimeSeries("b", [10, 11, 12, 13])],
            new Dictionary<string, IReadOnlyDictionary<string, AttributeValue>>
            {
                ["a"] = new Dictionary<string, AttributeValue> { ["land"] = "FR", ["size"] = 1 },
                ["short"] = new Dictionary<string, AttributeValue> { ["land"] = "DE", ["size"] = 2 },
                ["b"] = new Dictionary<string, AttributeValue> { ["land"] = "DE", ["size"] = 3 },
            });
        Windows windows = Windows.Create(panel, new WindowOptions(2) { Static = ["land", "size"] });
        Assert.Multiple(() =>
        {
            Assert.That(windows.Count, Is.EqualTo(5));
            Assert.That(windows.Y!.ToArray().Values, Is.EqualTo(new[] { 2, 3, 4, 12, 13 }));
            Assert.That(windows.StaticNames, Is.EqualTo(new[] { "land_DE", "land_FR", "size" }));
            Assert.That(windows.Static!.ToArray(2, 2).Values, Is.EqualTo(new[] { 0, 1, 1, 1, 0, 3 }));
            Assert.That(windows.PlaceOf(3), Is.EqualTo((2, 0)));
            Windows last = Windows.Last(panel, new WindowOptions(2) { Static = ["land", "size"] });
            Assert.That(last.X.ToArray().Values, Is.EqualTo(new[] { 3, 4, 0, 1, 12, 13 }));
            Assert.That(last.Y, Is.Null);
        });
    }

    [Test]
    public void What_is_known_ahead_is_seen_in_the_last_window()
    {
        TimeSeries history = Numbers(4).With("holiday", [0, 1, 0, 1]);
        var options = new WindowOptions(2, 2) { Future = ["holiday"] };
        Windows last = Windows.Last(history, options, new TimeSeries("holiday", [5, 6, 7]));
        Assert.Multiple(() =>
        {
            Assert.That(last.X.ToArray().Values, Is.EqualTo(new[] { 2, 0, 3, 1 }));
            Assert.That(last.Future!.ToArray().Values, Is.EqualTo(new[] { 5, 6 }));
            Assert.That(() => Windows.Last(history, options), Throws.ArgumentException.With.Message.Contains("holiday"));
            Assert.That(
                () => Windows.Last(history, options, new TimeSeries("holiday", [5])),
                Throws.ArgumentException.With.Message.Contains("has 1 steps, but the windows need 2"));
        });
    }

    [Test]
    public void Missing_targets_do_not_count()
    {
        TimeSeries series = new("x", [0, 1, 2, None, 4, 5]);
        var options = new WindowOptions(1, 2) { MissingInputs = MissingInputs.Flag };
        Windows steps = Windows.Create(series, options);
        Windows flat = Windows.Create(series, options with { Flat = true });
        Assert.Multiple(() =>
        {
            Assert.That(steps.Y!.ToArray().Values, Is.EqualTo(new[] { 1, 2, 2, 0, 0, 4, 4, 5 }));
            Assert.That(steps.Weights!.ToArray().Values, Is.EqualTo(new[] { 1, 1, 1, 0, 0, 1, 1, 1 }));
            Assert.That(flat.Weights!.ToArray().Values, Is.EqualTo(new[] { 1, 0, 0, 1 }));
            Assert.That(steps.InputNames, Is.EqualTo(new[] { "x", "x_missing" }));
            Assert.That(steps.X.ToArray().Values, Is.EqualTo(new[] { 0, 0, 1, 0, 2, 0, 0, 1 }));
        });
    }

    [Test]
    public void Missing_inputs_are_refused_or_left_out()
    {
        TimeSeries series = new("x", [0, 1, 2, None, 4, 5, 6]);
        Windows whole = Windows.Create(series, new WindowOptions(2) { MissingInputs = MissingInputs.LeaveOut });
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Windows.Create(series, new WindowOptions(2)),
                Throws.ArgumentException.With.Message.Contains("Value 3 of variable 'x' of series 'x' is missing"));
            Assert.That(whole.X.ToArray().Values, Is.EqualTo(new[] { 0, 1, 1, 2, 4, 5 }));
            Assert.That(whole.Y!.ToArray().Values, Is.EqualTo(new[] { 2, 0, 6 }));
            Assert.That(whole.Weights!.ToArray().Values, Is.EqualTo(new[] { 1, 0, 1 }));
            Assert.That(
                () => Windows.Last(series.Slice(0, 4), new WindowOptions(2) { MissingInputs = MissingInputs.LeaveOut }),
                Throws.ArgumentException.With.Message.Contains("missing"));
        });
    }

    [Test]
    public void Held_out_windows_share_no_target_with_those_of_training([Values(1, 2, 3)] int stride, [Values(0, 2)] int gap)
    {
        var panel = new SeriesPanel([Numbers(30).Rename("a"), Numbers(23).Rename("b")]);
        Windows all = Windows.Create(panel, new WindowOptions(4, 3) { Stride = stride });
        (Windows training, Windows validation) = all.HoldOut(6, gap);
        Assert.Multiple(() =>
        {
            foreach ((Windows part, bool isTraining) in ((Windows, bool)[])[(training, true), (validation, false)])
            {
                int[] expected = [.. Enumerable.Range(0, all.Count).Where(window =>
                {
                    (int series, int start) = all.PlaceOf(window);
                    int border = (series == 0 ? 30 : 23) - 6;
                    return isTraining ? start + 6 < border - gap : start + 4 >= border;
                })];
                Assert.That(
                    Enumerable.Range(0, part.Count).Select(part.PlaceOf), Is.EqualTo(expected.Select(all.PlaceOf)));
                Assert.That(part.Y!.ToArray().Values,
                    Is.EqualTo(expected.SelectMany(window => all.Y!.ToArray(window, 1).Values)));
            }

            Assert.That(() => all.HoldOut(29), Throws.ArgumentException.With.Message.Contains("to train on"));
        });
    }

    [Test]
    public void Order_follows_from_the_seed()
    {
        Windows windows = Windows.Create(Numbers(40), new WindowOptions(3));
        Real[] First(int seed) => windows.Batches(8, shuffle: true, seed).SelectMany(batch => batch.Y!.Values).ToArray();
        Assert.Multiple(() =>
        {
            Real[] again = First(1);
            Assert.That(First(1), Is.EqualTo(again));
            Assert.That(First(1), Is.Not.EqualTo(First(2)));
            Assert.That(First(1).Order(), Is.EqualTo(windows.Batches().SelectMany(batch => batch.Y!.Values)));
        });
    }

    [Test]
    public void A_year_of_minutes_takes_the_memory_of_a_year()
    {
        TimeSeries year = new("x", new double[525_600]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Windows windows = Windows.Create(year, new WindowOptions(1440, 60));
        _ = windows.X.ToArray(500_000, 1);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Multiple(() =>
        {
            Assert.That(windows.Count, Is.EqualTo(525_600 - 1499));
            Assert.That(taken, Is.LessThan(50 << 20));
        });
    }

    [Test]
    public void A_model_trains_on_them_and_passes_over_what_is_missing()
    {
        double[] wave = [.. Enumerable.Range(0, 80).Select(t => Math.Sin(t * 0.4))];
        double[] gaps = [.. wave];
        gaps[40] = None;
        var options = new WindowOptions(6, 2) { Flat = true, MissingInputs = MissingInputs.LeaveOut };
        Windows windows = Windows.Create(new TimeSeries("x", gaps), options);
        Sequential Train(double other)
        {
            var model = new Sequential([new GRU(3, inputShape: (timesteps: 6, features: 1)), new Dense(2)], seed: 5);
            model.Compile("adam", "mse");
            NDArray y = windows.Y!.ToArray();
            NDArray weights = windows.Weights!.ToArray();
            for (int i = 0; i < weights.Size; i++)
            {
                if (weights.Values[i] == 0)
                {
                    (y.Values[2 * i], y.Values[(2 * i) + 1]) = ((Real)other, (Real)other);
                }
            }

            if (other == 0)
            {
                model.Fit(windows.X, windows.Y!, sampleWeight: windows.Weights, verbose: 0);
            }
            else
            {
                model.Fit(windows.X, y, sampleWeight: weights, verbose: 0);
            }

            return model;
        }

        Assert.That(Train(0).GetWeights()[0].Values, Is.EqualTo(Train(9).GetWeights()[0].Values));
    }

    [Test]
    public void Folds_go_up_to_the_end_and_nothing_leaks()
    {
        TimeSeries series = Numbers(20);
        (TimeSeries Training, TimeSeries Test)[] folds = [.. TimeSplit.Folds(3, 4, gap: 2).Select(fold => fold.Of(series))];
        Assert.Multiple(() =>
        {
            Assert.That(folds.Select(fold => fold.Test.Values[0]), Is.EqualTo(new[] { 8, 12, 16 }));
            Assert.That(folds.Select(fold => fold.Training.Count), Is.EqualTo(new[] { 6, 10, 14 }));
            Assert.That(folds.All(fold => fold.Test.Count == 4));
            Assert.That(
                new TimeSplit(4, MaxTraining: 5).Of(series).Training.Values.ToArray(),
                    Is.EqualTo(new double[] { 11, 12, 13, 14, 15 }));
            Assert.That(() => new TimeSplit(20).Of(series),
                Throws.ArgumentException.With.Message.Contains("leave none to train on"));
            Assert.That(() => TimeSplit.Folds(0, 1), Throws.ArgumentException.With.Message.Contains("folds"));
            Assert.That(
                new TimeSplit(1).Of(new SeriesPanel([series.Rename("a"), Numbers(5).Rename("b")])).Test["b"].Values[0],
                    Is.EqualTo(4));
        });
    }

    [Test]
    public void What_does_not_fit_is_said()
    {
        TimeSeries series = Numbers(5);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Windows.Create(series, new WindowOptions(4, 2)), Throws.ArgumentException.With.Message.Contains("5 steps"));
            Assert.That(
                () => Windows.Create(series, new WindowOptions(0)), Throws.ArgumentException.With.Message.Contains("Lookback"));
            Assert.That(
                () => Windows.Create(series, new WindowOptions(1) { Past = ["y"] }),
                Throws.ArgumentException.With.Message.Contains("no variable 'y'"));
            Assert.That(
                () => Windows.Create(series, new WindowOptions(1) { Past = ["x"] }),
                Throws.ArgumentException.With.Message.Contains("left to forecast"));
            Assert.That(
                () => Windows.Create(series, new WindowOptions(1) { Static = ["size"] }),
                Throws.ArgumentException.With.Message.Contains("no attribute 'size'"));
            Assert.That(
                () => Windows.Last(Numbers(2), new WindowOptions(3)),
                    Throws.ArgumentException.With.Message.Contains("fewer than the 3"));
        });
    }

    private static double[] Counting(int count, int first = 0) => [.. Enumerable.Range(first, count).Select(i => (double)i)];

    private static TimeSeries Numbers(int count) => new("x", Counting(count));
}
