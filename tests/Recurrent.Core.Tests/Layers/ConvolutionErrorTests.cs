using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What convolutions and pooling layers say, word for word.</summary>
[TestFixture]
public sealed class ConvolutionErrorTests
{
    private static IEnumerable<TestCaseData> Shapes =>
    [
        Case(
            new Conv1D(4, 3, dilationRate: 2, name: "conv"),
            (4, 2),
            "Conv1D 'conv' expects at least the 5 time steps that its window spans, but gets (batch, 4, 2).\n" +
            "Give longer sequences, choose a smaller kernelSize or dilationRate, or set padding: \"same\"."),
        Case(
            new Conv1D(4, 3, dataFormat: "channels_first"),
            (4, 2),
            "Conv1D expects at least the 3 time steps that its window spans, but gets (batch, 4, 2).\n" +
            "Give longer sequences, choose a smaller kernelSize or dilationRate, or set padding: \"same\"."),
        Case(
            new Conv1D(6, 3, groups: 3, name: "conv"),
            (7, 4),
            "Conv1D 'conv' expects a number of channels that is divisible by groups (3), but gets (batch, 7, 4).\n" +
            "Choose groups that divide 4, or give another number of channels."),
        Case(
            new Conv1D(6, 3),
            7,
            "Conv1D expects input of rank 3 (batch, timesteps, features), but gets (batch, 7).\n" +
            "Reshape the data to (samples, timesteps, features), or set returnSequences: true on the recurrent layer before it."),
        Case(
            new Conv1D(6, 3),
            (7, 4, 2),
            "Conv1D expects input of rank 3 (batch, timesteps, features), but gets (batch, 7, 4, 2).\n" +
            "Reshape the data to (samples, timesteps, features)."),
        Case(
            new Conv1D(6, 3),
            new(7, null),
            "Conv1D expects input whose last axis (features) is known, but gets (batch, 7, ?).\n" +
            "Give the length of that axis in inputShape."),
        Case(
            new MaxPooling1D(2, dataFormat: "channels_first", name: "pool"),
            new(null, 7),
            "MaxPooling1D 'pool' expects input whose first axis (channels) is known, but gets (batch, ?, 7).\n" +
            "Give the length of that axis in inputShape."),
        Case(
            new GlobalMaxPooling1D("channels_first"),
            7,
            "GlobalMaxPooling1D expects input of rank 3 (batch, channels, timesteps), but gets (batch, 7).\n" +
            "Reshape the data to (samples, channels, timesteps), or set returnSequences: true on the recurrent layer before it."),
        Case(
            new AveragePooling1D(5, name: "pool"),
            (4, 2),
            "AveragePooling1D 'pool' expects at least the 5 time steps that its window sees, but gets (batch, 4, 2).\n" +
            "Give longer sequences, choose a smaller poolSize, or set padding: \"same\"."),
        Case(
            new Conv1DTranspose(2, 4, 3, "same", outputPadding: 0, name: "up"),
            (1, 2),
            "Conv1DTranspose 'up' expects input of which it makes at least one step, but gets (batch, 1, 2).\n" +
            "Leave out outputPadding, or set it to 1 or more: with an even kernel and padding \"same\" 0 leaves none."),
        Case(
            new Conv1DTranspose(2, 3, int.MaxValue),
            (4, 2),
            "Conv1DTranspose expects input whose output an array can hold, but gets (batch, 4, 2).\n" +
            "Choose smaller strides, or fewer channels."),
        Case(
            new DepthwiseConv1D(3, depthMultiplier: int.MaxValue),
            (4, 2),
            "DepthwiseConv1D expects input whose output an array can hold, but gets (batch, 4, 2).\n" +
            "Choose smaller strides, or fewer channels."),
    ];

