using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What layers say, word for word.</summary>
[TestFixture]
public sealed class LayerErrorTests
{
    private static IEnumerable<TestCaseData> Shapes =>
    [
        Case(
            new Dense(3, kernelInitializer: "zeros", name: "dense_1"),
            new(10, null),
            "Dense 'dense_1' expects input whose last axis (features) is known, but gets (batch, 10, ?).\n" +
            "Give the length of that axis in inputShape: the kernel has one row for each feature."),
        Case(
            new Dense(3, kernelInitializer: "zeros"),
            new(),
            "Dense expects input of rank 2 or more (batch, ..., features), but gets (batch).\n" +
            "Give every sample at least one feature: inputShape: 1."),
        Case(
            new RepeatVector(4, "repeat"),
            (10, 3),
            "RepeatVector 'repeat' expects input of rank 2 (batch, features), but gets (batch, 10, 3).\n" +
            "Set returnSequences: false on the recurrent layer before it, or add a Flatten layer in between."),
        Case(
            new TimeDistributed(new Dense(3, kernelInitializer: "zeros"), "steps"),
            5,
            "TimeDistributed 'steps' expects input of rank 3 or more (batch, timesteps, ..., features), but gets (batch, 5).\n" +
            "Set returnSequences: true on the recurrent layer before it, or use the Dense without TimeDistributed."),
        Case(
            new TimeDistributed(new Dense(3, kernelInitializer: "zeros")),
            new(5, null),
            "Dense 'dense' expects input whose last axis (features) is known, but gets (batch, ?).\n" +
            "Give the length of that axis in inputShape: the kernel has one row for each feature."),
        Case(
            new Input((10, 3), name: "prices"),
            (12, 3),
            "InputLayer 'prices' expects input of shape (batch, 10, 3), but gets (batch, 12, 3).\n" +
            "Give data of that shape, or declare another one."),
        Case(
            new Dropout(0.5, [null, 1, 4], name: "drop"),
            (10, 3),
            "Dropout 'drop' expects input that its noiseShape [null, 1, 4] fits, but gets (batch, 10, 3).\n" +
            "Give noiseShape as many axes as the input has, with null, 1 or the input's length for each."),
        Case(
            new Embedding(10, 4),
            new(),
            "Embedding expects input of rank 2 or more (batch, timesteps), but gets (batch).\n" +
            "Give every sample a sequence of ids, if only of one: inputShape: 1."),
        Case(
            new SpatialDropout1D(0.5, name: "drop"),
            3,
            "SpatialDropout1D 'drop' expects input of rank 3 (batch, timesteps, features), but gets (batch, 3).\n" +
            "Use Dropout for vectors, or set returnSequences: true on the recurrent layer before it."),
        Case(
            new SpatialDropout1D(0.5),
            (2, 3, 4),
            "SpatialDropout1D expects input of rank 3 (batch, timesteps, features), but gets (batch, 2, 3, 4).\n" +
            "Use Dropout with a noiseShape for samples of more axes."),
        Case(
            new LayerNormalization([1, 3], name: "norm"),
            (10, 3),
            "LayerNormalization 'norm' expects input with the axes that axis (1, 3) names, each of them another one, but gets "
            + "(batch, 10, 3).\n"
            + "Axis 0 is that of the batch, 1 the first of a sample, and negative axes count from the end: -1 is the last."),
        Case(
            new LayerNormalization([2, -1]),
            (10, 3),
            "LayerNormalization expects input with the axes that axis (2, -1) names, each of them another one, but gets "
            + "(batch, 10, 3).\n"
            + "Axis 0 is that of the batch, 1 the first of a sample, and negative axes count from the end: -1 is the last."),
        Case(
            new LayerNormalization([1, 2]),
            (null, 3),
            "LayerNormalization expects input with a known length of axis 1, but gets (batch, ?, 3).\n" +
            "Give its length in inputShape: gamma and beta have an entry for each place along it."),
        Case(
            new LayerNormalization([1, 2, 3]),
            new Shape(null, null, 3),
            "LayerNormalization expects input with a known length of axes 1 and 2, but gets (batch, ?, ?, 3).\n" +
            "Give its length in inputShape: gamma and beta have an entry for each place along it."),
    ];

