using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;

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
public sealed class LSTMCell : GatedCell
{
    private const int InputGate = 0;
    private const int ForgetGate = 1;
    private const int Candidate = 2;
    private const int OutputGate = 3;
    private const int GateCount = 4;

    private const int Hidden = 0;
    private const int Cell = 1;

    private readonly ActivationFunction gateActivation;
    private readonly bool unitForgetBias;
    private readonly bool fused;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="activation">act, the activation of the candidate and of the cell state on its way out. Default tanh.</param>
    /// <param name="recurrentActivation">σ, the activation of the gates. Default sigmoid.</param>
    /// <param name="useBias">Whether there is a bias. Default true.</param>
    /// <param name="kernelInitializer">First values of W. Default Glorot uniform.</param>
    /// <param name="recurrentInitializer">First values of U. Default orthogonal.</param>
    /// <param name="biasInitializer">First values of the bias. Default zeros.</param>
    /// <param name="unitForgetBias">Whether the bias of the forget gate starts at 1 (Jozefowicz et al. 2015). Default true.</param>
    /// <param name="kernelRegularizer">Penalty on W, or null.</param>
    /// <param name="recurrentRegularizer">Penalty on U, or null.</param>
    /// <param name="biasRegularizer">Penalty on the bias, or null.</param>
    /// <param name="kernelConstraint">What W is projected onto after each update, or null.</param>
    /// <param name="recurrentConstraint">What U is projected onto after each update, or null.</param>
    /// <param name="biasConstraint">What the bias is projected onto after each update, or null.</param>
    /// <param name="dropout">Share of the inputs set to zero in training (<see cref="GatedCell.Dropout"/>). Default 0.</param>
    /// <param name="recurrentDropout">Share of the hidden state set to zero in training (<see cref="GatedCell.RecurrentDropout"/>). Default 0.</param>
    /// <param name="seed">Seed of the dropout masks and first values; null takes it from the layer.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LSTMCell(
        int units,
        ActivationFunction? activation = null,
        ActivationFunction? recurrentActivation = null,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? recurrentInitializer = null,
        Initializer? biasInitializer = null,
        bool unitForgetBias = true,
        Regularizer? kernelRegularizer = null,
        Regularizer? recurrentRegularizer = null,
        Regularizer? biasRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? recurrentConstraint = null,
        Constraint? biasConstraint = null,
        double dropout = 0,
        double recurrentDropout = 0,
        int? seed = null,
        string? name = null)
        : this(
            new CellOptions
            {
                Units = units,
                Activation = activation ?? "tanh",
                UseBias = useBias,
                KernelInitializer = kernelInitializer ?? "glorot_uniform",
                RecurrentInitializer = recurrentInitializer ?? "orthogonal",
                BiasInitializer = biasInitializer ?? "zeros",
                KernelRegularizer = kernelRegularizer,
                RecurrentRegularizer = recurrentRegularizer,
                BiasRegularizer = biasRegularizer,
                KernelConstraint = kernelConstraint,
                RecurrentConstraint = recurrentConstraint,
                BiasConstraint = biasConstraint,
                Dropout = dropout,
                RecurrentDropout = recurrentDropout,
                Seed = seed,
                Name = name,
            },
            recurrentActivation ?? "sigmoid",
            unitForgetBias)
    {
        Options.Check(new OptionCheck(Introduction)).ThrowIfAny();
    }

    internal LSTMCell(CellOptions options, ActivationFunction recurrentActivation, bool unitForgetBias)
        : base(options, GateCount)
    {
        this.unitForgetBias = unitForgetBias;
        gateActivation = recurrentActivation;
        fused = options.Activation is Tanh && recurrentActivation is Sigmoid;
    }

    /// <inheritdoc/>
    public override string ClassName => "LSTMCell";

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, Units];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["hidden", "cell"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["input", "forget", "candidate", "output"];

    private protected override Initializer FirstBias => unitForgetBias ? new UnitForgetBias(BiasInitializer, Units) : BiasInitializer;

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new LSTMPass(this, options, keepPreActivations: !fused);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.GatesOf(t);
        RecurrentKernel.Add(own.RecurrentInput(t), z);
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

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.GatesOf(t);
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

        RecurrentKernel.SetBack(z, dh);
        own.BackThroughDropout(dh.Values);
    }

    /// <inheritdoc/>
    public override Config GetOptions() => Options.ToConfig(
        new Config { { "activation", LayerConfig.Entry(Activation) }, { "recurrent_activation", LayerConfig.Entry(gateActivation) } },
        new Config { { "unit_forget_bias", unitForgetBias } },
        []);

    internal static LSTMCell Read(ConfigReader config) => Read(config, CellOptions.Read(config));

    internal static LSTMCell Read(ConfigReader config, CellOptions options) => new(
        options,
        config.OptionalComponent("recurrent_activation", ActivationNames.Registry) ?? "linear",
        config.Bool("unit_forget_bias", true));

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
            Activation.Forward(g, g, Units);
            gateActivation.Forward(o, o, Units);

            Span<Real> c = cell.Column(b);
            VectorMath.Multiply(f, previousCell.Column(b), c);
            VectorMath.AddProduct(i, g, c);
            Activation.Forward(c, activatedCell.Column(b), Units);
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
            Activation.Backward(cell.Column(b), activatedCell.Column(b), delta, delta, Units);
            VectorMath.Add(delta, dc);
            VectorMath.Multiply(dh, activatedCell.Column(b), delta);
            gateActivation.Backward(Gate(preActivations, b, OutputGate), o, delta, delta, Units);
            delta.CopyTo(o);

            // Through c = f∘c' + i∘g, while the values of i, f and g are still there.
            VectorMath.Multiply(dc, g, delta);
            VectorMath.Multiply(dc, i, dh);
            gateActivation.Backward(Gate(preActivations, b, InputGate), i, delta, delta, Units);
            delta.CopyTo(i);
            Activation.Backward(Gate(preActivations, b, Candidate), g, dh, dh, Units);
            dh.CopyTo(g);
            VectorMath.Multiply(dc, previousCell.Column(b), delta);
            VectorMath.Multiply(dc, f, dc);
            gateActivation.Backward(Gate(preActivations, b, ForgetGate), f, delta, delta, Units);
            delta.CopyTo(f);
        }
    }

    /// <summary>What an LSTM remembers beside gates and states: act(c_t), and the pre-activations where derivatives may need them.</summary>
    private sealed class LSTMPass : GatedCellPass
    {
        private readonly DenseMatrix activatedCell;
        private readonly DenseMatrix? preActivations;
        private readonly Real[] scratch;

        public LSTMPass(LSTMCell cell, CellPassOptions options, bool keepPreActivations)
            : base(cell, options)
        {
            activatedCell = NewMemory(cell.Units);
            scratch = new Real[keepPreActivations ? cell.Units : 0];
            preActivations = keepPreActivations ? NewMemory(cell.GateRows) : null;
        }

        /// <summary>Room for one gradient of one sample.</summary>
        public Span<Real> Scratch => scratch;

        public ColumnBlock ActivatedCellOf(int t) => StepOf(activatedCell, t);

        public ColumnBlock PreActivationsOf(int t) => StepOf(preActivations!, t);
    }
}
