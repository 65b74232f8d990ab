using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// What a forward pass of attention over inputs of more axes than steps and features remembers: the pass over them as sequences,
/// one for each sample and group, and what is brought into that order and back.
/// </summary>
internal sealed class AxesAttentionPass : WrapperPass
{
    private readonly HeadedAttention layer;
    private readonly int groups;
    private readonly int[]?[] orders;
    private readonly SequenceBatch?[] gathered;
    private readonly bool[]?[] masks;
    private readonly SequenceBatch[] innerInputs;
    private readonly SequenceBatch[] innerOutputs;
    private readonly SequenceBatch output;
    private readonly SequenceBatch? scores;
    private readonly (int Step, int Row)[] pairs = [];
    private readonly int[] scorePlaces = [];
    private readonly DenseMatrix?[] innerOutputGradients;
    private readonly DenseMatrix?[] innerInputGradients;
    private readonly DenseMatrix? contextGradient;
    private readonly DenseMatrix? scoreGradient;
    private readonly DenseMatrix?[] inputGradients;

    public AxesAttentionPass(HeadedAttention layer, PassOptions options, AttentionAxes axes)
        : base(layer, options)
    {
        this.layer = layer;
        IReadOnlyList<Shape> shapes = options.InputShapes;
        Shape query = shapes[0];
        groups = axes.Groups(query);
        int samples = groups * options.BatchSize;
        int sequences = Math.Min(shapes.Count, 3);
        orders = [.. shapes.Take(sequences).Select(axes.Order)];
        Shape[] inner = [.. shapes.Take(sequences).Select(shape => new Shape(axes.Steps(shape), shape.Features))];
        Shape allScores = axes.Scores(layer.HeadCount, query, shapes[1]);
        if (shapes.Count > 3)
        {
            bool hasHeads = shapes[3].Rank == allScores.Rank && shapes[3][axes.Apart.Count] != 1;
            int heads = hasHeads ? layer.HeadCount : 1;
            pairs = axes.Pairs(shapes[3], allScores, heads);
            inner = [.. inner, new Shape([heads, inner[0].Steps, inner[1].Steps])];
        }

        gathered = [.. inner.Select((shape, i) => i < sequences && orders[i] is null ? null : new SequenceBatch(shape, samples))];
        masks = new bool[]?[sequences];
        Wrap(layer.CreatePass(Options with { InputShapes = inner, BatchSize = samples }));
        IReadOnlyList<Shape> outputs = layer.ComputeOutputShapes(shapes);
        output = new SequenceBatch(outputs[0], options.BatchSize);
        scores = outputs.Count > 1 ? new SequenceBatch(outputs[1], options.BatchSize) : null;
        innerInputs = new SequenceBatch[shapes.Count];
        innerOutputs = new SequenceBatch[outputs.Count];
        if (scores is not null)
        {
            scorePlaces = ScorePlaces(inner[0].Steps, inner[1].Steps, allScores.Features);
        }

        innerOutputGradients = new DenseMatrix?[outputs.Count];
        innerInputGradients = new DenseMatrix?[shapes.Count];
        inputGradients = new DenseMatrix?[shapes.Count];
        if (options.Differentiable)
        {
            contextGradient = orders[0] is null ? null : Like(output.Values);
            scoreGradient = scores is null ? null
                : new DenseMatrix(inner[1].Steps, scores.Values.Values.Length / inner[1].Steps);
            for (int i = 0; i < sequences; i++)
            {
                inputGradients[i] = orders[i] is null || !options.InputGradients[i] ? null
                    : new DenseMatrix(shapes[i].Features, shapes[i].Steps * options.BatchSize);
            }
        }
    }

    /// <summary>Runs the layer forward.</summary>
    public void Forward(ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            innerInputs[i] = i < orders.Length ? Gather(i, inputs[i]) : GatherPairs(inputs[i]);
        }

        layer.Forward(Inner, innerInputs, innerOutputs);
        Move(innerOutputs[0].Values, output.Values, orders[0], back: true);
        output.Mask = inputs[0].Mask;
        outputs[0] = output;
        if (scores is not null)
        {
            ReadOnlySpan<Real> from = innerOutputs[1].Values.Values;
            Span<Real> to = scores.Values.Values;
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[scorePlaces[i]];
            }

