using Recurrent.Activations;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The long short-term memory cell (Hochreiter and Schmidhuber 1997) with a forget gate (Gers, Schmidhuber and Cummins 2000) and
/// without peepholes, as Keras has it.
/// </summary>
/// <remarks>
/// <code>
/// forward    [zi zf zg zo] = W·x_t + U·h_{t−1} + b
///            i = σ(zi)   f = σ(zf)   g = act(zg)   o = σ(zo)        input, forget, candidate, output
///            c_t = f∘c_{t−1} + i∘g
///            h_t = o∘act(c_t)
/// backward   do = dh∘act(c_t)             dc ← dc + act′(c_t)∘(dh∘o)
///            di = dc∘g    df = dc∘c_{t−1}   dg = dc∘i
///            dz = [σ′·di  σ′·df  act′·dg  σ′·do]
///            dh_{t−1} = Uᵀ·dz             dc_{t−1} = dc∘f
/// </code>
/// </remarks>
internal sealed class LstmCell : RecurrentCell
{
    private const int InputGate = 0;
    private const int ForgetGate = 1;
    private const int Candidate = 2;
    private const int OutputGate = 3;
    private const int GateCount = 4;

    private const int Hidden = 0;
    private const int Cell = 1;

    private readonly RecurrentOptions options;
    private readonly ActivationFunction gateActivation;
    private readonly bool unitForgetBias;
    private readonly bool fused;
    private PackedMatrix? recurrentPanels;
    private PackedMatrix? recurrentBackPanels;

    public LstmCell(RecurrentOptions options, ActivationFunction recurrentActivation, bool unitForgetBias)
        : base(options, GateCount, options.Units, options.Units)
    {
        this.options = options;
        this.unitForgetBias = unitForgetBias;
        gateActivation = recurrentActivation;
        fused = options.Activation is Tanh && recurrentActivation is Sigmoid;
    }

    protected override Initializer BiasInitializer =>
        unitForgetBias ? new UnitForgetBias(base.BiasInitializer, Units) : base.BiasInitializer;

    public override void Pack()
    {
        base.Pack();
        recurrentPanels!.Pack(RecurrentKernel!.Value);
        recurrentBackPanels!.PackTransposed(RecurrentKernel.Value);
    }

    public override CellPass NewPass(int steps, int batchSize, bool differentiable) => new LstmPass(
        GateRows, StateSizes, steps, batchSize, differentiable, keepPreActivations: !fused);

    public override void Forward(CellPass pass, int t)
    {
        var own = (LstmPass)pass;
        ColumnBlock z = pass.GatesOf(t);
        Product.Add(recurrentPanels!, pass.RecurrentInput(t), z);
        ColumnBlock c = pass.States[Cell].After(t);
        ColumnBlock h = pass.States[Hidden].After(t);
        if (fused)
        {
            LstmGates.Forward(z, pass.States[Cell].Before(t), c, own.ActivatedCellOf(t), h);
        }
        else
        {
            ForwardGates(z, own.PreActivationsOf(t), pass.States[Cell].Before(t), c, own.ActivatedCellOf(t), h);
        }
    }

    public override void Backward(CellPass pass, int t)
    {
        var own = (LstmPass)pass;
        ColumnBlock z = pass.GatesOf(t);
        ColumnBlock previousCell = pass.States[Cell].Before(t);
        DenseMatrix dh = pass.StateGradients[Hidden];
        DenseMatrix dc = pass.StateGradients[Cell];
        if (fused)
        {
            LstmGates.Backward(z, previousCell, own.ActivatedCellOf(t), dh, dc);
        }
        else
        {
            BackwardGates(z, own.PreActivationsOf(t), previousCell, pass.States[Cell].After(t), own.ActivatedCellOf(t), dh, dc, own.Scratch);
        }

        Product.Set(recurrentBackPanels!, z, dh);
        pass.BackThroughDropout(dh.Values);
    }

    public override Config GetConfig() => ConfigWith(
        new Config { { "activation", LayerConfig.Entry(options.Activation) }, { "recurrent_activation", LayerConfig.Entry(gateActivation) } },
        new Config { { "unit_forget_bias", unitForgetBias } },
        []);

