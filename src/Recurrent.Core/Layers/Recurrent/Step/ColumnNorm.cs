using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// Layer normalisation of a column, band by band of rows (Ba, Kiros and Hinton, "Layer normalization", 2016), with gains and
/// without biases: <c>y = γ∘x̂</c>, <c>x̂ = (x − mean)/√(var + ε)</c>, mean and variance over the rows of the band.
/// </summary>
/// <remarks>
/// Backward, with n rows in a band: <c>dγ = Σ dy∘x̂</c>, <c>dx̂ = γ∘dy</c>,
/// <c>dx = (dx̂ − Σ dx̂ / n − x̂·(Σ dx̂∘x̂) / n)/√(var + ε)</c>.
/// </remarks>
/// <param name="gain">γ: one for each row.</param>
/// <param name="epsilon">ε.</param>
/// <param name="bands">Number of rows of each band, from the top.</param>
internal sealed class ColumnNorm(Parameter gain, double epsilon, params int[] bands)
{
    /// <summary>Makes room for what the backward pass needs, for all steps; for nothing where none will follow.</summary>
    /// <param name="pass">The run.</param>
    public Memory NewMemory(CellPass pass) => pass.Options.Differentiable
        ? new Memory(pass.NewMemory(gain.Size), pass.NewMemory(bands.Length))
        : default;

    /// <summary>y in place of x.</summary>
    /// <param name="x">The columns of one or more steps.</param>
    /// <param name="memory">Keeps what the backward pass needs.</param>
    /// <param name="firstColumn">Where these columns begin among those of all steps.</param>
    public void Forward(ColumnBlock x, Memory memory, int firstColumn)
    {
        for (int column = 0; column < x.ColumnCount; column++)
        {
            Span<Real> values = x.Column(column);
            int first = 0;
            for (int band = 0; band < bands.Length; band++)
            {
                Span<Real> rows = values.Slice(first, bands[band]);
                Real factor = Normalizer.Forward(rows, rows, epsilon);
                first += bands[band];
                if (memory.Factors is not null)
                {
                    new ColumnBlock(memory.Factors, firstColumn + column, 1).Values[band] = factor;
                }
            }

            if (memory.Normalized is not null)
            {
                values.CopyTo(new ColumnBlock(memory.Normalized, firstColumn + column, 1).Values);
            }

            VectorMath.Multiply(gain.Values, values, values);
        }
    }

    /// <summary>dx in place of dy; adds to dγ.</summary>
    /// <param name="dy">The columns of one or more steps.</param>
    /// <param name="memory">What the forward pass kept.</param>
    /// <param name="firstColumn">Where these columns begin among those of all steps.</param>
    /// <param name="pass">The run, which holds dγ.</param>
    public void Backward(ColumnBlock dy, Memory memory, int firstColumn, CellPass pass)
    {
        Span<Real> gainGradient = pass.GradientOf(gain).Values;
        for (int column = 0; column < dy.ColumnCount; column++)
        {
            Span<Real> gradient = dy.Column(column);
            ReadOnlySpan<Real> normalized = new ColumnBlock(memory.Normalized!, firstColumn + column, 1).Values;
            ReadOnlySpan<Real> factors = new ColumnBlock(memory.Factors!, firstColumn + column, 1).Values;
            VectorMath.AddProduct(gradient, normalized, gainGradient);
            VectorMath.Multiply(gain.Values, gradient, gradient);
            int first = 0;
            for (int band = 0; band < bands.Length; band++)
            {
                Span<Real> d = gradient.Slice(first, bands[band]);
                ReadOnlySpan<Real> hat = normalized.Slice(first, bands[band]);
                Normalizer.Backward(d, hat, factors[band]);
                first += bands[band];
            }
        }
    }

    /// <summary>x̂ and 1/√(var + ε) of all steps; nothing in a pass without a backward pass.</summary>
    internal readonly record struct Memory(DenseMatrix? Normalized, DenseMatrix? Factors);
}
