using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// Some steps of one head of one sample taken as one: what a step reads of those of the chunk is a product over all pairs of
/// steps, and what it reads of those before it comes from the memory before the chunk. The memory itself is computed once, at the
/// end.
/// </summary>
/// <remarks>
/// With i', f' as step by step, s and t steps of the chunk, L its last one, C' and n' the states before it:
/// <code>
/// forward    D_ts = i'_s·f'_{s+1}·…·f'_t  (s ≤ t, else 0)          w_t = f'_1·…·f'_t
///            A_ts = D_ts·(k_s·q_t)
///            C_t·q_t = Σ_s A_ts·v_s + w_t·C'·q_t                    n_t·q_t = Σ_s A_ts + w_t·n'·q_t
///            C_L = w_L·C' + Σ_s D_Ls·v_s·k_sᵀ                       n_L = w_L·n' + Σ_s D_Ls·k_s
/// backward   with dN_t the gradient of C_t·q_t, dp_t that of n_t·q_t, x_t = C'ᵀ·dN_t + dp_t·n', e_s = dC_Lᵀ·v_s + dn_L
///            dA_ts = v_s·dN_t + dp_t    dS = dA∘D    G = dA∘A
///            dq_t = Σ_s dS_ts·k_s + w_t·x_t                        dk_s = Σ_t dS_ts·q_t + D_Ls·e_s
///            dv_s = Σ_t A_ts·dN_t + D_Ls·dC_L·k_s
///            dC' = w_L·dC_L + Σ_t w_t·dN_t·q_tᵀ                     dn' = w_L·dn_L + Σ_t w_t·dp_t·q_t
/// </code>
/// log D_ts is F_t − F_s + ĩ_s − m_t, F the sum of log f up to a step, and m_t has no influence (docs/cells/mlstm.md). So dĩ_s is
/// the sum of G over t, and d log f_j the sum of G over t ≥ j > s: that of all rows from j on, less that of all columns from j
/// on. The memory before the chunk and the one at its end count as a further column and a further row.
/// </remarks>
internal sealed class MLSTMChunk
{
    private const double Negligible = 1e-30;

    private readonly MLSTMSizes sizes;
    private readonly Room forward;
    private readonly BackRoom? back;

    /// <summary>Makes room.</summary>
    /// <param name="sizes">The sizes of the cell.</param>
    /// <param name="length">The most steps of a chunk.</param>
    /// <param name="differentiable">Whether there are backward passes.</param>
    public MLSTMChunk(MLSTMSizes sizes, int length, bool differentiable)
    {
        this.sizes = sizes;
        forward = new(sizes, length);
        back = differentiable ? new(sizes, length) : null;
    }

    /// <summary>What a chunk is given, and where its states are.</summary>
    /// <param name="Z">Z of all steps of the sample in the chunk, one column each.</param>
    /// <param name="Head">The head.</param>
    /// <param name="Memory">Of all heads.</param>
    /// <param name="Normalizer">Of all heads.</param>
    public readonly record struct Steps(MatrixView Z, int Head, ArraySegment<Real> Memory, ArraySegment<Real> Normalizer)
    {
        /// <summary>Number of steps.</summary>
        public int Count => Z.ColumnCount;
    }

    /// <summary>What the steps read, C_t·q_t and n_t·q_t.</summary>
    /// <param name="steps">The chunk, with the states before it.</param>
    /// <param name="read">Receives C_t·q_t: the head's rows, one column a step.</param>
    /// <param name="products">Receives n_t·q_t.</param>
    public void Read(Steps steps, MatrixView read, Span<Real> products)
    {
        Weigh(steps);
        int count = steps.Count;
        (MatrixView q, MatrixView _, MatrixView v) = Parts(steps);
        Span<Real> n = sizes.NormalizerOf(steps.Normalizer, steps.Head);
        MatrixView inter = Cleared(forward.Inter, sizes.ValueDim, count);
        Product.AddOuter(MemoryOf(steps), Of(forward.Queries, count, sizes.KeyDim), inter);
        MatrixView turned = Of(forward.Turned, count, count);
        Transpose(Of(forward.Weights, count, count), turned);
        for (int t = 0; t < count; t++)
        {
            read.Column(t).Clear();
        }

        Product.AddOuter(v, turned, read);
        for (int t = 0; t < count; t++)
        {
            Real w = forward.Past[t];
            VectorMath.AddScaled(w, inter.Column(t), read.Column(t));
            double sum = w * Sums.OfProducts<Real>(n, q.Column(t));
            foreach (Real weight in Of(forward.Weights, count, count).Column(t)[..(t + 1)])
            {
                sum += weight;
            }

            products[t] = (Real)sum;
        }
    }