            outputs[1] = scores;
        }
    }

    /// <summary>Runs the layer backward.</summary>
    public void Backward(ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> gradients)
    {
        innerOutputGradients[0] = contextGradient is null ? outputGradients[0] : null;
        if (contextGradient is not null && outputGradients[0] is { } dY)
        {
            Move(dY, contextGradient, orders[0], back: false);
            innerOutputGradients[0] = contextGradient;
        }

        if (scores is not null)
        {
            innerOutputGradients[1] = outputGradients[1] is null ? null : scoreGradient;
            ReadOnlySpan<Real> from = outputGradients[1] is { } dS ? dS.Values : [];
            for (int i = 0; i < from.Length; i++)
            {
                scoreGradient!.Values[scorePlaces[i]] = from[i];
            }
        }

        Array.Clear(innerInputGradients);
        layer.Backward(Inner, innerOutputGradients, innerInputGradients);
        for (int i = 0; i < orders.Length; i++)
        {
            gradients[i] = innerInputGradients[i];
            if (inputGradients[i] is { } own && innerInputGradients[i] is { } inner)
            {
                Move(inner, own, orders[i], back: true);
                gradients[i] = own;
            }
        }
    }

    /// <summary>Columns that hold a place of all samples, from one order into the other.</summary>
    private void Move(DenseMatrix from, DenseMatrix to, int[]? order, bool back)
    {
        if (order is null)
        {
            from.Values.AsSpan().CopyTo(to.Values);
            return;
        }

        int block = Options.BatchSize * from.RowCount;
        for (int i = 0; i < order.Length; i++)
        {
            (int source, int target) = back ? (i, order[i]) : (order[i], i);
            from.Values.AsSpan(source * block, block).CopyTo(to.Values.AsSpan(target * block));
        }
    }

    private SequenceBatch Gather(int index, SequenceBatch input)
    {
        if (orders[index] is not { } order)
        {
            // The very matrix: mostly it is the same one again.
            SequenceBatch? view = gathered[index];
            gathered[index] = view = view is not null && ReferenceEquals(view.Values, input.Values) ? view : new SequenceBatch(
                new Shape(input.Steps / groups, input.Values.RowCount), input.BatchSize * groups, input.Values);
            view.Mask = input.Mask;
            return view;
        }

        SequenceBatch own = gathered[index]!;

        Move(input.Values, own.Values, order, back: false);
        own.Mask = null;
        if (input.Mask is { } mask)
        {
            bool[] room = masks[index] ??= new bool[mask.Length];
            for (int i = 0; i < order.Length; i++)
            {
                Array.Copy(mask, order[i] * Options.BatchSize, room, i * Options.BatchSize, Options.BatchSize);
            }

            own.Mask = room;
        }

        return own;
    }

    private SequenceBatch GatherPairs(SequenceBatch mask)
    {
        SequenceBatch own = gathered[3]!;
        int ofGroup = pairs.Length / groups;
        int keys = own.Values.RowCount;
        for (int i = 0; i < pairs.Length; i++)
        {
            (int group, int place) = Math.DivRem(i, ofGroup);
            (int step, int key) = Math.DivRem(place, keys);
            for (int sample = 0; sample < mask.BatchSize; sample++)
            {
                own.Values.Values[(((((step * groups) + group) * mask.BatchSize) + sample) * keys) + key] =
                    mask.Values.Values[(((pairs[i].Step * mask.BatchSize) + sample) * mask.Values.RowCount) + pairs[i].Row];
            }
        }

        return own;
    }

    /// <summary>For each score as it is handed out where it stands among those of the sequences.</summary>
    private int[] ScorePlaces(int queries, int keys, int last)
    {
        int batch = Options.BatchSize;
        int rows = layer.HeadCount * queries;
        int[] places = new int[groups * rows * keys * batch];
        for (int i = 0; i < places.Length; i++)
        {
            (int left, int key) = Math.DivRem(i, last);
            (left, int sample) = Math.DivRem(left, batch);
            (left, int outer) = Math.DivRem(left, keys / last);
            (int group, int row) = Math.DivRem(left, rows);
            places[i] = (((((row * groups) + group) * batch) + sample) * keys) + (outer * last) + key;
        }

        return places;
    }

    private static DenseMatrix Like(DenseMatrix matrix) => new(matrix.RowCount, matrix.ColumnCount);
}
