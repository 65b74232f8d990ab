using Recurrent.Activations;
using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class Conv1DContract : LayerContract<Conv1DContract>, ILayerCases
{
    private const int Filters = 4;
    private const int Steps = 7;
    private const int Features = 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. from padding in (string[])["valid", "same", "causal"]
           from taps in (int[])[1, 2, 3, 4]
           from strides in (int[])[1, 2, 3]
           from dilation in (int[])[1, 2]
           where strides == 1 || dilation == 1
           select Of($"{padding}, {taps} taps, strides {strides}, dilation {dilation}", taps, () => new Conv1D(
               Filters, taps, strides, padding, dilationRate: dilation)),
        .. from padding in (string[])["valid", "same", "causal"]
           from strides in (int[])[1, 2]
           select ChannelsFirst($"{padding}, strides {strides}", () => new Conv1D(
               Filters, 3, strides, padding, "channels_first")),
        .. from strides in (int[])[1, 2]
           from padding in (string[])["same", "causal"]
           select new LayerCase(
               $"groups, {padding}, strides {strides}",
               () => new Conv1D(6, 2, strides, padding, groups: 3),
               (Steps, 6),
               (6 * 2 * 2) + 6),
        new("groups, channels first", () => new Conv1D(4, 3, dataFormat: "channels_first", groups: 2), (4, 6), (3 * 2 * 4) + 4)
        {
            FirstAxisMayBeUnknown = false,
        },
        .. from activation in (string[])["relu", "tanh", "softplus", "softmax"]
           select Of($"with {activation}", 3, () => With(activation)),
        ChannelsFirst("softmax over the steps", () => new Conv1D(
            Filters, 3, dataFormat: "channels_first", activation: "softmax")),
        Of("without bias", 3, () => new Conv1D(Filters, 3, useBias: false), bias: 0),
        Of("as many taps as steps", Steps, () => new Conv1D(Filters, Steps)),
        Of("one sample", 3, () => new Conv1D(Filters, 3, padding: "causal")) with { Batch = 1 },
        Of("taps that never see a step", 4, () => new Conv1D(Filters, 4, padding: "causal", dilationRate: 3)),
        Of("with a mask, which ends here", 3, () => new Conv1D(Filters, 3, padding: "same")) with
        {
            Mask = [.. Enumerable.Range(0, 3 * Steps).Select(i => i % 4 != 0)],
        },
        Of("with every option", 2, () => new Conv1D(
            Filters, 2, 1, "same", "channels_last", 2, 2, "tanh", true, "he_normal", "ones", "l2", "l1", "l2", "max_norm",
            "non_neg", "all", false, (Steps, Features)), groups: 2),
    ];

    private static Conv1D With(ActivationFunction activation) => new(Filters, 3, padding: "same", activation: activation);

    private static LayerCase ChannelsFirst(string name, Func<Layer> create) =>
        Of($"channels first, {name}", 3, create) with { Sample = (Features, Steps), FirstAxisMayBeUnknown = false };

    private static LayerCase Of(string name, int taps, Func<Layer> create, int bias = Filters, int groups = 1) =>
        new(name, create, (Steps, Features), (taps * Features / groups * Filters) + bias);
}
