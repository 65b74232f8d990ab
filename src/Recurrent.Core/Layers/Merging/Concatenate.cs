using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Puts its inputs one behind the other along an axis; backward each gets its part of dy.</summary>
/// <remarks>
/// Inputs: (batch, …), equally long along all other axes; output: as long along the axis as all of them together. Where an input
/// has a mask, the output has one, in which inputs without count as data; along the last axis, a step holds data where one
/// input's does. Keras's keras.layers.Concatenate.
/// </remarks>
public sealed class Concatenate : Merge
{
    private readonly int axis;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">The axis; 0 is that of the batch and not allowed, negative ones count from the end. Default −1, the
    /// features.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>concatenate</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <exception cref="ArgumentException">The axis is that of the batch.</exception>
    public Concatenate(int axis = -1, string? name = null, bool trainable = true)
        : base(name, trainable)
    {
        new OptionCheck(Introduction)
            .Require(axis != 0,
                "axis must not be 0, which is that of the batch; 1 is the first axis of a sample, and -1 its last", "axis")
            .ThrowIfAny();
        this.axis = axis;
    }

    /// <inheritdoc/>
    public override string ClassName => "Concatenate";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => axis is -1
        ? null
        : new("it may put steps behind one another", "Set axis: -1, or give it whole sequences");

    private protected override int LeastInputs => 1;

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConcatenatePass(this, options, AxisOf(options.InputShapes[0].Rank));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axis", axis);
        return config;
    }

    internal static Concatenate Read(ConfigReader config) =>
        new(config.OptionalInt("axis") ?? -1, config.Name(), config.Trainable())
        {
            ActivityRegularizer = config.ActivityRegularizer()
        };

    internal override Padding? PaddingOf(ReadOnlySpan<SequenceBatch> inputs)
    {
        Padding? padding = base.PaddingOf(inputs);
        return padding is null || AxisOf(inputs[0].SampleShape.Rank) > 0
            ? padding
            : throw new InvalidOperationException(
                $"{Introduction} puts sequences behind one another, which it cannot do with sequences of unequal length, whose "
                + "padding would come to stand between them. Give it sequences of equal length, one array for all.");
    }

    private protected override Shape Merged(IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers)
    {
        Shape first = inputs[0];
        int own = AxisOf(first.Rank);
        if (own < 0 || own >= first.Rank)
        {
            throw new ShapeException(
                Introduction, $"input that has an axis {axis}", first,
                    "Axis 0 is that of the batch, and negative axes count from the end: -1 is the last.");
        }

        int?[] axes = [.. first.Axes];
        for (int i = 1; i < inputs.Count; i++)
        {
            Shape other = inputs[i];
            for (int a = 0; a < axes.Length; a++)
            {
                if (other.Rank != axes.Length || (a != own && other[a] is not null && axes[a] is not null && other[a] != axes[a]))
                {
                    throw Mismatch(inputs, givers, 0, i,
                        FormattableString.Invariant($"All axes but axis {axis} must be equally long."));
                }

                axes[a] = a == own ? axes[a] + other[a] : axes[a] ?? other[a];
            }
        }

        return new(axes);
    }

    /// <summary>Whether it puts the steps of its inputs behind one another.</summary>
    /// <param name="input">Shape of a sample of an input.</param>
    internal bool PutsStepsBehind(Shape input) => AxisOf(input.Rank) == 0 && input.Rank > 1;

    private int AxisOf(int rank) => axis > 0 ? axis - 1 : axis + rank;

    private sealed class ConcatenatePass : MergePass
    {
        // For each input, where each of its columns stands in the output, and its first row there.
        private readonly int[][] columns;
        private readonly int[] firstRows;
        private readonly DenseMatrix?[] gradients;

        public ConcatenatePass(Concatenate layer, PassOptions options, int axis)
            : base(layer, options)
        {
            int count = options.InputShapes.Count;
            columns = new int[count][];
            firstRows = new int[count];
            gradients = [.. Enumerable.Range(0, count).Select(RoomForGradient)];
            Shape output = Output.SampleShape;
            bool ofRows = axis == output.Rank - 1;
            int before = 0;
            for (int i = 0; i < count; i++)
            {
                Shape input = options.InputShapes[i];
                firstRows[i] = ofRows ? before : 0;
                int inner = ofRows ? 1 : input.Axes.Skip(axis + 1).SkipLast(1)
                    .Aggregate(1, (product, length) => product * length!.Value);
                columns[i] = new int[input.Steps * options.BatchSize];
                for (int column = 0; column < columns[i].Length; column++)
                {
                    (int step, int sample) = Math.DivRem(column, options.BatchSize);
                    if (!ofRows)
                    {
                        int outer = step / (inner * input[axis]!.Value);
                        int along = (step / inner % input[axis]!.Value) + before;
                        step = (((outer * output[axis]!.Value) + along) * inner) + (step % inner);
                    }

                    columns[i][column] = (step * options.BatchSize) + sample;
                }

                before += input[axis]!.Value;
            }
        }

        internal override void Backward(DenseMatrix outputGradient, Span<DenseMatrix?> inputGradients)
        {
            ColumnBlock from = outputGradient;
            for (int i = 0; i < columns.Length; i++)
            {
                inputGradients[i] = gradients[i];
                for (int column = 0; gradients[i] is { } gradient && column < columns[i].Length; column++)
                {
                    from.Column(columns[i][column]).Slice(firstRows[i], gradient.RowCount)
                        .CopyTo(gradient.Values.AsSpan(column * gradient.RowCount));
                }
            }
        }

        private protected override void Combine(ReadOnlySpan<SequenceBatch> inputs)
        {
            ColumnBlock to = Output.Values;
            for (int i = 0; i < inputs.Length; i++)
            {
                ColumnBlock from = inputs[i].Values;
                for (int column = 0; column < columns[i].Length; column++)
                {
                    from.Column(column).CopyTo(to.Column(columns[i][column])[firstRows[i]..]);
                }
            }
        }

        private protected override bool FillMask(ReadOnlySpan<SequenceBatch> inputs, bool[] mask)
        {
            Array.Clear(mask);
            bool any = false;
            for (int i = 0; i < inputs.Length; i++)
            {
                bool[]? own = inputs[i].Mask;
                any |= own is not null;
                for (int column = 0; column < columns[i].Length; column++)
                {
                    mask[columns[i][column]] |= own is null || own[column];
                }
            }

            return any;
        }
    }
}
