using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// A weight matrix W of a cell with its panels for the product kernel: <c>y = W·x</c>, its transpose and its gradient.
/// </summary>
/// <remarks>
/// The panels are copies: <see cref="Pack"/> brings them up to date when the weights have changed. A map of some rows of W alone
/// reads and writes these rows of y, or as many further down, and leaves the others as they are.
/// </remarks>
public sealed class LinearMap
{
    private readonly PackedMatrix panels;
    private readonly PackedMatrix backPanels;
    private readonly int firstRow;
    private readonly int firstRowOfY;

    /// <summary>Makes room for the panels of a parameter.</summary>
    /// <param name="weights">The parameter, of shape (columns, rows) as Keras has it: W is rows × columns.</param>
    public LinearMap(Parameter weights)
        : this(weights, 0, NotNull(weights).Shape[^1])
    {
    }

    /// <summary>Makes room for the panels of some rows of W.</summary>
    /// <param name="weights">The parameter, of shape (columns, rows) as Keras has it.</param>
    /// <param name="firstRow">First of the rows.</param>
    /// <param name="rows">Number of rows.</param>
    public LinearMap(Parameter weights, int firstRow, int rows)
        : this(weights, firstRow, rows, firstRow)
    {
    }

    /// <summary>Makes room for the panels of some rows of W that stand elsewhere in y.</summary>
    internal LinearMap(Parameter weights, int firstRow, int rows, int firstRowOfY)
    {
        Weights = NotNull(weights);
        this.firstRow = firstRow;
        this.firstRowOfY = firstRowOfY;
        panels = new PackedMatrix(rows, weights.Size / weights.Shape[^1]);
        backPanels = new PackedMatrix(panels.Columns, rows);
    }

    /// <summary>The parameter.</summary>
    public Parameter Weights { get; }

    /// <summary>Brings the panels up to date.</summary>
    public void Pack()
    {
        panels.Pack(Weights.Value, firstRow);
        backPanels.PackTransposed(Weights.Value, firstRow);
    }

    /// <summary><c>y = W·x</c>.</summary>
    /// <param name="x">One or more columns.</param>
    /// <param name="y">As many columns; must not share storage with <paramref name="x"/>.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public void Set(ColumnBlock x, ColumnBlock y, int threads = 1) => Product.SetBand(panels, x, 0, y, firstRowOfY, threads);

    /// <summary><c>y = W·x + b</c>.</summary>
    /// <param name="x">One or more columns.</param>
    /// <param name="bias">b: one value for each row of the map; empty where there is none.</param>
    /// <param name="y">As many columns; must not share storage with <paramref name="x"/>.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public void Set(ColumnBlock x, ReadOnlySpan<Real> bias, ColumnBlock y, int threads = 1) =>
        Product.SetBand(panels, x, 0, bias, y, firstRowOfY, threads);

    /// <summary><c>y += W·x</c>.</summary>
    /// <param name="x">One or more columns.</param>
    /// <param name="y">As many columns; must not share storage with <paramref name="x"/>.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public void Add(ColumnBlock x, ColumnBlock y, int threads = 1) => Product.AddBand(panels, x, 0, y, firstRowOfY, threads);

    /// <summary><c>dx = Wᵀ·dy</c>.</summary>
    /// <param name="dy">Gradient of y.</param>
    /// <param name="dx">Receives the gradient of x; must not share storage with <paramref name="dy"/>.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public void SetBack(ColumnBlock dy, ColumnBlock dx, int threads = 1) =>
        Product.SetBand(backPanels, dy, firstRowOfY, dx, 0, threads);

    /// <summary><c>dx += Wᵀ·dy</c>.</summary>
    /// <param name="dy">Gradient of y.</param>
    /// <param name="dx">The gradient of x, which is added to; must not share storage with <paramref name="dy"/>.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public void AddBack(ColumnBlock dy, ColumnBlock dx, int threads = 1) =>
        Product.AddBand(backPanels, dy, firstRowOfY, dx, 0, threads);

    /// <summary><c>dW += dy·xᵀ</c>, over all columns.</summary>
    /// <param name="dy">Gradient of y, of all steps.</param>
    /// <param name="x">What W was given, of all steps.</param>
    /// <param name="pass">The run, which holds dW.</param>
    public void AddGradient(ColumnBlock dy, ColumnBlock x, CellPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Product.AddOuter(dy, firstRowOfY, panels.Rows, x, pass.GradientOf(Weights), firstRow);
    }

    /// <summary>
    /// <c>dW += dy·xᵀ</c> and <c>dU += dy·hᵀ</c> for two whole matrices whose products were added up, as one after the other but
    /// with dy read once.
    /// </summary>
    /// <param name="dy">Gradient of W·x + U·h, of all steps.</param>
    /// <param name="w">W.</param>
    /// <param name="x">What W was given, of all steps.</param>
    /// <param name="u">U, of as many rows.</param>
    /// <param name="h">What U was given, of all steps.</param>
    /// <param name="zeros">So many first columns of <paramref name="h"/> are zero.</param>
    /// <param name="pass">The run, which holds dW and dU.</param>
    internal static void AddGradients(
        ColumnBlock dy, LinearMap w, ColumnBlock x, LinearMap u, ColumnBlock h, int zeros, CellPass pass) =>
        Product.AddOuter(dy, x, pass.GradientOf(w.Weights), h, pass.GradientOf(u.Weights), zeros);

    private static Parameter NotNull(Parameter weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights;
    }
}
