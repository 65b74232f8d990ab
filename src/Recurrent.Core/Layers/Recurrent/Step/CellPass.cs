using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>For which input a cell's pass is made, and what it will be used for.</summary>
/// <param name="StepShape">Shape of one step of a sample: (features), or with axes before the features.</param>
/// <param name="Steps">Number of time steps.</param>
/// <param name="BatchSize">Number of samples.</param>
/// <param name="Differentiable">Whether a backward pass may follow: if not, nothing is kept for one.</param>
/// <param name="StatesApart">
/// Whether what a step computes may differ from what the next step is given, so that both are kept
/// (<see cref="StateTrajectory"/>).
/// </param>
public sealed record CellPassOptions(Shape StepShape, int Steps, int BatchSize, bool Differentiable, bool StatesApart = false)
{
    /// <summary>
    /// How many threads a step may use; the default is 1, the one that calls it. What it computes has the same bits for any
    /// number.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether a backward pass is asked for the gradients of the states before the first step.</summary>
    internal bool StateGradients { get; init; } = true;
}

/// <summary>
/// What a cell remembers of one run over a batch of sequences: its states over time, and their gradients on the way back.
/// </summary>
/// <remarks>A cell that remembers more derives a pass of its own; most derive it from <see cref="GatedCellPass"/>.</remarks>
public class CellPass
{
    private readonly IReadOnlyList<Parameter> parameters;
    private IReadOnlyList<DenseMatrix> gradients = [];

    /// <summary>Makes room for the states of a cell.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    public CellPass(RecurrentCell cell, CellPassOptions options)
        : this(cell, options, null, null)
    {
    }

    /// <summary>Makes room for a cell whose states are those of cells inside it.</summary>
    private protected CellPass(
        RecurrentCell cell, CellPassOptions options, StateTrajectory[]? states, DenseMatrix[]? stateGradients)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(options);
        parameters = cell.Parameters;
        Options = options;
        StepColumns = options.BatchSize * cell.ComputeOutputShape(options.StepShape).Steps;
        StepsTogether = options.StatesApart ? 1 : cell.StepsTogether(options);
        int kept = options.Differentiable ? options.Steps : StepsTogether;
        States = states ?? [.. cell.StateSizes.Select(
            rows => new StateTrajectory(rows, kept, StepColumns, options.StatesApart))];
        StateGradients = stateGradients
            ?? (options.Differentiable ? [.. cell.StateSizes.Select(rows => new DenseMatrix(rows, StepColumns))] : []);
    }

    /// <summary>For which input the pass was made.</summary>
    public CellPassOptions Options { get; }

    /// <summary>Number of time steps.</summary>
    public int Steps => Options.Steps;

    /// <summary>Number of samples.</summary>
    public int BatchSize => Options.BatchSize;

    /// <summary>How many threads a step may use.</summary>
    public int Threads => Options.Threads;

    /// <summary>Columns of a state at one step: one for each sample, times the places of a state that has any.</summary>
    public int StepColumns { get; }

    /// <summary>The states over time.</summary>
    public IReadOnlyList<StateTrajectory> States { get; }

    /// <summary>
    /// Gradients of the states between two steps, one matrix each. A backward step finds those after the step and leaves those
    /// before it; after the last step backward, they are those of the initial states.
    /// </summary>
    public IReadOnlyList<DenseMatrix> StateGradients { get; }

    /// <summary>What a trace can show of a step beside the states.</summary>
    internal virtual IEnumerable<TracedRows> TracedRows => [];

    /// <summary>How many steps the cell takes together at most where nothing comes between them.</summary>
    internal int StepsTogether { get; }

    /// <summary>Number of steps whose inputs the cell takes at a time: all, where a backward pass may follow.</summary>
    internal virtual int StepsProjected => Steps;

    /// <summary>Where a parameter's gradient is added up.</summary>
    /// <param name="parameter">A parameter of the cell.</param>
    public DenseMatrix GradientOf(Parameter parameter)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            if (ReferenceEquals(parameters[i], parameter))
            {
                return gradients[i];
            }
        }

        throw new ArgumentException($"The cell has no parameter '{parameter?.Name}'.", nameof(parameter));
    }

    /// <summary>
    /// Step t of a matrix that holds one block of columns for each step, or one block that all steps use in turn.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="t">The step.</param>
    public ColumnBlock StepOf(DenseMatrix matrix, int t)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return new(matrix, t * StepColumns % matrix.ColumnCount, StepColumns);
    }

    /// <summary>
    /// Room for something that a step leaves for the way back: for all steps where there is one, else for a single step.
    /// </summary>
    /// <param name="rows">Number of rows.</param>
    /// <exception cref="OverflowException">It would be larger than an array can be.</exception>
    public DenseMatrix NewMemory(int rows)
    {
        int columns = checked((Options.Differentiable ? Steps : 1) * StepColumns);
        _ = checked(rows * columns);
        return new DenseMatrix(rows, columns);
    }

    /// <summary>Gives the gradients of the cell's parameters their place.</summary>
    internal virtual void UseGradients(IReadOnlyList<DenseMatrix> matrices) => gradients = matrices;

    /// <summary>Makes the states after the last step those before the first, where they stand.</summary>
    internal virtual void GoOn()
    {
        for (int i = 0; i < States.Count; i++)
        {
            States[i].GoOn(Steps);
        }
    }
}
