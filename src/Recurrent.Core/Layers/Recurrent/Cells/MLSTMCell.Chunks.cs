using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <content>Steps taken as one: <see cref="MLSTMChunk"/>.</content>
public sealed partial class MLSTMCell
{
    private const int ShortChunk = 16;
    private const int LongChunk = 32;
    private const int NarrowHead = 32;

    /// <inheritdoc/>
    int IChunkedCell.ChunkSteps => ChunkSteps;

    /// <summary>The longer, the more is work on pairs of steps, and the less on the memory, which is as large as a head is
    /// wide.</summary>
    internal int ChunkSteps => Rows.ValueDim <= NarrowHead ? ShortChunk : LongChunk;

    /// <inheritdoc/>
    void IChunkedCell.Forward(CellPass pass, int firstStep, int count, StepMask mask)
    {
        var own = (MLSTMPass)pass;
        int last = firstStep + count - 1;
        for (int b = 0; b < pass.StepColumns; b++)
        {
            for (int t = firstStep; t <= last; t++)
            {
                Span<Real> z = own.ZOf(t).Column(b);
                Activate(own, t, b, z);
                if (!mask.IsEmpty && mask.Hides(t, b))
                {
                    Hold(own, t, b, z);
                }
                else
                {
                    Stabilize(own, t, b, z);
                }
            }

            ArraySegment<Real> memory = Column(pass.States[Memory].After(last), b);
            ArraySegment<Real> normalizer = Column(pass.States[Normalizer].After(last), b);
            Column(pass.States[Memory].Before(firstStep), b).AsSpan().CopyTo(memory);
            Column(pass.States[Normalizer].Before(firstStep), b).AsSpan().CopyTo(normalizer);
            for (int head = 0; head < NumHeads; head++)
            {
                MLSTMChunk.Steps steps = new(own.ZOf(firstStep, count, b), head, memory, normalizer);
                MatrixView read = own.ReadOf(firstStep, count, b, head);
                Span<Real> products = own.Products.AsSpan(0, count);
                own.Chunk!.Read(steps, read, products);
                own.Chunk.Write(steps);
                for (int t = 0; t < count; t++)
                {
                    ref Real factor = ref own.FactorsOf(firstStep + t, b)[head];
                    factor = RealMath.Min(factor, 1 / RealMath.Abs(products[t]));
                    own.ProductsOf(firstStep + t, b)[head] = products[t];
                    VectorMath.Scale(factor, read.Column(t));
                }
            }
        }
    }

    /// <inheritdoc/>
    void IChunkedCell.PutOut(CellPass pass, int t, StepMask mask)
    {
        var own = (MLSTMPass)pass;
        for (int b = 0; b < pass.StepColumns; b++)
        {
            Span<Real> h = pass.States[Hidden].After(t).Column(b);
            if (!mask.IsEmpty && mask.Hides(t, b))
            {
                pass.States[Hidden].Before(t).Column(b).CopyTo(h);
            }
            else
            {
                VectorMath.Multiply(own.ZOf(t).Column(b).Slice(Rows.OutputGate, Units), own.ReadOf(t, b), h);
            }
        }
    }

