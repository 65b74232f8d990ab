using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The options of a <see cref="ConvLSTM1DCell"/> that other cells do not have; their meaning is documented where callers see
/// them.
/// </summary>
internal sealed record ConvLSTM1DOptions(int KernelSize, int Strides, string Padding, int DilationRate, string? DataFormat)
{
    /// <summary>Whether a step of a batch is (channels, rows), and not (rows, channels).</summary>
    public bool PlacesAreLast => DataFormat == ConvolutionOptions.ChannelsFirst;

    /// <summary>Number of places from the first to the last that the window over the input sees.</summary>
    public long Extent => ((KernelSize - 1L) * DilationRate) + 1;

    /// <summary>The window over an input of some places; null where it does not fit.</summary>
    public SlidingWindow? InputWindow(int rows) => rows == 0 ? null : Padding == "same"
        ? SlidingWindow.Same(KernelSize, Strides, DilationRate, rows)
        : SlidingWindow.Valid(KernelSize, Strides, DilationRate, rows);

    /// <summary>The window over a state of some places.</summary>
    public SlidingWindow StateWindow(int rows) => SlidingWindow.Same(KernelSize, 1, 1, rows);

    /// <summary>Notes what is wrong with the options.</summary>
    public OptionCheck Check(OptionCheck check) => check
        .Positive("kernelSize", KernelSize)
        .Positive("strides", Strides)
        .OneOf("padding", Padding, "valid", "same")
        .OneOf("dataFormat", DataFormat ?? ConvolutionOptions.ChannelsLast, ConvolutionOptions.ChannelsLast,
            ConvolutionOptions.ChannelsFirst)
        .Positive("dilationRate", DilationRate)
        .Require(
            Strides <= 1 || DilationRate <= 1,
            FormattableString.Invariant($"strides ({Strides}) and dilationRate ({DilationRate}) cannot both be above 1"))
        .Require(Extent <= int.MaxValue,
            FormattableString.Invariant($"kernelSize and dilationRate span {Extent} places, more than any input has"));

    /// <summary>Adds the options that stand between the filters and the activation.</summary>
    public void AddTo(Config config)
    {
        config.Add("kernel_size", new[] { KernelSize });
        config.Add("strides", new[] { Strides });
        config.Add("padding", Padding);
        config.Add("data_format", DataFormat ?? ConvolutionOptions.ChannelsLast);
        config.Add("dilation_rate", new[] { DilationRate });
    }

    /// <summary>Reads the options.</summary>
    public static ConvLSTM1DOptions Read(ConfigReader config) => new(
        Size(config, "kernel_size", null),
        Size(config, "strides", 1),
        config.OptionalString("padding") ?? "valid",
        Size(config, "dilation_rate", 1),
        config.OptionalString("data_format"));

    /// <summary>A number, or a list of one, as Keras writes it.</summary>
    private static int Size(ConfigReader config, string key, int? fallback) =>
        config.Raw(key) is IReadOnlyList<object?> and [long value] && value == (int)value
            ? (int)value
            : config.Int(key, fallback);
}
