using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The window of a layer along the steps, as Keras's options give it; their meaning is documented where callers see them.
/// </summary>
internal sealed record ConvolutionOptions(int KernelSize, int Strides, string Padding, string? DataFormat, int DilationRate)
{
    public const string ChannelsLast = "channels_last";

    public const string ChannelsFirst = "channels_first";

    /// <summary>Whether a sample is (channels, timesteps).</summary>
    public bool StepsAreLast => DataFormat == ChannelsFirst;

    /// <summary>Number of steps from the first to the last that the window sees.</summary>
    public int Span => ((KernelSize - 1) * DilationRate) + 1;

    /// <summary>Whether the output has a step for each step of the input.</summary>
    public bool KeepsSteps => Strides == 1 && (Padding != "valid" || Span == 1);

    /// <summary>Reads the options, of which each may be a number or a list of one, as Keras writes it.</summary>
    public static ConvolutionOptions Read(ConfigReader config) => new(
        Size(config, "kernel_size", null),
        Size(config, "strides", 1),
        config.OptionalString("padding") ?? "valid",
        config.OptionalString("data_format"),
        Size(config, "dilation_rate", 1));

    /// <summary>A number, or a list of one.</summary>
    /// <param name="config">The config.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What it is where it is missing; null makes it required.</param>
    public static int Size(ConfigReader config, string key, int? fallback) => config.Raw(key) switch
    {
        IReadOnlyList<object?> and [long value] when value == (int)value => (int)value,
        IReadOnlyList<object?> => throw new ConfigException(
            $"{config.Owner}: {key} must be a whole number, or a list of one, since there is one axis of steps.")
        {
            Option = key,
        },
        _ => config.Int(key, fallback),
    };

    /// <summary>A number, a list of one, or nothing.</summary>
    /// <param name="config">The config.</param>
    /// <param name="key">The key.</param>
    public static int? OptionalSize(ConfigReader config, string key) =>
        config.Has(key) ? Size(config, key, null) : config.OptionalInt(key);

    /// <summary>The window over a number of steps.</summary>
    public StepWindow Window(int steps) => StepWindow.Of(Padding, KernelSize, Strides, DilationRate, steps);

    /// <summary>Notes what is wrong with the options.</summary>
    /// <param name="check">The check.</param>
    /// <param name="paddings">The names that padding can have.</param>
    public OptionCheck Check(OptionCheck check, params ReadOnlySpan<string> paddings) => check
        .Positive("kernelSize", KernelSize)
        .Positive("strides", Strides)
        .OneOf("padding", Padding, paddings)
        .OneOf("dataFormat", DataFormat ?? ChannelsLast, ChannelsLast, ChannelsFirst)
        .Positive("dilationRate", DilationRate)
        .Require(
            Strides <= 1 || DilationRate <= 1,
            FormattableString.Invariant($"strides ({Strides}) and dilationRate ({DilationRate}) cannot both be above 1"))
        .Require(
            ((KernelSize - 1L) * DilationRate) + 1 <= int.MaxValue,
            FormattableString.Invariant(
                $"kernelSize and dilationRate span {((KernelSize - 1L) * DilationRate) + 1} steps, more than any sequence has"));

    /// <summary>Adds the options to a config, in Keras's order.</summary>
    /// <param name="config">The config.</param>
    /// <param name="behindPadding">Adds what stands behind the padding; null for nothing.</param>
    public void AddTo(Config config, Action? behindPadding = null)
    {
        config.Add("kernel_size", new[] { KernelSize });
        config.Add("strides", new[] { Strides });
        config.Add("padding", Padding);
        behindPadding?.Invoke();
        config.Add("data_format", DataFormat ?? ChannelsLast);
        config.Add("dilation_rate", new[] { DilationRate });
    }

    /// <summary>Number of steps of the output, where it is known.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="input">Shape of a sample.</param>
    /// <exception cref="ShapeException">There are fewer steps than a window that stays inside spans.</exception>
    public int? OutputSteps(Layer layer, Shape input) => StepLayout.Of(layer, input, StepsAreLast).Steps is not int steps ? null
        : Padding == "valid" && steps < Span ? throw new ShapeException(
            layer.Introduction,
            FormattableString.Invariant($"at least the {Span} time steps that its window spans"),
            input,
            "Give longer sequences, choose a smaller kernelSize or dilationRate, or set padding: \"same\".")
        : StepWindow.OutputsOf(Padding, Span, Strides, steps);
}
