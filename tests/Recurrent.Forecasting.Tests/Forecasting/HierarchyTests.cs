using MathNet.Numerics.LinearAlgebra;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

[TestFixture]
public sealed class HierarchyTests
{
    private static readonly Hierarchy Tree = new(new Dictionary<string, IReadOnlyList<string>>
    {
        ["total"] = ["north", "c"],
        ["north"] = ["a", "b"],
    });

    [Test]
    public void Sums_are_those_of_the_bottom()
    {
        Assert.That(Tree.Names, Is.EqualTo(new[] { "total", "north", "c", "a", "b" }));
        Assert.That(Tree.SummingMatrix,
            Is.EqualTo(new double[,] { { 1, 1, 1 }, { 0, 1, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }));
        Assert.That(() => new Hierarchy(new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["b"], ["b"] = ["a"] }),
            Throws.ArgumentException.With.Message.Contains("part of itself"));
        Assert.That(() => new Hierarchy(new Dictionary<string, IReadOnlyList<string>> { ["a"] = [] }),
            Throws.ArgumentException.With.Message.StartsWith("The sum 'a' has no parts. Name the series"));
        Assert.That(() => new Hierarchy(new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["b", "c", "b"] }),
            Throws.ArgumentException.With.Message.StartsWith("The sum 'a' names 'b' twice. Name each part once."));
    }

    [TestCase(Reconciliation.BottomUp)]
    [TestCase(Reconciliation.LeastSquares)]
    [TestCase(Reconciliation.Structure)]
    [TestCase(Reconciliation.Variances)]
    [TestCase(Reconciliation.MinTrace)]
    public void Every_sum_is_the_sum_of_its_parts(Reconciliation method)
    {
        SeriesPanel panel = Tree.Aggregate(Leaves(60));
        var naive = new SeasonalNaive(4);
        naive.Fit(panel);
        IReadOnlyList<Forecast> coherent = Tree.Reconcile(naive, 6, method);
        double[] Of(string name) => coherent.Single(forecast => forecast.Series == name).Point.ToArray();
        for (int step = 0; step < 6; step++)
        {
            Assert.That(Of("north")[step], Is.EqualTo(Of("a")[step] + Of("b")[step]).Within(1e-12 * Math.Abs(Of("north")[step])));
            Assert.That(Of("total")[step], Is.EqualTo(Of("c")[step] + Of("a")[step] + Of("b")[step])
                .Within(1e-12 * Math.Abs(Of("total")[step])));
        }
    }

    [Test]
    public void Least_squares_are_the_projection_and_the_least_trace_is_the_closed_form()
    {
        double[] point = [100, 70, 20, 30, 50];
        Forecast[] forecasts = [.. Tree.Names.Select((name, i) =>
            new Forecast(name, "m", ["y"], [QuantileGrid.Normal([point[i]], [1])]))];
        Matrix<double> s = Matrix<double>.Build.DenseOfArray(Tree.SummingMatrix);
        Vector<double> y = Vector<double>.Build.DenseOfArray(point);
        Vector<double> projected = s * (s.Transpose() * s).Inverse() * s.Transpose() * y;
        Assert.That(Points(Tree.Reconcile(forecasts, Reconciliation.LeastSquares)),
            Is.EqualTo(projected.ToArray()).Within(1e-10));

        // By hand: the errors' covariance, its correlations times 1 − λ with λ of Schäfer and Strimmer, and the formula with
        // an inverse.
        var random = new SeededRandom(3);
        const int n = 40;
        double[][] errors = [.. Tree.Names.Select(_ => new double[n])];
        for (int t = 0; t < n; t++)
        {
            double common = random.NextNormal();
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i][t] = common + ((i + 1) * random.NextNormal());
            }
        }

        double[,] correlations = new double[5, 5];
        double[] sd = [.. errors.Select(e => Math.Sqrt(e.Sum(x => x * x) / n))];
        double top = 0;
        double below = 0;
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                double[] products = [.. Enumerable.Range(0, n).Select(t => errors[i][t] * errors[j][t] / sd[i] / sd[j])];
                correlations[i, j] = products.Average();
                if (i != j)
                {
                    top += products.Sum(x => Math.Pow(x - products.Average(), 2)) * n / Math.Pow(n - 1, 3);
                    below += Math.Pow(correlations[i, j], 2);
                }
            }
        }

        double lambda = Math.Min(1, top / below);
        Matrix<double> w = Matrix<double>.Build.Dense(5, 5, (i, j) =>
            sd[i] * sd[j] * correlations[i, j] * (i == j ? 1 : 1 - lambda));
        Vector<double> exact = s * (s.Transpose() * w.Inverse() * s).Inverse() * s.Transpose() * w.Inverse() * y;
        IReadOnlyList<Forecast> mint = Tree.Reconcile(forecasts, Reconciliation.MinTrace,
            Tree.Names.Select((name, i) => (name, errors[i])).ToDictionary(pair => pair.name, pair => pair.Item2));
        Assert.That(Points(mint), Is.EqualTo(exact.ToArray()).Within(1e-9));
        Assert.That(mint[0].Interval(0.8).High[0] - mint[0].Interval(0.8).Low[0], Is.EqualTo(2 * 1.2815515655).Within(1e-8));
    }

    [Test]
    public void Coherent_forecasts_stay_and_what_is_missing_is_named()
    {
        double[] point = [100, 80, 20, 30, 50];
        Forecast[] forecasts = [.. Tree.Names.Select((name, i) =>
            new Forecast(name, "m", ["y"], [QuantileGrid.Normal([point[i]], [1])]))];
        Assert.That(Points(Tree.Reconcile(forecasts, Reconciliation.Structure)), Is.EqualTo(point).Within(1e-10));
        Assert.That(() => Tree.Reconcile(forecasts[1..], Reconciliation.BottomUp),
            Throws.ArgumentException.With.Message.Contains("'total'"));
        Assert.That(() => Tree.Reconcile(forecasts, Reconciliation.MinTrace),
            Throws.ArgumentException.With.Message.Contains("errors"));
    }

    [Test]
    public void What_is_not_over_the_same_steps_is_named()
    {
        TimeSeries[] leaves = [.. Leaves(6)];
        leaves[2] = new TimeSeries(leaves[2].Name, [1.0, 2, 3]);
        Assert.That(() => Tree.Aggregate(new SeriesPanel(leaves)), Throws.ArgumentException.With.Message.StartsWith(
            $"The series at the bottom must be over the same steps, but '{Tree.Bottom[0]}' has "));

        Forecast[] forecasts = [.. Tree.Names.Select((name, i) => new Forecast(name, "m", ["y"],
            [QuantileGrid.Normal(i == 3 ? [1, 2] : [1], i == 3 ? [1, 1] : [1])]))];
        Assert.That(() => Tree.Reconcile(forecasts, Reconciliation.Structure), Throws.ArgumentException.With.Message.StartsWith(
            "All forecasts must be over the same steps, but that of 'total' has the horizon 1 and that of 'a' 2."));
    }

    private static double[] Points(IReadOnlyList<Forecast> forecasts) => [.. forecasts.Select(forecast => forecast.Point[0])];

    private static SeriesPanel Leaves(int count)
    {
        var random = new SeededRandom(9);
        double[] Draw(double level)
        {
            var values = new double[count];
            for (int t = 0; t < count; t++)
            {
                values[t] = level + random.NextNormal();
            }

            return values;
        }

        return new([new TimeSeries("a", Draw(30)), new TimeSeries("b", Draw(50)), new TimeSeries("c", Draw(20))]);
    }
}
