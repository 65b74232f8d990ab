using Recurrent.Registration;

namespace Recurrent.Audio;

/// <summary>Sound as numbers: samples between −1 and 1 of one or several channels, and how many of them make a second.</summary>
/// <example><code>
/// Sound sound = Sound.Read("seven.wav").Resample(16000);
/// NDArray features = new MelSpectrogram(512, 160).Call(sound.Mono());
/// </code></example>
public sealed class Sound
{
    /// <summary>Most channels: more than any instrument records.</summary>
    internal const int MostChannels = 1024;

    /// <summary>Takes samples.</summary>
    /// <param name="samples">Shape (samples, channels), or (samples) of one channel; kept, not copied.</param>
    /// <param name="samplingRate">Samples a second, at least 1.</param>
    /// <exception cref="ArgumentException">There are none, one is not finite, or the shape is another.</exception>
    public Sound(NDArray samples, int samplingRate)
    {
        ArgumentNullException.ThrowIfNull(samples);
        new OptionCheck(nameof(Sound)).Positive(nameof(samplingRate), samplingRate)
            .Require(samples.Rank is 1 or 2 && samples.Size > 0,
                $"samples must have the shape (samples, channels) or (samples), but have {NDArray.Describe(samples.Shape)}",
                nameof(samples))
            .Require(samples.Rank != 2 || samples.Shape[1] <= MostChannels,
                FormattableString.Invariant($"samples must have at most {MostChannels} channels"), nameof(samples)).ThrowIfAny();
        samples.RequireFinite(nameof(samples));
        Samples = samples.Rank == 1 ? samples.Reshape(samples.Shape[0], 1) : samples;
        SamplingRate = samplingRate;
    }

    /// <summary>The samples, shape (samples, channels).</summary>
    public NDArray Samples { get; }

    /// <summary>Samples a second.</summary>
    public int SamplingRate { get; }

    /// <summary>Number of channels.</summary>
    public int Channels => Samples.Shape[1];

    /// <summary>Number of samples of a channel.</summary>
    public int Length => Samples.Shape[0];

    /// <summary>How long it is.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / SamplingRate);

