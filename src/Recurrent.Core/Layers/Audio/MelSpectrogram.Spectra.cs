using System.Numerics;

namespace Recurrent.Layers;

/// <content>Forward and backward.</content>
public sealed partial class MelSpectrogram
{
    private static readonly double Decibels = 10 / Math.Log(10);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(MelSpectrogramPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        Real[] output = pass.Output.Values.Values;
        int samples = input.Values.RowCount;
        for (int b = 0; b < input.BatchSize; b++)
        {
            Pad(input.Values.Values.AsSpan(b * samples, samples), pass.Padded);
            Span<double> sums = pass.BandsOf(b, NumMelBins);
            for (int t = 0; t < pass.Frames; t++)
            {
                Transform(pass, b, t);
                for (int m = 0; m < bands.Length; m++)
                {
                    double sum = 0;
                    for (int k = 0; k < bands[m].Weights.Length; k++)
                    {
                        sum += bands[m].Weights[k] * pass.Power[bands[m].First + k];
                    }

                    sums[(m * pass.Frames) + t] = sum;
                }
            }

            double floor = Floor(sums);
            for (int m = 0; m < NumMelBins; m++)
            {
                Span<Real> row = output.AsSpan(((m * input.BatchSize) + b) * pass.Frames, pass.Frames);
                for (int t = 0; t < row.Length; t++)
                {
                    double sum = sums[(m * pass.Frames) + t];
                    row[t] = (Real)(PowerToDb ? Math.Max(InDecibels(sum), floor) : sum);
                }
            }
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(MelSpectrogramPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass.InputGradient is not { } gradient)
        {
            return null;
        }

        int samples = gradient.RowCount;
        for (int b = 0; b < pass.Options.BatchSize; b++)
        {
            BandGradient(pass, outputGradient, b);
            pass.Padded.AsSpan().Clear();
            for (int t = 0; t < pass.Frames; t++)
            {
                Array.Clear(pass.Power);
                for (int m = 0; m < bands.Length; m++)
                {
                    double slope = pass.BandGradient[(m * pass.Frames) + t];
                    for (int k = 0; k < bands[m].Weights.Length && slope != 0; k++)
                    {
                        pass.Power[bands[m].First + k] += slope * bands[m].Weights[k];
                    }
                }

                TransformBack(pass, b, t);
            }

            Unpad(pass.Padded, gradient.Values.AsSpan(b * samples, samples));
        }

        return gradient;
    }

    private double InDecibels(double power) =>
        (Decibels * Math.Log(Math.Max(power, MinPower))) - (Decibels * Math.Log(Math.Max(Math.Abs(RefPower), MinPower)));

    /// <summary>The least that the output of a sample is.</summary>
    private double Floor(ReadOnlySpan<double> sums)
    {
        double most = MinPower;
        foreach (double sum in sums)
        {
            most = Math.Max(most, sum);
        }

        return TopDb is { } top && PowerToDb ? InDecibels(most) - top : double.NegativeInfinity;
    }

    /// <summary>The signal with half a transform at both ends.</summary>
    private void Pad(ReadOnlySpan<Real> signal, Span<double> padded)
    {
        int half = FftLength / 2;
        padded.Clear();
        for (int n = 0; n < signal.Length; n++)
        {
            padded[half + n] = signal[n];
        }

        for (int n = 1; n <= half && PadMode == "reflect"; n++)
        {
            padded[half - n] = signal[n];
            padded[half + signal.Length - 1 + n] = signal[signal.Length - 1 - n];
        }
    }

    private void Unpad(ReadOnlySpan<double> padded, Span<Real> gradient)
    {
        int half = FftLength / 2;
        for (int n = 0; n < gradient.Length; n++)
        {
            double slope = padded[half + n];
            if (PadMode == "reflect")
            {
                slope += n >= 1 && n <= half ? padded[half - n] : 0;
                int mirrored = gradient.Length - 1 - n;
                slope += mirrored >= 1 && mirrored <= half ? padded[half + gradient.Length - 1 + mirrored] : 0;
            }

            gradient[n] = (Real)slope;
        }
    }

    /// <summary>|X|^p of a frame.</summary>
    private void Transform(MelSpectrogramPass pass, int sample, int frame)
    {
        Complex[] data = pass.Plan.Data;
        ReadOnlySpan<double> signal = pass.Padded.AsSpan(frame * SequenceStride, FftLength);
        for (int n = 0; n < data.Length; n++)
        {
            data[n] = weights[n] * signal[n];
        }

        pass.Plan.Forward();
        for (int k = 0; k < pass.Bins; k++)
        {
            double power = (data[k].Real * data[k].Real) + (data[k].Imaginary * data[k].Imaginary);
            pass.Power[k] = MagExp == 2 ? power : Math.Pow(power, MagExp / 2);
        }

        if (pass.Spectra.Length > 0)
        {
            data.AsSpan(0, pass.Bins).CopyTo(pass.Spectra.AsSpan(((sample * pass.Frames) + frame) * pass.Bins));
        }
    }

    /// <summary>Adds the gradient of a frame, from that of |X|^p, to that of the signal.</summary>
    private void TransformBack(MelSpectrogramPass pass, int sample, int frame)
    {
        Complex[] data = pass.Plan.Data;
        ReadOnlySpan<Complex> spectrum = pass.Spectra.AsSpan(((sample * pass.Frames) + frame) * pass.Bins, pass.Bins);
        Array.Clear(data);
        for (int k = 0; k < pass.Bins; k++)
        {
            double power = (spectrum[k].Real * spectrum[k].Real) + (spectrum[k].Imaginary * spectrum[k].Imaginary);
            double slope = MagExp == 2 ? 2 : power == 0 ? 0 : MagExp * Math.Pow(power, (MagExp / 2) - 1);

            // The sum over k of Re(dX(k) exp(2πi kn / N)) is the real part of the transform of the conjugates.
            data[k] = Complex.Conjugate(spectrum[k]) * (slope * pass.Power[k]);
        }

        pass.Plan.Forward();
        Span<double> gradient = pass.Padded.AsSpan(frame * SequenceStride, FftLength);
        for (int n = 0; n < data.Length; n++)
        {
            gradient[n] += weights[n] * data[n].Real;
        }
    }

    /// <summary>The gradient of the bands of a sample, from that of the output.</summary>
    private void BandGradient(MelSpectrogramPass pass, DenseMatrix outputGradient, int sample)
    {
        ReadOnlySpan<double> sums = pass.BandsOf(sample, NumMelBins);
        double floor = Floor(sums);
        int loudest = 0;
        double cut = 0;
        for (int m = 0; m < NumMelBins; m++)
        {
            ReadOnlySpan<Real> row =
                outputGradient.Values.AsSpan(((m * pass.Options.BatchSize) + sample) * pass.Frames, pass.Frames);
            for (int t = 0; t < pass.Frames; t++)
            {
                int place = (m * pass.Frames) + t;
                loudest = sums[place] > sums[loudest] ? place : loudest;
                bool isCut = PowerToDb && InDecibels(sums[place]) < floor;
                cut += isCut ? row[t] : 0;
                pass.BandGradient[place] = isCut ? 0
                    : !PowerToDb ? row[t]
                    : sums[place] > MinPower ? row[t] * Decibels / sums[place] : 0;
            }
        }

        if (cut != 0 && sums[loudest] > MinPower)
        {
            pass.BandGradient[loudest] += cut * Decibels / sums[loudest];
        }
    }
}
