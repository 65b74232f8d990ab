using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A layer that runs a cell over the steps of a sequence. It owns time: direction, masks, returned sequences, dropout masks and
/// state. What happens in one step is the cell's.
/// </summary>
/// <remarks>
/// Input (batch, timesteps, features); output (batch, timesteps, units) with <c>returnSequences</c>, else (batch, units).
/// A masked step leaves the state as it is and repeats the previous output (zero before the first step that is not masked).
/// </remarks>
public abstract class RecurrentLayer : Layer<RecurrentPass>, IStateful
{
    private readonly RecurrentOptions options;
    private readonly RecurrentCell cell;

    private protected RecurrentLayer(RecurrentOptions options, RecurrentCell cell)
        : base(options.Name, options.Trainable, options.InputShape)
    {
        this.options = options;
        this.cell = cell;
        ActivityRegularizer = options.ActivityRegularizer;
        SeedOption = options.Seed;
    }

    /// <summary>Number of units: length of the hidden state.</summary>
    public int Units => options.Units;

    /// <summary>Whether the layer gives its output at every step, and not only at the last.</summary>
    public bool ReturnSequences => options.ReturnSequences;

    /// <summary>Whether the sequence is read from its end; the output then is in the order in which it was read.</summary>
    public bool GoBackwards => options.GoBackwards;

    /// <inheritdoc/>
    public bool Stateful => options.Stateful;

    /// <inheritdoc/>
    public override string? StreamingObstacle => GoBackwards
        ? "it reads the sequence from its end. Set goBackwards: false"
        : null;

    /// <inheritdoc/>
    public IReadOnlyList<int> StateSizes => cell.StateSizes;

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths =>
        Parameters.Select(parameter => $"{Name}/{LayerNames.SnakeCase(ClassName)}_cell/{parameter.Name}");

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank != 2 || input[^1] is null)
        {
            string expected = input.Rank == 2
                ? "input whose last axis (features) is known"
                : "input of rank 3 (batch, timesteps, features)";
            string advice = input.Rank == 1
                ? "Reshape the data to (samples, timesteps, features), or set returnSequences: true on the recurrent layer before it."
                : "Reshape the data to (samples, timesteps, features).";
            throw new ShapeException(Introduction, expected, input, advice);
        }

        return ReturnSequences ? input.WithFeatures(Units) : new Shape(Units);
    }

    /// <inheritdoc/>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        ArgumentNullException.ThrowIfNull(states);
        var own = (RecurrentPass)pass;
        IReadOnlyList<DenseMatrix> initial = own.InitialStates;
        own.Restart();
        for (int i = 0; i < states.Count; i++)
        {
            new ColumnBlock(states[i], firstColumn, initial[i].ColumnCount).Values.CopyTo(initial[i].Values);
        }
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        ArgumentNullException.ThrowIfNull(states);
        var own = (RecurrentPass)pass;
        for (int i = 0; i < states.Count; i++)
        {
            own.FinalState(i).Values.CopyTo(new ColumnBlock(states[i], firstColumn, own.Cell.BatchSize).Values);
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        options.AddTo(config);
        foreach ((string key, object? value) in cell.GetConfig())
        {
            config.Add(key, value);
        }

        return config;
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        cell.Build(input.Features, AddParameter);
    }

    /// <inheritdoc/>
    protected override void PackParameters() => cell.Pack();

    /// <inheritdoc/>
    protected override RecurrentPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CellPass cellPass = cell.NewPass(options.InputShape[0]!.Value, options.BatchSize, options.Differentiable);
        return new RecurrentPass(this, options, cellPass, ComputeOutputShape(options.InputShape), this.options);
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(RecurrentPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        CellPass states = pass.Cell;
        pass.SetOut();
        pass.DrawDropout(Seed);
        pass.ArrangeInput(input, GoBackwards);
        for (int t = 0; t < states.Steps; t++)
        {
            if (t % states.StepsProjected == 0)
            {
                // All time steps in one product, or as many as a pass without a backward pass holds at a time.
                int steps = Math.Min(states.StepsProjected, states.Steps - t);
                cell.Project(pass.Input(t, steps), new ColumnBlock(states.Gates, 0, steps * states.BatchSize));
            }

            cell.Forward(states, t);
            pass.HoldMaskedStates(t);
            pass.WriteOutput(t, ReturnSequences);
        }

        pass.Output.Mask = ReturnSequences ? pass.Mask : null;
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(RecurrentPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        CellPass states = pass.Cell;
        pass.SetBack();
        for (int t = states.Steps - 1; t >= 0; t--)
        {
            pass.AddOutputGradient(t, outputGradient, ReturnSequences);
            pass.SetAsideMaskedGradients(t);
            cell.Backward(states, t);
            pass.AddMaskedGradients(t);
            pass.EndVanishedGradients();
        }

        cell.AddGradients(states, pass.Input(0, states.Steps), pass.Gradients);
        if (pass.InputGradient is not { } inputGradient)
        {
            return null;
        }

        cell.ProjectBack(states.Gates, inputGradient);
        return pass.RestoreInputOrder(inputGradient, GoBackwards);
    }
}
