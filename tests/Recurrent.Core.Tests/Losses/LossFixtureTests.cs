using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Tests.Losses;

/// <summary>Values, losses of single columns and gradients as Keras computed them.</summary>
public sealed class LossFixtureTests
{
    private static readonly KerasFixture Fixture = KerasFixture.Load("losses.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    [Test]
    public void Every_case_of_the_file_is_run() => Assert.That(Fixture.Cases, Has.Count.EqualTo(53));

    [TestCaseSource(nameof(Cases))]
    public void Matches_keras(FixtureCase test)
    {
        NDArray y = test.Array("y_true");
        NDArray p = test.Array("y_pred");
        int rows = p.Shape[^1];
        int columns = p.Values.Length / rows;

        // Training needs one number: a loss that is left as it is cannot be had, but its columns can be compared all the same.
        ComponentConfig config = test.Component("loss");
        bool reduced = !config.Config.Any(e => e is { Key: "reduction", Value: "none" });
        Loss loss = reduced ? LossNames.Registry.Create(config) : LossNames.Registry.Create(config.ClassName);
        loss.CheckTargets(y.Values, loss.TargetRows(rows), rows);
        Assert.That(y.Values, Has.Length.EqualTo(columns * loss.TargetRows(rows)));

        var losses = new Real[columns];
        var gradient = new Real[p.Values.Length];
        loss.Evaluate(y.Values, p.Values, rows, losses, gradient);
        AssertClose(losses, test.Array("unreduced"));

        Real[] scales = reduced
            ? Scales(test, loss, y, columns)
            : [.. Products(test.Array("cotangent").Values, test.Array("sample_weight").Values)];
        if (reduced)
        {
            AssertClose([Products(losses, scales).Sum()], test.Array("value"));
        }

        if (test.Has("gradient"))
        {
            AssertClose([.. gradient.Select((g, i) => g * scales[i / rows])], test.Array("gradient"));
        }
    }

    /// <summary>Within 1e-5, or where numbers are large (percentages) within a few units of their last place.</summary>
    private static void AssertClose(Real[] actual, NDArray expected) => Assert.That(
        actual, Is.EqualTo(expected.Values).Within(Math.Max(1e-5, 3e-7 * expected.Values.Max(Math.Abs))));

    private static Real[] Scales(FixtureCase test, Loss loss, NDArray y, int columns)
    {
        bool[] mask = test.Has("mask") ? [.. test.Array("mask").Values.Select(v => v != 0)] : [];
        if (loss.IgnoresTargets)
        {
            mask = [.. y.Values.Select(v => !loss.Ignores([v]))];
        }

        var scales = new Real[columns];
        LossReduction.Scales(
            loss.Reduction, columns, test.Has("sample_weight") ? test.Array("sample_weight").Values : [], mask, scales);
        return scales;
    }

    private static IEnumerable<Real> Products(Real[] a, Real[] b) => a.Zip(b, (x, y) => x * y);
}
