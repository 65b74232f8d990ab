using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of an <see cref="ElementwiseMerge"/> remembers: its inputs, repeated where they are smaller than
/// the output.</summary>
internal sealed class ElementwisePass : MergePass
{
    private readonly ElementwiseMerge layer;
    private readonly DenseMatrix[] inputs;
    private readonly Repetition?[] repetitions;
    private readonly DenseMatrix?[] gradients;
    private readonly DenseMatrix?[] repeatedGradients;

    // Inputs with what their masks hide replaced, and which columns that are; made when first there is a mask.
    private readonly DenseMatrix?[] filled;
    private readonly bool[]?[] hidden;
    private bool hides;

    // The input that gets the gradient of the output as it is; below 0 where none does.
    private readonly int heir;

    public ElementwisePass(ElementwiseMerge layer, PassOptions options)
        : base(layer, options)
    {
        this.layer = layer;
        int count = options.InputShapes.Count;
        inputs = new DenseMatrix[count];
        filled = new DenseMatrix?[count];
        hidden = new bool[]?[count];
        repetitions = [.. options.InputShapes.Select(shape => Repetition.Of(shape, Output.SampleShape, options.BatchSize))];
        heir = layer.HandsGradientOn
            ? Enumerable.Range(0, count).LastOrDefault(i => options.InputGradients[i] && repetitions[i] is null, -1)
            : -1;
        gradients = [.. Enumerable.Range(0, count).Select(i => i == heir ? null : RoomForGradient(i))];
        repeatedGradients = [.. Enumerable.Range(0, count).Select(i => gradients[i] is not null && repetitions[i] is not null
            ? new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount)
            : null)];
    }

    internal override void Backward(DenseMatrix outputGradient, Span<DenseMatrix?> inputGradients)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (gradients[i] is { } gradient)
            {
                DenseMatrix target = repeatedGradients[i] ?? gradient;
                layer.CombineBack(inputs, Output.Values.Values, i, outputGradient.Values, target.Values);
                ClearHidden(i, target);
                repetitions[i]?.Sum(target, gradient);
            }

            inputGradients[i] = i == heir ? outputGradient : gradients[i];
        }
    }

    private protected override void Combine(ReadOnlySpan<SequenceBatch> batches)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = repetitions[i]?.Repeat(batches[i].Values) ?? batches[i].Values;
        }

        hides = false;
        for (int i = 0; i < inputs.Length && layer.Neutral is not null; i++)
        {
            hides |= batches[i].Mask is not null;
        }

        if (hides)
        {
            LeaveOutHidden(batches, layer.Neutral!.Value);
        }

        layer.Combine(inputs, Output.Values.Values);
    }

    /// <summary>Replaces what masks hide, so that it does not change what the other inputs give.</summary>
    private void LeaveOutHidden(ReadOnlySpan<SequenceBatch> batches, Real neutral)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            hidden[i] ??= new bool[Output.Values.ColumnCount];
            filled[i] ??= new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount);
            inputs[i].Values.CopyTo(filled[i]!.Values, 0);
            inputs[i] = filled[i]!;
        }

        for (int column = 0; column < Output.Values.ColumnCount; column++)
        {
            bool holdsData = false;
            for (int i = 0; i < inputs.Length; i++)
            {
                bool holds = batches[i].Mask?[repetitions[i]?.ColumnOf(column) ?? column] ?? true;
                hidden[i]![column] = !holds;
                holdsData |= holds;
            }

            // Of nothing but hidden steps the first stands as it is, unless zero is to.
            bool isZero = !holdsData && layer.IsZeroWithoutData;
            hidden[0]![column] &= holdsData || isZero;
            for (int i = 0; i < inputs.Length; i++)
            {
                if (hidden[i]![column])
                {
                    ((ColumnBlock)inputs[i]).Column(column).Fill(isZero ? 0 : neutral);
                }
            }
        }
    }

    /// <summary>No gradient goes to what a mask hides.</summary>
    private void ClearHidden(int input, ColumnBlock gradient)
    {
        for (int column = 0; hides && column < hidden[input]!.Length; column++)
        {
            if (hidden[input]![column])
            {
                gradient.Column(column).Clear();
            }
        }
    }

    private protected override bool FillMask(ReadOnlySpan<SequenceBatch> batches, bool[] mask)
    {
        Array.Clear(mask);
        for (int i = 0; i < batches.Length; i++)
        {
            if (batches[i].Mask is not { } own)
            {
                return false;
            }

            for (int column = 0; column < mask.Length; column++)
            {
                mask[column] |= own[repetitions[i]?.ColumnOf(column) ?? column];
            }
        }

        return true;
    }

    /// <summary>How a smaller input is laid out over the output: which of its columns each column takes, and whether one row
    /// stands for all.</summary>
    private sealed class Repetition
    {
        private readonly int[] columns;
        private readonly bool oneRow;
        private readonly DenseMatrix repeated;

        private Repetition(int[] columns, bool oneRow, int rows)
        {
            this.columns = columns;
            this.oneRow = oneRow;
            repeated = new DenseMatrix(rows, columns.Length);
        }

        /// <summary>Null where the input has the shape of the output.</summary>
        public static Repetition? Of(Shape input, Shape output, int batch)
        {
            if (input.Equals(output))
            {
                return null;
            }

            int[] lengths = [.. Enumerable.Repeat(1, output.Rank - input.Rank), .. input.Axes.Select(axis => axis!.Value)];
            var columns = new int[output.Steps * batch];
            for (int column = 0; column < columns.Length; column++)
            {
                int rest = column / batch;
                int step = 0;
                int stride = 1;
                for (int axis = output.Rank - 2; axis >= 0; axis--)
                {
                    int length = output[axis]!.Value;
                    step += (lengths[axis] == 1 ? 0 : rest % length) * stride;
                    stride *= lengths[axis];
                    rest /= length;
                }

                columns[column] = (step * batch) + (column % batch);
            }

            return new(columns, input.Features != output.Features, output.Features);
        }

        public int ColumnOf(int column) => columns[column];

        public DenseMatrix Repeat(DenseMatrix values)
        {
            ColumnBlock from = values;
            ColumnBlock to = repeated;
            for (int column = 0; column < columns.Length; column++)
            {
                if (oneRow)
                {
                    to.Column(column).Fill(from.Column(columns[column])[0]);
                }
                else
                {
                    from.Column(columns[column]).CopyTo(to.Column(column));
                }
            }

            return repeated;
        }

        /// <summary>The gradient of the input from that of what it was repeated to.</summary>
        public void Sum(ColumnBlock gradient, DenseMatrix sum)
        {
            sum.Clear();
            ColumnBlock to = sum;
            for (int column = 0; column < columns.Length; column++)
            {
                Span<Real> target = to.Column(columns[column]);
                if (!oneRow)
                {
                    VectorMath.Add(gradient.Column(column), target);
                    continue;
                }

                foreach (Real slope in gradient.Column(column))
                {
                    target[0] += slope;
                }
            }
        }
    }
}