    /// <summary>The states at the end of the chunk that <see cref="Read"/> has just read, in place of those before it.</summary>
    /// <param name="steps">The chunk.</param>
    public void Write(Steps steps)
    {
        int count = steps.Count;
        (MatrixView _, MatrixView k, MatrixView v) = Parts(steps);
        Span<Real> n = sizes.NormalizerOf(steps.Normalizer, steps.Head);
        ReadOnlySpan<Real> last = Of(forward.Decays, count, count).Column(count - 1);
        VectorMath.Scale(forward.Past[count - 1], sizes.MemoryOf(steps.Memory, steps.Head));
        VectorMath.Scale(forward.Past[count - 1], n);
        MatrixView scaled = Of(forward.Inter, sizes.ValueDim, count);
        for (int s = 0; s < count; s++)
        {
            v.Column(s).CopyTo(scaled.Column(s));
            VectorMath.Scale(last[s], scaled.Column(s));
            VectorMath.AddScaled(last[s], k.Column(s), n);
        }

        Product.AddOuter(scaled, k, MemoryOf(steps));
    }

    /// <summary>Gradients of a chunk, in place of queries, keys and gates, and of the states after it.</summary>
    /// <param name="steps">The chunk, with the states before it.</param>
    /// <param name="dRead">Gradient of C_t·q_t: the head's rows, one column a step.</param>
    /// <param name="dProducts">Gradient of n_t·q_t.</param>
    /// <param name="dv">Receives the gradient of the values, one column a step.</param>
    /// <param name="dMemory">Gradient of the memory of all heads: in, after the chunk; out, before it.</param>
    /// <param name="dNormalizer">That of the normalizer.</param>
    /// <param name="dStabilizer">That of the stabilizer of this head.</param>
    public void Back(
        Steps steps,
        MatrixView dRead,
        ReadOnlySpan<Real> dProducts,
        MatrixView dv,
        ArraySegment<Real> dMemory,
        ArraySegment<Real> dNormalizer,
        ref Real dStabilizer)
    {
        Weigh(steps);
        BackRoom room = back!;
        int count = steps.Count;
        (MatrixView q, MatrixView k, MatrixView v) = Parts(steps);
        Steps gradient = steps with { Memory = dMemory, Normalizer = dNormalizer };
        MatrixView dC = MemoryOf(gradient);
        Span<Real> dn = sizes.NormalizerOf(dNormalizer, steps.Head);
        MatrixView a = Of(forward.Weights, count, count);
        MatrixView d = Of(forward.Decays, count, count);
        ReadOnlySpan<Real> last = d.Column(count - 1);
        Real w = forward.Past[count - 1];

        MatrixView valuesTurned = Of(room.ValuesTurned, count, sizes.ValueDim);
        MatrixView dReadTurned = Of(room.ReadTurned, count, sizes.ValueDim);
        Transpose(v, valuesTurned);
        Transpose(dRead, dReadTurned);

        // dA, then G (summed up at once) and dS in its place.
        MatrixView dA = Cleared(room.Slopes, count, count);
        Product.AddOuter(valuesTurned, dReadTurned, dA);
        room.Rows.AsSpan().Clear();
        room.Columns.AsSpan().Clear();
        for (int t = 0; t < count; t++)
        {
            Span<Real> slopes = dA.Column(t);
            ReadOnlySpan<Real> weights = a.Column(t);
            for (int s = 0; s <= t; s++)
            {
                slopes[s] += dProducts[t];
                double g = (double)slopes[s] * weights[s];
                room.Rows[t] += g;
                room.Columns[s] += g;
            }

            VectorMath.Multiply(slopes, d.Column(t), slopes);
        }

        // What the steps of the chunk have read of each other.
        for (int s = 0; s < count; s++)
        {
            dv.Column(s).Clear();
        }

        Product.AddOuter(dRead, a, dv);
        MatrixView dk = Cleared(room.Keys, sizes.KeyDim, count);
        Product.AddOuter(q, dA, dk);
        MatrixView turned = Of(forward.Turned, count, count);
        Transpose(dA, turned);
        MatrixView dq = Cleared(room.Queries, sizes.KeyDim, count);
        Product.AddOuter(k, turned, dq);

        // What they have read of the memory before it.
        Span<Real> n = sizes.NormalizerOf(steps.Normalizer, steps.Head);
        MatrixView memoryTurned = Of(room.MemoryTurned, sizes.KeyDim, sizes.ValueDim);
        Transpose(MemoryOf(steps), memoryTurned);
        MatrixView x = Cleared(room.Inter, sizes.KeyDim, count);
        Product.AddOuter(memoryTurned, dReadTurned, x);
        double past = 0;
        for (int t = 0; t < count; t++)
        {
            VectorMath.AddScaled(dProducts[t], n, x.Column(t));
            VectorMath.AddScaled(forward.Past[t], x.Column(t), dq.Column(t));
            double p = forward.Past[t] * Sums.OfProducts<Real>(x.Column(t), q.Column(t));
            room.Rows[t] += p;
            past += p;
        }

        // What the memory at its end holds of them, and of the memory before.
        Transpose(dC, memoryTurned);
        MatrixView e = Cleared(room.Inter, sizes.KeyDim, count);
        Product.AddOuter(memoryTurned, valuesTurned, e);
        MatrixView dCk = Cleared(forward.Inter, sizes.ValueDim, count);
        Product.AddOuter(dC, Of(forward.Keys, count, sizes.KeyDim), dCk);
        double kept = w * (Sums.OfProducts<Real>(sizes.MemoryOf(dMemory, steps.Head), sizes.MemoryOf(steps.Memory, steps.Head))
            + Sums.OfProducts<Real>(dn, n));
        double written = 0;
        for (int s = 0; s < count; s++)
        {
            VectorMath.Add(dn, e.Column(s));
            VectorMath.AddScaled(last[s], e.Column(s), dk.Column(s));
            VectorMath.AddScaled(last[s], dCk.Column(s), dv.Column(s));
            double g = last[s] * Sums.OfProducts<Real>(e.Column(s), k.Column(s));
            room.Columns[s] += g;
            written += g;
        }

        // What reaches m at the end through the maximum: it goes to the largest exponent.
        double throughMaximum = dStabilizer - (kept + written);
        int largest = Largest(steps);
        if (largest >= 0)
        {
            room.Columns[largest] += throughMaximum;
        }
        else
        {
            past += throughMaximum;
        }

        room.Rows[count - 1] += kept + written + throughMaximum;
        dStabilizer = (Real)(past + kept);

        // dC' and dn'.
        VectorMath.Scale(w, sizes.MemoryOf(dMemory, steps.Head));
        VectorMath.Scale(w, dn);
        for (int t = 0; t < count; t++)
        {
            VectorMath.AddScaled(forward.Past[t] * dProducts[t], q.Column(t), dn);
            VectorMath.Scale(forward.Past[t], dRead.Column(t));
        }

        Product.AddOuter(dRead, q, dC);
        Put(steps, dq, dk);
    }

