using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The mel spectrogram of a signal: how much of each band of frequencies there is in each frame. Keras's MelSpectrogram
/// (keras.layers.MelSpectrogram), and librosa's by options.
/// </summary>
/// <remarks>
/// <para>
/// <c>fftLength / 2</c> samples are put at both ends, mirrored; frame t begins at sample <c>t · sequenceStride</c> of that and is
/// as long as the transform. With the (periodic) window w in its middle, X the transform, p the exponent and M the filters
/// (<see cref="MelFilters"/>):
/// </para>
/// <code>
/// X_t(k) = Σ_n w(n) x(t · stride + n) exp(−2πi kn / fftLength),   S_t = M · |X_t|^p
/// y = 10 log10(max(S, minPower)) − 10 log10(max(refPower, minPower)),   y ← max(y, max(y) − topDb)       with powerToDb
/// </code>
/// <para>
/// Backward: decibels hand on <c>10 / (ln 10 · S)</c> where they are not cut off, what topDb cuts goes to the loudest; <c>d|X|² =
/// Mᵀ dS · p/2 · |X|^(p−2)</c>, <c>dX = 2X d|X|²</c>; a further transform makes of it the gradient of the frame. Frames and
/// mirrored ends add up.
/// </para>
/// <para>
/// Input: (batch, samples), longer than half a transform. Output: (batch, numMelBins, frames), with <c>frames = (samples +
/// 2⌊fftLength / 2⌋ − fftLength) / sequenceStride + 1</c>; <c>new Permute([2, 1])</c> makes a sequence of it. No parameters. The
/// loudest is that of the sample; Keras takes that of the batch.
/// </para>
/// </remarks>
/// <example><code>
/// model.Add(new MelSpectrogram(fftLength: 256, sequenceStride: 128, samplingRate: 8000, numMelBins: 40, inputShape: 8000));
/// model.Add(new Permute([2, 1]));                        // (frames, bands)
/// model.Add(new GRU(64));
/// </code></example>
public sealed partial class MelSpectrogram : UnaryLayer<MelSpectrogramPass>
{
    private readonly AudioWindow window;
    private readonly double[] weights;
    private readonly Band[] bands;

