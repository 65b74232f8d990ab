using Recurrent.Numerics;
using Recurrent.Random;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Several cells as one: at each step the first takes the input, and each other one the output of the cell before it. Keras's
/// keras.layers.StackedRNNCells.
/// </summary>
/// <remarks>
/// The states are those of all cells, the first cell's first; the output is the last cell's. It computes what recurrent layers on
/// top of each other compute, in one layer with one state; layers on top of each other are faster, since each takes the inputs of
/// all steps in one product.
/// </remarks>
public sealed class StackedRNNCells : RecurrentCell
{
    private readonly RecurrentCell[] cells;
    private readonly int[] stateSizes;
    private readonly string[] stateNames;

    /// <summary>Creates the stack.</summary>
    /// <param name="cells">The cells, the one that takes the input first; they belong to this one from now on.</param>
    /// <exception cref="ArgumentException">There are no cells, or what one says of its states does not fit together.</exception>
    /// <exception cref="InvalidOperationException">A cell belongs to another layer already, or appears twice.</exception>
    public StackedRNNCells(params RecurrentCell[] cells)
        : this((IEnumerable<RecurrentCell>)cells, null)
    {
    }

    /// <summary>Creates the stack.</summary>
    /// <param name="cells">The cells, the one that takes the input first; they belong to this one from now on.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">There are no cells, or what one says of its states does not fit together.</exception>
    /// <exception cref="InvalidOperationException">A cell belongs to another layer already, or appears twice.</exception>
    public StackedRNNCells(IEnumerable<RecurrentCell> cells, string? name)
    {
        ArgumentNullException.ThrowIfNull(cells);
        this.cells = [.. cells];
        int missing = Array.IndexOf(this.cells, null);
        if (missing >= 0)
        {
            throw new ArgumentException($"cells[{missing}] is null.", nameof(cells));
        }

        Name = name;
        new OptionCheck(Introduction)
            .Require(this.cells.Length > 0, "cells must hold at least one cell", "cells")
            .Require(
                this.cells.Distinct().Count() == this.cells.Length, "each place needs a cell of its own, but one appears twice")
            .Require(
                this.cells.Where(cell => cell.Name is not null).Select(cell => cell.Name).Distinct().Count()
                    == this.cells.Count(cell => cell.Name is not null),
                "two cells have the same name")
            .Require(this.cells.All(cell => cell.StepRank == 1),
                "cells whose states have places cannot be stacked. Stack their layers")
            .ThrowIfAny();
        Array.ForEach(this.cells, cell => StateCheck.RequireConsistent(cell));
        stateSizes = [.. this.cells.SelectMany(cell => cell.StateSizes)];
        stateNames = [.. this.cells.SelectMany(
            (cell, i) => cell.StateNames.Select(state => FormattableString.Invariant($"{state}_{i}")))];
        var names = new FreeNames(this.cells.Select(cell => cell.Name));
        foreach (RecurrentCell cell in this.cells)
        {
            cell.Own(this);
            cell.Name ??= names.Take(LayerNames.SnakeCase(cell.ClassName));
        }
    }

    /// <inheritdoc/>
    public override string ClassName => "StackedRNNCells";

    /// <summary>The cells, the one that takes the input first.</summary>
    public IReadOnlyList<RecurrentCell> Cells => cells;

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => stateSizes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => stateNames;

    /// <inheritdoc/>
    public override int OutputState => stateSizes.Length - cells[^1].StateSizes.Count + cells[^1].OutputState;

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths =>
        cells.SelectMany(cell => cell.ParameterPaths).Select(path => $"{PathName}/{path}");

    internal override int MostRows(Shape step)
    {
        int most = 0;
        foreach (RecurrentCell cell in cells)
        {
            most = Math.Max(most, cell.MostRows(step));
            step = cell.ComputeOutputShape(step);
        }

        return most;
    }

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var inner = new CellPass[cells.Length];
        CellPassOptions each = options;
        for (int i = 0; i < cells.Length; i++)
        {
            inner[i] = cells[i].CreatePass(each);
            each = each with { StepShape = cells[i].ComputeOutputShape(each.StepShape) };
        }

