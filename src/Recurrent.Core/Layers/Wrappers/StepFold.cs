namespace Recurrent.Layers;

/// <summary>
/// The two ways to lay out samples that have several columns per time step: as samples of (steps, parts, features), where column
/// <c>(t · parts + p) · batch + b</c> holds part p of step t; or folded, with the steps as samples of their own, where column
/// <c>p · (steps · batch) + t · batch + b</c> does.
/// </summary>
/// <remarks>Both are the same bytes where a step has one part, as it does in a sequence of vectors.</remarks>
/// <param name="steps">Number of time steps.</param>
/// <param name="parts">Number of columns of one step of one sample.</param>
/// <param name="batch">Number of samples.</param>
internal sealed class StepFold(int steps, int parts, int batch)
{
    /// <summary>Whether both layouts are the same.</summary>
    public bool IsIdentity => parts == 1 || steps == 1;

    /// <summary>Number of columns.</summary>
    public int Columns => steps * parts * batch;

    /// <summary>Copies samples to the folded layout.</summary>
    /// <typeparam name="T">Type of the values.</typeparam>
    /// <param name="samples">The values in the layout of samples.</param>
    /// <param name="folded">Receives the values in the folded layout.</param>
    /// <param name="rows">Values per column.</param>
    public void Fold<T>(ReadOnlySpan<T> samples, Span<T> folded, int rows) => Swap(samples, folded, steps, parts, rows);

    /// <summary>Copies folded samples back.</summary>
    /// <typeparam name="T">Type of the values.</typeparam>
    /// <param name="folded">The values in the folded layout.</param>
    /// <param name="samples">Receives the values in the layout of samples.</param>
    /// <param name="rows">Values per column.</param>
    public void Unfold<T>(ReadOnlySpan<T> folded, Span<T> samples, int rows) => Swap(folded, samples, parts, steps, rows);

    /// <summary>Block (i, j) of an outer × inner grid of blocks goes to place (j, i).</summary>
    private void Swap<T>(ReadOnlySpan<T> from, Span<T> to, int outer, int inner, int rows)
    {
        int block = batch * rows;
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                from.Slice(((i * inner) + j) * block, block).CopyTo(to[(((j * outer) + i) * block)..]);
            }
        }
    }
}
