using System.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="MelSpectrogram"/> remembers: the spectrum of every frame, where a gradient will be
/// asked for.</summary>
public sealed class MelSpectrogramPass : Pass
{
    internal MelSpectrogramPass(MelSpectrogram layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        Frames = Output.SampleShape.Features;
        Bins = (layer.FftLength / 2) + 1;
        Plan = new FourierPlan(layer.FftLength);
        Power = new double[Bins];
        int samples = options.InputShape.Features;
        Padded = new double[samples + (2 * (layer.FftLength / 2))];
        if (options.InputGradient)
        {
            Spectra = new Complex[options.BatchSize * Frames * Bins];
            Bands = new double[options.BatchSize * layer.NumMelBins * Frames];
            BandGradient = new double[layer.NumMelBins * Frames];
            InputGradient = new DenseMatrix(samples, options.BatchSize);
        }
        else
        {
            Spectra = [];
            Bands = new double[layer.NumMelBins * Frames];
            BandGradient = [];
        }
    }

    internal SequenceBatch Output { get; }

    internal int Frames { get; }

    internal int Bins { get; }

    internal FourierPlan Plan { get; }

    /// <summary>Scratch: a signal with what is put at its ends, or the gradient of it.</summary>
    internal double[] Padded { get; }

    /// <summary>Scratch: a number for each bin.</summary>
    internal double[] Power { get; }

    /// <summary>The spectrum of each frame of each sample.</summary>
    internal Complex[] Spectra { get; }

    /// <summary>What each band sums to, before decibels: of each sample, or of one.</summary>
    internal double[] Bands { get; }

    internal double[] BandGradient { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>The bands of a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="count">Number of bands.</param>
    internal Span<double> BandsOf(int sample, int count) =>
        Bands.AsSpan(Spectra.Length > 0 ? sample * count * Frames : 0, count * Frames);
}
