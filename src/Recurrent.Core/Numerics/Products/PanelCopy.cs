namespace Recurrent.Numerics;

/// <summary>One copy of the panels of a <see cref="PackedMatrix"/>, laid out by all the threads that ask for it at the same
/// time.</summary>
internal sealed unsafe class PanelCopy
{
    private readonly PackedMatrix operand;
    private readonly int size;
    private AlignedBuffer? buffer;
    private volatile bool outdated;
    private int taken;
    private int laid;

    /// <summary>A copy whose memory is allocated when it is first asked for: zeros.</summary>
    /// <param name="operand">Whose panels these are.</param>
    /// <param name="size">Number of values.</param>
    public PanelCopy(PackedMatrix operand, int size)
    {
        this.operand = operand;
        this.size = size;
    }

    /// <summary>Number of values that there is room for.</summary>
    public int Size => size;

    /// <summary>The panels as the operand's source has them.</summary>
    public AlignedBuffer Buffer
    {
        get
        {
            if (outdated)
            {
                LayOut();
            }

            return Allocated();
        }
    }

    /// <summary>The operand has another source, or one of other values; no product may be running.</summary>
    public void Outdate()
    {
        taken = 0;
        laid = 0;
        outdated = true;
    }

    private AlignedBuffer Allocated()
    {
        if (Volatile.Read(ref buffer) is { } allocated)
        {
            return allocated;
        }

        AlignedBuffer made = new(size);
        return Interlocked.CompareExchange(ref buffer, made, null) ?? made;
    }

    /// <summary>Lays out panels until there are none left to take, and waits for those that other threads have taken.</summary>
    private void LayOut()
    {
        AlignedBuffer target = Allocated();
        fixed (Real* first = operand.Source.FromFirst)
        {
            Widths.Dispatch(new LayOutJob(first, operand.Source.Stride, this, target.Start), operand.Width);
        }

        var wait = default(SpinWait);
        while (outdated)
        {
            // A panel is a matter of microseconds, so never sleep; but let a thread that was interrupted in one go on.
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private readonly struct LayOutJob(Real* source, int stride, PanelCopy copy, Real* panel) : IWidthJob
    {
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            Real* to = panel;
            int rows = copy.operand.Rows;
            int depth = copy.operand.Columns;
            int vectorsLeft = Panels.Padded(rows, TLane.Count) / TLane.Count;
            int index = 0;
            int done = 0;
            int mine = copy.TakePanel();
            for (int row = 0; row < rows; index++)
            {
                int vectors = Panels.NextVectors(vectorsLeft);
                int height = vectors * TLane.Count;
                if (index == mine)
                {
                    LayOut<TLane, TVector>(row, vectors, Math.Min(height, rows - row), depth, to);
                    done++;
                    mine = copy.TakePanel();
                }

                to += (nint)height * depth;
                row += height;
                vectorsLeft -= vectors;
            }

            if (done > 0 && Interlocked.Add(ref copy.laid, done) == index)
            {
                copy.outdated = false;
            }
        }

        private void LayOut<TLane, TVector>(int row, int vectors, int rowsHere, int depth, Real* to)
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            if (copy.operand.IsTransposed)
            {
                Transposition.Run(source + ((nint)row * stride), stride, rowsHere, depth, to, vectors * TLane.Count);
            }
            else
            {
                int lastCount = rowsHere - ((vectors - 1) * TLane.Count);
                PanelPacking<TLane, TVector>.Copy(source + row, stride, vectors, lastCount, depth, to);
            }
        }
    }

    private int TakePanel() => Interlocked.Increment(ref taken) - 1;
}
