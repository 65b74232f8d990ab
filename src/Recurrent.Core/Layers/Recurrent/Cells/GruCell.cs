using Recurrent.Activations;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The gated recurrent unit (Cho et al. 2014) in both forms: the reset gate applied after the recurrent product (Keras's
/// default, as cuDNN has it) or before it (the paper).
/// </summary>
/// <remarks>
/// As in Keras, and unlike the paper, an update gate near one keeps the old state.
/// <code>
/// forward    z = σ(W_z·x + U_z·h' + b_z)      r = σ(W_r·x + U_r·h' + b_r)          update, reset
///   after:   ĥ = act(W_h·x + b_h + r∘(U_h·h' + b'_h))
///   before:  ĥ = act(W_h·x + b_h + U_h·(r∘h'))                                     candidate
///            h = z∘h' + (1 − z)∘ĥ
/// backward   dz = dh∘(h' − ĥ)    dĥ = dh∘(1 − z)    dh' = dh∘z + what comes back through the products
///   after:   dr = dĥ_pre∘(U_h·h' + b'_h)       the recurrent part of the candidate gets r∘dĥ_pre
///   before:  d(r∘h') = U_hᵀ·dĥ_pre             dr = d(r∘h')∘h'    dh' += d(r∘h')∘r
/// </code>
/// </remarks>
internal sealed class GruCell : RecurrentCell
{
    private const int UpdateGate = 0;
    private const int ResetGate = 1;
    private const int Candidate = 2;
    private const int GateCount = 3;

    private readonly RecurrentOptions options;
    private readonly ActivationFunction gateActivation;
    private readonly bool resetAfter;
    private readonly bool fused;

    // After: one product for all three gates. Before: one for update and reset, then one for the candidate.
    private PackedMatrix? recurrentPanels;
    private PackedMatrix? recurrentBackPanels;
    private PackedMatrix? candidatePanels;
    private PackedMatrix? candidateBackPanels;

    public GruCell(RecurrentOptions options, ActivationFunction recurrentActivation, bool resetAfter)
        : base(options, GateCount, options.Units)
    {
        this.options = options;
        this.resetAfter = resetAfter;
        gateActivation = recurrentActivation;
        fused = options.Activation is Tanh && recurrentActivation is Sigmoid;
    }

    protected override int BiasCount => resetAfter ? 2 : 1;

    public override void Pack()
    {
        base.Pack();
        recurrentPanels!.Pack(RecurrentKernel!.Value, 0);
        recurrentBackPanels!.PackTransposed(RecurrentKernel.Value, 0);
        candidatePanels?.Pack(RecurrentKernel.Value, Candidate * Units);
        candidateBackPanels?.PackTransposed(RecurrentKernel.Value, Candidate * Units);
    }

    public override CellPass NewPass(int steps, int batchSize, bool differentiable) => new GruPass(
        GateRows, StateSizes, steps, batchSize, differentiable, resetAfter, keepPreActivations: !fused);

    public override void Forward(CellPass pass, int t)
    {
        if (resetAfter)
        {
            ForwardResetAfter((GruPass)pass, t);
        }
        else
        {
            ForwardResetBefore((GruPass)pass, t);
        }
    }

    public override void Backward(CellPass pass, int t)
    {
        if (resetAfter)
        {
            BackwardResetAfter((GruPass)pass, t);
        }
        else
        {
            BackwardResetBefore((GruPass)pass, t);
        }
    }

    public override Config GetConfig() => ConfigWith(
        new Config { { "activation", LayerConfig.Entry(options.Activation) }, { "recurrent_activation", LayerConfig.Entry(gateActivation) } },
        [],
        new Config { { "reset_after", resetAfter } });

    protected override void AllocatePanels()
    {
        int rows = resetAfter ? GateRows : 2 * Units;
        recurrentPanels = new PackedMatrix(rows, Units);
        recurrentBackPanels = new PackedMatrix(Units, rows);
        if (!resetAfter)
        {
            candidatePanels = new PackedMatrix(Units, Units);
            candidateBackPanels = new PackedMatrix(Units, Units);
        }
    }

    protected override void AddRecurrentGradients(CellPass pass, DenseMatrix gradient)
    {
        var own = (GruPass)pass;
        if (resetAfter)
        {
            Product.AddOuter(own.Recurrent!, pass.RecurrentInputs, gradient);
            return;
        }

        Product.AddOuter(pass.Gates, 0, 2 * Units, pass.RecurrentInputs, gradient, 0);
        Product.AddOuter(pass.Gates, Candidate * Units, Units, own.Reset!, gradient, Candidate * Units);
    }

    protected override void AddBiasGradients(CellPass pass, DenseMatrix gradient)
    {
        Span<Real> sums = gradient.Values;
        Product.AddRowSums(pass.Gates, sums[..GateRows]);
        if (resetAfter)
        {
            Product.AddRowSums(((GruPass)pass).Recurrent!, sums[GateRows..]);
        }
    }

    private void ForwardResetAfter(GruPass pass, int t)
    {
        ColumnBlock gates = pass.GatesOf(t);
        ColumnBlock recurrent = pass.RecurrentOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock hidden = pass.States[0].After(t);
        if (Bias is null)
        {
            Product.Set(recurrentPanels!, pass.RecurrentInput(t), recurrent);
        }
        else
        {
            VectorMath.SetColumns(Bias.Values[GateRows..], recurrent);
            Product.Add(recurrentPanels!, pass.RecurrentInput(t), recurrent);
        }

        if (fused)
        {
            GruGates.Forward(gates, recurrent, previous, hidden);
            return;
        }

        ColumnBlock preActivations = pass.PreActivationsOf(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> column = gates.Column(b);
            ReadOnlySpan<Real> fromState = recurrent.Column(b);
            VectorMath.Add(fromState[..(2 * Units)], column[..(2 * Units)]);
            ActivateUpdateAndReset(gates, preActivations, b);
            VectorMath.AddProduct(Gate(gates, b, ResetGate), Gate(recurrent, b, Candidate), Gate(gates, b, Candidate));
            ActivateCandidate(gates, preActivations, previous, hidden, b);
        }
    }

    private void BackwardResetAfter(GruPass pass, int t)
    {
        ColumnBlock gates = pass.GatesOf(t);
        ColumnBlock recurrent = pass.RecurrentOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        DenseMatrix dh = pass.StateGradients[0];
        if (fused)
        {
            GruGates.Backward(gates, recurrent, previous, dh, pass.Direct);
        }
        else
        {
            ColumnBlock preActivations = pass.PreActivationsOf(t);
            for (int b = 0; b < gates.ColumnCount; b++)
            {
                BackwardUpdateAndCandidate(pass, gates, preActivations, previous, b);
                Span<Real> reset = Gate(gates, b, ResetGate);
                Span<Real> fromState = Gate(recurrent, b, Candidate);
                ReadOnlySpan<Real> dCandidate = Gate(gates, b, Candidate);

                // fromState still is U_h·h' + b'_h: the reset gate's gradient first, then its own.
                Span<Real> scratch = dh.Values.AsSpan(b * Units, Units);
                VectorMath.Multiply(dCandidate, fromState, scratch);
                VectorMath.Multiply(dCandidate, reset, fromState);
                gateActivation.Backward(Gate(preActivations, b, ResetGate), reset, scratch, scratch, Units);
                scratch.CopyTo(reset);
                gates.Column(b)[..(2 * Units)].CopyTo(recurrent.Column(b));
            }
        }

        // The states before the step: directly through z∘h', and through the recurrent product.
        Product.Set(recurrentBackPanels!, recurrent, dh);
        pass.BackThroughDropout(dh.Values);
        VectorMath.Add(pass.Direct.Values, dh.Values);
    }

    private void ForwardResetBefore(GruPass pass, int t)
    {
        ColumnBlock gates = pass.GatesOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock hidden = pass.States[0].After(t);
        ColumnBlock input = pass.RecurrentInput(t);
        ColumnBlock reset = pass.ResetOf(t);
        Product.AddBand(recurrentPanels!, input, 0, gates, 0);
        if (fused)
        {
            GruGates.ForwardReset(gates, input, reset);
            Product.AddBand(candidatePanels!, reset, 0, gates, Candidate * Units);
            GruGates.ForwardCandidate(gates, previous, hidden);
            return;
        }

        ColumnBlock preActivations = pass.PreActivationsOf(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            ActivateUpdateAndReset(gates, preActivations, b);
            VectorMath.Multiply(Gate(gates, b, ResetGate), input.Column(b), reset.Column(b));
        }

        Product.AddBand(candidatePanels!, reset, 0, gates, Candidate * Units);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            ActivateCandidate(gates, preActivations, previous, hidden, b);
        }
    }

    private void BackwardResetBefore(GruPass pass, int t)
    {
        ColumnBlock gates = pass.GatesOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock input = pass.GivenRecurrentInput(t);
        DenseMatrix dh = pass.StateGradients[0];
        DenseMatrix dReset = pass.ResetGradient!;
        ColumnBlock preActivations = fused ? gates : pass.PreActivationsOf(t);
        if (fused)
        {
            GruGates.BackwardCandidate(gates, previous, dh, pass.Direct);
        }
        else
        {
            for (int b = 0; b < gates.ColumnCount; b++)
            {
                BackwardUpdateAndCandidate(pass, gates, preActivations, previous, b);
            }
        }

        // dh is free now: it gathers what comes back through what the recurrent products were given.
        Product.SetBand(candidateBackPanels!, gates, Candidate * Units, dReset, 0);
        dh.Clear();
        if (fused)
        {
            GruGates.BackwardReset(gates, input, dReset, dh);
        }
        else
        {
            for (int b = 0; b < gates.ColumnCount; b++)
            {
                Span<Real> reset = Gate(gates, b, ResetGate);
                Span<Real> d = dReset.Values.AsSpan(b * Units, Units);
                VectorMath.Multiply(d, reset, dh.Values.AsSpan(b * Units, Units));
                VectorMath.Multiply(d, input.Column(b), d);
                gateActivation.Backward(Gate(preActivations, b, ResetGate), reset, d, d, Units);
                d.CopyTo(reset);
            }
        }

        Product.AddBand(recurrentBackPanels!, gates, 0, dh, 0);
        pass.BackThroughDropout(dh.Values);
        VectorMath.Add(pass.Direct.Values, dh.Values);
    }

    private void ActivateUpdateAndReset(ColumnBlock gates, ColumnBlock preActivations, int b)
    {
        gates.Column(b)[..(2 * Units)].CopyTo(preActivations.Column(b));
        gateActivation.Forward(Gate(gates, b, UpdateGate), Gate(gates, b, UpdateGate), Units);
        gateActivation.Forward(Gate(gates, b, ResetGate), Gate(gates, b, ResetGate), Units);
    }

    /// <summary>ĥ = act(…) and h = z∘h' + (1 − z)∘ĥ = ĥ + z∘(h' − ĥ).</summary>
    private void ActivateCandidate(ColumnBlock gates, ColumnBlock preActivations, ColumnBlock previous, ColumnBlock hidden, int b)
    {
        Span<Real> candidate = Gate(gates, b, Candidate);
        candidate.CopyTo(Gate(preActivations, b, Candidate));
        options.Activation.Forward(candidate, candidate, Units);
        Span<Real> h = hidden.Column(b);
        VectorMath.Subtract(previous.Column(b), candidate, h);
        VectorMath.Multiply(Gate(gates, b, UpdateGate), h, h);
        VectorMath.Add(candidate, h);
    }

    /// <summary>Replaces the update gate and the candidate by the gradients of their pre-activations; leaves dh∘z in the pass.</summary>
    private void BackwardUpdateAndCandidate(GruPass pass, ColumnBlock gates, ColumnBlock preActivations, ColumnBlock previous, int b)
    {
        Span<Real> update = Gate(gates, b, UpdateGate);
        Span<Real> candidate = Gate(gates, b, Candidate);
        Span<Real> dh = pass.StateGradients[0].Values.AsSpan(b * Units, Units);
        Span<Real> direct = pass.Direct.Values.AsSpan(b * Units, Units);
        Span<Real> delta = pass.Delta.Values.AsSpan(b * Units, Units);

        VectorMath.Multiply(dh, update, direct);
        VectorMath.Subtract(previous.Column(b), candidate, delta);
        VectorMath.Multiply(dh, delta, delta);
        VectorMath.Subtract(dh, direct, dh);
        gateActivation.Backward(Gate(preActivations, b, UpdateGate), update, delta, delta, Units);
        delta.CopyTo(update);
        options.Activation.Backward(Gate(preActivations, b, Candidate), candidate, dh, dh, Units);
        dh.CopyTo(candidate);
    }

    private Span<Real> Gate(ColumnBlock gates, int column, int gate) => gates.Column(column).Slice(gate * Units, Units);

    /// <summary>What a GRU remembers beside gates and states.</summary>
    private sealed class GruPass : CellPass
    {
        private readonly bool differentiable;
        private readonly DenseMatrix? preActivations;
        private DenseMatrix? direct;
        private DenseMatrix? delta;

        public GruPass(
            int gateRows,
            IReadOnlyList<int> stateSizes,
            int steps,
            int batchSize,
            bool differentiable,
            bool resetAfter,
            bool keepPreActivations)
            : base(gateRows, stateSizes, steps, batchSize, differentiable)
        {
            this.differentiable = differentiable;
            int columns = (differentiable ? steps : 1) * batchSize;
            int units = stateSizes[0];
            Recurrent = resetAfter ? new DenseMatrix(gateRows, columns) : null;
            Reset = resetAfter ? null : new DenseMatrix(units, columns);
            ResetGradient = resetAfter || !differentiable ? null : new DenseMatrix(units, batchSize);
            preActivations = keepPreActivations ? new DenseMatrix(gateRows, columns) : null;
        }

        /// <summary>After: U·h' + b' of all steps; backward, its gradient.</summary>
        public DenseMatrix? Recurrent { get; }

        /// <summary>Before: r∘h' of all steps.</summary>
        public DenseMatrix? Reset { get; }

        /// <summary>Before: the gradient of r∘h' of one step.</summary>
        public DenseMatrix? ResetGradient { get; }

        /// <summary>dh∘z of one step backward: what reaches the state before it directly.</summary>
        public DenseMatrix Direct => direct ??= new DenseMatrix(States[0].Values.RowCount, BatchSize);

        /// <summary>Scratch of one step backward.</summary>
        public DenseMatrix Delta => delta ??= new DenseMatrix(States[0].Values.RowCount, BatchSize);

        public ColumnBlock RecurrentOf(int t) => StepOf(Recurrent!, differentiable ? t : 0);

        public ColumnBlock ResetOf(int t) => StepOf(Reset!, differentiable ? t : 0);

        public ColumnBlock PreActivationsOf(int t) => StepOf(preActivations!, differentiable ? t : 0);
    }
}
