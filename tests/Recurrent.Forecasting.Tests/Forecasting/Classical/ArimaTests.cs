using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Tests.Forecasting;

/// <summary>ARIMA models as forecasters: known answers, gaps, regressors, updates, files.</summary>
[TestFixture]
public sealed class ArimaTests
{
    private static readonly double[] Odd = [double.NaN];

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
        QuantileGrid later = fit.Update(values.AsSpan()[350..], []).Predict(10, []);
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
            updated = updated.Update(values.AsSpan()[t..Math.Min(values.Length, t + 5)], []);
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
    public void Broken_files_are_refused()
    {
        var model = new Arima(1, 1, 1, 0, 1, 1, season: 4, period: 9, harmonics: 1);
        Config good = model.FitSeries(new LocalTask(Walk(80), 4)).State;
        Assert.That(() => model.ReadFit(new ConfigReader("ARIMA", good)), Throws.Nothing);
        (string Key, object? Value)[] wrong =
        [
            ("order", new[] { 1, 1 }), ("order", new[] { 1, 1, 1, 0, 1, 1, -4 }), ("order", new[] { 9, 1, 1, 0, 1, 1, 4 }),
            ("order", new[] { 1, 1, 1, 9, 1, 9, 900 }), ("coefficients", StoredState.Pack([1.5, 0, 0])),
            ("coefficients", StoredState.Pack([0.5, 0])), ("mean", StoredState.Pack([1.0])), ("variance", -1.0), ("count", -3),
            ("exponent", 5000), ("harmonics", 400_000_000), ("harmonics", -1), ("period", 1.0), ("lambda", 1e9),
            ("regression", StoredState.Pack([])), ("covariance", StoredState.Pack(new double[5000])), ("coefficients", null),
        ];
        foreach ((string key, object? value) in wrong)
        {
            var config = new Config();
            foreach (KeyValuePair<string, object?> entry in good)
            {
                config.Add(entry.Key, entry.Key == key ? value : entry.Value);
            }

            Assert.That(() => model.ReadFit(new ConfigReader("ARIMA", config)), Throws.InstanceOf<ArgumentException>(), key);
        }
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
