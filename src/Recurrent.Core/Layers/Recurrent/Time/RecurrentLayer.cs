using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A layer that runs a cell over the steps of a sequence. It owns time: direction, masks, returned sequences, dropout masks and
/// state. What happens in one step is the cell's.
/// </summary>
/// <remarks>
/// Input (batch, timesteps, features); output (batch, timesteps, units) with <c>returnSequences</c>, else (batch, units). A
/// masked step leaves the state as it is and repeats the previous output (zero before the first step that is not masked). Behind
/// the input it takes the states to begin with, where they are given, and with <c>returnState</c> it gives the final ones behind
/// the output; each is (batch, size). The mask of the input is handed on with sequences, as it came, also where the last step is
/// read first, as in Keras.
/// </remarks>
public abstract class RecurrentLayer : Layer, IHasStates
{
    private SequenceOptions options;

    private protected RecurrentLayer(RecurrentCell cell, SequenceOptions options)
        : base(options.Name, options.Trainable, options.InputShape)
    {
        this.options = options;
        Cell = cell;
        cell.Own(this);
        ActivityRegularizer = options.ActivityRegularizer;
        SeedOption = cell.Seed;
    }

    /// <summary>What the layer does in one step.</summary>
    public RecurrentCell Cell { get; }

    /// <summary>Whether the layer gives its output at every step, and not only at the last.</summary>
    public bool ReturnSequences => options.ReturnSequences;

    /// <summary>Whether <see cref="Call"/> gives the final state beside the output.</summary>
    public bool ReturnState => options.ReturnState;

    /// <summary>Whether the sequence is read from its end; the output then is in the order in which it was read.</summary>
    public bool GoBackwards => options.GoBackwards;

    /// <inheritdoc/>
    public bool Stateful => options.Stateful;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => GoBackwards
        ? new("it reads the sequence from its end", "Set goBackwards: false")
        : null;

    /// <inheritdoc/>
    public IReadOnlyList<int> StateSizes => [.. Cell.StateSizes.Select(rows => rows * Places)];

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => Cell.StateNames;

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths => Cell.ParameterPaths.Select(path => $"{Name}/{path}");

    internal override CallForm CallForm => CallForm.Recurrent;

    internal override Obstacle? SequentialObstacle => ReturnState
        ? new(
            "with returnState: true it gives its state beside its output, and one output is passed on",
            "Set returnState: false; layer.Call(x) gives the state of a layer by itself")
        : null;

    internal override bool TurnsSteps => GoBackwards && ReturnSequences;

    /// <summary>Number of features of the output.</summary>
    internal int OutputFeatures => Cell.OutputSize;

    /// <summary>Whether the output at a masked step is zero, which a wrapper may decide before passes are made.</summary>
    internal bool ZeroOutputForMask
    {
        get => options.ZeroOutputForMask;
        set => options = options with { ZeroOutputForMask = value };
    }

    /// <summary>The options that are not the cell's.</summary>
    internal SequenceOptions SequenceOptions => options;

    /// <summary>
    /// Columns of a state for each sample: 1 but for cells whose states have places, as those of a convolution have.
    /// </summary>
    private int Places => InputShape is null ? 1 : Cell.ComputeOutputShape(StepShape(InputShape)).Steps;

    /// <summary>Which axis of a sample the features, or channels, are on.</summary>
    private int FeatureAxis => Cell.PlacesAreLast ? 1 : Cell.StepRank;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int rank = Cell.StepRank + 1;
        if (input.Rank != rank || input[FeatureAxis] is null)
        {
            string axes = Cell.StepRank == 1 ? "(batch, timesteps, features)"
                : Cell.PlacesAreLast ? "(batch, timesteps, channels, rows)" : "(batch, timesteps, rows, channels)";
            string expected = input.Rank == rank
                ? $"input whose {(Cell.PlacesAreLast ? "second" : "last")} axis "
                    + $"({(Cell.StepRank == 1 ? "features" : "channels")}) is known"
                : $"input of rank {rank + 1} {axes}";
            string advice = input.Rank == rank
                ? "Give the length of that axis in inputShape: the kernel has one row for each feature."
                : input.Rank == 1
                ? "Reshape the data to (samples, timesteps, features), or set returnSequences: true on the recurrent layer "
                    + "before it."
                : $"Reshape the data to {axes.Replace("batch", "samples", StringComparison.Ordinal)}.";
            throw new ShapeException(Introduction, expected, input, advice);
        }

