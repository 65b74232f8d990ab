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
public sealed class LSTMCell : LSTMCellBase
{
    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="activation">act, the activation of the candidate and of the cell state on its way out. Default tanh.</param>
    /// <param name="recurrentActivation">σ, the activation of the gates. Default sigmoid.</param>
    /// <param name="useBias">Whether there is a bias. Default true.</param>
    /// <param name="kernelInitializer">First values of W. Default Glorot uniform.</param>
    /// <param name="recurrentInitializer">First values of U. Default orthogonal.</param>
    /// <param name="biasInitializer">First values of the bias. Default zeros.</param>
    /// <param name="unitForgetBias">
    /// Whether the bias of the forget gate starts at 1 (Jozefowicz et al. 2015). Default true.
    /// </param>
    /// <param name="kernelRegularizer">Penalty on W, or null.</param>
    /// <param name="recurrentRegularizer">Penalty on U, or null.</param>
    /// <param name="biasRegularizer">Penalty on the bias, or null.</param>
    /// <param name="kernelConstraint">What W is projected onto after each update, or null.</param>
    /// <param name="recurrentConstraint">What U is projected onto after each update, or null.</param>
    /// <param name="biasConstraint">What the bias is projected onto after each update, or null.</param>
    /// <param name="dropout">Share of the inputs set to zero in training (<see cref="CellOptions.Dropout"/>). Default 0.</param>
    /// <param name="recurrentDropout">
    /// Share of the hidden state set to zero in training (<see cref="CellOptions.RecurrentDropout"/>). Default 0.
    /// </param>
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
            units,
            CellOptions.Of(
                activation, recurrentActivation, useBias, kernelInitializer,
                recurrentInitializer, biasInitializer, unitForgetBias,
                kernelRegularizer, recurrentRegularizer, biasRegularizer,
                kernelConstraint, recurrentConstraint, biasConstraint,
                dropout, recurrentDropout, seed),
            name)
    {
    }

    internal LSTMCell(int units, CellOptions options, string? name = null)
        : base(units, options, name) => Check();

    /// <inheritdoc/>
    public override string ClassName => "LSTMCell";

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.ZOf(t);
        AddRecurrent(own, t, z);
        ForwardGates(own, t, z, pass.States[Hidden].After(t));
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.ZOf(t);
        DenseMatrix dh = pass.StateGradients[Hidden];
        BackwardGates(own, t, z, dh);
        SetRecurrentBack(own, t, z, dh);
    }

    internal static LSTMCell Read(ConfigReader config, bool ofLayer) =>
        new(config.Int("units"), CellOptions.Read(config, Defaults, ofLayer));
}

/// <summary>
/// What LSTMs do between their products, for any activations: the cell state first, then the output; backward the other way
/// round. <see cref="LSTMCell"/> does nothing else; peepholes, projections, normalisation and convolutions come before, between
/// or after.
/// </summary>
/// <remarks>
/// <code>
/// ForwardCell      i = σ(zi)   f = σ(zf)   g = act(zg)      c_t = f∘c_{t−1} + i∘g
/// ForwardOutput    o = σ(zo)                                h_t = o∘act(c_t)
/// BackwardOutput   dzo = σ′∘dh∘act(c_t)                     dc ← dc + act′(c_t)∘(dh∘o)
/// BackwardCell     dzi = σ′∘dc∘g   dzf = σ′∘dc∘c_{t−1}      dzg = act′∘dc∘i      dc_{t−1} = dc∘f
/// </code>
/// <para>With tanh and sigmoid all of it is one sweep over the gates, <c>LSTMGates</c>, which gives these same numbers.</para>
/// </remarks>
public abstract class LSTMCellBase : GatedCell
{
    /// <summary>The state h, or what takes its place.</summary>
    private protected const int Hidden = 0;

    /// <summary>The state c.</summary>
    private protected const int Cell = 1;

    /// <summary>The input gate i.</summary>
    private protected const int InputGate = 0;

    /// <summary>The forget gate f.</summary>
    private protected const int ForgetGate = 1;

    /// <summary>The candidate g, which Keras calls c.</summary>
    private protected const int Candidate = 2;

    /// <summary>The output gate o.</summary>
    private protected const int OutputGate = 3;

    private const int GateCount = 4;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid", ForgetGate = ForgetGate };

    private readonly bool fused;

