using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Cepstral coefficients of a mel spectrogram in decibels: its cosine transform over the bands, of which the first few tell the
/// shape of the spectrum. As librosa computes them.
/// </summary>
/// <remarks>
/// <para>
/// Over the M bands, and by the type of the cosine transform, 2 unless told otherwise:
/// </para>
/// <code>
/// none    y_c = 2 Σ_m b_m x_m cos θ             type 1   θ = π c m / (M − 1)      N = M − 1   a, b are ½ at both ends
/// ortho   y_c = √(2 a_c / N) Σ_m √b_m x_m cos θ      2   θ = π c (2m + 1) / 2M    N = M       a is ½ at c = 0
///                                                    3   θ = π (2c + 1) m / 2M    N = M       b is ½ at m = 0
/// </code>
/// <para>
/// and else 1: SciPy's <c>dct</c>. A lifter L makes it times <c>1 + L/2 sin(π (c + 1) / L)</c>. Backward: the transposed sum.
/// </para>
/// <para>
/// Input: (batch, bands, frames), as <see cref="MelSpectrogram"/> gives it. Output: (batch, numMfcc, frames). No parameters. Not
/// in Keras. Davis and Mermelstein, "Comparison of parametric representations for monosyllabic word recognition", 1980.
/// </para>
/// </remarks>
/// <example><code>
/// model.Add(new MelSpectrogram(fftLength: 256, sequenceStride: 128, samplingRate: 8000, numMelBins: 40, filters: "slaney",
///     norm: "slaney", padMode: "constant", minFreq: 0, inputShape: 8000));
/// model.Add(new MFCC(13));
/// </code></example>
public sealed class MFCC : UnaryLayer<BufferedPass>
{
    /// <summary>Creates the layer.</summary>
    /// <param name="numMfcc">Number of coefficients, at most the number of bands; default 20.</param>
    /// <param name="norm"><c>"ortho"</c> (the default) or <c>"none"</c>.</param>
    /// <param name="lifter">L; 0 (the default) for none.</param>
    /// <param name="dctType">Type of the cosine transform: 1, 2 (the default) or 3; librosa's <c>dct_type</c>. The first needs
    /// two bands or more.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>mfcc</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public MFCC(
        int numMfcc = 20, string norm = "ortho", double lifter = 0, int dctType = 2, string? name = null,
        bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(norm);
        new OptionCheck(Introduction).Positive(nameof(numMfcc), numMfcc).OneOf(nameof(norm), norm, "ortho", "none")
            .AtLeast(nameof(lifter), lifter, 0)
            .Require(
                dctType is 1 or 2 or 3, FormattableString.Invariant($"dctType must be 1, 2 or 3, but is {dctType}"),
                nameof(dctType))
            .ThrowIfAny();
        NumMfcc = numMfcc;
        Norm = norm;
        Lifter = lifter;
        DctType = dctType;
    }

    /// <inheritdoc/>
    public override string ClassName => "MFCC";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("its steps are the bands, and the frames stand side by side");

    /// <summary>Number of coefficients.</summary>
    public int NumMfcc { get; }

    /// <summary>How the transform is scaled.</summary>
    public string Norm { get; }

    /// <summary>The lifter; 0 for none.</summary>
    public double Lifter { get; }

    /// <summary>Type of the cosine transform: 1, 2 or 3.</summary>
    public int DctType { get; }

    /// <summary>Computes the coefficients without a model.</summary>
    /// <param name="spectrogram">Shape (bands, frames) or (batch, bands, frames).</param>
    /// <exception cref="ArgumentException">It has another rank, too few bands, or holds a number that is not finite.</exception>
    public NDArray Call(NDArray spectrogram) => AudioCall.Run(this, spectrogram, 2);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no spectrogram, or has fewer bands than coefficients are wanted.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int least = DctType == 1 ? Math.Max(2, NumMfcc) : NumMfcc;
        return input.Rank == 2 && input[0] is int bands && input[1] is int frames && bands >= least
            ? new(NumMfcc, frames)
            : throw new ShapeException(
                Introduction,
                FormattableString.Invariant($"input of rank 3 (batch, bands, frames) with at least {least} bands"), input,
                "Put a MelSpectrogram before it, with numMelBins of at least numMfcc.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("num_mfcc", NumMfcc);
        config.Add("norm", Norm);
        config.Add("lifter", Lifter);
        config.Add("dct_type", DctType);
        return config;
    }

    internal static MFCC Read(ConfigReader config) => new(
        config.Size("num_mfcc", 20), config.OptionalString("norm") ?? "ortho", config.Double("lifter", 0),
        config.Size("dct_type", 2), config.Name(), config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override BufferedPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(BufferedPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Output.Values.Values.AsSpan().Clear();
        for (int c = 0; c < NumMfcc; c++)
        {
            for (int m = 0; m < input.Steps; m++)
            {
                VectorMath.AddScaled(Weight(c, m, input.Steps), input.Step(m).Values, pass.Output.Step(c).Values);
            }
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(BufferedPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass.InputGradient is not { } gradient)
        {
            return null;
        }

        int batch = pass.Options.BatchSize;
        int bands = pass.Options.InputShape.Steps;
        gradient.Values.AsSpan().Clear();
        for (int c = 0; c < NumMfcc; c++)
        {
            for (int m = 0; m < bands; m++)
            {
                VectorMath.AddScaled(
                    Weight(c, m, bands), new ColumnBlock(outputGradient, c * batch, batch).Values,
                    new ColumnBlock(gradient, m * batch, batch).Values);
            }
        }

        return gradient;
    }

    private Real Weight(int coefficient, int band, int bands)
    {
        double lift = Lifter == 0 ? 1 : 1 + (Lifter / 2 * Math.Sin(Math.PI * (coefficient + 1) / Lifter));
        return (Real)(lift * Transform(coefficient, band, bands));
    }

    /// <summary>What a band counts in a coefficient of the transform.</summary>
    private double Transform(int c, int m, int bands)
    {
        (double angle, bool halvesCoefficient, bool halvesBand) = DctType switch
        {
            1 => (Math.PI * c * m / (bands - 1), IsEnd(c), IsEnd(m)),
            2 => (Math.PI * c * ((2 * m) + 1) / (2 * bands), c == 0, false),
            _ => (Math.PI * ((2 * c) + 1) * m / (2 * bands), false, m == 0),
        };
        double scale = Norm == "none"
            ? halvesBand ? 1 : 2
            : Math.Sqrt(2.0 / (DctType == 1 ? bands - 1 : bands) * (halvesCoefficient ? 0.5 : 1) * (halvesBand ? 0.5 : 1));
        return scale * Math.Cos(angle);

        bool IsEnd(int place) => place == 0 || place == bands - 1;
    }
}
