using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>ARIMA models as forecasters: known answers, odd series, gaps, regressors, updates, files.</summary>
[TestFixture]
public sealed class ArimaTests
{
    private static readonly double[] Odd = [double.NaN];

    private static IEnumerable<TestCaseData> Series()
    {
        (string Name, double[] Values, int Season)[] all =
        [
            ("one", [5], 1),
            ("two", [5, 7], 1),
            ("three", [5, 7, 4], 12),
            ("five", [1, 2, 1, 2, 5], 4),
            ("all equal", Repeat(60, _ => 7.3), 12),
            ("all zero", Repeat(60, _ => 0), 4),
            ("huge and equal", Repeat(40, _ => 1e300), 4),
            ("straight line", Repeat(50, t => 3.1 + (0.7 * t)), 12),
            ("parabola", Repeat(50, t => 3.1 + (0.7 * t) + (0.3 * t * t)), 1),
            ("purely periodic", Repeat(48, t => (t % 4 * 3.3) + 1.7), 4),
            ("periodic with a trend", Repeat(60, t => (t % 12 * 3.3) + (0.1 * t)), 12),
            ("a step", Repeat(60, t => t < 30 ? 1 : 2), 1),
            ("one outlier", Repeat(60, t => t == 30 ? 1e6 : 1), 12),
            ("alternating", Repeat(60, t => t % 2), 1),
            ("alternating and seasonal", Repeat(60, t => t % 2), 12),
            ("mostly zero", Repeat(80, t => t % 13 == 0 ? 3 : 0), 12),
            ("tiny", Noise(80, 1e-300), 12),
            ("huge", Noise(80, 1e300), 12),
            ("far from zero", [.. Noise(80, 1e-3).Select(value => value + 1e9)], 12),
            ("exponential", Repeat(80, t => Math.Exp(0.3 * t)), 4),
            ("random walk", Walk(200), 12),
            ("near unit root", Autoregressive(300, 0.9999), 1),
            ("noise with a season as long as itself", Noise(24, 1), 24),
            ("noise with a season of two", Noise(50, 1), 2),
        ];
        return all.Select(series => new TestCaseData(series.Values, series.Season).SetArgDisplayNames(series.Name));
    }

    [TestCaseSource(nameof(Series))]
    public void Any_series_gets_finite_forecasts_and_intervals(double[] values, int season)
    {
        LocalForecaster[] methods =
        [
            new AutoArima(), new AutoArima(stepwise: false, maxOrder: 2), new StlForecaster(), new Autoregression(),
            new Autoregression(method: "burg"),
        ];
        foreach (LocalForecaster method in methods)
        {
            LocalFit fit = method.FitSeries(new LocalTask(values, season));
            QuantileGrid grid = fit.Predict(30, []);
            double[][] paths = fit.Simulate(10, 3, 5, []);
            Assert.Multiple(() =>
            {
                Assert.That(grid.Point.ToArray(), Is.All.Matches<double>(double.IsFinite), fit.Describe());
                Assert.That(paths.SelectMany(path => path), Is.All.Matches<double>(double.IsFinite), fit.Describe());
                Assert.That(fit.Fitted.Length, Is.EqualTo(values.Length));
            });
            LocalFit later = fit.Update(values, []);
            Assert.That(later.Predict(3, []).Point.ToArray(), Is.All.Matches<double>(double.IsFinite));
        }
    }

