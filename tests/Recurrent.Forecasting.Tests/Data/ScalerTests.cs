using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class ScalerTests
{
    private static readonly double[] Training = [2, 4, 4, 4, 5, 5, 7, 9];

    private static IEnumerable<TestCaseData> All() =>
    [
        new TestCaseData(new StandardScaler(Training)).SetArgDisplayNames(nameof(StandardScaler)),
        new TestCaseData(new MinMaxScaler(Training)).SetArgDisplayNames(nameof(MinMaxScaler)),
        new TestCaseData(new MinMaxScaler(Training, -1, 1)).SetArgDisplayNames("MinMaxScaler(-1, 1)"),
        new TestCaseData(new LogTransform()).SetArgDisplayNames(nameof(LogTransform)),
        new TestCaseData(new LogTransform(1.5)).SetArgDisplayNames("LogTransform(1.5)"),
        new TestCaseData(new SquareRootTransform()).SetArgDisplayNames(nameof(SquareRootTransform)),
        new TestCaseData(new IdentityTransform()).SetArgDisplayNames(nameof(IdentityTransform)),
    ];

    [TestCaseSource(nameof(All))]
    public void Inverse_undoes_transform_also_outside_the_training_part(Scaler scaler)
    {
        double[] values = [0.25, 2, 5, 12, 1e4];
        Assert.That(scaler.Inverse(scaler.Transform(values)), Is.EqualTo(values).Within(1e-9).Percent);
    }

    [Test]
    public void Standard_scaler_has_the_mean_and_deviation_of_the_training_part()
    {
        // Mean 40 / 8 = 5; squared distances 9 1 1 1 0 0 4 16 sum to 32, so the deviation is √(32 / 8) = 2.
        var scaler = new StandardScaler(Training);
        Assert.Multiple(() =>
        {
            Assert.That(scaler.Mean, Is.EqualTo(5));
            Assert.That(scaler.StandardDeviation, Is.EqualTo(2));
            Assert.That(scaler.Transform(8), Is.EqualTo(1.5));
        });
    }

    [Test]
    public void Min_max_scaler_maps_the_training_part_onto_its_bounds()
    {
        var scaler = new MinMaxScaler(Training, -1, 1);
        Assert.That(scaler.Transform([2, 5.5, 9, 12.5]), Is.EqualTo(new[] { -1, 0, 1, 2 }));
    }

    [Test]
    public void A_constant_series_becomes_zero_and_comes_back()
    {
        var standard = new StandardScaler([0.1, 0.1, 0.1]);
        var minMax = new MinMaxScaler([7, 7, 7]);
        Assert.Multiple(() =>
        {
            Assert.That(standard.StandardDeviation, Is.EqualTo(1));
            Assert.That(standard.Transform(0.1), Is.Zero.Within(1e-15));
            Assert.That(standard.Inverse(0), Is.EqualTo(0.1).Within(1e-15));
            Assert.That(minMax.Transform(7), Is.Zero);
            Assert.That(minMax.Inverse(0), Is.EqualTo(7));
        });
    }

    [Test]
    public void What_cannot_be_fitted_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new StandardScaler([]), Throws.ArgumentException.With.Message.Contains("no values"));
        Assert.That(() => new MinMaxScaler([1, double.NaN]), Throws.ArgumentException.With.Message.StartsWith("Value 1 is NaN"));
        Assert.That(() => new StandardScaler([double.PositiveInfinity]),
            Throws.ArgumentException.With.Message.StartsWith("Value 0 is Infinity"));
        Assert.That(() => new MinMaxScaler([1, 2], 1, 1),
            Throws.ArgumentException.With.Message.StartsWith("low must be below high"));
    });

    [Test]
    public void A_logarithm_of_zero_and_a_root_of_a_negative_number_say_what_to_do() => Assert.Multiple(() =>
    {
        Assert.That(() => new LogTransform().Transform(0),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("Give LogTransform an offset"));
        Assert.That(() => new SquareRootTransform().Transform(-1),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("at least 0, but one is -1"));
        Assert.That(new SquareRootTransform().Inverse(-0.5), Is.Zero);
    });
}
