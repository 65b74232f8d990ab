using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>What every layer with a window says of sequences that are too short, and of strides with dilation, word for
/// word.</summary>
[TestFixture]
public sealed class WindowErrorTests
{
    private static IEnumerable<Layer> Convolutions => [new Conv1D(2, 5), new DepthwiseConv1D(5), new SeparableConv1D(2, 5)];

    private static IEnumerable<Layer> Pools => [new MaxPooling1D(5), new AveragePooling1D(5)];

    private static IEnumerable<Func<Layer>> StridesAndDilation =>
    [
        () => new Conv1D(2, 3, strides: 2, dilationRate: 2), () => new DepthwiseConv1D(3, strides: 2, dilationRate: 2),
        () => new SeparableConv1D(2, 3, strides: 2, dilationRate: 2), () => new ConvLSTM1D(2, 3, strides: 2, dilationRate: 2),
    ];

    [TestCaseSource(nameof(Convolutions))]
    public void A_window_that_stays_inside_needs_its_steps(Layer layer) => Refuses(
        layer,
        $"{layer.ClassName} expects at least the 5 time steps that its window spans, but gets (batch, 3, 2).\n"
        + "Give longer sequences, choose a smaller kernelSize or dilationRate, or set padding: \"same\".");

    [TestCaseSource(nameof(Pools))]
    public void A_pool_that_stays_inside_needs_its_steps(Layer layer) => Refuses(
        layer,
        $"{layer.ClassName} expects at least the 5 time steps that its window sees, but gets (batch, 3, 2).\n"
        + "Give longer sequences, choose a smaller poolSize, or set padding: \"same\".");

    [Test]
    public void Nothing_is_left_of_a_sequence_that_is_all_cut_off() => Refuses(
        new Cropping1D(2),
        "Cropping1D expects input of more than 4 steps, since cropping is (2, 2), but gets (batch, 3, 2).\n"
        + "Give it longer sequences, or a smaller cropping.");

    [Test]
    public void A_convolution_inside_a_recurrence_needs_its_rows() => Assert.That(
        () => new ConvLSTM1D(4, 3).Build((5, 2, 1), 1),
        Throws.InstanceOf<ShapeException>().With.Message.EqualTo(
            "ConvLSTM1D expects input with a known number of rows, at least the 3 that its window spans, but gets "
            + "(batch, 5, 2, 1).\nGive inputShape (timesteps, rows, channels) with that many rows, set padding: \"same\", "
            + "or choose "
            + "a smaller kernelSize or dilationRate."));

    [TestCaseSource(nameof(StridesAndDilation))]
    public void Strides_and_dilation_exclude_each_other(Func<Layer> create) => Assert.That(
        () => create(),
        Throws.ArgumentException.With.Message.EndsWith(": strides (2) and dilationRate (2) cannot both be above 1."));

    private static void Refuses(Layer layer, string message) => Assert.That(
        () => layer.Build((3, 2), 1), Throws.InstanceOf<ShapeException>().With.Message.EqualTo(message));
}