    private static IEnumerable<TestCaseData> Options =>
    [
        Case(() => new Dense(0, kernelInitializer: "zeros"), "Dense: units must be at least 1, but is 0."),
        Case(
            () => new Dense(0, kernelInitializer: "zeros", name: "dense_2"),
            "Dense 'dense_2': units must be at least 1, but is 0."),
        Case(
            () => new Dropout(1.5, [32, 1, 3]),
            "Dropout: rate must be at least 0 and at most 1, but is 1.5; noiseShape must be null for the batch axis, and "
            + "null or at " +
            "least 1 for each other axis, but is [32, 1, 3]."),
        Case(
            () => new Embedding(0, -2),
            "Embedding: inputDim must be at least 1, but is 0; outputDim must be at least 1, but is -2."),
        Case(
            () => new Embedding(16777217, 1, name: "words"),
            "Embedding 'words': inputDim must be at most 16777216, because ids come as floats, but is 16777217."),
        Case(() => new SpatialDropout1D(-0.5), "SpatialDropout1D: rate must be at least 0 and at most 1, but is -0.5."),
        Case(
            () => new LayerNormalization([0, 1], epsilon: -1),
            "LayerNormalization: axis must name each axis once, and not that of the batch (0), but is (0, 1); " +
            "epsilon must be a finite number of at least 0, but is -1."),
        Case(() => new RepeatVector(-1), "RepeatVector: n must be at least 1, but is -1."),
        Case(() => new Masking(double.NaN), "Masking: maskValue must be a finite number, but is NaN."),
        Case(() => new Flatten("first"), "Flatten: dataFormat must be 'channels_last' or 'channels_first', but is 'first'."),
        Case(
            () => new Input(3, batchSize: 0, dtype: "text"),
            "InputLayer: batchSize must be at least 1, but is 0; dtype must be one of float32, float64, int32, int64, bool, "
            + "string, but is 'text'."),
        Case(
            () => new TimeDistributed(new Flatten(inputShape: 3) { ActivityRegularizer = "l2" }),
            "TimeDistributed: give inputShape to TimeDistributed, not to the wrapped Flatten; give the activity regularizer to " +
            "TimeDistributed, not to the wrapped Flatten."),
        Case(
            () => new TimeDistributed(Built(new Flatten())),
            "TimeDistributed: Flatten is built already, and belongs to one place of one model."),
        Case(() => new Flatten(name: "a/b"),
            "The name 'a/b' is not a name: it must not be blank and must not contain '/'. (Parameter 'name')"),
    ];

    private static IEnumerable<TestCaseData> Configs =>
    [
        Config(
            new("Dens", []),
            "Unknown layer 'Dens'. Did you mean 'Dense'? Valid names: " + string.Join(", ", LayerNames.Registry.Names) + "."),
        Config(new("Dense", []), "Dense needs the option 'units', which is missing."),
        Config(new("Dense", new() { { "units", 2.5 } }), "Dense: units must be a whole number, but is 2.5."),
        Config(
            new("Dense", new() { { "units", 2 }, { "lora_rank", 4 } }),
            "Dense: lora_rank = 4 is not supported; it must be null."),
        Config(
            new("Flatten", new() { { "data_fromat", "channels_last" } }),
            "Flatten has no option 'data_fromat'. Did you mean 'data_format'? Its options are activity_regularizer, "
            + "data_format, name, trainable."),
        Config(
            new("InputLayer", new() { { "batch_shape", new object?[] { null, 3 } }, { "sparse", true } }),
            "InputLayer: sparse = true is not supported; it must be false or null."),
        Config(
            new("InputLayer", []),
            "InputLayer needs the option 'batch_shape': the batch size or null, then the axes of a sample."),
        Config(new("Embedding", new() { { "input_dim", 3 } }), "Embedding needs the option 'output_dim', which is missing."),
        Config(
            new("Embedding", new() { { "input_dim", 3 }, { "output_dim", 2 }, { "lora_rank", 4 } }),
            "Embedding: lora_rank = 4 is not supported; it must be null."),
        Config(
            new("LayerNormalization", new() { { "axis", new object?[] { 1, null } } }),
            "LayerNormalization: axis must not have an entry that is null."),
        Config(new("Activation", []), "Activation needs the option 'activation', which is missing."),
        Config(new("TimeDistributed", []), "TimeDistributed needs the option 'layer', which is missing."),
    ];

    [TestCaseSource(nameof(Shapes))]
    public void A_shape_that_does_not_fit(Layer layer, Shape input, string message) =>
        Assert.That(() => layer.ComputeOutputShape(input), Throws.TypeOf<ShapeException>().With.Message.EqualTo(message));

    [TestCaseSource(nameof(Options))]
    public void Options_out_of_range(Func<Layer> create, string message) =>
        Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));

    [TestCaseSource(nameof(Configs))]
    public void Configs_that_describe_no_layer(ComponentConfig config, string message) =>
        Assert.That(() => LayerNames.Registry.Create(config), Throws.TypeOf<ConfigException>().With.Message.EqualTo(message));

    [Test]
    public void Who_knows_the_layer_before_can_say_so()
    {
        var unknown = new ShapeException("LSTM 'lstm_2'", "input of rank 3 (batch, timesteps, features)", 50, "Mend it.");
        Assert.That(
            unknown.From("lstm_1", "Set returnSequences: true on 'lstm_1'.").Message,
            Is.EqualTo(
                "LSTM 'lstm_2' expects input of rank 3 (batch, timesteps, features), but 'lstm_1' gives (batch, 50).\n" +
                "Set returnSequences: true on 'lstm_1'."));
        Assert.That(unknown.From("lstm_1").Message, Does.EndWith("but 'lstm_1' gives (batch, 50).\nMend it."));
    }

    [Test]
    public void A_layer_is_built_once()
    {
        Layer layer = Built(new Flatten(name: "flat"));
        Assert.That(
            () => layer.Build(3, seed: 1),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Flatten 'flat' is built already, for input of shape (batch, 3). To use it once more, call it on "
                + "another symbol."));
    }

    private static Layer Built(Layer layer)
    {
        layer.Build(3, seed: 1);
        return layer;
    }

    private static TestCaseData Case(Layer layer, Shape input, string message) => new(layer, input, message);

    private static TestCaseData Case(Func<Layer> create, string message) => new(create, message);

    private static TestCaseData Config(ComponentConfig config, string message) => new(config, message);
}