    /// <summary>Creates the layer.</summary>
    /// <param name="fftLength">Samples of the transform, at least 2; default 2048. Powers of two are fastest.</param>
    /// <param name="sequenceStride">Samples from one frame to the next; default 512.</param>
    /// <param name="sequenceLength">Samples of the window, at most those of the transform; null takes as many.</param>
    /// <param name="window">The window, a name or numbers; null is <c>hann</c>, <c>"none"</c> none.</param>
    /// <param name="samplingRate">Samples a second; default 16000.</param>
    /// <param name="numMelBins">Number of bands; default 128.</param>
    /// <param name="minFreq">Lower edge of the lowest band in Hz; default 20.</param>
    /// <param name="maxFreq">Upper edge of the highest band; null is half the sampling rate, rounded down.</param>
    /// <param name="powerToDb">Whether the output is in decibels; default true.</param>
    /// <param name="topDb">What is further below the loudest is set to this far below; default 80, null leaves it.</param>
    /// <param name="magExp">The exponent p: 2 (the default) for power, 1 for magnitude.</param>
    /// <param name="minPower">The least power that decibels are taken of; default 1e-10.</param>
    /// <param name="refPower">The power of 0 decibels; default 1.</param>
    /// <param name="filters">The filters: <c>"keras"</c> (the default), <c>"slaney"</c> or <c>"htk"</c>.</param>
    /// <param name="norm">How filters are scaled: <c>"none"</c> (the default) or <c>"slaney"</c>.</param>
    /// <param name="padMode">What is put at the ends: the signal mirrored, <c>"reflect"</c> (the default), or zeros,
    /// <c>"constant"</c> (librosa's default).</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>mel_spectrogram</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model: the number of samples of a signal.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public MelSpectrogram(
        int fftLength = 2048,
        int sequenceStride = 512,
        int? sequenceLength = null,
        AudioWindow? window = null,
        int samplingRate = 16000,
        int numMelBins = 128,
        double minFreq = 20,
        double? maxFreq = null,
        bool powerToDb = true,
        double? topDb = 80,
        double magExp = 2,
        double minPower = 1e-10,
        double refPower = 1,
        string filters = "keras",
        string norm = "none",
        string padMode = "reflect",
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        this.window = window ?? "hann";
        FftLength = fftLength;
        SequenceStride = sequenceStride;
        SequenceLength = sequenceLength ?? fftLength;
        SamplingRate = samplingRate;
        NumMelBins = numMelBins;
        MinFreq = minFreq;
        MaxFreq = maxFreq ?? samplingRate / 2;
        PowerToDb = powerToDb;
        TopDb = topDb;
        MagExp = magExp;
        MinPower = minPower;
        RefPower = refPower;
        Filters = filters;
        Norm = norm;
        PadMode = padMode;
        Check();
        weights = new double[fftLength];
        this.window.Of(SequenceLength, periodic: true).CopyTo(weights, (fftLength - SequenceLength) / 2);
        double[,] table = MelFilters.Table(
            filters, numMelBins, (fftLength / 2) + 1, fftLength, samplingRate, minFreq, MaxFreq, norm);
        bands = [.. Enumerable.Range(0, numMelBins).Select(m => Band.Of(table, m))];
    }

    /// <inheritdoc/>
    public override string ClassName => "MelSpectrogram";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("it takes a whole signal as one sample");

    /// <summary>Samples of the transform.</summary>
    public int FftLength { get; }

    /// <summary>Samples from one frame to the next.</summary>
    public int SequenceStride { get; }

    /// <summary>Samples of the window.</summary>
    public int SequenceLength { get; }

    /// <summary>Samples a second.</summary>
    public int SamplingRate { get; }

    /// <summary>Number of bands.</summary>
    public int NumMelBins { get; }

    /// <summary>Lower edge of the lowest band in Hz.</summary>
    public double MinFreq { get; }

    /// <summary>Upper edge of the highest band in Hz.</summary>
    public double MaxFreq { get; }

    /// <summary>Whether the output is in decibels.</summary>
    public bool PowerToDb { get; }

    /// <summary>How far below the loudest is the least; null where nothing is cut off.</summary>
    public double? TopDb { get; }

    /// <summary>The exponent of the magnitude.</summary>
    public double MagExp { get; }

    /// <summary>The least power that decibels are taken of.</summary>
    public double MinPower { get; }

    /// <summary>The power of 0 decibels.</summary>
    public double RefPower { get; }

    /// <summary>The kind of filters.</summary>
    public string Filters { get; }

    /// <summary>How filters are scaled.</summary>
    public string Norm { get; }

    /// <summary>What is put at the ends.</summary>
    public string PadMode { get; }

    /// <summary>Computes the spectrogram of one signal, or of several, without a model.</summary>
    /// <param name="audio">Shape (samples) or (batch, samples).</param>
    /// <returns>Shape (numMelBins, frames) or (batch, numMelBins, frames).</returns>
    /// <exception cref="ArgumentException">It has another rank, is too short, or holds a number that is not finite.</exception>
    public NDArray Call(NDArray audio) => AudioCall.Run(this, audio, 1);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no signal of a known length, or too short.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank != 1 || input[0] is not int samples)
        {
            throw new ShapeException(
                Introduction, "input of rank 2 (batch, samples) with a known number of samples", input,
                "Give each signal as one row; of several channels take one, or their mean. Signals of unequal length: call the "
                + "layer on each, layer.Call(signal), and give the model what it returns as sequences.");
        }

        int least = PadMode == "reflect" ? (FftLength / 2) + 1 : FftLength % 2 == 0 ? 1 : 2;
        return samples >= least
            ? new(NumMelBins, ((samples + (2 * (FftLength / 2)) - FftLength) / SequenceStride) + 1)
            : throw new ShapeException(
                Introduction, FormattableString.Invariant($"signals of at least {least} samples"), input,
                "Its ends are mirrored by half a transform: give longer signals, or a smaller fftLength, or padMode: "
                + "\"constant\".");
    }

    /// <inheritdoc/>
    internal override long ValuesPerSample(Shape input, bool differentiable)
    {
        Shape output = ComputeOutputShape(input);
        long frames = output.Features;
        return checked(Math.Max(frames * NumMelBins, differentiable ? frames * ((FftLength / 2) + 1) : 0));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("fft_length", FftLength);
        config.Add("sequence_stride", SequenceStride);
        config.Add("sequence_length", SequenceLength);
        config.Add("window", window.Entry());
        config.Add("sampling_rate", SamplingRate);
        config.Add("num_mel_bins", NumMelBins);
        config.Add("min_freq", MinFreq);
        config.Add("max_freq", MaxFreq);
        config.Add("power_to_db", PowerToDb);
        config.Add("top_db", TopDb);
        config.Add("mag_exp", MagExp);
        config.Add("min_power", MinPower);
        config.Add("ref_power", RefPower);

        // What Keras does not have.
        AddUnless(config, "filters", Filters, "keras");
        AddUnless(config, "norm", Norm, "none");
        AddUnless(config, "pad_mode", PadMode, "reflect");
        return config;
    }

    internal static MelSpectrogram Read(ConfigReader config) => new(
        config.Size("fft_length", 2048),
        config.Int("sequence_stride", 512),
        config.OptionalInt("sequence_length"),
        AudioWindow.Read(config),
        config.Int("sampling_rate", 16000),
        config.Size("num_mel_bins", 128),
        config.Double("min_freq", 20),
        config.OptionalDouble("max_freq"),
        config.Bool("power_to_db", true),
        config.IsNull("top_db") && config.Raw("top_db") is null ? null : config.Double("top_db", 80),
        config.Double("mag_exp", 2),
        config.Double("min_power", 1e-10),
        config.Double("ref_power", 1),
        config.OptionalString("filters") ?? "keras",
        config.OptionalString("norm") ?? "none",
        config.OptionalString("pad_mode") ?? "reflect",
        config.Name(),
        config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override MelSpectrogramPass NewPass(PassOptions options) => new(this, options);

    private static void AddUnless(Config config, string key, string value, string usual)
    {
        if (value != usual)
        {
            config.Add(key, value);
        }
    }

    private void Check() => new OptionCheck(Introduction)
        .Require(FftLength is >= 2 and <= 1 << 24,
            FormattableString.Invariant($"fftLength must be 2 to {1 << 24}, but is {FftLength}"), "fftLength")
        .Positive("sequenceStride", SequenceStride).Positive("sequenceLength", SequenceLength)
        .Require(SequenceLength <= FftLength,
            FormattableString.Invariant($"sequenceLength {SequenceLength} must not be above fftLength {FftLength}"),
                "sequenceLength")
        .Require(window.Problem(SequenceLength) is null, window.Problem(SequenceLength) ?? string.Empty, "window")
        .Positive("samplingRate", SamplingRate).Positive("numMelBins", NumMelBins)
        .Require((long)NumMelBins * FftLength <= MostOfOneSample,
            FormattableString.Invariant($"numMelBins times fftLength must be at most {MostOfOneSample}"), "numMelBins")
        .AtLeast("minFreq", MinFreq, 0).Above("maxFreq", MaxFreq, MinFreq)
        .Require(MaxFreq <= SamplingRate / 2.0, FormattableString.Invariant(
            $"maxFreq {MaxFreq} must not be above half the samplingRate, {SamplingRate / 2.0}"), "maxFreq")
        .Above("topDb", TopDb ?? 1, 0).Above("magExp", MagExp, 0).Above("minPower", MinPower, 0).Finite("refPower", RefPower)
        .OneOf("filters", Filters, [.. MelFilters.Kinds]).OneOf("norm", Norm, [.. MelFilters.Norms])
        .OneOf("padMode", PadMode, "reflect", "constant").ThrowIfAny();

    /// <summary>The bins that a filter takes in, from the first one on.</summary>
    private readonly record struct Band(int First, double[] Weights)
    {
        public static Band Of(double[,] table, int row)
        {
            int[] bins = [.. Enumerable.Range(0, table.GetLength(1)).Where(k => table[row, k] != 0)];
            return bins.Length == 0 ? new(0, [])
                : new(bins[0], [.. Enumerable.Range(bins[0], bins[^1] - bins[0] + 1).Select(k => table[row, k])]);
        }
    }
}
