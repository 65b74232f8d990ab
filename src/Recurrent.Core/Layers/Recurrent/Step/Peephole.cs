using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// What one gate sees of the cell state: <c>z_gate += p∘c</c>, or <c>z_gate += P·c</c> with a full matrix; and the gradients.
/// </summary>
internal sealed class Peephole
{
    private readonly Parameter weights;
    private readonly int part;
    private readonly int gate;
    private readonly int units;
    private readonly LinearMap? matrix;

    /// <summary>Makes a peephole out of a part of the weights of all.</summary>
    /// <param name="weights">Shape (parts · units) where diagonal, (units, parts · units) where full.</param>
    /// <param name="part">Which part of the weights.</param>
    /// <param name="gate">The gate, as number of its part of Z.</param>
    /// <param name="units">Rows of the cell state and of each gate.</param>
    public Peephole(Parameter weights, int part, int gate, int units)
    {
        this.weights = weights;
        this.part = part;
        this.gate = gate;
        this.units = units;
        matrix = weights.Shape.Count == 2 ? new LinearMap(weights, part * units, units, gate * units) : null;
    }

    private ReadOnlySpan<Real> Diagonal => weights.Values.Slice(part * units, units);

    /// <summary>Brings the panels of a full matrix up to date.</summary>
    public void Pack() => matrix?.Pack();

    /// <summary><c>z_gate += P·c</c>.</summary>
    public void Add(ColumnBlock cell, ColumnBlock z)
    {
        if (matrix is not null)
        {
            matrix.Add(cell, z);
            return;
        }

        for (int b = 0; b < z.ColumnCount; b++)
        {
            VectorMath.AddProduct(Diagonal, cell.Column(b), Gate(z, b));
        }
    }

    /// <summary><c>dc += Pᵀ·dz_gate</c>.</summary>
    public void AddBack(ColumnBlock dz, ColumnBlock dCell)
    {
        if (matrix is not null)
        {
            matrix.AddBack(dz, dCell);
            return;
        }

        for (int b = 0; b < dz.ColumnCount; b++)
        {
            VectorMath.AddProduct(Diagonal, Gate(dz, b), dCell.Column(b));
        }
    }

    /// <summary><c>dP += dz_gate·cᵀ</c>, of which a diagonal keeps the diagonal; over all steps.</summary>
    public void AddGradient(ColumnBlock dz, ColumnBlock cell, CellPass pass)
    {
        if (matrix is not null)
        {
            matrix.AddGradient(dz, cell, pass);
            return;
        }

        Span<Real> gradient = pass.GradientOf(weights).Values.AsSpan(part * units, units);
        for (int column = 0; column < dz.ColumnCount; column++)
        {
            VectorMath.AddProduct(Gate(dz, column), cell.Column(column), gradient);
        }
    }

    private Span<Real> Gate(ColumnBlock z, int column) => z.Column(column).Slice(gate * units, units);
}
