using Recurrent.Activations;

namespace Recurrent.Tests.Activations;

/// <summary>The derivative of every activation against five-point central differences, away from kinks.</summary>
public sealed class ActivationGradientTests
{
    private const int Rows = 4;

    private static readonly Real[] X =
        [-7.3, -3.7, -2.31, -1.45, -0.83, -0.62, -0.37, -0.21, 0.13, 0.26, 0.41, 0.77, 0.91, 1.63, 2.6, 4.9];

    private static readonly Real[] Dy =
        [0.7, -1.2, 0.4, 2.1, -0.3, 0.8, 1.9, -0.6, 1.1, -0.9, 0.35, -1.7, 0.55, 1.3, -0.45, 0.95];

    private static IEnumerable<ActivationFunction> Activations =>
    [
        .. ActivationNames.Registry.Names.Select(ActivationNames.Registry.Create),
        new Relu(negativeSlope: 0.1, maxValue: 2, threshold: 0.5),
        new LeakyRelu(0.4),
        new Elu(0.5),
        new Celu(1.5),
        new Gelu(approximate: true),
        new HardShrink(1),
        new SoftShrink(1),
        new Squareplus(2),
        new Threshold(1, 20),
    ];

    [TestCaseSource(nameof(Activations))]
    public void Backward_is_the_derivative_of_forward(ActivationFunction activation)
    {
        Real[] x = [.. X];
        Real[] y = new Real[x.Length];
        activation.Forward(x, y, Rows);
        Real[] dx = new Real[x.Length];
        activation.Backward(x, y, Dy, dx, Rows);

        double[] expected = FivePoint.Gradient(x, () =>
        {
            activation.Forward(x, y, Rows);
            return y.Zip(Dy, (a, b) => a * b).Sum();
        });

        double largest = expected.Max(Math.Abs);
        Assert.That(dx, Is.EqualTo(expected).Within(1e-9 * Math.Max(1, largest)));
        Assert.That(largest, Is.GreaterThan(0));
    }
}
