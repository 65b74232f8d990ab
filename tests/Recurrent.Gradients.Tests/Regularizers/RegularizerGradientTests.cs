using Recurrent.Regularizers;

namespace Recurrent.Tests.Regularizers;

/// <summary>The gradient of every regularizer against five-point central differences.</summary>
public sealed class RegularizerGradientTests
{
    private static IEnumerable<Regularizer> Regularizers =>
        [new L1(0.3), new L2(0.4), new L1L2(0.3, 0.4), new OrthogonalRegularizer(0.5), new OrthogonalRegularizer(0.5, "columns")];

    [TestCaseSource(nameof(Regularizers))]
    public void AddGradient_is_the_derivative_of_the_penalty(Regularizer regularizer)
    {
        Real[] values = [0.7, -1.2, 0.4, 2.1, -0.3, 0.8, 1.9, -0.6, 1.1, -0.9, 0.35, -1.7];
        Real[] gradient = new Real[values.Length];
        regularizer.AddGradient(values, gradient, rows: 3, scale: 1);

        double[] expected = FivePoint.Gradient(values, () => regularizer.Penalty(values, rows: 3));

        Assert.That(gradient, Is.EqualTo(expected).Within(1e-9));
        Assert.That(expected, Has.All.Not.Zero);
    }
}
