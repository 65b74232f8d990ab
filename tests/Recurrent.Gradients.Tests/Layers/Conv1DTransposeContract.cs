using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class Conv1DTransposeContract : LayerContract<Conv1DTransposeContract>, ILayerCases
{
    private const int Filters = 3;
    private const int Steps = 5;
    private const int Features = 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. from padding in (string[])["valid", "same"]
           from taps in (int[])[1, 2, 3, 4]
           from strides in (int[])[1, 2, 3]
           from dilation in (int[])[1, 2]
           where strides == 1 || dilation == 1
           select Of($"{padding}, {taps} taps, strides {strides}, dilation {dilation}", taps, () => new Conv1DTranspose(
               Filters, taps, strides, padding, dilationRate: dilation)),
        .. from padding in (string[])["valid", "same"]
           from taps in (int[])[2, 3]
           from more in (int[])[0, 1, 2]
           select Of($"{padding}, {taps} taps, output padding {more}", taps, () => new Conv1DTranspose(
               Filters, taps, 3, padding, more)),
        Of("channels first", 3, () => new Conv1DTranspose(Filters, 3, 2, dataFormat: "channels_first")) with
        {
            Sample = (Features, Steps),
            FirstAxisMayBeUnknown = false,
        },
        Of("with softplus", 3, () => new Conv1DTranspose(Filters, 3, 2, activation: "softplus")),
        Of("without bias", 3, () => new Conv1DTranspose(Filters, 3, 2, useBias: false), bias: 0),
        Of("one sample", 3, () => new Conv1DTranspose(Filters, 3, 2)) with { Batch = 1 },
        Of("with every option", 2, () => new Conv1DTranspose(
            Filters, 2, 2, "same", 1, "channels_last", 1, "tanh", true, "he_normal", "ones", "l2", "l1", "l2", "max_norm",
            "non_neg", "all", false, (Steps, Features))),
    ];

    private static LayerCase Of(string name, int taps, Func<Layer> create, int bias = Filters) =>
        new(name, create, (Steps, Features), (taps * Features * Filters) + bias);
}
