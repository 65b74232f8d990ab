using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>Autocorrelations, tests of residuals, and the test whether one forecast is better than another.</summary>
[TestFixture]
public sealed class DiagnosticsTests
{
    // Worked by hand: y − ȳ = (−2, −1, 0, 1, 2) of 1, …, 5.
    [Test]
    public void Small_numbers_are_those_of_the_formulas()
    {
        double[] values = [1, 2, 3, 4, 5];
        double[] correlations = Autocorrelation.Of(values, 10);
        double[] partial = Autocorrelation.Partial(values, 2);
        TestResult portmanteau = Autocorrelation.LjungBox(values, lags: 2);
        double q = 5 * 7 * ((0.4 * 0.4 / 4) + (0.1 * 0.1 / 3));
        Assert.Multiple(() =>
        {
            Assert.That(correlations, Is.EqualTo(new[] { 1, 0.4, -0.1, -0.4, -0.4 }).Within(1e-12));
            Assert.That(partial, Is.EqualTo(new[] { 0.4, (-0.1 - 0.16) / (1 - 0.16) }).Within(1e-12));
            Assert.That(portmanteau.Statistic, Is.EqualTo(q).Within(1e-12));

            // χ² of 2 degrees of freedom has the tail exp(−q/2).
            Assert.That(portmanteau.PValue, Is.EqualTo(Math.Exp(-q / 2)).Within(1e-12));
        });
    }

    [Test]
    public void Jarque_and_Bera_measure_skewness_and_kurtosis()
    {
        // Moments of (−1, −1, 2): 0, 2, 2, 6; S = 2/2^1.5, K = 6/4.
        TestResult test = Autocorrelation.JarqueBera([-1, -1, 2]);
        double expected = 3.0 / 6 * (0.5 + (1.5 * 1.5 / 4));
        Assert.That(test.Statistic, Is.EqualTo(expected).Within(1e-12));
        Assert.That(test.PValue, Is.EqualTo(Math.Exp(-expected / 2)).Within(1e-12));
    }

    [Test]
    public void White_noise_is_rejected_as_often_as_promised()
    {
        int portmanteau = 0;
        int normality = 0;
        int better = 0;
        for (int run = 0; run < 1000; run++)
        {
            var random = new SeededRandom(SeededRandom.Key(4, (ulong)run));
            double[] first = [.. Enumerable.Range(0, 200).Select(_ => random.NextNormal())];
            double[] second = [.. Enumerable.Range(0, 200).Select(_ => random.NextNormal())];
            portmanteau += Autocorrelation.LjungBox(first).PValue < 0.05 ? 1 : 0;
            normality += Autocorrelation.JarqueBera(first).PValue < 0.05 ? 1 : 0;
            better += DieboldMariano.Test(first, second, horizon: 3).PValue < 0.05 ? 1 : 0;
        }

        Assert.Multiple(() =>
        {
            Assert.That(portmanteau, Is.InRange(30, 75));
            Assert.That(normality, Is.InRange(20, 70));
            Assert.That(better, Is.InRange(30, 80));
        });
    }

    [Test]
    public void What_depends_on_its_past_is_found()
    {
        double[] values = ArimaTests.Autoregressive(200, 0.5);
        LocalFit right = new Arima(1, 0, 0).FitSeries(new LocalTask(values));
        Assert.Multiple(() =>
        {
            Assert.That(Autocorrelation.LjungBox(values).PValue, Is.LessThan(1e-4));
            Assert.That(Autocorrelation.LjungBox(right.Residuals, fitted: 1).PValue, Is.GreaterThan(0.05));
            Assert.That(Autocorrelation.JarqueBera([.. values.Select(Math.Exp)]).PValue, Is.LessThan(1e-6));
        });
    }

