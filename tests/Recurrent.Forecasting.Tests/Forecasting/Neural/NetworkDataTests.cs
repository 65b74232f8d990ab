using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>What goes into networks that forecast: several variables, covariates, panels, values that are missing.</summary>
[TestFixture]
public sealed class NetworkDataTests
{
    private static readonly DateTime Start = new(2001, 1, 1);

    private static readonly NetworkTraining Short = new() { Epochs = 40, LearningRate = 0.02 };

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData((Func<NetworkTraining, NetworkForecaster>)(training =>
            new RecurrentForecaster("GRU", lookback: 8, horizon: 4, units: 12, scaling: WindowScaling.None, training: training)))
            .SetArgDisplayNames("GRU");
        yield return new TestCaseData((Func<NetworkTraining, NetworkForecaster>)(training =>
            new RecurrentForecaster("LSTM", ForecastStrategy.SequenceToSequence, 8, 4, 12, scaling: WindowScaling.None,
                training: training))).SetArgDisplayNames("sequence to sequence");
        yield return new TestCaseData((Func<NetworkTraining, NetworkForecaster>)(training =>
            new TcnForecaster(8, 4, 8, scaling: WindowScaling.None, training: training))).SetArgDisplayNames("TCN");
        yield return new TestCaseData((Func<NetworkTraining, NetworkForecaster>)(training =>
            new DLinear(8, 4, 3, training: training))).SetArgDisplayNames("DLinear");
        yield return new TestCaseData((Func<NetworkTraining, NetworkForecaster>)(training =>
            new SegRNN(8, 4, 2, 16, 0, training: training))).SetArgDisplayNames("SegRNN");
        yield return new TestCaseData((Func<NetworkTraining, NetworkForecaster>)(training =>
            new PatchTransformer(8, 4, 4, 2, 8, 2, 1, 0, training: training))).SetArgDisplayNames("PatchTransformer");
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_covariate_known_ahead_is_used(Func<NetworkTraining, NetworkForecaster> make)
    {
        // Nothing but the covariate says what comes.
        var random = new System.Random(1);
        double[] price = [.. Enumerable.Range(0, 220).Select(_ => random.NextDouble())];
        double[] sales = [.. price.Select(p => 100 - (50 * p))];
        TimeSeries all = TimeSeries.Create("shop", ["sales", "price"], [sales, price]);
        (TimeSeries known, TimeSeries next) = all.HoldOut(4);
        NetworkForecaster with = make(Short);
        with.Fit(known, new(Future: ["price"]));
        NetworkForecaster without = make(Short);
        without.Fit(known.Select("sales"));
        double error = ForecastMetrics.Mae(next.Variable("sales"), with.Predict(4, next.Select("price")).Point);
        Assert.That(error, Is.LessThan(ForecastMetrics.Mae(next.Variable("sales"), without.Predict(4).Point) / 2));
        Assert.That(() => with.Predict(8, next.Select("price")), Throws.ArgumentException.With.Message.Contains("8 steps"));
        Assert.That(() => with.Predict(4), Throws.ArgumentException.With.Message.Contains("price"));
    }

    [TestCaseSource(nameof(Kinds))]
    public void Several_variables_are_forecast_from_several(Func<NetworkTraining, NetworkForecaster> make)
    {
        TimeSeries all = TimeSeries.Create("two", ["up", "down"], [Wave(160, 0), Wave(160, 3)]);
        (TimeSeries known, TimeSeries next) = all.HoldOut(4);
        NetworkForecaster forecaster = make(Short);
        forecaster.Fit(known);
        Forecast forecast = forecaster.Predict(4);
        Assert.That(forecast.Variables, Is.EqualTo(new[] { "up", "down" }));
        foreach (string variable in all.Variables)
        {
            double error = ForecastMetrics.Mae(next.Variable(variable), forecast.PointOf(variable));
            Assert.That(error, Is.LessThan(1), variable);
        }

        // From many places at once as from each by itself.
        IReadOnlyList<double[]>[] rolling = [.. forecaster.PredictFrom(all, [100, 155])];
        Assert.That(rolling[1][1], Is.EqualTo(forecast.PointOf("down").ToArray()).Within(1e-5));
        Assert.That(() => forecaster.PredictFrom(all, [3]), Throws.ArgumentException.With.Message.Contains("ends[0] is 3"));
    }

