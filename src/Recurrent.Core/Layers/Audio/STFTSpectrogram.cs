using System.Numerics;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The short-time Fourier transform of a signal as a convolution, whose kernels begin as sines and cosines under a window and are
/// trained with the rest. Keras's STFTSpectrogram (keras.layers.STFTSpectrogram).
/// </summary>
/// <remarks>
/// <para>
/// With frames <c>f_t = x(t · frameStep …)</c> of frameLength samples, <c>R = C·f</c> and <c>I = S·f</c>, C beginning as <c>w(n)
/// cos(2πkn/N) / s</c> and S as <c>−w(n) sin(2πkn/N) / s</c>, s being <c>√Σw²</c> (<c>density</c>), <c>Σ|w|</c>
/// (<c>spectrum</c>) or 1. The output, by mode:
/// </para>
/// <code>
/// real R, imag I, stft [R, I], angle atan2(I, R)        P = R² + I²
/// psd         P, twice that between the first and the last bin
/// magnitude   M = √max(P, 1e-7)
/// log         ln max(M, 1e-7)
/// </code>
/// <para>
/// Backward: <c>dC += dR·fᵀ</c>, <c>dS += dI·fᵀ</c>, <c>df = Cᵀ·dR + Sᵀ·dI</c>, and frames add up in the signal; dR and dI follow
/// from the mode, <c>2R dP</c> and <c>2I dP</c> for those of P, <c>−I da / P</c> and <c>R da / P</c> for the angle.
/// </para>
/// <para>
/// Input: (batch, samples, channels). Output: (batch, frames, channels · bins), bins = N / 2 + 1 (twice that for <c>stft</c>),
/// the bins of a channel side by side; with <c>expandDims</c> (batch, frames, bins, channels). <c>channels_first</c> puts
/// channels first in all of them. Parameters: real_kernel and imag_kernel, (frameLength, 1, bins), without the one that the mode
/// does not need; <c>trainable: false</c> keeps them as they are.
/// </para>
/// </remarks>
public sealed partial class STFTSpectrogram : UnaryLayer<STFTSpectrogramPass>
{
    private static readonly string[] Modes = ["log", "magnitude", "psd", "real", "imag", "angle", "stft"];

    private readonly int? frameStepOption;
    private readonly int? fftLengthOption;
    private PackedMatrix? real;
    private PackedMatrix? imaginary;
    private PackedMatrix? realTransposed;
    private PackedMatrix? imaginaryTransposed;

