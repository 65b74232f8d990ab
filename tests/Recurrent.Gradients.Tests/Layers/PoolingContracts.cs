using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MaxPooling1DContract : LayerContract<MaxPooling1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases => PoolingCases.OfWindows((size, strides, padding, format) =>
        new MaxPooling1D(size, strides, padding, format));
}

[TestFixture]
public sealed class AveragePooling1DContract : LayerContract<AveragePooling1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases => PoolingCases.OfWindows((size, strides, padding, format) =>
        new AveragePooling1D(size, strides, padding, format));
}

[TestFixture]
public sealed class AdaptiveMaxPooling1DContract : LayerContract<AdaptiveMaxPooling1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases => PoolingCases.OfSizes((size, format) => new AdaptiveMaxPooling1D(size, format));
}

[TestFixture]
public sealed class AdaptiveAveragePooling1DContract : LayerContract<AdaptiveAveragePooling1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
        PoolingCases.OfSizes((size, format) => new AdaptiveAveragePooling1D(size, format));
}

[TestFixture]
public sealed class GlobalMaxPooling1DContract : LayerContract<GlobalMaxPooling1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
        PoolingCases.Global((format, keepdims) => new GlobalMaxPooling1D(format, keepdims));
}

[TestFixture]
public sealed class GlobalAveragePooling1DContract : LayerContract<GlobalAveragePooling1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
        PoolingCases.Global((format, keepdims) => new GlobalAveragePooling1D(format, keepdims));
}

/// <summary>What all pooling layers are checked on.</summary>
internal static class PoolingCases
{
    private const int Steps = 7;
    private const int Features = 2;
    private const int Batch = 3;

    public static IEnumerable<LayerCase> OfWindows(Func<int, int?, string, string?, Layer> create) =>
    [
        .. from padding in (string[])["valid", "same"]
           from size in (int[])[1, 2, 3]
           from strides in (int?[])[null, 1, 2]
           select new LayerCase(
               $"{padding}, {size} steps, strides {strides}", () => create(size, strides, padding, null), (Steps, Features), 0),
        ChannelsFirst("", () => create(2, 1, "same", "channels_first")),
        Masked(() => create(2, null, "valid", null)),
    ];

    public static IEnumerable<LayerCase> OfSizes(Func<int, string?, Layer> create) =>
    [
        .. from size in (int[])[1, 2, 3, 7, 9]
           select new LayerCase($"{size} parts", () => create(size, null), (Steps, Features), 0),
        ChannelsFirst("", () => create(3, "channels_first")),
        Masked(() => create(3, null)),
    ];

    public static IEnumerable<LayerCase> Global(Func<string?, bool, Layer> create) =>
    [
        .. from keepdims in (bool[])[false, true]
           select new LayerCase($"keepdims {keepdims}", () => create(null, keepdims), (Steps, Features), 0),
        .. from keepdims in (bool[])[false, true]
           select ChannelsFirst($", keepdims {keepdims}", () => create("channels_first", keepdims)),
        new("one step", () => create(null, false), (1, Features), 0),
        Masked(() => create(null, false)),
    ];

    private static LayerCase ChannelsFirst(string name, Func<Layer> create) =>
        new("channels first" + name, create, (Features, Steps), 0) { FirstAxisMayBeUnknown = false };

    /// <summary>The first sample has one step without data, the second none with, the third none without.</summary>
    private static LayerCase Masked(Func<Layer> create) => new("with a mask", create, (Steps, Features), 0)
    {
        Mask = [.. from step in Enumerable.Range(0, Steps) from sample in Enumerable.Range(0, Batch) select sample switch
        {
            0 => step != 2,
            1 => false,
            _ => true,
        }],
    };
}