        Shape step = InBatch(Cell.ComputeOutputShape(StepShape(input)));
        return ReturnSequences ? new([input[0], .. step.Axes]) : step;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Shape output = ComputeOutputShape(inputs[0]);
        if (inputs.Count > 1)
        {
            StateCheck.RequireShapes(this, Stateful, StateNames, StateShapes(inputs[0]), inputs);
        }

        return ReturnState ? [output, .. StateShapes(inputs[0])] : [output];
    }

    /// <summary>Shape of a sample of each state: (size), or with axes before it where states have several places.</summary>
    /// <param name="input">Shape of a sample of the input.</param>
    internal IEnumerable<Shape> StateShapes(Shape input)
    {
        int?[] places = [.. Cell.ComputeOutputShape(StepShape(input)).Axes.SkipLast(1)];
        return Cell.StateSizes.Select(size => InBatch(new Shape([.. places, size])));
    }

    /// <inheritdoc/>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (RecurrentPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.SetInitialStates(states, 0, firstColumn);
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (RecurrentPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.GetFinalStates(states, 0, firstColumn);
    }

    /// <summary>
    /// Runs the layer by itself on sequences, as in prediction unless a <paramref name="dropoutSeed"/> turns dropout on.
    /// </summary>
    /// <remarks>
    /// The first call builds a layer that is in no model. Any number of threads may call a layer that is built: nothing of a call
    /// is kept, not even by a stateful layer, whose states belong to its model.
    /// </remarks>
    /// <param name="x">Inputs of shape (batch, timesteps, features); any number of time steps.</param>
    /// <param name="initialState">The states to begin with, one row a sample; null begins with zero.</param>
    /// <param name="mask">
    /// Which steps hold data, 1, and which are padding, 0: shape (batch, timesteps); null where all hold data.
    /// </param>
    /// <param name="dropoutSeed">
    /// Null (the default): dropout and zoneout are off. A number: they are on as in training, drawn from it, so that several
    /// seeds show how sure a network is (Gal and Ghahramani, 2016).
    /// </param>
    /// <returns>The output, and where the layer has <c>returnState</c>, the final states.</returns>
    /// <exception cref="ArgumentException">
    /// A shape is wrong, a value is not finite, or the state is that of another layer.
    /// </exception>
    public RecurrentOutput Call(NDArray x, RecurrentState? initialState = null, NDArray? mask = null, int? dropoutSeed = null) =>
        LayerCall.Run(this, this, x, initialState, mask, dropoutSeed, ReturnState);

    /// <summary>Uses the layer on what other layers give, from states on that other layers give.</summary>
    /// <remarks>
    /// <code>
    /// var (_, h, c) = new LSTM(8, returnState: true).Call(source);
    /// Symbol decoded = new LSTM(8, returnSequences: true).Call(target, initialState: [h, c]);
    /// </code>
    /// With <c>returnState</c> it gives the output, then the final states.
    /// </remarks>
    /// <param name="x">The input.</param>
    /// <param name="initialState">
    /// The states to begin with, in the order of <see cref="StateNames"/>; null begins with zero.
    /// </param>
    /// <returns>The output, and with <c>returnState</c> the final states behind it.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such an input or such states.</exception>
    public Symbols Call(Symbols x, Symbols? initialState = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return base.Call([.. x, .. initialState ?? []]);
    }

    internal override bool TakesMemory(int input) => input > 0;

    internal override void TakeStates(Pass pass, ReadOnlySpan<SequenceBatch> states) => ((RecurrentPass)pass).TakeStates(states);

    internal override long ValuesPerSample(Shape input, bool differentiable)
    {
        Shape step = StepShape(input);

        // What cannot go backward holds a few steps at a time, not all.
        long columns = (long)(differentiable ? input[0]!.Value : 1) * Cell.ComputeOutputShape(step).Steps;
        return Math.Max(base.ValuesPerSample(input, differentiable), columns * Cell.MostRows(step));
    }

    private protected override void SetInnerTrainable(bool value) => Cell.SetTrainable(value);

    private protected override bool CanShare(Shape built, Shape other) => built.Axes.Skip(1).SequenceEqual(other.Axes.Skip(1));

    internal override IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path) => [new(path, this, (RecurrentPass)pass)];

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Cell.Build(StepShape(input), this, AddParameter);
    }

    /// <inheritdoc/>
    protected override void PackParameters() => Cell.Pack();

    /// <inheritdoc/>
    public sealed override Pass CreatePass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CellPass cellPass = Cell.CreatePass(new(
            StepShape(options.InputShape), options.InputShape[0]!.Value, options.BatchSize, options.Differentiable)
        {
            Threads = options.Threads,
            StateGradients = options.StateGradients,
        });
        return new RecurrentPass(this, options, cellPass);
    }

    /// <inheritdoc/>
    public sealed override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (RecurrentPass)pass;
        if (!pass.Options.Continuing)
        {
            own.TakeStates(inputs[1..]);
        }

        outputs[0] = Run(own, inputs[0]);
        own.GiveStates(outputs[1..]);
    }

    /// <inheritdoc/>
    public sealed override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (RecurrentPass)pass;
        own.TakeStateGradients(outputGradients[1..]);
        inputGradients[0] = RunBack(own, outputGradients[0]);
        own.GiveStateGradients(inputGradients[1..]);
    }

    private SequenceBatch Run(RecurrentPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CellPass states = pass.Cell;
        pass.StartForward(input);
        (states as GatedCellPass)?.TakeLookup(input.Lookup);
        Cell.Begin(states, pass.Training, pass.DrawKey(Seed));
        if (pass.Chunked is { } chunked)
        {
            ChunkedRun.Forward(this, chunked, pass);
            return pass.FinishForward();
        }

        int count;
        for (int t = 0; t < states.Steps; t += count)
        {
            if (t % states.StepsProjected == 0)
            {
                // All time steps in one product, or as many as a pass without a backward pass holds at a time.
                Cell.Project(states, t, pass.Input(t, Math.Min(states.StepsProjected, states.Steps - t)));
            }

            count = pass.StepsTogether(t);
            Cell.Forward(states, t, count);
            pass.EndSteps(t, count);
        }

        return pass.FinishForward();
    }

    private DenseMatrix? RunBack(RecurrentPass pass, DenseMatrix? outputGradient)
    {
        CellPass states = pass.Cell;
        outputGradient = pass.GradientInPlaces(outputGradient);
        pass.StartBackward();
        if (pass.Chunked is { } chunked)
        {
            if (pass.SquaredGradientNorms is null)
            {
                ChunkedRun.Backward(chunked, pass, outputGradient);
                return FinishBackward(pass);
            }

            pass.RestoreStates();
        }

        int count;
        for (int end = states.Steps; end > 0; end -= count)
        {
            count = pass.StepsTogetherBefore(end);
            int first = end - count;
            pass.StartStepBack(end - 1, outputGradient);
            Cell.Backward(states, first, count, pass.OutputGradients(first, count - 1, outputGradient));
            pass.EndStepBack(first);
        }

        return FinishBackward(pass);
    }

    private DenseMatrix? FinishBackward(RecurrentPass pass)
    {
        CellPass states = pass.Cell;
        Cell.AddGradients(states, pass.Input(0, states.Steps));
        if (pass.InputGradient is not { } inputGradient)
        {
            return null;
        }

        Cell.ProjectBack(states, 0, inputGradient);
        return pass.RestoreInputOrder(inputGradient);
    }

    /// <summary>Shape of a step as the cell has it: places, then channels.</summary>
    private Shape StepShape(Shape input) => InBatch(new([.. input.Axes.Skip(1)]));

    /// <summary>From a step as the cell has it to one as batches have it, and back.</summary>
    private Shape InBatch(Shape step) => Cell.PlacesAreLast && step.Rank == 2 ? new(step[1], step[0]) : step;
}