    private protected LSTMCellBase(int units, CellOptions? options, string? name)
        : base(Defaults, units, GateCount, options, name) => fused = Activation is Tanh && RecurrentActivation is Sigmoid;

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, Units];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["hidden", "cell"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["input", "forget", "candidate", "output"];

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new LSTMPass(this, options);

    /// <summary>From pre-activations to gates and states.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="t">The step.</param>
    /// <param name="z">In: pre-activations. Out: gates.</param>
    /// <param name="hidden">Receives h_t.</param>
    private protected void ForwardGates(LSTMPass pass, int t, ColumnBlock z, ColumnBlock hidden)
    {
        StateTrajectory cell = pass.States[Cell];
        if (fused)
        {
            LSTMGates.Forward(z, cell.Before(t), cell.After(t), pass.ActivatedCellOf(t), hidden);
            return;
        }

        ForwardCell(pass, t, z);
        ForwardOutput(pass, t, z, cell.After(t), hidden);
    }

    /// <summary>From gates to the gradients of their pre-activations, and from dc to that of c_{t−1}.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="t">The step.</param>
    /// <param name="z">In: gates. Out: gradients of the pre-activations.</param>
    /// <param name="dHidden">Gradient of h_t; its room may be overwritten.</param>
    private protected void BackwardGates(LSTMPass pass, int t, ColumnBlock z, ColumnBlock dHidden)
    {
        StateTrajectory cell = pass.States[Cell];
        ColumnBlock dCell = pass.StateGradients[Cell];
        if (fused)
        {
            LSTMGates.Backward(z, cell.Before(t), pass.ActivatedCellOf(t), dHidden, dCell);
            return;
        }

        BackwardOutput(pass, t, z, cell.After(t), dHidden, dCell);
        BackwardCell(pass, t, z, dHidden, dCell);
    }

    /// <summary>The gates i, f and g, and the cell state.</summary>
    private protected void ForwardCell(LSTMPass pass, int t, ColumnBlock z)
    {
        ColumnBlock previousCell = pass.States[Cell].Before(t);
        ColumnBlock cell = pass.States[Cell].After(t);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            pass.Keep(t, b, InputGate, i);
            pass.Keep(t, b, ForgetGate, f);
            pass.Keep(t, b, Candidate, g);
            RecurrentActivation.Forward(i, i, Units);
            RecurrentActivation.Forward(f, f, Units);
            Activation.Forward(g, g, Units);
            VectorMath.Multiply(f, previousCell.Column(b), cell.Column(b));
            VectorMath.AddProduct(i, g, cell.Column(b));
        }
    }

    /// <summary>The output gate and the hidden state, from c_t or what a cell makes of it on its way out.</summary>
    private protected void ForwardOutput(LSTMPass pass, int t, ColumnBlock z, ColumnBlock cell, ColumnBlock hidden)
    {
        ColumnBlock activatedCell = pass.ActivatedCellOf(t);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> o = Gate(z, b, OutputGate);
            pass.Keep(t, b, OutputGate, o);
            RecurrentActivation.Forward(o, o, Units);
            Activation.Forward(cell.Column(b), activatedCell.Column(b), Units);
            VectorMath.Multiply(o, activatedCell.Column(b), hidden.Column(b));
        }
    }

    /// <summary>Through h = o∘act(c): dzo in place of o, and dc gets what h saw of c.</summary>
    private protected void BackwardOutput(
        LSTMPass pass, int t, ColumnBlock z, ColumnBlock cell, ColumnBlock dHidden, ColumnBlock dCell)
    {
        Span<Real> delta = pass.Scratch;
        ColumnBlock activatedCell = pass.ActivatedCellOf(t);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> o = Gate(z, b, OutputGate);
            Span<Real> dh = dHidden.Column(b);
            VectorMath.Multiply(dh, o, delta);
            Activation.Backward(cell.Column(b), activatedCell.Column(b), delta, delta, Units);
            VectorMath.Add(delta, dCell.Column(b));
            VectorMath.Multiply(dh, activatedCell.Column(b), delta);
            RecurrentActivation.Backward(pass.PreActivationOf(t, b, OutputGate), o, delta, delta, Units);
            delta.CopyTo(o);
        }
    }

    /// <summary>
    /// Through c = f∘c' + i∘g, when dc is whole: dzi, dzf and dzg in place of i, f and g, and dc∘f in place of dc. The room of dh
    /// is free by then.
    /// </summary>
    private protected void BackwardCell(LSTMPass pass, int t, ColumnBlock z, ColumnBlock room, ColumnBlock dCell)
    {
        Span<Real> delta = pass.Scratch;
        ColumnBlock previousCell = pass.States[Cell].Before(t);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            Span<Real> dg = room.Column(b);
            Span<Real> dc = dCell.Column(b);
            VectorMath.Multiply(dc, i, dg);
            VectorMath.Multiply(dc, g, delta);
            RecurrentActivation.Backward(pass.PreActivationOf(t, b, InputGate), i, delta, delta, Units);
            delta.CopyTo(i);
            Activation.Backward(pass.PreActivationOf(t, b, Candidate), g, dg, dg, Units);
            dg.CopyTo(g);
            VectorMath.Multiply(dc, previousCell.Column(b), delta);
            VectorMath.Multiply(dc, f, dc);
            RecurrentActivation.Backward(pass.PreActivationOf(t, b, ForgetGate), f, delta, delta, Units);
            delta.CopyTo(f);
        }
    }
}
