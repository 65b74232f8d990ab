using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;
using Recurrent.Serialization;

namespace Recurrent.Tests.Forecasting;

/// <summary>What holds for every method of the registry.</summary>
[TestFixture]
public sealed class EveryForecasterTests
{
    private static IEnumerable<string> Methods => Forecasters.Registry.Names
        .DistinctBy(name => Forecasters.Registry.Create(name).ClassName + (name is "lstm" or "gru" ? name : string.Empty))
        .SelectMany(name => Forecasters.Registry.Create(name).GetConfig().Any(entry => entry.Key == "transform")
            ? (string[])[name, name + SmallForecasters.OfLogarithms] : [name]);

    [TestCaseSource(nameof(Methods))]
    public void A_file_gives_the_same_bits_over_a_panel_and_goes_on(string name)
    {
        Forecaster method = SmallForecasters.Create(name);
        SeriesPanel panel = new([Monthly("a", 60, 1), Monthly("b", 72, 2)]);
        method.Fit(panel);
        Forecaster loaded = Loaded(method);
        SeriesPanel next = new([Monthly("a", 80, 1).Slice(60, 3), Monthly("b", 80, 2).Slice(72, 5)]);
        for (int round = 0; round < 2; round++)
        {
            Assert.That(Numbers(loaded), Is.EqualTo(Numbers(method)), $"round {round}");
            Assert.That(loaded.SamplePanel(3, 4, 5)[1].Of(), Is.EqualTo(method.SamplePanel(3, 4, 5)[1].Of()));
            Assert.That(loaded.PredictPanel(2)[1].Dates, Is.EqualTo(method.PredictPanel(2)[1].Dates));
            loaded.Update(next);
            method.Update(next);
        }

        Assert.That(ComponentNames(loaded), Is.EqualTo(ComponentNames(method)));
    }

    [TestCaseSource(nameof(Methods))]
    public void Changed_files_give_a_forecaster_or_a_format_exception(string name)
    {
        Forecaster method = SmallForecasters.Create(name);
        method.Fit(new SeriesPanel([Monthly("a", 60, 1), Monthly("b", 60, 2)]));
        using var stream = new MemoryStream();
        method.Save(stream);
        byte[] bytes = stream.ToArray();
        var random = new SeededRandom(SeededRandom.Key(11, 1));
        byte[] letters = [(byte)'0', (byte)'"', (byte)'}', (byte)'9', (byte)'-', (byte)'n', (byte)',', (byte)'A'];
        for (int i = 0; i < 100; i++)
        {
            byte[] changed = [.. bytes];
            changed[random.NextInt(bytes.Length)] = letters[random.NextInt(letters.Length)];
            AssertSafe(i % 5 == 0 ? bytes[..random.NextInt(bytes.Length)] : changed);
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void A_fit_in_any_number_of_threads_has_the_same_bits(string name)
    {
        SeriesPanel panel = new([Monthly("a", 60, 1), Monthly("b", 66, 2), Monthly("c", 60, 3)]);
        Forecaster one = SmallForecasters.Create(name);
        one.Fit(panel, run: new() { Threads = 1 });
        Forecaster many = SmallForecasters.Create(name);
        many.Fit(panel, run: new() { Threads = 5 });
        Assert.That(Numbers(many), Is.EqualTo(Numbers(one)));
    }

    [TestCaseSource(nameof(Methods))]
    public void What_people_bring_gives_finite_numbers_or_a_message(string name)
    {
        (string What, double[] Values)[] all =
        [
            ("one", [3]), ("two", [3, 4]), ("flat", [.. Enumerable.Repeat(5.0, 50)]), ("zero", new double[50]),
            ("periodic", [.. Enumerable.Range(0, 60).Select(t => t % 12 + 1.0)]),
            ("huge", [.. Enumerable.Range(0, 60).Select(t => 1e200 * (t % 12 + 1.0))]),
            ("tiny", [.. Enumerable.Range(0, 60).Select(t => 1e-200 * (t % 12 + 1.0))]),
            ("negative", [.. Enumerable.Range(0, 60).Select(t => -100.0 + t)]),
            ("spike", [.. Enumerable.Range(0, 60).Select(t => t == 30 ? 1e12 : 1.0)]),
        ];
        foreach ((string what, double[] values) in all)
        {
            Forecaster method = SmallForecasters.Create(name);
            try
            {
                method.Fit(new TimeSeries(what, values, new DateTime(2010, 1, 1), Frequency.Monthly));
                Forecast forecast = method.Predict(14);
                Assert.That(forecast.Point.ToArray().Concat(forecast.Quantile(0.99)), Is.All.Matches<double>(double.IsFinite),
                    what);
            }
            catch (ArgumentException exception)
            {
                Assert.That(exception.Message, what is "huge" or "tiny" ? Does.Contain("infinite").Or.Contain("finite")
                    : Does.Contain($"'{what}'"), what);
            }
        }
    }

    private static string ComponentNames(Forecaster method) =>
        string.Join(", ", method.GetConfig().Select(entry => $"{entry.Key}={entry.Value}"));

    private static double[][] Numbers(Forecaster method) =>
        [.. method.PredictPanel(9).SelectMany(forecast =>
            (double[][])[forecast.Point.ToArray(), forecast.Quantile(0.05), forecast.Quantile(0.9)])];

    private static Forecaster Loaded(Forecaster method)
    {
        using var stream = new MemoryStream();
        method.Save(stream);
        stream.Position = 0;
        return Forecaster.Load(stream);
    }

    private static void AssertSafe(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            Forecaster loaded = Forecaster.Load(stream);
            _ = loaded.PredictPanel(3);
        }
        catch (ModelFormatException)
        {
        }
        catch (ArgumentException exception) when (exception.Message.Contains("finite", StringComparison.Ordinal))
        {
            // Numbers that fit together may still give a forecast beyond all bounds: that is said, too.
        }
    }

    private static TimeSeries Monthly(string name, int count, int seed)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 31));
        var values = new double[count];
        for (int t = 0; t < count; t++)
        {
            values[t] = 100 + t + (20 * Math.Sin(t * Math.PI / 6)) + (3 * random.NextNormal());
        }

        return TimeSeries.Create(name, ["y"], [values],
            [.. Enumerable.Range(0, count).Select(t => new DateTime(2010, 1, 1).AddMonths(t))]);
    }
}
