using System.Text.Json;
using Recurrent.Metrics;
using Recurrent.Registration;

namespace Recurrent.Tests.Metrics;

/// <summary>The figure after each update as Keras computed it.</summary>
public sealed class MetricFixtureTests
{
    private static readonly KerasFixture Fixture = KerasFixture.Load("metrics.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    [Test]
    public void Every_case_of_the_file_is_run() => Assert.That(Cases.Count(), Is.EqualTo(48));

    [TestCaseSource(nameof(Cases))]
    public void Matches_keras(FixtureCase test)
    {
        Metric metric = MetricNames.Registry.Create(test.Component("metric"));
        IReadOnlyList<double[]> first = Run(test, metric);

        // A metric that has been reset, and a fresh one, know nothing of what was seen.
        metric.Reset();
        Assert.That(metric.Result, Is.NaN);
        Assert.That(Run(test, metric), Is.EqualTo(first));
        Assert.That(Run(test, metric.Fresh()), Is.EqualTo(first));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_config_is_Keras_s(FixtureCase test)
    {
        ComponentConfig expected = test.Component("metric");
        Config actual = MetricNames.Registry.Create(expected).GetConfig();
        Assert.That(actual.Select(e => e.Key), Is.EquivalentTo(expected.Config.Select(e => e.Key)));
        foreach ((string key, object? value) in actual)
        {
            Assert.That(value, Is.EqualTo(expected.Config.Single(e => e.Key == key).Value), key);
        }
    }

    private static List<double[]> Run(FixtureCase test, Metric metric)
    {
        var results = new List<double[]>();
        foreach ((FixtureNode update, JsonElement expected) in
            test.Nodes("updates").Zip(test.Json.GetProperty("results_after_each_update").EnumerateArray()))
        {
            Real[] weights = update.Has("sample_weight") ? update.Array("sample_weight").Values : [];
            if (update.Has("values"))
            {
                Real[] values = update.Array("values").Values;
                metric.Update(values, 1, values, 1, weights);
            }
            else
            {
                NDArray y = update.Array("y_true");
                NDArray p = update.Array("y_pred");
                int rows = p.Shape[^1];
                metric.Update(y.Values, y.Values.Length / (p.Values.Length / rows), p.Values, rows, weights);
            }

            double[] figures = [.. expected.GetProperty("data").EnumerateArray().Select(e => e.GetDouble())];
            double tolerance = Math.Max(1e-5, 3e-7 * figures.Max(Math.Abs));
            Assert.That(metric.Results, Is.EqualTo(figures).Within(tolerance));
            Assert.That(metric.Result, Is.EqualTo(figures.Average()).Within(tolerance));
            results.Add([.. metric.Results]);
        }

        return results;
    }
}
