using Recurrent.Numerics;
using Recurrent.Random;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Lets some units keep their state at a step, drawn anew for each step and unit (Krueger et al., "Zoneout: regularizing RNNs by
/// randomly preserving hidden activations", 2017).
/// </summary>
/// <remarks>
/// <code>
/// forward    s̃_t = the wrapped cell's state after step t
///            s_t = d_t∘s_{t−1} + (1 − d_t)∘s̃_t      d_t is 1 with probability rate; outside training d_t = rate
/// backward   ds̃_t = (1 − d_t)∘ds_t                  ds_{t−1} = d_t∘ds_t + what comes back through the cell
/// </code>
/// <para>The output is the hidden state after zoneout, as in the paper.</para>
/// </remarks>
public sealed class ZoneoutCell : RecurrentCell
{
    private readonly RecurrentCell cell;

    /// <summary>Wraps a cell.</summary>
    /// <param name="cell">The cell; it belongs to this one from now on.</param>
    /// <param name="hiddenRate">Share of units that keep their hidden state at a step, in [0, 1). Default 0.1.</param>
    /// <param name="cellRate">
    /// Share of units that keep each other state, such as an LSTM's cell state, in [0, 1). Default 0.1.
    /// </param>
    /// <param name="seed">Seed of the draws; null takes it from the layer.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">
    /// A rate is out of range, the cell holds cells itself (wrap those), or what it says of its states does not fit together.
    /// </exception>
    /// <exception cref="InvalidOperationException">The cell belongs to another layer already.</exception>
    public ZoneoutCell(RecurrentCell cell, double hiddenRate = 0.1, double cellRate = 0.1, int? seed = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        this.cell = cell;
        HiddenRate = hiddenRate;
        CellRate = cellRate;
        Seed = seed ?? cell.Seed;
        Name = name;
        new OptionCheck(Introduction)
            .Rate("hiddenRate", hiddenRate)
            .Rate("cellRate", cellRate)
            .Require(
                cell is not (StackedRNNCells or ZoneoutCell), $"a {cell.ClassName} holds cells itself. Wrap those", nameof(cell))
            .Require(
                cell is not (SLSTMCell or MLSTMCell),
                $"the {(cell is SLSTMCell ? "cell" : "memory")}, normalizer and stabilizer of an {cell.ClassName} belong " +
                "together, and zoneout keeps each by itself",
                nameof(cell))
            .ThrowIfAny();
        StateCheck.RequireConsistent(cell).Own(this);
    }

    /// <inheritdoc/>
    public override string ClassName => "ZoneoutCell";

    /// <summary>The wrapped cell.</summary>
    public RecurrentCell Cell => cell;

    /// <summary>Share of units that keep their hidden state at a step.</summary>
    public double HiddenRate { get; }

    /// <summary>Share of units that keep each other state.</summary>
    public double CellRate { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => cell.StateSizes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => cell.StateNames;

    /// <inheritdoc/>
    public override int OutputState => cell.OutputState;

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths => cell.ParameterPaths.Select(path => $"{PathName}/{path}");

    internal override int StepRank => cell.StepRank;

    internal override bool PlacesAreLast => cell.PlacesAreLast;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape step) => cell.ComputeOutputShape(step);

    internal override int MostRows(Shape step) => cell.MostRows(step);

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ZoneoutPass(this, options, cell.CreatePass(options with { StatesApart = true }));
    }

    /// <inheritdoc/>
    public override void Begin(CellPass pass, bool training, ulong key)
    {
        var own = (ZoneoutPass)pass;
        cell.Begin(own.Inner, training, SeededRandom.Key(key, 0));
        own.Training = training;
        own.Key = SeededRandom.Key(key, 1);
    }

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x) =>
        cell.Project(((ZoneoutPass)pass).Inner, firstStep, x);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (ZoneoutPass)pass;
        cell.Forward(own.Inner, t);
        for (int i = 0; i < pass.States.Count; i++)
        {
            Span<Real> kept = own.DrawKept(i, t, RateOf(i));
            Span<Real> carried = pass.States[i].After(t).Values;

            // s' + (1 − d)∘(s̃ − s') = s̃ + d∘(s' − s̃)
            ReadOnlySpan<Real> computed = own.Inner.States[i].After(t).Values;
            VectorMath.Subtract(pass.States[i].Before(t).Values, computed, carried);
            VectorMath.Multiply(kept, carried, carried);
            VectorMath.Add(computed, carried);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (ZoneoutPass)pass;
        for (int i = 0; i < pass.States.Count; i++)
        {
            Span<Real> gradient = pass.StateGradients[i].Values;
            VectorMath.Multiply(own.KeptOf(i, t), gradient, own.Direct[i].Values);
            VectorMath.Subtract(gradient, own.Direct[i].Values, gradient);
        }

        cell.Backward(own.Inner, t);
        for (int i = 0; i < pass.States.Count; i++)
        {
            VectorMath.Add(own.Direct[i].Values, pass.StateGradients[i].Values);
        }
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x) => cell.AddGradients(((ZoneoutPass)pass).Inner, x);

    /// <inheritdoc/>
    public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx) =>
        cell.ProjectBack(((ZoneoutPass)pass).Inner, firstStep, dx);

    /// <inheritdoc/>
    public override void Pack() => cell.Pack();

    /// <inheritdoc/>
    public override Config GetOptions() => new()
    {
        { "cell", cell },
        { "hidden_rate", HiddenRate },
        { "cell_rate", CellRate },
        { "seed", Seed },
    };

    internal override void SetTrainable(bool value)
    {
        base.SetTrainable(value);
        cell.SetTrainable(value);
    }

    internal static ZoneoutCell Read(ConfigReader config)
    {
        string? name = config.Name();
        bool trainable = config.Trainable();
        return new(
            config.Component("cell", CellNames.Registry),
            config.Double("hidden_rate", 0.1),
            config.Double("cell_rate", 0.1),
            config.OptionalInt("seed"),
            name)
        { Trainable = trainable };
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step) => BuildInner(cell, step);

    private double RateOf(int state) => state == cell.OutputState ? HiddenRate : CellRate;

    /// <summary>The wrapped cell's pass, and which units kept their state.</summary>
    private sealed class ZoneoutPass : CellPass
    {
        private readonly DenseMatrix[] kept;

        public ZoneoutPass(ZoneoutCell cell, CellPassOptions options, CellPass inner)
            : base(cell, options, [.. inner.States.Select(state => state.CarriedAlone())], [.. inner.StateGradients])
        {
            Inner = inner;
            kept = [.. cell.StateSizes.Select(NewMemory)];
            Direct = options.Differentiable
                ? [.. inner.StateGradients.Select(g => new DenseMatrix(g.RowCount, g.ColumnCount))]
                : [];
        }

        public CellPass Inner { get; }

        /// <summary>What reaches the states before a step past the cell.</summary>
        public DenseMatrix[] Direct { get; }

        public bool Training { get; set; }

        public ulong Key { get; set; }

        internal override int StepsProjected => Inner.StepsProjected;

        internal override IEnumerable<TracedRows> TracedRows => Inner.TracedRows;

        /// <summary>d_t of a state.</summary>
        public Span<Real> KeptOf(int state, int t) => StepOf(kept[state], t).Values;

        /// <summary>Draws d_t of a state.</summary>
        public Span<Real> DrawKept(int state, int t, double rate)
        {
            Span<Real> factors = KeptOf(state, t);
            if (!Training || rate == 0)
            {
                factors.Fill((Real)rate);
                return factors;
            }

            var random = new SeededRandom(SeededRandom.Key(SeededRandom.Key(Key, (ulong)state), (ulong)t));
            foreach (ref Real factor in factors)
            {
                factor = random.NextUniform(0, 1) < rate ? 1 : 0;
            }

            return factors;
        }

        internal override void UseGradients(IReadOnlyList<DenseMatrix> matrices) => Inner.UseGradients(matrices);

        internal override void GoOn()
        {
            base.GoOn();
            Inner.GoOn();
        }
    }
}
