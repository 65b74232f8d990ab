using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// <c>b + W·e</c> for the tokens of an embedding, each computed once, when it first comes: to a pass without a backward pass a
/// token is that column. A product gives a column the same bits in any company, so these are the bits that it gives each time.
/// </summary>
internal sealed class TokenProjection
{
    // A shorter column of W·e takes no longer than to copy it.
    private const int LeastFeatures = 16;

    // More would not stay in the second-level cache.
    private const int MostValues = 1 << 18;

    private readonly Parameter table;
    private readonly DenseMatrix known;
    private readonly bool[] isKnown;
    private readonly int[] missing;
    private readonly DenseMatrix embedded;
    private readonly DenseMatrix projected;
    private long version = -1;

    private TokenProjection(int rows, int columns, Parameter table)
    {
        this.table = table;
        int tokens = table.Value.ColumnCount;
        int most = Math.Min(columns, tokens);
        known = new DenseMatrix(rows, tokens);
        isKnown = new bool[tokens];
        missing = new int[most];
        embedded = new DenseMatrix(table.Value.RowCount, most);
        projected = new DenseMatrix(rows, most);
    }

    /// <summary>Makes room, where that is worth it.</summary>
    /// <param name="before">What there is already; null for nothing.</param>
    /// <param name="rows">Rows of W.</param>
    /// <param name="columns">The most columns at a time.</param>
    /// <param name="table">The embedding's table.</param>
    /// <returns>Null where the product itself takes no longer.</returns>
    public static TokenProjection? For(TokenProjection? before, int rows, int columns, Parameter table) =>
        ReferenceEquals(before?.table, table) ? before
        : table.Value.RowCount >= LeastFeatures && (long)table.Value.ColumnCount * rows <= MostValues
            ? new(rows, columns, table)
            : null;

    /// <summary>Projects tokens.</summary>
    /// <param name="kernel">The map W.</param>
    /// <param name="bias">The bias b; null for none.</param>
    /// <param name="ids">The token of each column.</param>
    /// <param name="z">Receives the columns.</param>
    public void Set(LinearMap kernel, Parameter? bias, ReadOnlySpan<int> ids, ColumnBlock z)
    {
        // Versions only rise, and so does their sum.
        long now = kernel.Weights.Version + (bias?.Version ?? 0) + table.Version;
        if (version != now)
        {
            Array.Clear(isKnown);
            version = now;
        }

        int count = 0;
        foreach (int id in ids)
        {
            if (!isKnown[id])
            {
                isKnown[id] = true;
                missing[count] = id;
                ((ColumnBlock)table.Value).Column(id).CopyTo(((ColumnBlock)embedded).Column(count++));
            }
        }

        ColumnBlock all = known;
        if (count > 0)
        {
            var made = new ColumnBlock(projected, 0, count);
            kernel.Set(new ColumnBlock(embedded, 0, count), bias is null ? default : bias.Values[..z.Rows], made);
            for (int i = 0; i < count; i++)
            {
                made.Column(i).CopyTo(all.Column(missing[i]));
            }
        }

        for (int column = 0; column < ids.Length; column++)
        {
            all.Column(ids[column]).CopyTo(z.Column(column));
        }
    }
}