    /// <summary>Creates the layer.</summary>
    /// <param name="mode">What of the spectrum: <c>log</c> (the default), <c>magnitude</c>, <c>psd</c>, <c>real</c>,
    /// <c>imag</c>, <c>angle</c> or <c>stft</c>.</param>
    /// <param name="frameLength">Samples of a frame; default 256.</param>
    /// <param name="frameStep">Samples from one frame to the next, at most those of a frame; null is half of them.</param>
    /// <param name="fftLength">N, at least the samples of a frame; null is the least power of two that is.</param>
    /// <param name="window">The window, a name or numbers; null is <c>hann</c>, <c>"none"</c> none.</param>
    /// <param name="periodic">Whether the window is periodic, or symmetric (the default).</param>
    /// <param name="scaling"><c>"density"</c> (the default), <c>"spectrum"</c>, or null for none.</param>
    /// <param name="padding"><c>"valid"</c> (the default), or <c>"same"</c> with zeros at the ends.</param>
    /// <param name="expandDims">Whether bins and channels have axes of their own; default false.</param>
    /// <param name="dataFormat"><c>"channels_last"</c> (null, the default) or <c>"channels_first"</c>.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>stft_spectrogram</c>.</param>
    /// <param name="trainable">Whether training changes the kernels; true by default, as in Keras.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public STFTSpectrogram(
        string mode = "log",
        int frameLength = 256,
        int? frameStep = null,
        int? fftLength = null,
        AudioWindow? window = null,
        bool periodic = false,
        string? scaling = "density",
        string padding = "valid",
        bool expandDims = false,
        string? dataFormat = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(mode);
        ArgumentNullException.ThrowIfNull(padding);
        Mode = mode;
        FrameLength = frameLength;
        frameStepOption = frameStep;
        fftLengthOption = fftLength;
        FrameStep = frameStep ?? frameLength / 2;
        FftLength = fftLength ?? (int)Math.Min(1L << 30, BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, frameLength)));
        Window = window ?? "hann";
        Periodic = periodic;
        Scaling = scaling;
        Padding = padding;
        ExpandDims = expandDims;
        ChannelsFirst = dataFormat == "channels_first";
        new OptionCheck(Introduction).OneOf(nameof(mode), mode, Modes)
            .Require(frameLength is >= 1 and <= 1 << 20,
                FormattableString.Invariant($"frameLength must be 1 to {1 << 20}, but is {frameLength}"), nameof(frameLength))
            .Require(FrameStep >= 1 && FrameStep <= frameLength, FormattableString.Invariant(
                $"frameStep must be 1 to frameLength ({frameLength}), but is {FrameStep}"), nameof(frameStep))
            .Require(FftLength >= frameLength && FftLength <= 1 << 20, FormattableString.Invariant(
                $"fftLength must be frameLength ({frameLength}) to {1 << 20}, but is {FftLength}"), nameof(fftLength))
            .Require(Window.Problem(frameLength) is null, Window.Problem(frameLength) ?? string.Empty, nameof(window))
            .OneOf(nameof(scaling), scaling ?? "density", "density", "spectrum").OneOf(nameof(padding), padding, "valid", "same")
            .OneOf(nameof(dataFormat), dataFormat ?? "channels_last", "channels_last", "channels_first").ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "STFTSpectrogram";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("a frame is many steps of its input, and gives one of its output");

    /// <summary>What of the spectrum it gives.</summary>
    public string Mode { get; }

    /// <summary>Samples of a frame.</summary>
    public int FrameLength { get; }

    /// <summary>Samples from one frame to the next.</summary>
    public int FrameStep { get; }

    /// <summary>N, the samples of the transform.</summary>
    public int FftLength { get; }

    /// <summary>The window.</summary>
    public AudioWindow Window { get; }

    /// <summary>Whether the window is periodic.</summary>
    public bool Periodic { get; }

    /// <summary>How kernels are scaled; null for not at all.</summary>
    public string? Scaling { get; }

    /// <summary>What is put at the ends.</summary>
    public string Padding { get; }

    /// <summary>Whether bins and channels have axes of their own.</summary>
    public bool ExpandDims { get; }

    /// <summary>Whether channels come first.</summary>
    public bool ChannelsFirst { get; }

    /// <summary>Bins of a spectrum.</summary>
    internal int Bins => (FftLength / 2) + 1;

    /// <summary>Numbers that a frame of a channel gives.</summary>
    internal int Numbers => Mode == "stft" ? 2 * Bins : Bins;

    internal bool HasReal => Mode != "imag";

    internal bool HasImaginary => Mode != "real";

    /// <inheritdoc/>
    internal override string? RaggedObstacle =>
        "makes fewer steps of a sequence, and frames of padding. Call a layer on each signal, layer.Call(signal), and give the "
        + "model that";

    /// <summary>Computes the spectrogram of one signal, or of several, without a model.</summary>
    /// <param name="audio">Shape (samples, channels) or (batch, samples, channels).</param>
    /// <exception cref="ArgumentException">It has another rank, is too short, or holds a number that is not finite.</exception>
    public NDArray Call(NDArray audio)
    {
        ArgumentNullException.ThrowIfNull(audio);
        STFTSpectrogram layer = this;
        if (InputShape is null)
        {
            // A layer that no model has built yet begins as Fourier's; it stays free for a model.
            layer = new(Mode, FrameLength, frameStepOption, fftLengthOption, Window, Periodic, Scaling, Padding, ExpandDims,
                ChannelsFirst ? "channels_first" : null, Name);
            layer.Build(ChannelsFirst ? new(1, null) : new(null, 1), seed: 0);
        }

        return AudioCall.Run(layer, audio, 2);
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no signal of a known number of channels, or shorter than a
    /// frame.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int? channels = input.Rank == 2 ? input[ChannelsFirst ? 0 : 1] : null;
        if (channels is not int known)
        {
            throw new ShapeException(
                Introduction,
                ChannelsFirst ? "input of rank 3 (batch, channels, samples) with a known number of channels"
                    : "input of rank 3 (batch, samples, channels) with a known number of channels",
                input, "A signal of one channel has one feature: x.Reshape(-1, samples, 1).");
        }

        int? steps = input[ChannelsFirst ? 1 : 0];
        int? frames = steps is int samples ? FramesOf(samples) : null;
        if (frames < 1)
        {
            throw new ShapeException(
                Introduction, FormattableString.Invariant($"signals of at least {FrameLength} samples"), input,
                "Give a smaller frameLength, or padding: \"same\".");
        }

        return (ChannelsFirst, ExpandDims) switch
        {
            (false, false) => new(frames, checked(known * Numbers)),
            (false, true) => new(frames, Numbers, known),
            (true, false) => new(checked(known * Numbers), frames),
            _ => new(known, frames, Numbers),
        };
    }

    /// <summary>Samples and channels of an input.</summary>
    internal (int Steps, int Channels) SizesOf(Shape input) => ChannelsFirst
        ? (input[1]!.Value, input[0]!.Value)
        : (input[0]!.Value, input[1]!.Value);

    /// <summary>Number of frames of a signal.</summary>
    internal int? FramesOf(int samples) => Padding == "same" ? ((samples - 1) / FrameStep) + 1
        : samples < FrameLength ? 0 : ((samples - FrameLength) / FrameStep) + 1;

    /// <inheritdoc/>
    internal override long ValuesPerSample(Shape input, bool differentiable)
    {
        (int steps, int channels) = SizesOf(input);
        return checked((long)FramesOf(steps)!.Value * channels * Math.Max(FrameLength, Numbers));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("mode", Mode);
        config.Add("frame_length", FrameLength);
        config.Add("frame_step", frameStepOption);
        config.Add("fft_length", fftLengthOption);
        config.Add("window", Window.Entry());
        config.Add("periodic", Periodic);
        config.Add("scaling", Scaling);
        config.Add("padding", Padding);
        config.Add("data_format", ChannelsFirst ? "channels_first" : "channels_last");
        config.Add("expand_dims", ExpandDims);
        return config;
    }

    internal static STFTSpectrogram Read(ConfigReader config) => new(
        config.OptionalString("mode") ?? "log",
        config.Size("frame_length", 256),
        config.OptionalInt("frame_step"),
        config.OptionalInt("fft_length"),
        AudioWindow.Read(config),
        config.Bool("periodic", false),
        config.IsNull("scaling") && config.Raw("scaling") is null ? null : config.OptionalString("scaling") ?? "density",
        config.OptionalString("padding") ?? "valid",
        config.Bool("expand_dims", false),
        config.OptionalString("data_format"),
        config.Name(),
        config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        if (HasReal)
        {
            AddParameter(new("real_kernel", [FrameLength, 1, Bins]), new STFTKernel(this, imaginary: false));
            real = new PackedMatrix(Bins, FrameLength);
            realTransposed = new PackedMatrix(FrameLength, Bins);
        }

        if (HasImaginary)
        {
            AddParameter(new("imag_kernel", [FrameLength, 1, Bins]), new STFTKernel(this, imaginary: true));
            imaginary = new PackedMatrix(Bins, FrameLength);
            imaginaryTransposed = new PackedMatrix(FrameLength, Bins);
        }
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        real?.Pack(Parameters[0].Value);
        realTransposed?.PackTransposed(Parameters[0].Value);
        imaginary?.Pack(Parameters[^1].Value);
        imaginaryTransposed?.PackTransposed(Parameters[^1].Value);
    }

    /// <inheritdoc/>
    protected override STFTSpectrogramPass NewPass(PassOptions options) => new(this, options);
}
