namespace Recurrent.Audio;

/// <summary>Another sampling rate by a sinc under a window.</summary>
internal static class Resampling
{
    /// <summary>Zero crossings of the sinc at each side.</summary>
    private const int Crossings = 32;

    public static NDArray Run(NDArray samples, int from, int to)
    {
        int length = samples.Shape[0];
        int channels = samples.Shape[1];
        long count = ((((long)length * to) + from - 1) / from);
        if (count * channels > Array.MaxLength)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"At {to} samples a second there would be {count} samples, more than an array holds."));
        }

        // What is kept reaches to half the lower rate, a little less so that the filter has room to fall off.
        double cutoff = Math.Min(1, (double)to / from) * 0.95;
        double reach = Crossings / cutoff;
        var result = new NDArray((int)count, channels);
        for (long n = 0; n < count; n++)
        {
            double time = (double)n * from / to;
            int first = Math.Max(0, (int)Math.Ceiling(time - reach));
            int last = (int)Math.Min(length - 1, Math.Floor(time + reach));
            for (int channel = 0; channel < channels; channel++)
            {
                double sum = 0;
                for (int k = first; k <= last; k++)
                {
                    double x = time - k;
                    double window = 0.5 + (0.5 * Math.Cos(Math.PI * x / reach));
                    double angle = Math.PI * cutoff * x;
                    sum += samples.Values[(k * channels) + channel] * window * cutoff * (x == 0 ? 1 : Math.Sin(angle) / angle);
                }

                result.Values[(n * channels) + channel] = (Real)sum;
            }
        }

        return result;
    }
}
