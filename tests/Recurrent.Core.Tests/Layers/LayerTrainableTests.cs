using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Layers;

/// <summary>Every layer that a name stands for can be frozen, with or without weights of its own, and says so in its
/// config.</summary>
[TestFixture]
public sealed class LayerTrainableTests
{
    private static IEnumerable<string> Names => LayerNames.Registry.Names
        // Keras writes none of their flags, and none has a weight; a Lambda has no config.
        .Where(name => name is not ("InputLayer" or "SpatialDropout1D" or "Discretization" or "Lambda"))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void A_frozen_layer_is_read_back_frozen(string name)
    {
        Layer layer = AnyLayer.Create(name);
        layer.Trainable = false;
        var config = new ComponentConfig(layer.ClassName, layer.GetConfig());

        Assert.That(LayerNames.Registry.Create(config).Trainable, Is.False);
    }

    /// <summary>An activation that is null, in a string's variable or written out, is none.</summary>
    [Test]
    public void A_name_that_is_null_takes_the_default()
    {
        string? none = null;

        var dense = new Dense(2, none, kernelInitializer: none, kernelRegularizer: none, kernelConstraint: none);

        Assert.That(dense.GetConfig().ToDictionary(entry => entry.Key, entry => entry.Value)["activation"], Is.EqualTo("linear"));
    }
}
