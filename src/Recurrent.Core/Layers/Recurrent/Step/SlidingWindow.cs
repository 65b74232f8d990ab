using System.Globalization;
using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The window of a convolution along the places of one step, columns <c>place · batch + b</c>: it brings what each place of the
/// output sees, tap below tap, into one column, so that the convolution is one product.
/// </summary>
/// <remarks>
/// Tap j of output place p sees input place <c>p · stride + j · dilation − before</c>; beyond the ends there are zeros.
/// </remarks>
internal sealed class SlidingWindow
{
    private readonly int taps;
    private readonly int stride;
    private readonly int dilation;
    private readonly int before;
    private readonly int inputs;

    private SlidingWindow(int taps, int stride, int dilation, int before, int inputs, int outputs)
    {
        this.taps = taps;
        this.stride = stride;
        this.dilation = dilation;
        this.before = before;
        this.inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>Number of places of the output.</summary>
    public int Outputs { get; }

    /// <summary>A window that stays inside the input; null where it is longer than the input.</summary>
    public static SlidingWindow? Valid(int taps, int stride, int dilation, int inputs)
    {
        int span = inputs - Extent(taps, dilation);
        return span < 0 ? null : new(taps, stride, dilation, 0, inputs, (span / stride) + 1);
    }

    /// <summary>
    /// A window with zeros around the input, so that the output has <c>⌈inputs/stride⌉</c> places; where their number is odd, the
    /// one more stands behind.
    /// </summary>
    public static SlidingWindow Same(int taps, int stride, int dilation, int inputs)
    {
        int outputs = ((inputs - 1) / stride) + 1;
        int zeros = (int)Math.Max(0, ((outputs - 1L) * stride) + Extent(taps, dilation) - inputs);
        return new(taps, stride, dilation, zeros / 2, inputs, outputs);
    }

    /// <summary>Brings what each place of the output sees into one column.</summary>
    /// <param name="x">One step of the input: channels × (inputs · batch).</param>
    /// <param name="seen">Receives (taps · channels) × (outputs · batch).</param>
    public void Gather(ColumnBlock x, ColumnBlock seen)
    {
        int batch = x.ColumnCount / inputs;
        for (int j = 0; j < taps; j++)
        {
            for (int column = 0; column < seen.ColumnCount; column++)
            {
                Span<Real> target = seen.Column(column).Slice(j * x.Rows, x.Rows);
                if (Source(column / batch, j) is int place)
                {
                    x.Column((place * batch) + (column % batch)).CopyTo(target);
                }
                else
                {
                    target.Clear();
                }
            }
        }
    }

    /// <summary>The way back: from the gradient of what was seen to that of the input.</summary>
    /// <param name="dSeen">(taps · channels) × (outputs · batch).</param>
    /// <param name="dx">Receives channels × (inputs · batch).</param>
    public void Scatter(ColumnBlock dSeen, ColumnBlock dx)
    {
        int batch = dx.ColumnCount / inputs;
        dx.Values.Clear();
        for (int j = 0; j < taps; j++)
        {
            for (int column = 0; column < dSeen.ColumnCount; column++)
            {
                if (Source(column / batch, j) is int place)
                {
                    VectorMath.Add(
                        dSeen.Column(column).Slice(j * dx.Rows, dx.Rows), dx.Column((place * batch) + (column % batch)));
                }
            }
        }
    }

    private static int Extent(int taps, int dilation)
    {
        long extent = ((taps - 1L) * dilation) + 1;
        return extent <= Array.MaxLength
            ? (int)extent
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A window of {taps} steps, {dilation} apart, reaches over {extent} steps, more than a sequence can have. Use "
                + $"a smaller kernelSize or dilationRate."));
    }

    private int? Source(int output, int tap)
    {
        int place = (output * stride) + (tap * dilation) - before;
        return place >= 0 && place < inputs ? place : null;
    }
}
