using Recurrent.Activations;
using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Registration;

namespace Recurrent.Tests.Registration;

[TestFixture]
public sealed class KerasNamesTests
{
    private static readonly (string Kind, Func<string, bool> IsHere)[] Kinds =
    [
        ("layer", LayerNames.Registry.Contains),
        ("optimizer", OptimizerNames.Registry.Contains),
        ("metric", MetricNames.Registry.Contains),
        ("initializer", InitializerNames.Registry.Contains),
        ("activation", ActivationNames.Registry.Contains),
    ];

    [Test]
    public void What_Keras_alone_has_is_not_here()
    {
        foreach ((string kind, Func<string, bool> isHere) in Kinds)
        {
            Assert.That(KerasNames.Of(kind), Is.Not.Empty, kind);
            Assert.That(KerasNames.Of(kind).Where(isHere), Is.Empty, kind);
        }
    }
}
