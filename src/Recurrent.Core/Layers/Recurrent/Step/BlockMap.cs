using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// Square matrices of several gates, all block-diagonal with as many blocks, with their panels for the product kernel. The
/// parameter has the shape (units/blocks, gates·units): the column of a unit of a gate holds its weights of the inputs of
/// its block.
/// </summary>
internal sealed class BlockMap
{
    private readonly PackedMatrix[] panels;
    private readonly PackedMatrix[] backPanels;
    private readonly int blocks;
    private readonly int rows;
    private readonly int columns;

    /// <summary>Makes room for the panels.</summary>
    /// <param name="weights">The parameter.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="blocks">Blocks of each gate's matrix. One is a full matrix.</param>
    public BlockMap(Parameter weights, int gates, int blocks)
    {
        Weights = weights;
        this.blocks = blocks;

        // Full matrices of all gates are one.
        int bands = blocks == 1 ? 1 : gates * blocks;
        rows = weights.Shape[^1] / bands;
        columns = weights.Shape[0];
        panels = [.. Enumerable.Range(0, bands).Select(_ => new PackedMatrix(rows, columns))];
        backPanels = [.. Enumerable.Range(0, bands).Select(_ => new PackedMatrix(columns, rows))];
    }

    /// <summary>The parameter.</summary>
    public Parameter Weights { get; }

    /// <summary>Brings the panels up to date.</summary>
    public void Pack()
    {
        for (int band = 0; band < panels.Length; band++)
        {
            panels[band].Pack(Weights.Value, band * rows);
            backPanels[band].PackTransposed(Weights.Value, band * rows);
        }
    }

    /// <summary><c>y = W·x + b</c>.</summary>
    /// <param name="x">One or more columns.</param>
    /// <param name="bias">b: one value for each row; empty where there is none.</param>
    /// <param name="y">As many columns.</param>
    /// <param name="threads">How many threads may share in it, the caller's included.</param>
    public void Set(ColumnBlock x, ReadOnlySpan<Real> bias, ColumnBlock y, int threads)
    {
        for (int band = 0; band < panels.Length; band++)
        {
            int row = band * rows;
            ReadOnlySpan<Real> own = bias.IsEmpty ? default : bias.Slice(row, rows);
            Product.SetBand(panels[band], x, FirstInput(band), own, y, row, threads);
        }
    }

    /// <summary><c>dx += Wᵀ·dy</c>.</summary>
    /// <param name="dy">Gradient of y.</param>
    /// <param name="dx">The gradient of x, which is added to.</param>
    public void AddBack(ColumnBlock dy, ColumnBlock dx)
    {
        for (int band = 0; band < panels.Length; band++)
        {
            Product.AddBand(backPanels[band], dy, band * rows, dx, FirstInput(band));
        }
    }

    /// <summary><c>dW += dy·xᵀ</c>, over all columns, inside the blocks.</summary>
    /// <param name="dy">Gradient of y, of all steps.</param>
    /// <param name="x">What W was given, of all steps.</param>
    /// <param name="pass">The run, which holds dW.</param>
    public void AddGradient(ColumnBlock dy, ColumnBlock x, CellPass pass)
    {
        ColumnBlock gradient = pass.GradientOf(Weights);
        for (int band = 0; band < panels.Length; band++)
        {
            Product.AddOuter(dy, band * rows, rows, x, FirstInput(band), gradient, band * rows);
        }
    }

    private int FirstInput(int band) => band % blocks * columns;
}