    [Test]
    public void What_repeats_itself_goes_on_without_doubt()
    {
        foreach ((double[] values, int season, Func<int, double> truth) in new (double[], int, Func<int, double>)[]
        {
            (Repeat(60, _ => 7.3), 12, _ => 7.3),
            (Repeat(50, t => 3.1 + (0.7 * t)), 12, t => 3.1 + (0.7 * t)),
            (Repeat(48, t => (t % 4 * 3.3) + 1.7), 4, t => (t % 4 * 3.3) + 1.7),
            (Repeat(60, t => (t % 12 * 3.3) + (0.1 * t)), 12, t => (t % 12 * 3.3) + (0.1 * t)),
        })
        {
            LocalFit fit = new AutoArima().FitSeries(new LocalTask(values, season));
            QuantileGrid grid = fit.Predict(20, []);
            (double[] low, double[] high) = grid.Interval(0.95);
            for (int k = 0; k < 20; k++)
            {
                double expected = truth(values.Length + k);
                Assert.That(grid.Point[k], Is.EqualTo(expected).Within(1e-6), fit.Describe());
                Assert.That(high[k] - low[k], Is.LessThan(1e-6), fit.Describe());
            }
        }
    }

    [Test]
    public void Forecasts_scale_with_the_series([Values(1e-150, 1e-3, 3.0, 1e120)] double factor)
    {
        double[] values = RCase.All()[14].X;
        QuantileGrid plain = new AutoArima().FitSeries(new LocalTask(values, 12)).Predict(18, []);
        QuantileGrid scaled = new AutoArima().FitSeries(new LocalTask([.. values.Select(v => v * factor)], 12)).Predict(18, []);
        for (int k = 0; k < 18; k++)
        {
            Assert.That(scaled.Point[k], Is.EqualTo(plain.Point[k] * factor).Within(1e-4).Percent);
            Assert.That(scaled.Quantile(k, 0.9), Is.EqualTo(plain.Quantile(k, 0.9) * factor).Within(1e-3).Percent);
        }
    }

    [Test]
    public void An_autoregression_is_found_again()
    {
        double[] values = Autoregressive(4000, 0.7);
        var exact = (ArimaFit)new Arima(1, 0, 0).FitSeries(new LocalTask(values));
        var yule = (ArimaFit)new Autoregression(order: 1).FitSeries(new LocalTask(values));
        var burg = (ArimaFit)new Autoregression(order: 1, method: "burg").FitSeries(new LocalTask(values));
        Assert.Multiple(() =>
        {
            Assert.That(exact.Coefficients[0], Is.EqualTo(0.7).Within(0.03));
            Assert.That(yule.Coefficients[0], Is.EqualTo(exact.Coefficients[0]).Within(0.002));
            Assert.That(burg.Coefficients[0], Is.EqualTo(exact.Coefficients[0]).Within(0.002));
            Assert.That(exact.Variance, Is.EqualTo(1).Within(0.05));
        });

        // φᵏ of the distance from the mean, and σ² Σ φ²ʲ around it.
        double distance = values[^1] - exact.Constant!.Value;
        QuantileGrid grid = exact.Predict(3, []);
        double spread = 0;
        for (int k = 0; k < 3; k++)
        {
            double phi = exact.Coefficients[0];
            spread += Math.Pow(phi, 2 * k);
            Assert.That(grid.Point[k], Is.EqualTo(exact.Constant.Value + (Math.Pow(phi, k + 1) * distance)).Within(1e-9));
            Assert.That(grid.Quantile(k, 0.975) - grid.Point[k],
                Is.EqualTo(1.959964 * Math.Sqrt(exact.Variance * spread)).Within(1e-5));
        }
    }

    [Test]
    public void A_cycle_gives_its_length_as_order()
    {
        double[] noise = Noise(400, 0.5);
        double[] values = Repeat(400, t => Math.Sin(2 * Math.PI * t / 23.0) + noise[t]);
        var fit = (ArimaFit)new Autoregression(cycle: true).FitSeries(new LocalTask(values));
        QuantileGrid grid = fit.Predict(60, []);
        Assert.That(fit.Order.P, Is.InRange(22, 24));
        Assert.That(Enumerable.Range(0, 60).Average(k => Math.Abs(grid.Point[k] - Math.Sin(2 * Math.PI * (400 + k) / 23.0))),
            Is.LessThan(0.3));
        Assert.That(((ArimaFit)new Autoregression(cycle: true).FitSeries(new LocalTask(Noise(400, 1)))).Order.P, Is.LessThan(10));
    }

