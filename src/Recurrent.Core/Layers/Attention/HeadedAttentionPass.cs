using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of an attention with heads remembers.</summary>
public sealed class HeadedAttentionPass : Pass
{
    private readonly HeadedAttention layer;
    private readonly SoftmaxAttention? attention;
    private readonly AttentionMask? mask;
    private readonly DenseMatrix?[] inputGradients;
    private SequenceBatch? queryInput;
    private SequenceBatch? valueInput;
    private SequenceBatch? keyInput;
    private readonly PairMask? pairs;
    private bool hasMemory;
    private bool[]? joinedMask;

    internal HeadedAttentionPass(HeadedAttention layer, PassOptions options)
        : base(layer, options)
    {
        this.layer = layer;
        (int queryRows, int keyRows, int valueRows, int contextRows) = layer.Rows;
        int queries = options.InputShapes[0].Steps;
        int keys = options.InputShapes[1].Steps;
        Query = Batch(queries, queryRows);
        pairs = options.InputShapes.Count > 3 ? new PairMask(options.InputShapes[3], options.BatchSize) : null;
        if (options.Continuing && !options.IsFixed(1))
        {
            Growing = new GrowingAttention(layer.NewCache(options), room => layer.NewAttention(Options, room));
        }
        else
        {
            (attention, mask) = layer.NewAttention(options, keys);
            Key = Batch(keys, keyRows, options.SharingOf(1));
            Value = Batch(keys, valueRows, options.SharingOf(1));
        }

        Context = new DenseMatrix(contextRows, queries * options.BatchSize);
        IReadOnlyList<Shapes.Shape> outputs = layer.OutputsOf(queries, keys, options.InputShape.Features);
        Output = new SequenceBatch(outputs[0], options.BatchSize);
        Scores = outputs.Count > 1 ? new SequenceBatch(outputs[1], options.BatchSize) : null;
        if (layer.UseGate)
        {
            Gate = Batch(queries, contextRows);
            Gated = new DenseMatrix(contextRows, Context.ColumnCount);
        }

        if (options.Differentiable)
        {
            QueryGradient = Like(Query.Values);
            KeyGradient = Like(Key!.Values);
            ValueGradient = Like(Value!.Values);
            ContextGradient = Like(Context);
            GateGradient = layer.UseGate ? Like(Context) : null;
        }

        inputGradients =
        [
            .. options.InputShapes.Select((shape, i) => options.InputGradients[i] && i < 3
                ? new DenseMatrix(shape.Features, shape.Steps * options.BatchSize)
                : null),
        ];
    }

    internal SoftmaxAttention Attention => Growing?.Attention ?? attention!;

    internal SequenceBatch Query { get; }

    /// <summary>The keys of the values of one forward pass; null where those of all steps so far are kept.</summary>
    internal SequenceBatch? Key { get; }

    internal SequenceBatch? Value { get; }

    /// <summary>What is kept of every step, in a continuing pass.</summary>
    internal GrowingAttention? Growing { get; }

    /// <summary>Whether keys and values are to be projected: once only, where the values stay the same.</summary>
    internal bool ProjectsMemory { get; private set; }

    /// <summary>All keys: of every step so far, in a continuing pass.</summary>
    internal DenseMatrix Keys => Growing?.Cache[0] ?? Key!.Values;

    internal DenseMatrix Values => Growing?.Cache[1] ?? Value!.Values;

    /// <summary>Where the keys of this forward pass belong.</summary>
    internal ColumnBlock NewKeys => Growing?.Cache.Newest(0) ?? Key!.Values;

    internal ColumnBlock NewValues => Growing?.Cache.Newest(1) ?? Value!.Values;

    /// <summary>The gate, after the logistic function; null where there is none.</summary>
    internal SequenceBatch? Gate { get; }

    internal DenseMatrix Context { get; }

    /// <summary>The context times the gate; null where there is none.</summary>
    internal DenseMatrix? Gated { get; }

    internal SequenceBatch Output { get; }

    internal SequenceBatch? Scores { get; }

    internal DenseMatrix? QueryGradient { get; }

    internal DenseMatrix? KeyGradient { get; }

