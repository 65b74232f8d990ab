using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>Scaled dot products: <c>S = s·Kᵀ·Q</c>.</summary>
/// <remarks>Backward: <c>dQ = s·K·dS</c>, <c>dK += s·Q·dSᵀ</c>, <c>ds += Σ (Kᵀ·Q)∘dS = Σ Q∘(K·dS)</c>.</remarks>
internal sealed class DotScores : AttentionScores
{
    private readonly PackedMatrix ownKeysTransposed;
    private readonly PackedMatrix? keys;
    private readonly DenseMatrix? turned;
    private readonly bool learnsScale;
    private PackedMatrix keysTransposed;
    private PackedMatrix?[] held = [];
    private bool[] isHeld = [];

    /// <summary>Makes room.</summary>
    /// <param name="width">Features of a query and of a key.</param>
    /// <param name="keyCount">Number of keys.</param>
    /// <param name="block">The most queries at a time.</param>
    /// <param name="differentiable">Whether backward passes follow.</param>
    /// <param name="learnsScale">Whether the gradient of the scale is wanted.</param>
    public DotScores(int width, int keyCount, int block, bool differentiable, bool learnsScale = false)
    {
        keysTransposed = ownKeysTransposed = PackedMatrix.OfOnePass(keyCount, width);
        keys = differentiable ? PackedMatrix.OfOnePass(width, keyCount) : null;
        this.learnsScale = learnsScale;
        turned = differentiable && learnsScale ? new DenseMatrix(width, block) : null;
    }

    /// <summary>The factor s; 1 unless it is set.</summary>
    public Real Scale { get; set; } = 1;

    /// <summary>The gradient of the factor, added up since it was set to zero.</summary>
    public Real ScaleGradient { get; set; }

    /// <inheritdoc/>
    /// <remarks>A factor that is learned may be below 0, and its own gradient needs slopes without it.</remarks>
    public override Real Factor => learnsScale ? 1 : Scale;

    /// <inheritdoc/>
    public override void Resize(int keys)
    {
        ownKeysTransposed.Resize(keys, ownKeysTransposed.Columns);
        this.keys?.Resize(this.keys.Rows, keys);
    }

    /// <inheritdoc/>
    public override void TakeKeys(MatrixView keys)
    {
        keysTransposed = ownKeysTransposed;
        keysTransposed.PackTransposed(keys);
        this.keys?.Pack(keys);
    }

    /// <inheritdoc/>
    public override void Hold(int heads)
    {
        held = held.Length == heads ? held : new PackedMatrix[heads];
        isHeld = new bool[heads];
    }

    /// <inheritdoc/>
    public override void TakeKeys(MatrixView keys, int number)
    {
        keysTransposed = held[number] ??= PackedMatrix.OfOnePass(ownKeysTransposed.Rows, ownKeysTransposed.Columns);
        if (!isHeld[number])
        {
            keysTransposed.PackTransposed(keys);
            isHeld[number] = true;
        }
    }

    /// <inheritdoc/>
    public override void Compute(MatrixView queries, MatrixView scores)
    {
        Product.Set(keysTransposed, queries, scores);
        if (learnsScale)
        {
            ScaleColumns(scores);
        }
    }

    /// <inheritdoc/>
    public override void Backward(MatrixView slopes, MatrixView queries, MatrixView? queryGradient, MatrixView? keyGradient)
    {
        if (learnsScale)
        {
            MatrixView product = new ColumnBlock(turned!, 0, queries.ColumnCount);
            Product.Set(keys!, slopes, product);
            double sum = 0;
            for (int column = 0; column < queries.ColumnCount; column++)
            {
                ReadOnlySpan<Real> query = queries.Column(column);
                ReadOnlySpan<Real> other = product.Column(column);
                for (int row = 0; row < query.Length; row++)
                {
                    sum += (double)query[row] * other[row];
                }
            }

            ScaleGradient += (Real)sum;
        }

        if (learnsScale)
        {
            ScaleColumns(slopes);
        }

        if (queryGradient is { } dQ)
        {
            Product.Set(keys!, slopes, dQ);
        }

        if (keyGradient is { } dK)
        {
            Product.AddOuter(queries, slopes, dK);
        }
    }

    private void ScaleColumns(MatrixView columns)
    {
        for (int column = 0; column < columns.ColumnCount && Scale != 1; column++)
        {
            VectorMath.Scale(Scale, columns.Column(column));
        }
    }
}
