namespace Recurrent.Drawing;

/// <summary>
/// Places the boxes of a graph without cycles: each below all that it reads, in rows, those that are joined near each other. An
/// arrow over several rows has a place in each of them, so that it goes around the boxes between.
/// </summary>
internal sealed class LayeredLayout
{
    private const int Sweeps = 12;

    private readonly List<int>[] above;
    private readonly List<int>[] below;
    private readonly double[] widths;
    private readonly int[] rows;
    private readonly double gap;

    /// <summary>Computes the places.</summary>
    /// <param name="reads">Which boxes each box reads; all of them stand before it.</param>
    /// <param name="boxWidths">Width of each box.</param>
    /// <param name="bendWidth">Width that an arrow takes between boxes.</param>
    /// <param name="gap">Least distance between neighbours of a row.</param>
    public LayeredLayout(IReadOnlyList<IReadOnlyList<int>> reads, IReadOnlyList<double> boxWidths, double bendWidth, double gap)
    {
        this.gap = gap;
        int count = reads.Count;
        var rowOf = new List<int>();
        for (int i = 0; i < count; i++)
        {
            rowOf.Add(reads[i].Count == 0 ? 0 : reads[i].Max(read => rowOf[read]) + 1);
        }

        // What reads nothing stands just above its first reader.
        for (int i = 0; i < count; i++)
        {
            int[] readers = [.. Enumerable.Range(0, count).Where(other => reads[other].Contains(i))
                .Select(other => rowOf[other])];
            if (reads[i].Count == 0 && readers.Length > 0)
            {
                rowOf[i] = readers.Min() - 1;
            }
        }

        var all = new List<double>(boxWidths);
        var ways = new Dictionary<(int From, int To), IReadOnlyList<int>>();
        var edges = new List<(int From, int To)>();
        for (int to = 0; to < count; to++)
        {
            foreach (int from in reads[to].Distinct())
            {
                var way = new List<int> { from };
                for (int row = rowOf[from] + 1; row < rowOf[to]; row++)
                {
                    rowOf.Add(row);
                    all.Add(bendWidth);
                    edges.Add((way[^1], rowOf.Count - 1));
                    way.Add(rowOf.Count - 1);
                }

                edges.Add((way[^1], to));
                way.Add(to);
                ways.Add((from, to), way);
            }
        }

        widths = [.. all];
        rows = [.. rowOf];
        above = [.. rows.Select(_ => new List<int>())];
        below = [.. rows.Select(_ => new List<int>())];
        foreach ((int from, int to) in edges)
        {
            above[to].Add(from);
            below[from].Add(to);
        }

        Ways = ways;
        RowCount = rows.Length == 0 ? 0 : rows.Max() + 1;
        X = Place(Order());
    }

    /// <summary>The middle of each box, and of each place of an arrow in a row.</summary>
    public double[] X { get; }

    /// <summary>The row of each.</summary>
    public IReadOnlyList<int> Rows => rows;

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The places that an arrow leads over, its ends included.</summary>
    public IReadOnlyDictionary<(int From, int To), IReadOnlyList<int>> Ways { get; }

    /// <summary>The whole width.</summary>
    public double Width => X.Zip(widths, (x, width) => x + (width / 2)).DefaultIfEmpty(0).Max();

    /// <summary>Rows whose items are sorted by where those stand that they are joined with.</summary>
    private int[][] Order()
    {
        int[][] order = [.. Enumerable.Range(0, RowCount)
            .Select(row => Enumerable.Range(0, rows.Length).Where(i => rows[i] == row).ToArray())];
        var place = new double[rows.Length];
        Number(order, place);
        int[][] best = [.. order.Select(row => row.ToArray())];
        int least = Crossings(order, place);
        for (int sweep = 0; sweep < Sweeps && least > 0; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (int row in down ? Enumerable.Range(1, Math.Max(0, RowCount - 1))
                : Enumerable.Range(0, Math.Max(0, RowCount - 1)).Reverse())
            {
                List<int>[] joined = down ? above : below;
                order[row] =
                    [.. order[row].OrderBy(i => joined[i].Count == 0 ? place[i] : joined[i].Average(other => place[other]))];
                Number([order[row]], place);
            }

            int crossings = Crossings(order, place);
            if (crossings < least)
            {
                least = crossings;
                best = [.. order.Select(row => row.ToArray())];
            }
        }

        return best;
    }

    private static void Number(int[][] order, double[] place)
    {
        foreach (int[] row in order)
        {
            for (int i = 0; i < row.Length; i++)
            {
                place[row[i]] = i - (row.Length / 2.0);
            }
        }
    }

    private int Crossings(int[][] order, double[] place)
    {
        int crossings = 0;
        foreach (int[] row in order)
        {
            (double From, double To)[] edges = [.. row.SelectMany(i => below[i].Select(to => (place[i], place[to])))];
            for (int i = 0; i < edges.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    crossings += (edges[i].From - edges[j].From) * (edges[i].To - edges[j].To) < 0 ? 1 : 0;
                }
            }
        }

        return crossings;
    }

    /// <summary>Moves everything towards the middle of what it is joined with, as far as neighbours let it.</summary>
    private double[] Place(int[][] order)
    {
        var x = new double[rows.Length];
        foreach (int[] row in order)
        {
            Spread(row, x, [.. row.Select(_ => 0.0)]);
        }

        for (int sweep = 0; sweep < 2 * Sweeps; sweep++)
        {
            foreach (int[] row in sweep % 2 == 0 ? order : order.Reverse())
            {
                Spread(row, x, [.. row.Select(i => Wanted(i, x, sweep))]);
            }
        }

        double left = x.Zip(widths, (middle, width) => middle - (width / 2)).DefaultIfEmpty(0).Min();
        return Array.ConvertAll(x, middle => middle - left);
    }

    private double Wanted(int i, double[] x, int sweep)
    {
        List<int> joined = sweep % 2 == 0 ? above[i] : below[i];
        joined = joined.Count > 0 ? joined : [.. above[i], .. below[i]];
        return joined.Count > 0 ? joined.Average(other => x[other]) : x[i];
    }

    /// <summary>Places a row in its order, each where it would stand, or where the neighbours on both sides would push it,
    /// halfway.</summary>
    private void Spread(int[] row, double[] x, double[] wanted)
    {
        double[] right = [.. wanted];
        double[] left = [.. wanted];
        for (int i = 1; i < row.Length; i++)
        {
            right[i] = Math.Max(right[i], right[i - 1] + Distance(row[i - 1], row[i]));
        }

        for (int i = row.Length - 2; i >= 0; i--)
        {
            left[i] = Math.Min(left[i], left[i + 1] - Distance(row[i], row[i + 1]));
        }

        for (int i = 0; i < row.Length; i++)
        {
            x[row[i]] = (left[i] + right[i]) / 2;
        }
    }

    private double Distance(int a, int b) => ((widths[a] + widths[b]) / 2) + gap;
}
