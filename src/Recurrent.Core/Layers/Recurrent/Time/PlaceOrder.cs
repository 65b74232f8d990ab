using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The two ways in which steps of several places come: as cells have them, a column for each place, its channels down; and where
/// channels come first in batches, a column for each channel, its places down. Where batches have the places first both are the
/// same.
/// </summary>
internal sealed class PlaceOrder
{
    // Passes of all threads share it: where nothing is swapped there is nothing to remember.
    private static readonly PlaceOrder Same = new(false, 0, 0, 0, 0);

    private readonly bool swaps;
    private readonly int channels;
    private readonly int places;
    private readonly int steps;
    private readonly int batch;
    private DenseMatrix? inPlaces;
    private DenseMatrix? inBatch;

    private PlaceOrder(bool swaps, int channels, int places, int steps, int batch)
    {
        this.swaps = swaps;
        this.channels = channels;
        this.places = places;
        this.steps = steps;
        this.batch = batch;
    }

    /// <summary>The order of a run.</summary>
    /// <param name="swaps">Whether batches have channels first.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="places">Number of places at a step.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="batch">Number of samples.</param>
    public static PlaceOrder Of(bool swaps, int channels, int places, int steps, int batch) =>
        swaps ? new(swaps, channels, places, steps, batch) : Same;

    /// <summary>What a cell writes to, for a matrix of a batch: the matrix itself, or room of its own.</summary>
    public DenseMatrix RoomFor(DenseMatrix values) => swaps ? new DenseMatrix(channels, steps * places * batch) : values;

    /// <summary>Brings what a cell has into a batch.</summary>
    public void ToBatch(ColumnBlock cells, DenseMatrix values)
    {
        if (swaps)
        {
            Swap(cells, values);
        }
        else
        {
            cells.Values.CopyTo(values.Values);
        }
    }

    /// <summary>What a cell has, as batches have it; it stays until the next call.</summary>
    public DenseMatrix ToBatch(DenseMatrix cells)
    {
        if (!swaps)
        {
            return cells;
        }

        inBatch ??= new DenseMatrix(places, steps * channels * batch);
        Swap(cells, inBatch);
        return inBatch;
    }

    /// <summary>What a batch holds, as cells have it; it stays until the next call.</summary>
    public DenseMatrix ToPlaces(DenseMatrix values)
    {
        if (!swaps)
        {
            return values;
        }

        inPlaces ??= new DenseMatrix(channels, steps * places * batch);
        Swap(values, inPlaces);
        return inPlaces;
    }

    private void Swap(ColumnBlock from, ColumnBlock to)
    {
        (int source, int target) = (from.ColumnCount / steps, to.ColumnCount / steps);
        for (int t = 0; t < steps; t++)
        {
            StepLayout.Swap(from.Columns(t * source, source), to.Columns(t * target, target));
        }
    }
}