    [Test]
    public void Scale_does_not_matter([Values(1e-200, 1e-5, 1e200)] double scale)
    {
        double[] values = ArimaTests.Walk(60);
        double[] scaled = [.. values.Select(value => value * scale)];
        double[] other = ArimaTests.Noise(60, 3);
        Assert.Multiple(() =>
        {
            Assert.That(Autocorrelation.Of(scaled, 9), Is.EqualTo(Autocorrelation.Of(values, 9)).Within(1e-9));
            Assert.That(Autocorrelation.JarqueBera(scaled).Statistic,
                Is.EqualTo(Autocorrelation.JarqueBera(values).Statistic).Within(1e-9));
            Assert.That(UnitRoots.Kpss(scaled), Is.EqualTo(UnitRoots.Kpss(values)).Within(1e-9));
            Assert.That(DieboldMariano.Test(scaled, [.. other.Select(value => value * scale)]).Statistic,
                Is.EqualTo(DieboldMariano.Test(values, other).Statistic).Within(1e-9));
        });
    }

    // d = (1, 2, 3, 6): d̄ = 3, γ(0) = 3.5, γ(1) = (2 + 0 + 0)/4.
    [Test]
    public void Diebold_and_Mariano_with_the_correction_for_few()
    {
        TestResult one = DieboldMariano.OfLosses([1, 2, 3, 6]);
        double statistic = 3 / Math.Sqrt(3.5 / 4) * Math.Sqrt((4 + 1 - 2) / 4.0);
        TestResult two = DieboldMariano.OfLosses([1, 2, 3, 6], horizon: 2);
        double second = 3 / Math.Sqrt((3.5 + (2 * 0.5)) / 4) * Math.Sqrt((4 + 1 - 4 + (2 / 4.0)) / 4);
        Assert.Multiple(() =>
        {
            Assert.That(one.Statistic, Is.EqualTo(statistic).Within(1e-12));
            Assert.That(two.Statistic, Is.EqualTo(second).Within(1e-12));

            // Student's t of 3 degrees of freedom.
            double angle = Math.Atan(statistic / Math.Sqrt(3));
            Assert.That(one.PValue, Is.EqualTo(1 - (2 / Math.PI * (angle + (Math.Sin(angle) * Math.Cos(angle))))).Within(1e-9));
            Assert.That(DieboldMariano.Test([1, 2, 3], [3, 4, 3]).Statistic,
                Is.EqualTo(-DieboldMariano.Test([3, 4, 3], [1, 2, 3]).Statistic));
            Assert.That(DieboldMariano.Test([1, 2, 3], [-1, 2, -3]), Is.EqualTo(new TestResult(0, 1)));
            Assert.That(DieboldMariano.OfLosses([-1, -1, -1]), Is.EqualTo(new TestResult(double.NegativeInfinity, 0)));
            Assert.That(double.IsFinite(DieboldMariano.OfLosses([1, -1, 1, -1, 1.1], horizon: 2).Statistic));
        });
    }

    [Test]
    public void Bad_input_is_refused()
    {
        double[] none = [];
        double[] odd = [1, double.NaN, 2];
        Assert.Multiple(() =>
        {
            Assert.That(() => Autocorrelation.Of(none, 3), Throws.ArgumentException);
            Assert.That(() => Autocorrelation.Of(odd, 3), Throws.ArgumentException.With.Message.Contains("Value 1"));
            Assert.That(() => Autocorrelation.Of([1, 2], -1), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Autocorrelation.LjungBox([1, 2]), Throws.ArgumentException.With.Message.Contains("3 residuals"));
            Assert.That(() => DieboldMariano.Test([1, 2], [1, 2, 3]),
                Throws.ArgumentException.With.Message.Contains("3 of the other"));
            Assert.That(() => DieboldMariano.Test([1, 2], [1, 2], horizon: 2), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => DieboldMariano.Test([1, 2], [1, 2], power: 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(Autocorrelation.Of([3, 3, 3], 5), Is.EqualTo(new double[] { 1, 0, 0 }));
            Assert.That(Autocorrelation.Partial([0.1, 0.1, 0.1], 2), Is.EqualTo(new double[] { 0, 0 }));
            Assert.That(Autocorrelation.LjungBox([3, 3, 3, 3]).PValue, Is.EqualTo(1));
        });
    }
}