    /// <summary>The gradients in the place of what they are of; of the forget gates that of log f.</summary>
    private void Put(Steps steps, MatrixView dq, MatrixView dk)
    {
        double after = 0;
        for (int t = steps.Count - 1; t >= 0; t--)
        {
            Span<Real> z = steps.Z.Column(t);
            after += back!.Rows[t] - back.Columns[t];
            z[sizes.InputGate + steps.Head] = (Real)back.Columns[t];

            // Of this step's own column: what it writes has not been forgotten by its own gate.
            z[sizes.ForgetGate + steps.Head] = (Real)after;
            dq.Column(t).CopyTo(sizes.QueryOf(z, steps.Head));
            dk.Column(t).CopyTo(sizes.KeyOf(z, steps.Head));
        }
    }

    /// <summary>D, A and w, and keys and queries by rows.</summary>
    private void Weigh(Steps steps)
    {
        int count = steps.Count;
        (MatrixView q, MatrixView k, MatrixView _) = Parts(steps);
        MatrixView keys = Of(forward.Keys, count, sizes.KeyDim);
        MatrixView queries = Of(forward.Queries, count, sizes.KeyDim);
        Transpose(k, keys);
        Transpose(q, queries);
        MatrixView a = Cleared(forward.Weights, count, count);
        Product.AddOuter(keys, queries, a);
        MatrixView d = Of(forward.Decays, count, count);
        Real w = 1;
        for (int t = 0; t < count; t++)
        {
            ReadOnlySpan<Real> z = steps.Z.Column(t);
            Real f = z[sizes.ForgetGate + steps.Head];
            Span<Real> column = d.Column(t);
            column.Clear();
            if (t > 0)
            {
                ReadOnlySpan<Real> before = d.Column(t - 1);
                for (int s = 0; s < t; s++)
                {
                    Real product = before[s] * f;
                    column[s] = product < Negligible ? 0 : product;
                }
            }

            column[t] = z[sizes.InputGate + steps.Head];
            w = w * f < Negligible ? 0 : w * f;
            forward.Past[t] = w;
            VectorMath.Multiply(a.Column(t), column, a.Column(t));
        }
    }