    [Test]
    public void Long_series_with_long_seasons_are_searched_by_conditional_sums()
    {
        var random = new SeededRandom(23);
        double[] e = [.. Enumerable.Range(0, 800).Select(_ => random.NextNormal())];
        double[] values = new double[800];
        for (int t = 25; t < 800; t++)
        {
            double w = e[t] - (0.5 * e[t - 24]);
            values[t] = values[t - 24] + (0.7 * (values[t - 1] - values[t - 25])) + w;
        }

        double[] series = [.. values[100..].Select((value, t) => value + (20 * Math.Sin(2 * Math.PI * t / 24)))];
        var fit = (ArimaFit)new AutoArima().FitSeries(new LocalTask(series, 24));
        var truth = (ArimaFit)new Arima(1, 0, 0, 0, 1, 1).FitSeries(new LocalTask(series, 24));
        Assert.That(fit.Order.SeasonalD, Is.EqualTo(1));
        Assert.That(fit.Aicc, Is.LessThanOrEqualTo(truth.Aicc + 2), fit.Describe());
    }

    [Test]
    public void Moving_averages_are_found_again()
    {
        var random = new SeededRandom(11);
        double[] e = [.. Enumerable.Range(0, 3013).Select(_ => random.NextNormal())];
        double[] values = [.. Enumerable.Range(13, 3000).Select(t =>
            e[t] - (0.5 * e[t - 1]) + (0.6 * e[t - 12]) - (0.3 * e[t - 13]))];
        var fit = (ArimaFit)new Arima(0, 0, 1, 0, 0, 1, season: 12).FitSeries(new LocalTask(values, 12));
        Assert.That(fit.Coefficients, Is.EqualTo(new[] { -0.5, 0.6 }).Within(0.05));
    }

    [Test]
    public void Gaps_are_left_to_the_filter_and_to_forecasts()
    {
        double[] values = Autoregressive(300, 0.8);
        double[] gapped = [.. values];
        foreach (int t in new[] { 0, 1, 20, 21, 22, 100, 150, 299 })
        {
            gapped[t] = double.NaN;
        }

        var series = new TimeSeries("gapped", gapped);
        var model = new Arima(1, 0, 0);
        model.Fit(series);
        var whole = (ArimaFit)new Arima(1, 0, 0).FitSeries(new LocalTask(values));
        var fit = (ArimaFit)model.FitOf();
        Assert.Multiple(() =>
        {
            Assert.That(fit.Coefficients[0], Is.EqualTo(whole.Coefficients[0]).Within(0.02));
            Assert.That(model.Notes, Has.Count.EqualTo(1));

            // The last value is missing: one step ahead of the series is two steps ahead of what is known.
            double phi = fit.Coefficients[0];
            double mean = fit.Constant!.Value;
            Assert.That(model.Predict(1).Point[0], Is.EqualTo(mean + (phi * phi * (values[298] - mean))).Within(1e-9));
        });
        LocalFit updated = fit.Update([double.NaN, 2.5, double.NaN], []);
        Assert.That(updated.Predict(1, []).Point[0],
            Is.EqualTo(fit.Constant!.Value + (Math.Pow(fit.Coefficients[0], 2) * (2.5 - fit.Constant.Value))).Within(1e-9));
    }

