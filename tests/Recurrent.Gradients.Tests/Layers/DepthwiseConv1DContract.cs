using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class DepthwiseConv1DContract : LayerContract<DepthwiseConv1DContract>, ILayerCases
{
    private const int Steps = 6;
    private const int Features = 3;

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
               taps, strides, padding, multiplier, dilationRate: dilation)),
        Of("channels first", 3, 2, () => new(3, depthMultiplier: 2, dataFormat: "channels_first")) with
        {
            Sample = (Features, Steps),
            FirstAxisMayBeUnknown = false,
        },
        Of("with softplus", 3, 1, () => new(3, activation: "softplus")),
        Of("one sample", 3, 1, () => new(3, padding: "same")) with { Batch = 1 },
        new("without bias", () => new DepthwiseConv1D(3, useBias: false), (Steps, Features), 3 * Features),
        Of("with every option", 2, 2, () => new(
            2, 2, "same", 2, "channels_last", 1, "tanh", true, "he_normal", "ones", "l2", "l1", "l2", "max_norm", "non_neg",
            "all", false, (Steps, Features))),
    ];

    private static LayerCase Of(string name, int taps, int multiplier, Func<DepthwiseConv1D> create) =>
        new(name, create, (Steps, Features), (taps + 1) * Features * multiplier);
}