    /// <inheritdoc/>
    void IChunkedCell.Backward(CellPass pass, int firstStep, int count, StepMask mask, ColumnBlock gradients)
    {
        var own = (MLSTMPass)pass;
        Span<Real> dProducts = own.Products.AsSpan(0, count);
        for (int b = 0; b < pass.StepColumns; b++)
        {
            for (int t = firstStep; t < firstStep + count; t++)
            {
                ReadOnlySpan<Real> dHidden = gradients.Column(((t - firstStep) * pass.StepColumns) + b);
                Span<Real> output = own.ZOf(t).Column(b).Slice(Rows.OutputGate, Units);
                Span<Real> dOutput = own.Scratch.Values;
                VectorMath.Multiply(dHidden, output, new ColumnBlock(own.ReadGradients!, t - firstStep, 1).Values);
                VectorMath.Multiply(dHidden, own.ReadOf(t, b), dOutput);
                RecurrentActivation.Backward(own.OutputBeforeOf(t, b), output, dOutput, dOutput, Units);
                dOutput.CopyTo(output);
            }

            for (int head = 0; head < NumHeads; head++)
            {
                MLSTMChunk.Steps steps = new(
                    own.ZOf(firstStep, count, b),
                    head,
                    Column(pass.States[Memory].Before(firstStep), b),
                    Column(pass.States[Normalizer].Before(firstStep), b));
                MatrixView dRead = new(own.ReadGradients!, head * Rows.ValueDim, Rows.ValueDim, 0, count);
                for (int t = 0; t < count; t++)
                {
                    dProducts[t] = ProductGradient(own, firstStep + t, b, head, dRead.Column(t));
                }

                own.Chunk!.Back(
                    steps,
                    dRead,
                    dProducts,
                    new MatrixView(own.ValueGradients!, head * Rows.ValueDim, Rows.ValueDim, 0, count),
                    Column(pass.StateGradients[Memory], b),
                    Column(pass.StateGradients[Normalizer], b),
                    ref GradientOf(pass, Stabilizer, b)[head]);
            }

            for (int t = firstStep; t < firstStep + count; t++)
            {
                Span<Real> dValues = new ColumnBlock(own.ValueGradients!, t - firstStep, 1).Values;
                ActivateBack(own, t, b, !mask.IsEmpty && mask.Hides(t, b), dValues);
            }
        }
    }

    /// <inheritdoc/>
    void IChunkedCell.RestoreStates(CellPass pass, StepMask mask)
    {
        for (int t = 0; t < pass.Steps; t++)
        {
            ((IChunkedCell)this).PutOut(pass, t, mask);
            for (int b = 0; b < pass.StepColumns; b++)
            {
                // Where a sample is masked, f' is 1 and i' is 0.
                Span<Real> z = ((MLSTMPass)pass).ZOf(t).Column(b);
                for (int head = 0; head < NumHeads; head++)
                {
                    Write(pass, t, b, head, z);
                }
            }
        }
    }

    /// <summary>The gates with which a step passes a sample by: f' = 1, i' = 0.</summary>
    private void Hold(MLSTMPass pass, int t, int b, Span<Real> z)
    {
        z.Slice(Rows.InputGate, NumHeads).Clear();
        z.Slice(Rows.ForgetGate, NumHeads).Fill(1);
        Span<Real> m = pass.States[Stabilizer].After(t).Column(b);
        pass.States[Stabilizer].Before(t).Column(b).CopyTo(m);
        pass.FactorsOf(t, b).Fill(1);
    }

    /// <summary>The gradient of n·q at a step; that of h̃ becomes that of C·q.</summary>
    private static Real ProductGradient(MLSTMPass pass, int t, int b, int head, Span<Real> dRead)
    {
        Real s = pass.ProductsOf(t, b)[head];
        Real factor = pass.FactorsOf(t, b)[head];
        Span<Real> read = pass.ReadOf(t, b).Slice(head * dRead.Length, dRead.Length);
        Real ds = factor == 1 / RealMath.Abs(s) ? -(Real)Sums.OfProducts<Real>(dRead, read) / s : 0;
        VectorMath.Scale(factor, dRead);
        return ds;
    }

    /// <summary>From the gradients of keys, values and log f to those of what they were computed from.</summary>
    private void ActivateBack(MLSTMPass pass, int t, int b, bool masked, Span<Real> dValues)
    {
        Span<Real> z = pass.ZOf(t).Column(b);
        Span<Real> forget = z.Slice(Rows.ForgetGate, NumHeads);
        if (masked)
        {
            forget.Clear();
        }

        VectorMath.Multiply(forget, pass.SlopesOf(t, b), forget);
        VectorMath.Scale(keyScale, z.Slice(Rows.Keys, Rows.KeyRows));
        Span<Real> values = z.Slice(Rows.Values, Units);
        Activation.Backward(pass.ValuesBeforeOf(t, b), values, dValues, dValues, Units);
        dValues.CopyTo(values);
    }

    private static ArraySegment<Real> Column(ColumnBlock block, int column)
    {
        MatrixView view = block.AsView();
        return new(view.Storage, view.Offset + (column * view.Stride), view.Rows);
    }
}