    [Test]
    public void Seasonal_models_take_gaps_at_the_start_too()
    {
        double[] values = [.. TestData.AirPassengers().Values];
        double[] gapped = [.. values];
        foreach (int t in new[] { 3, 4, 17, 40, 41, 42, 99 })
        {
            gapped[t] = double.NaN;
        }

        var whole = (ArimaFit)new Arima(0, 1, 1, 0, 1, 1, transform: "log").FitSeries(new LocalTask(values, 12));
        var fit = (ArimaFit)new Arima(0, 1, 1, 0, 1, 1, transform: "log").FitSeries(new LocalTask(gapped, 12, gaps: true));
        QuantileGrid expected = whole.Predict(12, []);
        QuantileGrid grid = fit.Predict(12, []);
        for (int k = 0; k < 12; k++)
        {
            Assert.That(grid.Point[k], Is.EqualTo(expected.Point[k]).Within(1).Percent);
        }

        Assert.That(((ArimaFit)new AutoArima(transform: "log").FitSeries(new LocalTask(gapped, 12, gaps: true))).Order.SeasonalD,
            Is.EqualTo(1));
    }

    [Test]
    public void Airline_model_has_the_published_coefficients()
    {
        // Box and Jenkins (1976): θ = 0.40, Θ = 0.61 in their sign; exact likelihood 244.6965.
        var fit = (ArimaFit)new Arima(0, 1, 1, 0, 1, 1, transform: "log")
            .FitSeries(new LocalTask([.. TestData.AirPassengers().Values], 12));
        Assert.Multiple(() =>
        {
            Assert.That(fit.Coefficients, Is.EqualTo(new[] { -0.4018, -0.5569 }).Within(2e-4));
            Assert.That(fit.LogLikelihood, Is.EqualTo(244.6965).Within(1e-3));
            Assert.That(fit.Describe(), Does.StartWith("ARIMA(0,1,1)(0,1,1)[12] of logarithms"));
        });
    }

    [Test]
    public void Regressors_are_found_and_needed_ahead()
    {
        var random = new SeededRandom(3);
        double[] x = [.. Enumerable.Range(0, 220).Select(t => (t % 17) + random.NextNormal())];
        double[] noise = Autoregressive(220, 0.6);
        double[] y = [.. x.Select((value, t) => 5 + (2.5 * value) + noise[t])];
        var task = new LocalTask(y[..200]) { Regressors = [x[..200]] };
        foreach (LocalForecaster method in new LocalForecaster[] { new Arima(1, 0, 0), new AutoArima(), new Arima(1, 1, 1) })
        {
            var fit = (ArimaFit)method.FitSeries(task);
            Assert.That(fit.Regression[0], Is.EqualTo(2.5).Within(0.05), fit.Describe());
            QuantileGrid grid = fit.Predict(20, [x[200..]]);
            double error = Enumerable.Range(0, 20).Average(k => Math.Abs(grid.Point[k] - y[200 + k]));
            Assert.That(error, Is.LessThan(2.5), fit.Describe());
            Assert.That(() => fit.Predict(20, []), Throws.ArgumentException.With.Message.Contains("1 regressors"));
            Assert.That(() => fit.Predict(20, [x[..10]]), Throws.ArgumentException.With.Message.Contains("10 values"));
        }

        var twice = new LocalTask(y[..200]) { Regressors = [x[..200], [.. x[..200].Select(value => 3 * value)]] };
        Assert.That(() => new Arima(1, 0, 0).FitSeries(twice), Throws.ArgumentException.With.Message.Contains("Regressor 1"));
        var level = new LocalTask(y[..200]) { Regressors = [[.. x[..200].Select(_ => 1.0)]] };
        Assert.That(() => new Arima(1, 1, 0).FitSeries(level), Throws.ArgumentException.With.Message.Contains("Regressor 0"));
    }

