using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class BoxCoxTests
{
    [TestCaseSource(typeof(RCase), nameof(RCase.All))]
    public void Guerrero_s_lambda_is_that_of_R(RCase expected) => Assert.That(
        BoxCoxLambda.Guerrero(expected.X, expected.Season),
        Is.EqualTo(expected.Double("box_cox_lambda_guerrero")).Within(1e-6));

    [TestCase(0, 0)]
    [TestCase(0.5, 0.5)]
    public void The_lambda_that_made_a_series_is_found(double lambda, double expected)
    {
        var random = new System.Random(3);
        var transform = new BoxCoxTransform(lambda);
        double[] values = [.. Enumerable.Range(0, 400).Select(t =>
            transform.Inverse(4 + (0.01 * t) + Math.Sin(t * Math.PI / 6) + (0.2 * (random.NextDouble() - 0.5))))];
        Assert.Multiple(() =>
        {
            Assert.That(BoxCoxLambda.MaximumLikelihood(values, 12), Is.EqualTo(expected).Within(0.1));
            Assert.That(
                BoxCoxLambda.MaximumLikelihood([.. values.Select(value => value * 1e200)], 12),
                Is.EqualTo(BoxCoxLambda.MaximumLikelihood(values, 12)).Within(1e-3));
        });
    }

    [Test]
    public void Where_nothing_can_be_said_the_series_stays_as_it_is()
    {
        Assert.Multiple(() =>
        {
            Assert.That(BoxCoxLambda.Guerrero([1, 2, 3], 12), Is.EqualTo(1));
            Assert.That(BoxCoxLambda.Guerrero([5, 5, 5, 5, 5, 5]), Is.EqualTo(1));
            Assert.That(BoxCoxLambda.Guerrero([-5, -4, -3, 5, 8, 5]), Is.EqualTo(1));
            Assert.That(BoxCoxLambda.MaximumLikelihood([1, 2]), Is.EqualTo(1));
            Assert.That(
                () => BoxCoxLambda.MaximumLikelihood([1, 2, 3, 0, 5]),
                    Throws.ArgumentException.With.Message.Contains("value 3 is 0"));
        });
    }

    [TestCase(-1)]
    [TestCase(-0.3)]
    [TestCase(0)]
    [TestCase(0.5)]
    [TestCase(1)]
    [TestCase(2)]
    public void Inverse_undoes_transform(double lambda)
    {
        var transform = new BoxCoxTransform(lambda);
        double[] values = lambda > 0 ? [-3, 0.1, 1, 20, double.NaN] : [0.1, 1, 20, double.NaN];
        Assert.That(transform.Inverse(transform.Transform(values)), Is.EqualTo(values).Within(1e-10));
    }

    [Test]
    public void What_has_no_inverse_is_bounded()
    {
        var transform = new BoxCoxTransform(-0.5);
        Assert.Multiple(() =>
        {
            Assert.That(transform.Inverse(3), Is.EqualTo(double.MaxValue));
            Assert.That(() => transform.Transform(0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("above 0"));
        });
    }
}
