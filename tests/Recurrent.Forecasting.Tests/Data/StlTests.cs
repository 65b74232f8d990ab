using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class StlTests
{
    private static IEnumerable<RCase> Seasonal() => RCase.All().Where(c => c.Has("stl_periodic"));

    [TestCaseSource(nameof(Seasonal))]
    public void Periodic_parts_are_those_of_R(RCase expected)
    {
        Decomposition parts = Stl.Decompose(expected.X, expected.Season);
        FixtureNode stl = expected.Node("stl_periodic");
        double scale = expected.X.Max(Math.Abs);
        Assert.Multiple(() =>
        {
            Assert.That(parts.Seasonal, Is.EqualTo(stl.Doubles("seasonal")).Within(1e-9 * scale));
            Assert.That(parts.Trend, Is.EqualTo(stl.Doubles("trend")).Within(1e-9 * scale));
        });
    }

    [Test]
    public void There_are_cases() => Assert.That(Seasonal().Count(), Is.GreaterThan(15));

    [TestCase(null, false)]
    [TestCase(7, false)]
    [TestCase(null, true)]
    [TestCase(13, true)]
    public void Parts_sum_to_the_series(int? window, bool robust)
    {
        double[] values = Noisy(150, 12);
        Decomposition parts = Stl.Decompose(values, 12, window, robust);
        double[] sum = [.. values.Select((_, i) => parts.Seasonal[i] + parts.Trend[i] + parts.Remainder[i])];
        Assert.That(sum, Is.EqualTo(values).Within(1e-10));
    }

    [TestCase(null)]
    [TestCase(7)]
    public void A_line_and_a_fixed_season_are_found(int? window)
    {
        // 30 + 0.5·t and a season of mean 0.
        double[] season = [3, -1, -4, 2];
        double[] values = [.. Enumerable.Range(0, 41).Select(t => 30 + (0.5 * t) + season[t % 4])];
        Decomposition parts = Stl.Decompose(values, 4, window);
        Assert.Multiple(() =>
        {
            Assert.That(parts.Remainder, Is.All.EqualTo(0).Within(0.05));
            Assert.That(parts.SeasonalStrength(), Is.EqualTo(1).Within(1e-3));
            Assert.That(parts.TrendStrength(), Is.EqualTo(1).Within(1e-3));
            Assert.That(
                parts.SeasonalAhead(6),
                Is.EqualTo(new[] { season[1], season[2], season[3], season[0], season[1], season[2] }).Within(0.1));
        });
    }

    [Test]
    public void Outliers_stay_out_of_robust_parts()
    {
        double[] values = Noisy(120, 12);
        double[] with = [.. values];
        with[50] += 500;
        Decomposition clean = Stl.Decompose(values, 12, robust: true);
        Decomposition robust = Stl.Decompose(with, 12, robust: true);
        Decomposition plain = Stl.Decompose(with, 12);
        Assert.Multiple(() =>
        {
            Assert.That(robust.Weights[50], Is.Zero);
            Assert.That(robust.Trend, Is.EqualTo(clean.Trend).Within(0.5));
            Assert.That(robust.Seasonal, Is.EqualTo(clean.Seasonal).Within(1.5));
            Assert.That(Math.Abs(plain.Trend[50] - clean.Trend[50]), Is.GreaterThan(10));
        });
    }

    [Test]
    public void Two_seasons_are_told_apart()
    {
        double[] values =
        [
            .. Enumerable.Range(0, 24 * 7 * 5)
                .Select(t => 100 + (10 * Math.Sin(t * Math.PI / 12)) + (t / 24 % 7 >= 5 ? -7 : 2.8)),
        ];
        Decomposition parts = Mstl.Decompose(values, [168, 24]);
        double[] week = parts.Seasonals[1];
        Assert.Multiple(() =>
        {
            Assert.That(parts.Seasons, Is.EqualTo(new[] { 24, 168 }));
            Assert.That(parts.Remainder.Max(Math.Abs), Is.LessThan(1.5));
            Assert.That(week[(24 * 16) + 12] - week[(24 * 19) + 12], Is.EqualTo(9.8).Within(1));
            Assert.That(parts.SeasonalAhead(200), Has.Length.EqualTo(200));
        });
    }

    [Test]
    public void One_season_is_stl_with_a_window_of_11()
    {
        double[] values = Noisy(100, 7);
        Assert.That(Mstl.Decompose(values, [7]).Seasonal, Is.EqualTo(Stl.Decompose(values, 7, 11).Seasonal));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Without_a_season_that_fits_there_is_a_trend(bool robust)
    {
        double[] line = [.. Enumerable.Range(0, 20).Select(t => 2.0 * t)];
        Decomposition parts = Mstl.Decompose(line, [12], robust: robust);
        Assert.Multiple(() =>
        {
            Assert.That(parts.Seasons, Is.Empty);
            Assert.That(parts.Trend, Is.EqualTo(line).Within(1e-10));
            Assert.That(parts.SeasonalAhead(3), Is.EqualTo(new double[3]));
        });
    }

    [TestCase(1e-300)]
    [TestCase(1e300)]
    [TestCase(1e306)]
    public void Size_does_not_matter(double unit)
    {
        double[] values = Noisy(60, 4);
        double[] expected = [.. Stl.Decompose(values, 4).Trend.Select(value => value * unit)];
        Assert.That(Stl.Decompose([.. values.Select(value => value * unit)], 4).Trend,
            Is.EqualTo(expected).Within(1e-10).Percent);
    }

    [Test]
    public void A_constant_series_is_its_trend()
    {
        double[] values = [.. Enumerable.Repeat(5.0, 30)];
        Decomposition parts = Stl.Decompose(values, 7, robust: true);
        Assert.Multiple(() =>
        {
            Assert.That(parts.Trend, Is.EqualTo(values).Within(1e-12));
            Assert.That(parts.SeasonalStrength(), Is.Zero.Within(1e-6));
        });
    }

    [Test]
    public void What_does_not_fit_is_said()
    {
        double[] values = Noisy(24, 12);
        Assert.Multiple(() =>
        {
            Assert.That(() => Stl.Decompose(values, 12), Throws.ArgumentException.With.Message.Contains("more than 24 values"));
            Assert.That(() => Stl.Decompose(values, 1), Throws.ArgumentException.With.Message.Contains("season"));
            Assert.That(() => Stl.Decompose(values, 4, 2), Throws.ArgumentException.With.Message.Contains("seasonalWindow"));
            Assert.That(
                () => Stl.Decompose([1, 2, double.NaN, 4, 5, 6], 2), Throws.ArgumentException.With.Message.Contains("Value 2"));
            Assert.That(() => Mstl.Decompose(values, [0]), Throws.ArgumentException.With.Message.Contains("seasons"));
            Assert.That(() => Mstl.Decompose([1, 2], []), Throws.ArgumentException.With.Message.Contains("3 values"));
        });
    }

    private static double[] Noisy(int count, int season)
    {
        var random = new System.Random(5);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(t => 50 + (0.2 * t) + (10 * Math.Cos(2 * Math.PI * t / season)) + random.NextDouble()),
        ];
    }
}