        return new StackedPass(this, options, inner);
    }

    /// <inheritdoc/>
    public override void Begin(CellPass pass, bool training, ulong key)
    {
        CellPass[] inner = ((StackedPass)pass).Inner;
        for (int i = 0; i < cells.Length; i++)
        {
            ulong seed = cells[i].Seed is int own ? SeededRandom.Key((ulong)(long)own, 0) : (ulong)i;
            cells[i].Begin(inner[i], training, SeededRandom.Key(key, seed));
        }
    }

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x) =>
        cells[0].Project(((StackedPass)pass).Inner[0], firstStep, x);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        CellPass[] inner = ((StackedPass)pass).Inner;
        cells[0].Forward(inner[0], t);
        for (int i = 1; i < cells.Length; i++)
        {
            cells[i].Project(inner[i], t, OutputOf(inner, i - 1).After(t));
            cells[i].Forward(inner[i], t);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (StackedPass)pass;
        for (int i = cells.Length - 1; i > 0; i--)
        {
            cells[i].Backward(own.Inner[i], t);
            cells[i].ProjectBack(own.Inner[i], t, own.OutputGradients[i - 1]);
            VectorMath.Add(own.OutputGradients[i - 1].Values, own.Inner[i - 1].StateGradients[cells[i - 1].OutputState].Values);
        }

        cells[0].Backward(own.Inner[0], t);
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x)
    {
        CellPass[] inner = ((StackedPass)pass).Inner;
        cells[0].AddGradients(inner[0], x);
        for (int i = 1; i < cells.Length; i++)
        {
            cells[i].AddGradients(inner[i], OutputOf(inner, i - 1).AfterAllSteps);
        }
    }

    /// <inheritdoc/>
    public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx) =>
        cells[0].ProjectBack(((StackedPass)pass).Inner[0], firstStep, dx);

    /// <inheritdoc/>
    public override void Pack()
    {
        foreach (RecurrentCell cell in cells)
        {
            cell.Pack();
        }
    }

    /// <inheritdoc/>
    public override Config GetOptions() => new() { { "cells", cells } };

    internal override void SetTrainable(bool value)
    {
        base.SetTrainable(value);
        Array.ForEach(cells, cell => cell.SetTrainable(value));
    }

    internal static StackedRNNCells Read(ConfigReader config)
    {
        string? name = config.Name();
        bool trainable = config.Trainable();
        return new(config.Components("cells", CellNames.Registry), name) { Trainable = trainable };
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        foreach (RecurrentCell cell in cells)
        {
            BuildInner(cell, step);
            step = cell.ComputeOutputShape(step);
        }
    }

    private StateTrajectory OutputOf(CellPass[] inner, int i) => inner[i].States[cells[i].OutputState];

    /// <summary>The passes of the cells, whose states together are its own.</summary>
    private sealed class StackedPass : CellPass
    {
        private readonly int[] parameterCounts;

        public StackedPass(StackedRNNCells cell, CellPassOptions options, CellPass[] inner)
            : base(cell, options, [.. inner.SelectMany(pass => pass.States)], [.. inner.SelectMany(pass => pass.StateGradients)])
        {
            Inner = inner;
            parameterCounts = [.. cell.Cells.Select(each => each.Parameters.Count)];
            OutputGradients = options.Differentiable
                ? [.. cell.Cells.SkipLast(1).Select(each => new DenseMatrix(each.OutputSize, StepColumns))]
                : [];
        }

        public CellPass[] Inner { get; }

        /// <summary>What comes back to a cell's output from the cell after it, at one step.</summary>
        public DenseMatrix[] OutputGradients { get; }

        internal override int StepsProjected => Inner[0].StepsProjected;

        /// <summary>Those of all cells, numbered as their states are.</summary>
        internal override IEnumerable<TracedRows> TracedRows => Inner.SelectMany((pass, i) =>
            pass.TracedRows.Select(rows => rows with { Name = FormattableString.Invariant($"{rows.Name}_{i}") }));

        internal override void UseGradients(IReadOnlyList<DenseMatrix> matrices)
        {
            int first = 0;
            for (int i = 0; i < Inner.Length; i++)
            {
                Inner[i].UseGradients([.. matrices.Skip(first).Take(parameterCounts[i])]);
                first += parameterCounts[i];
            }
        }

        internal override void GoOn()
        {
            foreach (CellPass pass in Inner)
            {
                pass.GoOn();
            }
        }
    }
}
