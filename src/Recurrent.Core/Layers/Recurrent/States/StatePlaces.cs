using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The two layouts of states that have several places for each sample, as those of a convolution have: to the outside one column
/// a sample, its places one below the other; inside one column for each place and sample, <c>place · batch + b</c>.
/// </summary>
/// <remarks>With one place both are the same.</remarks>
internal static class StatePlaces
{
    /// <summary>Copies from one column a sample to one column for each place and sample.</summary>
    public static void ToPlaces(ColumnBlock samples, ColumnBlock places)
    {
        if (samples.Rows == places.Rows)
        {
            samples.Values.CopyTo(places.Values);
            return;
        }

        for (int column = 0; column < places.ColumnCount; column++)
        {
            int place = Math.DivRem(column, samples.ColumnCount, out int sample);
            samples.Column(sample).Slice(place * places.Rows, places.Rows).CopyTo(places.Column(column));
        }
    }

    /// <summary>Copies from one column for each place and sample to one column a sample.</summary>
    public static void ToSamples(ColumnBlock places, ColumnBlock samples)
    {
        if (samples.Rows == places.Rows)
        {
            places.Values.CopyTo(samples.Values);
            return;
        }

        for (int column = 0; column < places.ColumnCount; column++)
        {
            int place = Math.DivRem(column, samples.ColumnCount, out int sample);
            places.Column(column).CopyTo(samples.Column(sample).Slice(place * places.Rows, places.Rows));
        }
    }
}
