using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class SeparableConv1DContract : LayerContract<SeparableConv1DContract>, ILayerCases
{
    private const int Filters = 4;
    private const int Steps = 6;
    private const int Features = 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. from padding in (string[])["valid", "same"]
           from taps in (int[])[1, 2, 3]
           from strides in (int[])[1, 2]
           from dilation in (int[])[1, 2]
           from multiplier in (int[])[1, 2]
           where strides == 1 || dilation == 1
           let name = $"{padding}, {taps} taps, strides {strides}, dilation {dilation}, × {multiplier}"
           select Of(name, taps, multiplier, () => new(
               Filters, taps, strides, padding, dilationRate: dilation, depthMultiplier: multiplier)),
        Of("channels first", 3, 2, () => new(Filters, 3, dataFormat: "channels_first", depthMultiplier: 2)) with
        {
            Sample = (Features, Steps),
            FirstAxisMayBeUnknown = false,
        },
        Of("with softplus", 3, 1, () => new(Filters, 3, activation: "softplus")),
        Of("one sample", 3, 1, () => new(Filters, 3, padding: "same")) with { Batch = 1 },
        Of("without bias", 3, 1, () => new(Filters, 3, useBias: false), bias: 0),
        Of("with every option", 2, 2, () => new(
            Filters, 2, 2, "same", "channels_last", 1, 2, "tanh", true, "he_normal", "he_uniform", "ones", "l2", "l1", "l2", "l1",
            "max_norm", "unit_norm", "non_neg", "all", false, (Steps, Features))),
    ];

    private static LayerCase Of(string name, int taps, int multiplier, Func<SeparableConv1D> create, int bias = Filters) =>
        new(name, create, (Steps, Features), (taps * Features * multiplier) + (Features * multiplier * Filters) + bias);
}
