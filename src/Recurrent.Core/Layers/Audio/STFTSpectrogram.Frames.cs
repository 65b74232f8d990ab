using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <content>Forward and backward.</content>
public sealed partial class STFTSpectrogram
{
    /// <summary>Keras's fuzz factor.</summary>
    private const double Epsilon = 1e-7;

    /// <inheritdoc/>
    protected override SequenceBatch Forward(STFTSpectrogramPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        Gather(pass, input.Values.Values);
        if (pass.Real is { } re)
        {
            Product.SetBand(real!, pass.Frames, 0, default, re, 0, pass.Options.Threads);
        }

        if (pass.Imaginary is { } im)
        {
            Product.SetBand(imaginary!, pass.Frames, 0, default, im, 0, pass.Options.Threads);
        }

        Real[] output = pass.Output.Values.Values;
        for (int column = 0; column < pass.Frames.ColumnCount; column++)
        {
            for (int k = 0; k < Bins; k++)
            {
                int place = (column * Bins) + k;
                double r = pass.Real?.Values[place] ?? 0;
                double i = pass.Imaginary?.Values[place] ?? 0;
                if (Mode == "stft")
                {
                    output[Place(pass, column, k)] = (Real)r;
                    output[Place(pass, column, Bins + k)] = (Real)i;
                    continue;
                }

                double power = (r * r) + (i * i);
                output[Place(pass, column, k)] = (Real)(Mode switch
                {
                    "real" => r,
                    "imag" => i,
                    "angle" => Math.Atan2(i, r),
                    "psd" => power * Doubled(k),
                    "magnitude" => Math.Sqrt(Math.Max(power, Epsilon)),
                    _ => Math.Log(Math.Max(Math.Sqrt(Math.Max(power, Epsilon)), Epsilon)),
                });
            }
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(STFTSpectrogramPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        SpectrumGradient(pass, outputGradient.Values);
        if (pass.RealGradient is { } re)
        {
            Product.AddOuter(re, pass.Frames, pass.Gradients[0]);
        }

        if (pass.ImaginaryGradient is { } im)
        {
            Product.AddOuter(im, pass.Frames, pass.Gradients[^1]);
        }

        if (pass.InputGradient is not { } gradient)
        {
            return null;
        }

        pass.FrameGradient!.Values.AsSpan().Clear();
        if (pass.RealGradient is not null)
        {
            Product.Add(realTransposed!, pass.RealGradient, pass.FrameGradient);
        }

        if (pass.ImaginaryGradient is not null)
        {
            Product.Add(imaginaryTransposed!, pass.ImaginaryGradient, pass.FrameGradient);
        }

        Scatter(pass, gradient.Values);
        return gradient;
    }

    /// <summary>The gradient of real and imaginary parts from that of the output.</summary>
    private void SpectrumGradient(STFTSpectrogramPass pass, Real[] slopes)
    {
        for (int column = 0; column < pass.Frames.ColumnCount; column++)
        {
            for (int k = 0; k < Bins; k++)
            {
                int place = (column * Bins) + k;
                double r = pass.Real?.Values[place] ?? 0;
                double i = pass.Imaginary?.Values[place] ?? 0;
                double slope = slopes[Place(pass, column, k)];
                double power = (r * r) + (i * i);
                double ofPower = power <= Epsilon && Mode != "psd" ? 0 : Mode switch
                {
                    "psd" => 2 * slope * Doubled(k),
                    "magnitude" => slope / Math.Sqrt(power),
                    _ => slope / power,
                };
                (double dr, double di) = Mode switch
                {
                    "real" => (slope, 0),
                    "imag" => (0, slope),
                    "stft" => (slope, slopes[Place(pass, column, Bins + k)]),
                    "angle" => power == 0 ? (0, 0) : (-i * slope / power, r * slope / power),
                    _ => (r * ofPower, i * ofPower),
                };
                if (pass.RealGradient is not null)
                {
                    pass.RealGradient.Values[place] = (Real)dr;
                }

                if (pass.ImaginaryGradient is not null)
                {
                    pass.ImaginaryGradient.Values[place] = (Real)di;
                }
            }
        }
    }

    private int Doubled(int bin) => bin > 0 && bin < Bins - 1 ? 2 : 1;

    /// <summary>Where in the output the k-th number of a frame stands; the frame is a column, (t · batch + b) · channels +
    /// c.</summary>
    private int Place(STFTSpectrogramPass pass, int column, int k)
    {
        int batch = pass.Options.BatchSize;
        int c = column % pass.Channels;
        int b = column / pass.Channels % batch;
        int t = column / pass.Channels / batch;
        return (ChannelsFirst, ExpandDims) switch
        {
            (false, false) => (((((t * batch) + b) * pass.Channels) + c) * Numbers) + k,
            (false, true) => (((((t * Numbers) + k) * batch) + b) * pass.Channels) + c,
            (true, false) => (((((c * Numbers) + k) * batch) + b) * pass.Count) + t,
            _ => (((((c * pass.Count) + t) * batch) + b) * Numbers) + k,
        };
    }

    /// <summary>Where in the input the sample of a channel stands.</summary>
    private int SampleAt(STFTSpectrogramPass pass, int step, int sample, int channel) => ChannelsFirst
        ? (((channel * pass.Options.BatchSize) + sample) * pass.Steps) + step
        : (((step * pass.Options.BatchSize) + sample) * pass.Channels) + channel;

    /// <summary>Samples of zeros before the signal.</summary>
    private int Before(STFTSpectrogramPass pass) => Padding == "same"
        ? Math.Max(0, ((pass.Count - 1) * FrameStep) + FrameLength - pass.Steps) / 2
        : 0;

    private void Gather(STFTSpectrogramPass pass, Real[] input)
    {
        int before = Before(pass);
        Real[] frames = pass.Frames.Values;
        for (int column = 0; column < pass.Frames.ColumnCount; column++)
        {
            int frame = column / pass.Channels / pass.Options.BatchSize;
            int sample = column / pass.Channels % pass.Options.BatchSize;
            for (int n = 0; n < FrameLength; n++)
            {
                int step = (frame * FrameStep) + n - before;
                frames[(column * FrameLength) + n] =
                    step >= 0 && step < pass.Steps ? input[SampleAt(pass, step, sample, column % pass.Channels)] : 0;
            }
        }
    }

    private void Scatter(STFTSpectrogramPass pass, Real[] gradient)
    {
        int before = Before(pass);
        Real[] frames = pass.FrameGradient!.Values;
        gradient.AsSpan().Clear();
        for (int column = 0; column < pass.Frames.ColumnCount; column++)
        {
            int frame = column / pass.Channels / pass.Options.BatchSize;
            int sample = column / pass.Channels % pass.Options.BatchSize;
            for (int n = 0; n < FrameLength; n++)
            {
                int step = (frame * FrameStep) + n - before;
                if (step >= 0 && step < pass.Steps)
                {
                    gradient[SampleAt(pass, step, sample, column % pass.Channels)] += frames[(column * FrameLength) + n];
                }
            }
        }
    }
}