    private static IEnumerable<TestCaseData> Options =>
    [
        Case(
            () => new Conv1D(0, 0, 0, "reflect", "nchw", 0, 0),
            "Conv1D: filters must be at least 1, but is 0; kernelSize must be at least 1, but is 0; " +
            "strides must be at least 1, but is 0; padding must be 'valid' or 'same' or 'causal', but is 'reflect'; " +
            "dataFormat must be 'channels_last' or 'channels_first', but is 'nchw'; dilationRate must be at least 1, but is 0; " +
            "groups must be at least 1, but is 0."),
        Case(
            () => new Conv1D(5, 3, 2, dilationRate: 2, groups: 2, name: "conv"),
            "Conv1D 'conv': strides (2) and dilationRate (2) cannot both be above 1; " +
            "filters (5) must be divisible by groups (2)."),
        Case(
            () => new Conv1D(5, 3, dilationRate: int.MaxValue),
            "Conv1D: kernelSize and dilationRate span 4294967295 steps, more than any sequence has."),
        Case(
            () => new Conv1DTranspose(5, 3, 2, "causal", 2),
            "Conv1DTranspose: padding must be 'valid' or 'same', but is 'causal'; " +
            "outputPadding must be at least 0 and below strides (2), but is 2."),
        Case(
            () => new DepthwiseConv1D(3, padding: "causal", depthMultiplier: 0),
            "DepthwiseConv1D: padding must be 'valid' or 'same', but is 'causal'; depthMultiplier must be at least 1, but is 0."),
        Case(
            () => new SeparableConv1D(0, 3, 3, dilationRate: 3),
            "SeparableConv1D: filters must be at least 1, but is 0; strides (3) and dilationRate (3) cannot both be above 1."),
        Case(
            () => new MaxPooling1D(0, 0, "causal", "first"),
            "MaxPooling1D: poolSize must be at least 1, but is 0; strides must be at least 1, but is 0; " +
            "padding must be 'valid' or 'same', but is 'causal'; " +
            "dataFormat must be 'channels_last' or 'channels_first', but is 'first'."),
        Case(() => new AdaptiveMaxPooling1D(0), "AdaptiveMaxPooling1D: outputSize must be at least 1, but is 0."),
        Case(
            () => new GlobalAveragePooling1D("last"),
            "GlobalAveragePooling1D: dataFormat must be 'channels_last' or 'channels_first', but is 'last'."),
    ];

    [TestCaseSource(nameof(Shapes))]
    public void Shapes_that_do_not_fit(Layer layer, Shape input, string message) => Assert.That(
        () => layer.Build(input, 1), Throws.InstanceOf<ShapeException>().With.Message.EqualTo(message));

    [TestCaseSource(nameof(Options))]
    public void Options_that_make_no_sense(Func<Layer> create, string message) =>
        Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));

    [TestCase("kernel_size", "Conv1D: kernel_size must be a whole number, or a list of one, since there is one axis of steps.")]
    [TestCase("strides", "Conv1D: strides must be a whole number, or a list of one, since there is one axis of steps.")]
    public void Options_of_files(string key, string message)
    {
        Config config = new() { { "filters", 2 }, { key, new object?[] { 3L, 3L } } };
        if (key != "kernel_size")
        {
            config.Add("kernel_size", new[] { 3 });
        }

        Assert.That(
            () => LayerNames.Registry.Create(new ComponentConfig("Conv1D", config)),
            Throws.InstanceOf<ConfigException>().With.Message.EqualTo(message));
    }

    [Test]
    public void A_mask_of_channels_is_not_one_of_steps()
    {
        var layer = new GlobalAveragePooling1D("channels_first", name: "mean");
        layer.Build((2, 3), 1);
        Pass pass = layer.CreatePass(new((2, 3), 1, false, false));
        pass.Begin(false, 1);
        Assert.That(
            () => layer.Forward(pass, new SequenceBatch((2, 3), 1) { Mask = [true, false] }),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "GlobalAveragePooling1D 'mean' pools over the last axis, but the mask that comes with its input marks "
                + "entries of " +
                "the first. Set dataFormat: \"channels_last\", or leave the mask out."));
    }

    private static TestCaseData Case(Layer layer, Shape input, string message) => new(layer, input, message);

    private static TestCaseData Case(Func<Layer> create, string message) => new(create, message);
}
