using System.Numerics.Tensors;
using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>Bahdanau's scores: <c>S_ts = wᵀ·tanh(s·(q_t + k_s))</c>, with one weight for each feature.</summary>
/// <remarks>
/// With τ = tanh(s·(q_t + k_s)) and u = s·dS_ts·w∘(1 − τ∘τ), backward: <c>dq_t = Σ_s u</c>, <c>dk_s += Σ_t u</c>,
/// <c>dw += Σ dS_ts·τ</c>, <c>ds += Σ uᵀ·(q_t + k_s) / s</c>, computed without the division.
/// </remarks>
internal sealed class AdditiveScores : AttentionScores
{
    private readonly PackedMatrix weights;
    private readonly DenseMatrix room;
    private readonly Real[] slope;
    private readonly bool learnsScale;
    private MatrixView keys;
    private int keyCount;

    /// <summary>Makes room.</summary>
    /// <param name="width">Features of a query and of a key.</param>
    /// <param name="keyCount">Number of keys.</param>
    /// <param name="learnsScale">Whether the gradient of the scale is wanted.</param>
    public AdditiveScores(int width, int keyCount, bool learnsScale)
    {
        weights = PackedMatrix.OfOnePass(1, width);
        Weights = new DenseMatrix(1, width);
        WeightGradients = new Real[width];
        room = new DenseMatrix(width, keyCount);
        this.keyCount = keyCount;
        slope = new Real[width];
        this.learnsScale = learnsScale;
    }

    /// <summary>The weights w, one row; <see cref="TakeWeights"/> says that they have changed.</summary>
    public DenseMatrix Weights { get; }

    /// <summary>Their gradients, added up since they were cleared.</summary>
    public Real[] WeightGradients { get; }

    /// <summary>The factor s; 1 unless it is set.</summary>
    public Real Scale { get; set; } = 1;

    /// <summary>The gradient of the factor, added up since it was set to zero.</summary>
    public Real ScaleGradient { get; set; }

    /// <summary>Takes the present weights.</summary>
    public void TakeWeights() => weights.Pack(Weights);

    private ColumnBlock Summed => new(room, 0, keyCount);

    /// <inheritdoc/>
    public override void Resize(int keys) => keyCount = keys;

    /// <inheritdoc/>
    public override void TakeKeys(MatrixView keys) => this.keys = keys;

    /// <inheritdoc/>
    public override void Compute(MatrixView queries, MatrixView scores)
    {
        for (int t = 0; t < queries.ColumnCount; t++)
        {
            ComputeTanh(queries.Column(t));
            MatrixView row = MatrixView.Of(scores.Storage, scores.Offset + (t * scores.Stride), 1, scores.Rows, 1);
            Product.Set(weights, Summed, row);
        }
    }

    /// <inheritdoc/>
    public override void Backward(MatrixView slopes, MatrixView queries, MatrixView? queryGradient, MatrixView? keyGradient)
    {
        ReadOnlySpan<Real> w = Weights.Values;
        ColumnBlock tanh = Summed;
        double scaleGradient = 0;
        for (int t = 0; t < queries.ColumnCount; t++)
        {
            ReadOnlySpan<Real> query = queries.Column(t);
            ReadOnlySpan<Real> dS = slopes.Column(t);
            Span<Real> dq = queryGradient is { } own ? own.Column(t) : [];
            dq.Clear();
            ComputeTanh(query);
            for (int s = 0; s < dS.Length; s++)
            {
                ReadOnlySpan<Real> tau = tanh.Column(s);
                VectorMath.AddScaled(dS[s], tau, WeightGradients);
                TensorPrimitives.Multiply(tau, tau, slope);
                TensorPrimitives.Subtract((Real)1, slope, slope);
                VectorMath.Multiply(slope, w, slope);
                VectorMath.Scale(dS[s], slope);
                if (learnsScale)
                {
                    ReadOnlySpan<Real> key = keys.Column(s);
                    for (int row = 0; row < key.Length; row++)
                    {
                        scaleGradient += (double)slope[row] * (query[row] + key[row]);
                    }
                }

                VectorMath.Scale(Scale, slope);
                if (!dq.IsEmpty)
                {
                    VectorMath.Add(slope, dq);
                }

                if (keyGradient is { } dK)
                {
                    VectorMath.Add(slope, dK.Column(s));
                }
            }
        }

        ScaleGradient += (Real)scaleGradient;
    }

    /// <summary>tanh(s·(q + k)) for every key k.</summary>
    private void ComputeTanh(ReadOnlySpan<Real> query)
    {
        ColumnBlock columns = Summed;
        for (int s = 0; s < columns.ColumnCount; s++)
        {
            TensorPrimitives.Add(query, keys.Column(s), columns.Column(s));
        }

        if (Scale != 1)
        {
            VectorMath.Scale(Scale, columns.Values);
        }

        VectorMath.Tanh(columns.Values, columns.Values);
    }
}