    [Test]
    public void Harmonics_carry_a_long_season()
    {
        var random = new SeededRandom(5);
        double Truth(int t) => 10 + (3 * Math.Sin(2 * Math.PI * t / 91.3)) + Math.Cos(4 * Math.PI * t / 91.3);
        double[] values = [.. Enumerable.Range(0, 400).Select(t => Truth(t) + (0.1 * random.NextNormal()))];
        LocalFit fit = new Arima(1, 0, 0, period: 91.3, harmonics: 2).FitSeries(new LocalTask(values[..350]));
        QuantileGrid ahead = fit.Predict(60, []);
        QuantileGrid later = fit.Update(values[350..], []).Predict(10, []);
        Assert.Multiple(() =>
        {
            for (int k = 0; k < 60; k++)
            {
                Assert.That(ahead.Point[k], Is.EqualTo(Truth(350 + k)).Within(0.1));
            }

            for (int k = 0; k < 10; k++)
            {
                Assert.That(later.Point[k], Is.EqualTo(Truth(400 + k)).Within(0.1));
            }
        });
    }

    [Test]
    public void An_update_is_a_longer_series_with_the_same_parameters()
    {
        double[] values = [.. TestData.AirPassengers().Values];
        var order = new ArimaOrder(1, 1, 1, 0, 1, 1, 12);
        var fit = (ArimaFit)new Arima(1, 1, 1, 0, 1, 1, transform: "log").FitSeries(new LocalTask(values[..120], 12));
        LocalFit updated = fit;
        for (int t = 120; t < values.Length; t += 5)
        {
            updated = updated.Update(values[t..Math.Min(values.Length, t + 5)], []);
        }

        double[] logs = [.. values.Select(value => Math.Log(value))];
        ArimaProblem problem = ArimaProblem.Of(logs, [], ArimaLikelihoodTests.Differences(order));
        var parameters = new ArimaParameters
        {
            Order = order,
            Coefficients = [.. fit.Coefficients],
            Constant = null,
            Beta = [],
            Variance = fit.Variance,
            Exponent = 0,
        };
        (double[] mean, double[] sigma) = ArimaModel.Through(parameters, problem, []).Model.Predict(24, []);
        QuantileGrid grid = updated.Predict(24, []);
        for (int k = 0; k < 24; k++)
        {
            Assert.That(Math.Log(grid.Point[k]), Is.EqualTo(mean[k]).Within(1e-9));
            Assert.That(Math.Log(grid.Quantile(k, 0.975)) - mean[k], Is.EqualTo(1.959964 * sigma[k]).Within(1e-6));
        }
    }

    [Test]
    public void Simulated_paths_have_the_mean_and_the_spread_of_the_forecast()
    {
        double[] values = [.. TestData.AirPassengers().Values];
        LocalFit fit = new Arima(0, 1, 1, 0, 1, 1, transform: "log").FitSeries(new LocalTask(values, 12));
        double[][] paths = fit.Simulate(24, 4000, 9, []);
        QuantileGrid grid = fit.Predict(24, []);
        foreach (int k in new[] { 0, 5, 23 })
        {
            double[] logs = [.. paths.Select(path => Math.Log(path[k])).Order()];
            double sigma = (Math.Log(grid.Quantile(k, 0.975)) - Math.Log(grid.Point[k])) / 1.959964;
            Assert.That(logs.Average(), Is.EqualTo(Math.Log(grid.Point[k])).Within(4 * sigma / Math.Sqrt(4000)));
            Assert.That(logs[3900] - logs[100], Is.EqualTo(2 * 1.959964 * sigma).Within(6).Percent);
        }

        Assert.That(fit.Simulate(24, 2, 9, [])[1], Is.EqualTo(paths[1]), "the same key gives the same paths");
    }