    [Test]
    public void What_says_what_comes_is_important_and_what_does_not_is_not()
    {
        var random = new System.Random(3);
        double[] price = [.. Enumerable.Range(0, 260).Select(_ => random.NextDouble())];
        double[] noise = [.. Enumerable.Range(0, 260).Select(_ => random.NextDouble())];
        double[] sales = [.. price.Select(p => 100 - (50 * p))];
        TimeSeries all = TimeSeries.Create("shop", ["sales", "noise", "price"], [sales, noise, price]);
        var forecaster = new DLinear(8, 4, 3, training: Short);
        forecaster.Fit(all, new(Targets: ["sales"], Future: ["price", "noise"]));
        IReadOnlyList<VariableImportance> found = InputImportance.ByPermutation(forecaster, all);
        Assert.That(found[0].Variable, Is.EqualTo("price"));
        Assert.That(found[0].Increase, Is.GreaterThan(2));
        Assert.That(found.Single(one => one.Variable == "noise").Increase, Is.LessThan(0.2));
        Assert.That(InputImportance.ByPermutation(forecaster, all), Is.EqualTo(found));
        Assert.That(() => InputImportance.ByPermutation(forecaster, all.Slice(0, 40)),
            Throws.ArgumentException.With.Message.Contains("48"));
    }

    [TestCase(null)]
    [TestCase(2)]
    public void Contributions_are_found_lag_by_lag_and_ahead(int? step)
    {
        var random = new System.Random(3);
        double[] price = [.. Enumerable.Range(0, 260).Select(_ => random.NextDouble())];
        double[] noise = [.. Enumerable.Range(0, 260).Select(_ => random.NextDouble())];
        double[] lead = [.. Enumerable.Range(0, 260).Select(_ => random.NextDouble())];
        double[] sales = [.. price.Select((p, t) => 100 - (50 * p) + (t >= 4 ? 50 * lead[t - 4] : 0))];
        TimeSeries all = TimeSeries.Create("shop", ["sales", "noise", "price", "lead"], [sales, noise, price, lead]);
        var forecaster = new RecurrentForecaster("gru", lookback: 8, horizon: 4, season: 3, training: Short);
        forecaster.Fit(all, new(Targets: ["sales"], Past: ["lead"], Future: ["price", "noise"]));
        IReadOnlyList<VariableContribution> found = InputImportance.ByIntegratedGradients(forecaster, all, windows: 20,
            step: step);
        VariableContribution told = found.Single(one => one.Variable == "price");
        Assert.Multiple(() =>
        {
            Assert.That(found.Select(one => one.Variable), Is.EquivalentTo(new[] { "sales", "lead", "price", "noise" }));
            Assert.That(told.ByLag, Has.Count.EqualTo(8));
            Assert.That(told.ByStepAhead, Has.Count.EqualTo(4));
            Assert.That(told.ByStepAhead.Sum(), Is.GreaterThan(3 * found.Single(one => one.Variable == "noise").ByStepAhead
                .Sum()));
            Assert.That(found.Single(one => one.Variable == "lead").ByStepAhead, Has.All.Zero, "it is not known ahead");
            Assert.That(found.Select(one => one.Total), Is.Ordered.Descending);
            if (step is { } ahead)
            {
                Assert.That(told.ByStepAhead[ahead], Is.EqualTo(told.ByStepAhead.Max()));
            }

            Assert.That(() => InputImportance.ByIntegratedGradients(forecaster, all, step: 4),
                Throws.ArgumentException.With.Message.Contains("step must be from 0 to 3, but is 4"));
            Assert.That(() => InputImportance.ByIntegratedGradients(forecaster, all.Slice(0, 11)),
                Throws.ArgumentException.With.Message.Contains("has 11 steps, but a window takes 12"));
        });
    }

