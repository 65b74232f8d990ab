using System.Reflection;
using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;

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
        Layer layer = Create(name);
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

    /// <summary>A layer of that name: defaults, and something that fits where there are none.</summary>
    private static Layer Create(string name)
    {
        Type type = typeof(Layer).Assembly.GetTypes().Single(each => each.Name == name && typeof(Layer).IsAssignableFrom(each));
        ConstructorInfo constructor = type.GetConstructors().OrderByDescending(each => each.GetParameters().Length).First();
        return (Layer)constructor.Invoke([.. constructor.GetParameters().Select(Argument)]);
    }

    private static object? Argument(ParameterInfo parameter) => parameter switch
    {
        { HasDefaultValue: true } => parameter.DefaultValue,
        { ParameterType: var type } when type == typeof(int) => 2,
        { ParameterType: var type } when type == typeof(double) => 0.25,
        { ParameterType: var type } when type == typeof(Layer) => new Dense(2),
        { ParameterType: var type } when type == typeof(RecurrentLayer) => new GRU(2, returnSequences: true),
        { ParameterType: var type } when type == typeof(RecurrentCell) => new GRUCell(2),
        { ParameterType: var type } when type == typeof(Shape) => new Shape(4, 3),
        { ParameterType: var type } when type == typeof((int, int)) => (1, 1),
        { ParameterType: var type } when type == typeof(IReadOnlyList<int>) => (int[])[1],
        { ParameterType: var type } when type == typeof(IReadOnlyList<string>) => (string[])["a", "b"],
        { ParameterType: var type, Name: "equation" } when type == typeof(string) => "ab,bc->ac",
        { ParameterType: var type } when type == typeof(string) => "tanh",
        { ParameterType: var type } when type == typeof(IReadOnlyList<int?>) => (int?[])[2],
        { ParameterType: var type } =>
        type.GetMethods().First(each => each.Name == "op_Implicit" && each.GetParameters()[0].ParameterType == typeof(string))
            .Invoke(null, ["tanh"]),
    };
}