    /// <summary>Reads a WAV file: whole numbers of 8 to 32 bits, floating-point numbers of 32 or 64, A-law or mu-law, of up to
    /// 1024 channels; RIFF, RF64 or BW64.</summary>
    /// <param name="path">The file.</param>
    /// <param name="samplingRate">The rate that it must have; null (the default) takes any.</param>
    /// <exception cref="WaveFormatException">It is broken, of a kind that is not read, or of another rate.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Sound Read(string path, int? samplingRate = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        FilePath.RequireNoFolder(path);
        return WaveReader.Read(File.ReadAllBytes(path), $"WAV file '{Path.GetFileName(path)}'", samplingRate);
    }

    /// <summary>Reads a WAV file from a stream, to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="samplingRate">The rate that it must have; null (the default) takes any.</param>
    /// <exception cref="WaveFormatException">It is broken, of a kind that is not read, or of another rate.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Sound Read(Stream stream, int? samplingRate = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return WaveReader.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), "WAV stream", samplingRate);
    }

    /// <summary>Writes a WAV file.</summary>
    /// <param name="path">The file; it is replaced once it is whole.</param>
    /// <param name="encoding">How samples are held; default whole numbers of 16 bits.</param>
    /// <param name="clip">Whether samples beyond −1 and 1 become these; else (the default) they are refused, but for
    /// floating-point numbers, which hold them.</param>
    /// <exception cref="ArgumentException">A sample is beyond −1 and 1, or the file would be larger than WAV files can
    /// be.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path, WaveEncoding encoding = WaveEncoding.Pcm16, bool clip = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        FilePath.RequireWritable(path);
        byte[] bytes = WaveWriter.Write(this, encoding, clip);
        string part = path + ".part";
        File.WriteAllBytes(part, bytes);
        File.Move(part, path, overwrite: true);
    }

    /// <summary>Writes a WAV file to a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="encoding">How samples are held; default whole numbers of 16 bits.</param>
    /// <param name="clip">As for a file.</param>
    /// <exception cref="ArgumentException">A sample is beyond −1 and 1, or the file would be larger than WAV files can
    /// be.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Stream stream, WaveEncoding encoding = WaveEncoding.Pcm16, bool clip = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(WaveWriter.Write(this, encoding, clip));
    }

    /// <summary>One channel.</summary>
    /// <param name="channel">Which.</param>
    /// <returns>Shape (samples).</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel.</exception>
    public NDArray Channel(int channel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, Channels);
        var samples = new NDArray(Length);
        for (int n = 0; n < Length; n++)
        {
            samples.Values[n] = Samples.Values[(n * Channels) + channel];
        }

        return samples;
    }

    /// <summary>The mean of the channels.</summary>
    /// <returns>Shape (samples).</returns>
    public NDArray Mono()
    {
        var samples = new NDArray(Length);
        for (int n = 0; n < Length; n++)
        {
            double sum = 0;
            for (int channel = 0; channel < Channels; channel++)
            {
                sum += Samples.Values[(n * Channels) + channel];
            }

            samples.Values[n] = (Real)(sum / Channels);
        }

        return samples;
    }

    /// <summary>The same sound at another rate: what is above half of it is filtered out.</summary>
    /// <remarks>Each new sample is the sum of the old ones around it under a sinc of 32 zero crossings with a Hann
    /// window.</remarks>
    /// <param name="samplingRate">The new rate, at least 1.</param>
    /// <exception cref="ArgumentException">The rate is below 1, or there would be more samples than an array can
    /// hold.</exception>
    public Sound Resample(int samplingRate)
    {
        new OptionCheck(nameof(Resample)).Positive(nameof(samplingRate), samplingRate).ThrowIfAny();
        return samplingRate == SamplingRate ? this : new(Resampling.Run(Samples, SamplingRate, samplingRate), samplingRate);
    }

    /// <summary>Cuts a signal into frames that overlap.</summary>
    /// <param name="signal">Shape (samples).</param>
    /// <param name="frameLength">Samples of a frame, at least 1.</param>
    /// <param name="frameStep">Samples from one frame to the next, at least 1.</param>
    /// <param name="padEnd">Whether a last frame that the signal does not fill is filled with zeros; else (the default) it is
    /// left out.</param>
    /// <param name="window">By what the samples of each frame are multiplied; null (the default) leaves them.</param>
    /// <returns>Shape (frames, frameLength).</returns>
    /// <exception cref="ArgumentException">A number is out of range, or the signal is shorter than a frame.</exception>
    public static NDArray Frames(
        NDArray signal, int frameLength, int frameStep, bool padEnd = false, IReadOnlyList<double>? window = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        new OptionCheck(nameof(Frames)).Positive(nameof(frameLength), frameLength).Positive(nameof(frameStep), frameStep)
            .Require(signal.Rank == 1 && signal.Size > 0,
                $"signal must have the shape (samples), but has {NDArray.Describe(signal.Shape)}", nameof(signal))
            .Require(window is null || window.Count == frameLength, FormattableString.Invariant(
                $"window has {window?.Count} numbers, but a frame has {frameLength} samples"), nameof(window))
            .Require(padEnd || signal.Size >= frameLength, FormattableString.Invariant(
                $"signal has {signal.Size} samples, fewer than a frame of {frameLength}: set padEnd: true"), nameof(signal))
            .ThrowIfAny();
        int count = padEnd ? ((signal.Size - 1) / frameStep) + 1 : ((signal.Size - frameLength) / frameStep) + 1;
        var frames = new NDArray(count, frameLength);
        for (int t = 0; t < count; t++)
        {
            for (int n = 0; n < frameLength; n++)
            {
                long place = ((long)t * frameStep) + n;
                frames[t, n] = place < signal.Size ? (Real)(signal.Values[place] * (window?[n] ?? 1)) : 0;
            }
        }

        return frames;
    }
}