    protected override void AllocatePanels()
    {
        recurrentPanels = new PackedMatrix(GateRows, Units);
        recurrentBackPanels = new PackedMatrix(Units, GateRows);
    }

    /// <summary>The gates for activations other than the default ones; <see cref="LstmGates"/> is the same in one sweep.</summary>
    private void ForwardGates(
        ColumnBlock z, ColumnBlock preActivations, ColumnBlock previousCell, ColumnBlock cell, ColumnBlock activatedCell, ColumnBlock hidden)
    {
        z.Values.CopyTo(preActivations.Values);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            Span<Real> o = Gate(z, b, OutputGate);
            gateActivation.Forward(i, i, Units);
            gateActivation.Forward(f, f, Units);
            options.Activation.Forward(g, g, Units);
            gateActivation.Forward(o, o, Units);

            Span<Real> c = cell.Column(b);
            VectorMath.Multiply(f, previousCell.Column(b), c);
            VectorMath.AddProduct(i, g, c);
            options.Activation.Forward(c, activatedCell.Column(b), Units);
            VectorMath.Multiply(o, activatedCell.Column(b), hidden.Column(b));
        }
    }

    private void BackwardGates(
        ColumnBlock z,
        ColumnBlock preActivations,
        ColumnBlock previousCell,
        ColumnBlock cell,
        ColumnBlock activatedCell,
        ColumnBlock dHidden,
        ColumnBlock dCell,
        Span<Real> delta)
    {
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            Span<Real> o = Gate(z, b, OutputGate);
            Span<Real> dh = dHidden.Column(b);
            Span<Real> dc = dCell.Column(b);

            // Through h = o∘act(c): first into c, then into the output gate.
            VectorMath.Multiply(dh, o, delta);
            options.Activation.Backward(cell.Column(b), activatedCell.Column(b), delta, delta, Units);
            VectorMath.Add(delta, dc);
            VectorMath.Multiply(dh, activatedCell.Column(b), delta);
            gateActivation.Backward(Gate(preActivations, b, OutputGate), o, delta, delta, Units);
            delta.CopyTo(o);

            // Through c = f∘c' + i∘g, while the values of i, f and g are still there.
            VectorMath.Multiply(dc, g, delta);
            VectorMath.Multiply(dc, i, dh);
            gateActivation.Backward(Gate(preActivations, b, InputGate), i, delta, delta, Units);
            delta.CopyTo(i);
            options.Activation.Backward(Gate(preActivations, b, Candidate), g, dh, dh, Units);
            dh.CopyTo(g);
            VectorMath.Multiply(dc, previousCell.Column(b), delta);
            VectorMath.Multiply(dc, f, dc);
            gateActivation.Backward(Gate(preActivations, b, ForgetGate), f, delta, delta, Units);
            delta.CopyTo(f);
        }
    }

    private Span<Real> Gate(ColumnBlock z, int column, int gate) => z.Column(column).Slice(gate * Units, Units);

    /// <summary>What an LSTM remembers beside gates and states: act(c_t), and the pre-activations where derivatives may need them.</summary>
    private sealed class LstmPass : CellPass
    {
        private readonly DenseMatrix activatedCell;
        private readonly DenseMatrix? preActivations;
        private readonly Real[] scratch;

        public LstmPass(
            int gateRows, IReadOnlyList<int> stateSizes, int steps, int batchSize, bool differentiable, bool keepPreActivations)
            : base(gateRows, stateSizes, steps, batchSize, differentiable)
        {
            activatedCell = new DenseMatrix(stateSizes[Cell], (differentiable ? steps : 1) * batchSize);
            scratch = new Real[keepPreActivations ? stateSizes[Cell] : 0];
            preActivations = keepPreActivations ? new DenseMatrix(gateRows, (differentiable ? steps : 1) * batchSize) : null;
        }

        /// <summary>Room for one gradient of one sample.</summary>
        public Span<Real> Scratch => scratch;

        public ColumnBlock ActivatedCellOf(int t) => Of(activatedCell, t);

        public ColumnBlock PreActivationsOf(int t) => Of(preActivations!, t);

        private ColumnBlock Of(DenseMatrix matrix, int t) => StepOf(matrix, matrix.ColumnCount == BatchSize ? 0 : t);
    }
}