    [Test]
    public void A_past_covariate_and_an_attribute_are_used()
    {
        // The target repeats the covariate of the step before, times what the attribute says.
        var random = new System.Random(2);
        TimeSeries[] series = [.. new[] { "a", "b" }.Select((name, i) =>
        {
            double[] lead = [.. Enumerable.Range(0, 150).Select(_ => random.NextDouble())];
            double[] target = [.. lead.Select((_, t) => t == 0 ? 0.5 : i == 0 ? lead[t - 1] : 1 - lead[t - 1])];
            return TimeSeries.Create(name, ["target", "lead"], [target, lead]);
        })];
        var attributes = new Dictionary<string, IReadOnlyDictionary<string, AttributeValue>>
        {
            ["a"] = new Dictionary<string, AttributeValue> { ["kind"] = "same" },
            ["b"] = new Dictionary<string, AttributeValue> { ["kind"] = "opposite" },
        };
        (SeriesPanel known, SeriesPanel next) = new SeriesPanel(series, attributes).HoldOut(1);
        var forecaster = new RecurrentForecaster("GRU", lookback: 4, horizon: 1, units: 16, scaling: WindowScaling.None,
            training: Short with { Epochs = 120 });
        forecaster.Fit(known, new(Past: ["lead"], Static: ["kind"]));
        IReadOnlyList<Forecast> forecasts = forecaster.PredictPanel(1);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(forecasts[i].Point[0], Is.EqualTo(next[i].Values[0]).Within(0.15), forecasts[i].Series);
        }
    }

    [Test]
    public void Missing_values_are_no_targets_and_no_zeros()
    {
        double[] values = Wave(150, 0);
        for (int t = 5; t < 150; t += 7)
        {
            values[t] = double.NaN;
        }

        var series = new TimeSeries("gaps", values, Start, Frequency.Monthly);
        var forecaster = new NLinear(24, 6, training: new() { Epochs = 60 });
        forecaster.Fit(series);
        double[] truth = Wave(156, 0)[150..];
        Assert.That(ForecastMetrics.Mae(truth, forecaster.Predict(6).Point), Is.LessThan(1.2));
    }

    [Test]
    public void A_panel_with_a_bad_series_names_it_or_goes_on_without()
    {
        var panel = new SeriesPanel(
        [
            new("good", Wave(80, 0)), new("short", Wave(10, 0)), new("empty", [.. Enumerable.Repeat(double.NaN, 80)]),
        ]);
        panel = panel.Map(one => TimeSeries.Create(one.Name, ["value"], [one.Values.ToArray()]));
        var forecaster = new NLinear(12, 4, training: new() { Epochs = 3 });
        Assert.That(() => forecaster.Fit(panel), Throws.ArgumentException.With.Message.Contains("'empty'"));
        forecaster.Fit(panel, run: new() { OnBadSeries = BadSeries.LeaveOut });
        Assert.That(forecaster.LeftOut.Select(series => series.Series), Is.EquivalentTo(new[] { "short", "empty" }));
        LeftOutSeries small = forecaster.LeftOut.Single(series => series.Series == "short");
        Assert.That(small.Reason, Does.Contain("10 steps").And.Contains("16"));
        Assert.That(forecaster.PredictPanel(4).Single().Series, Is.EqualTo("good"));
    }

    [Test]
    public void What_came_is_taken_in()
    {
        var all = new TimeSeries("wave", Wave(160, 0), Start, Frequency.Monthly);
        var forecaster = new DLinear(12, 6, training: new() { Epochs = 5, Retrain = false });
        forecaster.Fit(all.Slice(0, 150));
        double[] rolled = forecaster.PredictFrom(all, [159]).Single()[0];
        forecaster.Update(all.Slice(150, 10));
        Assert.That(forecaster.Predict(6).Point.ToArray(), Is.EqualTo(rolled).Within(1e-5));
    }

    [Test]
    public void Constant_series_are_forecast_as_they_are()
    {
        foreach (NetworkForecaster forecaster in new NetworkForecaster[]
        {
            new NLinear(8, 4, training: new() { Epochs = 2 }), new RecurrentForecaster(lookback: 8, horizon: 4,
                training: new() { Epochs = 2 }), new PatchTransformer(8, 4, training: new() { Epochs = 2 }),
        })
        {
            forecaster.Fit(new TimeSeries("flat", [.. Enumerable.Repeat(7.0, 60)]));
            Assert.That(forecaster.Predict(10).Point.ToArray(), Is.All.EqualTo(7).Within(1.5), forecaster.Name);
        }
    }

    [Test]
    public void Dropout_widens_a_forecast_and_a_budget_ends_a_fit()
    {
        var series = new TimeSeries("wave", Wave(120, 0), Start, Frequency.Monthly);
        NetworkTraining training = new() { Epochs = 10, DropoutPasses = 8 };
        var forecaster = new RecurrentForecaster(lookback: 12, horizon: 6, units: 8, dropout: 0.4, training: training);
        forecaster.Fit(series);
        Forecast onOne = forecaster.Predict(6, run: new() { Threads = 1 });
        Assert.That(forecaster.Predict(6).Quantile(0.9), Is.EqualTo(onOne.Quantile(0.9)));
        var single = new RecurrentForecaster(lookback: 12, horizon: 6, units: 8, dropout: 0.4,
            training: training with { DropoutPasses = 0 });
        single.Fit(series);
        Assert.That(forecaster.Predict(6).Quantile(0.9), Is.Not.EqualTo(single.Predict(6).Quantile(0.9)));
        var budget = new SegRNN(12, 6, training: new() { Epochs = 10_000, Seconds = 0.5, Patience = 10_000 });
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        budget.Fit(series);
        Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds, Is.LessThan(30));
        Assert.That(budget.Predict(6).Point.ToArray(), Is.All.Not.NaN);
    }

    [Test]
    public void Options_are_checked_together()
    {
        Assert.That(
            () => new SegRNN(0, -1, dropout: 2, training: new() { Loss = "cosine", Quantiles = [0.5, 0.1] }),
            Throws.ArgumentException.With.Message.Contains("lookback").And.Message.Contains("horizon")
                .And.Message.Contains("dropout").And.Message.Contains("cosine").And.Message.Contains("quantiles"));
        Assert.That(() => new RecurrentForecaster("Dense"), Throws.ArgumentException.With.Message.Contains("recurrent"));
        Assert.That(() => new NLinear().Predict(3), Throws.InvalidOperationException);
    }

    [Test]
    public void Several_members_are_the_median_of_their_quantiles()
    {
        var series = new TimeSeries("wave", Wave(100, 0), Start, Frequency.Monthly);
        NetworkTraining training = new() { Epochs = 5, Members = 3, Retrain = false };
        var three = new NLinear(12, 6, training: training);
        three.Fit(series);
        double[][] single = [.. Enumerable.Range(0, 3).Select(seed =>
        {
            var one = new NLinear(12, 6, training: training with { Members = 1, Seed = seed });
            one.Fit(series);
            return one.Predict(6).Point.ToArray();
        })];
        double[] expected = [.. Enumerable.Range(0, 6).Select(
            step => single.Select(points => points[step]).Order().ElementAt(1))];
        Assert.That(three.Predict(6).Point.ToArray(), Is.EqualTo(expected).Within(1e-5));
    }

    private static double[] Wave(int count, double phase) => [.. Enumerable.Range(0, count).Select(
        t => 10 + (3 * Math.Sin((2 * Math.PI * t / 12) + phase)) + (0.2 * Math.Sin(t * 12.9898 * t)))];
}