    [Test]
    public void Files_give_the_same_forecasts(
        [Values("AutoArima", "Arima", "Autoregression", "StlForecaster", "gaps")] string which)
    {
        double[] values = [.. TestData.AirPassengers().Values];
        if (which == "gaps")
        {
            values[130] = values[142] = double.NaN;
        }

        LocalForecaster model = which switch
        {
            "AutoArima" => new AutoArima(season: 12, transform: "box_cox"),
            "Arima" => new Arima(1, 1, 1, season: 12, period: 12, harmonics: 3),
            "Autoregression" => new Autoregression(season: 12, transform: "sqrt"),
            "StlForecaster" => new StlForecaster(new Arima(0, 2, 2), season: 12, transform: "log", robust: true),
            _ => new Arima(0, 1, 1, 0, 1, 1, season: 12),
        };
        model.Fit(new TimeSeries("passengers", values));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{which}-arima-test.json");
        try
        {
            model.Save(path);
            var read = (LocalForecaster)Forecaster.Load(path);
            Assert.Multiple(() =>
            {
                Assert.That(read.Predict(30).Point.ToArray(), Is.EqualTo(model.Predict(30).Point.ToArray()).Within(1e-9).Percent);
                Assert.That(read.Predict(30).Interval(0.95).Low.ToArray(),
                    Is.EqualTo(model.Predict(30).Interval(0.95).Low.ToArray()).Within(1e-6).Percent);
                Assert.That(read.FitOf().Describe(), Is.EqualTo(model.FitOf().Describe()));
                Assert.That(read.FitOf().Update([500, 510], []).Predict(3, []).Point.ToArray(),
                    Is.EqualTo(model.FitOf().Update([500, 510], []).Predict(3, []).Point.ToArray()).Within(1e-9).Percent);
            });
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Test]
    public void Refusals_say_what_to_do()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new Arima(-1, 0, 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new Arima(1, 4, 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new Arima(1, 1, 0, 0, 1, 0, 12, constant: true), Throws.ArgumentException);
            Assert.That(() => new Arima(1, 0, 0, 0, 1, 0).FitSeries(new LocalTask(Noise(50, 1))),
                Throws.ArgumentException.With.Message.Contains("season"));
            Assert.That(() => new Arima(1, 0, 0, transform: "cube"), Throws.ArgumentException.With.Message.Contains("cube"));
            Assert.That(() => new Arima(2, 1, 2).FitSeries(new LocalTask([1, 2, 3, 2])),
                Throws.ArgumentException.With.Message.Contains("needs at least 6 values, but there are 4"));
            Assert.That(() => new AutoArima(transform: "log").FitSeries(new LocalTask([1, 2, 0, 2])),
                Throws.ArgumentException.With.Message.Contains("above 0"));
            Assert.That(() => new Arima(0, 0, 0, 2, 0, 0, season: 1500),
                Throws.InstanceOf<ArgumentException>().With.Message.Contains("3000"));
            Assert.That(() => new Arima(0, 0, 0, period: 12, harmonics: 7),
                Throws.ArgumentException.With.Message.Contains("period"));
            Assert.That(() => new StlForecaster(seasonalWindow: 2),
                Throws.ArgumentException.With.Message.Contains("seasonalWindow"));
            Assert.That(() => UnitRoots.Kpss(Odd), Throws.ArgumentException);
        });
    }

    [Test]
    public void A_name_alone_chooses_orders()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Forecasters.Registry.Create("arima"), Is.InstanceOf<AutoArima>());
            Assert.That(new Arima(1, 0, 2).Unfitted().GetConfig(), Is.EqualTo(new Arima(1, 0, 2).GetConfig()));
            Assert.That(new Arima(1, 0, 2).Unfitted(), Is.InstanceOf<Arima>());
            Assert.That(new StlForecaster(new Autoregression(order: 3)).Unfitted().Name, Is.EqualTo("STL + AR"));
        });
    }

    internal static double[] Repeat(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(value)];

    internal static double[] Noise(int count, double scale)
    {
        var random = new SeededRandom(17);
        return Repeat(count, _ => scale * random.NextNormal());
    }

    internal static double[] Walk(int count)
    {
        double sum = 0;
        return [.. Noise(count, 1).Select(step => sum += step)];
    }

    internal static double[] Autoregressive(int count, double phi)
    {
        double state = 0;
        return [.. Noise(count + 100, 1).Select(step => state = (phi * state) + step).Skip(100)];
    }
}