    /// <summary>The step of the chunk whose exponent m at the end is; −1 where it is one from before.</summary>
    private int Largest(Steps steps)
    {
        for (int t = steps.Count - 1; t >= 0; t--)
        {
            ReadOnlySpan<Real> z = steps.Z.Column(t);
            if (!(z[sizes.ForgetGate + steps.Head] >= z[sizes.InputGate + steps.Head]))
            {
                return t;
            }
        }

        return -1;
    }

    private (MatrixView Queries, MatrixView Keys, MatrixView Values) Parts(Steps steps)
    {
        MatrixView z = steps.Z;
        return (
            Band(z, steps.Head * sizes.KeyDim, sizes.KeyDim),
            Band(z, sizes.Keys + (steps.Head * sizes.KeyDim), sizes.KeyDim),
            Band(z, sizes.Values + (steps.Head * sizes.ValueDim), sizes.ValueDim));
    }

    private MatrixView MemoryOf(Steps steps) => MatrixView.Of(
        steps.Memory.Array!,
        steps.Memory.Offset + (steps.Head * sizes.KeyDim * sizes.ValueDim),
        sizes.ValueDim,
        sizes.KeyDim,
        sizes.ValueDim);

    private static MatrixView Band(MatrixView view, int firstRow, int rows) =>
        MatrixView.Of(view.Storage, view.Offset + firstRow, rows, view.ColumnCount, view.Stride);

    private static MatrixView Of(Real[] storage, int rows, int columns) => MatrixView.Of(storage, 0, rows, columns, rows);

    private static MatrixView Cleared(Real[] storage, int rows, int columns)
    {
        storage.AsSpan(0, rows * columns).Clear();
        return Of(storage, rows, columns);
    }

    private static void Transpose(MatrixView from, MatrixView to)
    {
        Real[] target = to.Storage;
        for (int column = 0; column < from.ColumnCount; column++)
        {
            ReadOnlySpan<Real> source = from.Column(column);
            int place = to.Offset + column;
            for (int row = 0; row < source.Length; row++, place += to.Stride)
            {
                target[place] = source[row];
            }
        }
    }

    /// <summary>Scratch of one chunk of one head.</summary>
    private sealed class Room(MLSTMSizes sizes, int length)
    {
        public Real[] Decays { get; } = new Real[length * length];

        public Real[] Weights { get; } = new Real[length * length];

        public Real[] Turned { get; } = new Real[length * length];

        public Real[] Queries { get; } = new Real[length * sizes.KeyDim];

        public Real[] Keys { get; } = new Real[length * sizes.KeyDim];

        public Real[] Inter { get; } = new Real[length * sizes.ValueDim];

        public Real[] Past { get; } = new Real[length];
    }

    /// <summary>Scratch of the way back.</summary>
    private sealed class BackRoom(MLSTMSizes sizes, int length)
    {
        public Real[] Slopes { get; } = new Real[length * length];

        public Real[] Queries { get; } = new Real[length * sizes.KeyDim];

        public Real[] Keys { get; } = new Real[length * sizes.KeyDim];

        public Real[] ValuesTurned { get; } = new Real[length * sizes.ValueDim];

        public Real[] ReadTurned { get; } = new Real[length * sizes.ValueDim];

        public Real[] Inter { get; } = new Real[length * sizes.KeyDim];

        public Real[] MemoryTurned { get; } = new Real[sizes.KeyDim * sizes.ValueDim];

        public double[] Rows { get; } = new double[length];

        public double[] Columns { get; } = new double[length];
    }
}
