using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The two layouts of states that have several places for each sample, as those of a convolution have: to the outside one column
/// a sample, its places one below the other, or its channels where these come first; inside one column for each place and sample,
/// <c>place · batch + b</c>.
/// </summary>
/// <remarks>With one place both are the same.</remarks>
/// <param name="channelsFirst">Whether to the outside the channels come before the places.</param>
internal readonly struct StatePlaces(bool channelsFirst)
{
    /// <summary>Copies from one column a sample to one column for each place and sample.</summary>
    public void ToPlaces(ColumnBlock samples, ColumnBlock places)
    {
        if (samples.Rows == places.Rows)
        {
            samples.Values.CopyTo(places.Values);
            return;
        }

        for (int column = 0; column < places.ColumnCount; column++)
        {
            int place = Math.DivRem(column, samples.ColumnCount, out int sample);
            Copy(samples.Column(sample), places.Column(column), place, toPlaces: true);
        }
    }

    /// <summary>Copies from one column for each place and sample to one column a sample.</summary>
    public void ToSamples(ColumnBlock places, ColumnBlock samples)
    {
        if (samples.Rows == places.Rows)
        {
            places.Values.CopyTo(samples.Values);
            return;
        }

        for (int column = 0; column < places.ColumnCount; column++)
        {
            int place = Math.DivRem(column, samples.ColumnCount, out int sample);
            Copy(samples.Column(sample), places.Column(column), place, toPlaces: false);
        }
    }

    private void Copy(Span<Real> sample, Span<Real> place, int index, bool toPlaces)
    {
        int step = channelsFirst ? sample.Length / place.Length : 1;
        int first = channelsFirst ? index : index * place.Length;
        for (int channel = 0; channel < place.Length; channel++)
        {
            ref Real outside = ref sample[first + (channel * step)];
            if (toPlaces)
            {
                place[channel] = outside;
            }
            else
            {
                outside = place[channel];
            }
        }
    }
}