    internal DenseMatrix? ValueGradient { get; }

    internal DenseMatrix? ContextGradient { get; }

    internal DenseMatrix? GateGradient { get; }

    internal DenseMatrix QueryInput => queryInput!.Values;

    internal DenseMatrix KeyInput => keyInput!.Values;

    internal DenseMatrix ValueInput => valueInput!.Values;

    /// <inheritdoc/>
    internal override double ActivityPenalty => layer.ActivityRegularizer is { } regularizer && Key is not null
        ? NetworkPadding.Penalty(regularizer, Query) + NetworkPadding.Penalty(regularizer, Key)
            + NetworkPadding.Penalty(regularizer, Value!)
            + (Gate is null ? 0 : NetworkPadding.Penalty(regularizer, Gate))
        : 0;

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        hasMemory = false;
        Growing?.Cache.Clear();
        if (Options.Continuing && Growing is null)
        {
            attention!.HoldKeys();
        }
    }

    /// <summary>Notes the inputs of a forward pass, and what their masks hide.</summary>
    internal void TakeInputs(ReadOnlySpan<SequenceBatch> inputs)
    {
        queryInput = inputs[0];
        valueInput = inputs[1];
        keyInput = inputs.Length > 2 ? inputs[2] : inputs[1];
        ProjectsMemory = !hasMemory;
        hasMemory = Options.IsFixed(1);
        if (Growing is not null)
        {
            Extend(inputs);
            return;
        }

        mask!.Queries = queryInput.Mask;
        mask.Values = valueInput.Mask;
        mask.Keys = inputs.Length > 2 ? keyInput.Mask : null;
        pairs?.Take(Checked(inputs[3]));
        mask.Pairs = pairs;
        Query.Padding = queryInput.Padding;
        Key!.Padding = keyInput.Padding;
        Value!.Padding = valueInput.Padding;
        if (Gate is not null)
        {
            Gate.Padding = queryInput.Padding;
        }
    }

    /// <summary>Room for the gradient of an input; null where nobody asks for it.</summary>
    internal DenseMatrix? InputGradient(int input) => inputGradients[input];

    /// <summary>Adds the gradient of the penalty on what a projection gave.</summary>
    internal void AddPenaltyGradient(SequenceBatch batch, DenseMatrix gradient)
    {
        if (layer.ActivityRegularizer is { } regularizer)
        {
            NetworkPadding.AddPenaltyGradient(regularizer, batch, gradient, PenaltyScale);
        }
    }

    /// <summary>Requires a mask of pairs that holds nothing but 0 and 1.</summary>
    private DenseMatrix Checked(SequenceBatch pairs)
    {
        Real[] values = pairs.Values.Values;
        int wrong = values.AsSpan().IndexOfAnyExcept(0, 1);
        if (wrong < 0)
        {
            return pairs.Values;
        }

        (int column, int key) = Math.DivRem(wrong, pairs.Values.RowCount);
        throw new ArgumentException(FormattableString.Invariant(
            $"{layer.Introduction} expects a mask of pairs of 0 and 1, 1 where a query may look at a key, but it holds ")
            + FormattableString.Invariant(
                $"{values[wrong]} at sample {column % pairs.BatchSize}, ")
            + FormattableString.Invariant($"query {column / pairs.BatchSize % pairs.SampleShape[^2]}, key {key}."));
    }

    /// <summary>Takes the next steps of a sequence that is looked back at.</summary>
    private void Extend(ReadOnlySpan<SequenceBatch> inputs)
    {
        bool[]? keyMask = inputs.Length > 2 ? keyInput!.Mask : null;
        Growing!.Extend(valueInput!.Steps, CachedSteps.Mask(valueInput.Mask, keyMask, ref joinedMask));
        Growing.Mask.Queries = queryInput!.Mask;
    }

    private static DenseMatrix Like(DenseMatrix matrix) => new(matrix.RowCount, matrix.ColumnCount);

    private SequenceBatch Batch(int steps, int rows, int sharing = 1) =>
        new(new Shapes.Shape([steps, rows]), Options.BatchSize / sharing);
}
