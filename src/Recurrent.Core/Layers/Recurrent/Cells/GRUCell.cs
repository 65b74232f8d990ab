using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>
/// The gated recurrent unit (Cho et al. 2014) in both forms: the reset gate applied after the recurrent product (Keras's
/// default, as cuDNN and the paper's first version have it) or before it (its third version).
/// </summary>
/// <remarks>
/// An update gate near one keeps the old state, as in the paper (eq. 7) and in Keras; Chung et al. 2014 swap z and 1 − z.
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
public sealed class GRUCell : GatedCell
{
    private const int UpdateGate = 0;
    private const int ResetGate = 1;
    private const int Candidate = 2;
    private const int GateCount = 3;

    private readonly bool resetAfter;
    private readonly bool fused;

    // Before: U in two parts, update and reset, then the candidate.
    private LinearMap? candidateKernel;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid" };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="activation">act, the activation of the candidate. Default tanh.</param>
    /// <param name="recurrentActivation">σ, the activation of the gates. Default sigmoid.</param>
    /// <param name="useBias">Whether there is a bias. Default true.</param>
    /// <param name="kernelInitializer">First values of W. Default Glorot uniform.</param>
    /// <param name="recurrentInitializer">First values of U. Default orthogonal.</param>
    /// <param name="biasInitializer">First values of the bias. Default zeros.</param>
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
    /// <param name="resetAfter">
    /// Whether the reset gate is applied after the recurrent product (true, the default, as cuDNN) or before it (false).
    /// </param>
    /// <param name="seed">Seed of the dropout masks and first values; null takes it from the layer.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public GRUCell(
        int units,
        ActivationFunction? activation = null,
        ActivationFunction? recurrentActivation = null,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? recurrentInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? recurrentRegularizer = null,
        Regularizer? biasRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? recurrentConstraint = null,
        Constraint? biasConstraint = null,
        double dropout = 0,
        double recurrentDropout = 0,
        bool resetAfter = true,
        int? seed = null,
        string? name = null)
        : this(
            units,
            resetAfter,
            CellOptions.Of(
                activation, recurrentActivation, useBias, kernelInitializer,
                recurrentInitializer, biasInitializer, unitForgetBias: null,
                kernelRegularizer, recurrentRegularizer, biasRegularizer,
                kernelConstraint, recurrentConstraint, biasConstraint,
                dropout, recurrentDropout, seed),
            name)
    {
    }

    internal GRUCell(int units, bool resetAfter, CellOptions options, string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        this.resetAfter = resetAfter;
        fused = Activation is Tanh && RecurrentActivation is Sigmoid;
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "GRUCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["update", "reset", "candidate"];

    private protected override int BiasCount => resetAfter ? 2 : 1;

    private LinearMap CandidateKernel => candidateKernel!;

    /// <summary>W, as <see cref="SegmentGRU"/> goes on with it.</summary>
    internal LinearMap InputMap => Kernel;

    /// <summary>U, with the reset after the product.</summary>
    internal LinearMap StateMap => RecurrentKernel;

    private protected override Config OwnOptions => new() { { "reset_after", resetAfter } };

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) =>
        new GRUPass(this, options, resetAfter, keepPreActivations: !fused);

    /// <inheritdoc/>
    public override void Pack()
    {
        base.Pack();
        candidateKernel?.Pack();
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        if (resetAfter)
        {
            ForwardResetAfter((GRUPass)pass, t);
        }
        else
        {
            ForwardResetBefore((GRUPass)pass, t);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        if (resetAfter)
        {
            BackwardResetAfter((GRUPass)pass, t);
        }
        else
        {
            BackwardResetBefore((GRUPass)pass, t);
        }
    }

    internal static GRUCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"), config.Bool("reset_after", true), CellOptions.Read(config, Defaults, ofLayer));

    private protected override LinearMap MapRecurrent(Parameter weights)
    {
        candidateKernel = resetAfter ? null : new LinearMap(weights, Candidate * Units, Units);
        return resetAfter ? new LinearMap(weights) : new LinearMap(weights, 0, Candidate * Units);
    }

    /// <inheritdoc/>
    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        var own = (GRUPass)pass;
        Kernel.AddGradient(own.Z, x, own);
        if (resetAfter)
        {
            ColumnBlock recurrent = own.Recurrent!;
            int steps = recurrent.ColumnCount - own.RecurrentZeros;
            RecurrentKernel.AddGradient(
                recurrent.Columns(own.RecurrentZeros, steps), own.RecurrentInputs.Columns(own.RecurrentZeros, steps), own);
            return;
        }

        RecurrentKernel.AddGradient(own.Z, own.RecurrentInputs, own);
        CandidateKernel.AddGradient(own.Z, own.Reset!, own);
    }

    private protected override void AddBiasGradients(GatedCellPass pass, Span<Real> gradient)
    {
        base.AddBiasGradients(pass, gradient[..GateRows]);
        if (resetAfter)
        {
            Product.AddRowSums(((GRUPass)pass).Recurrent!, gradient[GateRows..]);
        }
    }

    private void ForwardResetAfter(GRUPass pass, int t)
    {
        ColumnBlock gates = pass.ZOf(t);
        ColumnBlock recurrent = pass.RecurrentOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock hidden = pass.States[0].After(t);
        SetRecurrent(pass, t, Bias is null ? default : Bias.Values[GateRows..], recurrent);
        if (fused)
        {
            GRUGates.Forward(gates, recurrent, previous, hidden);
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

    /// <summary><c>b' + U·h_{t−1}</c>.</summary>
    private void SetRecurrent(GRUPass pass, int t, ReadOnlySpan<Real> bias, ColumnBlock recurrent)
    {
        if (!pass.IsZeroBefore(t))
        {
            RecurrentKernel.Set(pass.RecurrentInput(t), bias, recurrent, pass.Threads);
            return;
        }

        recurrent.Values.Clear();
        for (int b = 0; b < recurrent.ColumnCount; b++)
        {
            bias.CopyTo(recurrent.Column(b));
        }
    }

    private void BackwardResetAfter(GRUPass pass, int t)
    {
        ColumnBlock gates = pass.ZOf(t);
        ColumnBlock recurrent = pass.RecurrentOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        DenseMatrix dh = pass.StateGradients[0];
        if (fused)
        {
            GRUGates.Backward(gates, recurrent, previous, dh, pass.Direct);
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
                RecurrentActivation.Backward(Gate(preActivations, b, ResetGate), reset, scratch, scratch, Units);
                scratch.CopyTo(reset);
                gates.Column(b)[..(2 * Units)].CopyTo(recurrent.Column(b));
            }
        }

        // The states before the step: directly through z∘h', and through the recurrent product.
        SetRecurrentBack(pass, t, recurrent, dh);
        VectorMath.Add(pass.Direct.Values, dh.Values);
    }

    private void ForwardResetBefore(GRUPass pass, int t)
    {
        ColumnBlock gates = pass.ZOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock hidden = pass.States[0].After(t);
        ColumnBlock input = pass.RecurrentInput(t);
        ColumnBlock reset = pass.ResetOf(t);
        RecurrentKernel.Add(input, gates, pass.Threads);
        if (fused)
        {
            GRUGates.ForwardReset(gates, input, reset);
            CandidateKernel.Add(reset, gates, pass.Threads);
            GRUGates.ForwardCandidate(gates, previous, hidden);
            return;
        }

        ColumnBlock preActivations = pass.PreActivationsOf(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            ActivateUpdateAndReset(gates, preActivations, b);
            VectorMath.Multiply(Gate(gates, b, ResetGate), input.Column(b), reset.Column(b));
        }

        CandidateKernel.Add(reset, gates, pass.Threads);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            ActivateCandidate(gates, preActivations, previous, hidden, b);
        }
    }

    private void BackwardResetBefore(GRUPass pass, int t)
    {
        ColumnBlock gates = pass.ZOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock input = pass.GivenRecurrentInput(t);
        DenseMatrix dh = pass.StateGradients[0];
        DenseMatrix dReset = pass.ResetGradient!;
        ColumnBlock preActivations = fused ? gates : pass.PreActivationsOf(t);
        if (fused)
        {
            GRUGates.BackwardCandidate(gates, previous, dh, pass.Direct);
        }
        else
        {
            for (int b = 0; b < gates.ColumnCount; b++)
            {
                BackwardUpdateAndCandidate(pass, gates, preActivations, previous, b);
            }
        }

        // dh is free now: it gathers what comes back through what the recurrent products were given.
        CandidateKernel.SetBack(gates, dReset);
        dh.Clear();
        if (fused)
        {
            GRUGates.BackwardReset(gates, input, dReset, dh);
        }
        else
        {
            for (int b = 0; b < gates.ColumnCount; b++)
            {
                Span<Real> reset = Gate(gates, b, ResetGate);
                Span<Real> d = dReset.Values.AsSpan(b * Units, Units);
                VectorMath.Multiply(d, reset, dh.Values.AsSpan(b * Units, Units));
                VectorMath.Multiply(d, input.Column(b), d);
                RecurrentActivation.Backward(Gate(preActivations, b, ResetGate), reset, d, d, Units);
                d.CopyTo(reset);
            }
        }

        RecurrentKernel.AddBack(gates, dh);
        pass.BackThroughDropout(dh.Values);
        VectorMath.Add(pass.Direct.Values, dh.Values);
    }

    private void ActivateUpdateAndReset(ColumnBlock gates, ColumnBlock preActivations, int b)
    {
        gates.Column(b)[..(2 * Units)].CopyTo(preActivations.Column(b));
        RecurrentActivation.Forward(Gate(gates, b, UpdateGate), Gate(gates, b, UpdateGate), Units);
        RecurrentActivation.Forward(Gate(gates, b, ResetGate), Gate(gates, b, ResetGate), Units);
    }

    /// <summary>ĥ = act(…) and h = z∘h' + (1 − z)∘ĥ = ĥ + z∘(h' − ĥ).</summary>
    private void ActivateCandidate(ColumnBlock gates, ColumnBlock preActivations, ColumnBlock previous, ColumnBlock hidden, int b)
    {
        Span<Real> candidate = Gate(gates, b, Candidate);
        candidate.CopyTo(Gate(preActivations, b, Candidate));
        Activation.Forward(candidate, candidate, Units);
        Span<Real> h = hidden.Column(b);
        VectorMath.Subtract(previous.Column(b), candidate, h);
        VectorMath.Multiply(Gate(gates, b, UpdateGate), h, h);
        VectorMath.Add(candidate, h);
    }

    /// <summary>
    /// Replaces the update gate and the candidate by the gradients of their pre-activations; leaves dh∘z in the pass.
    /// </summary>
    private void BackwardUpdateAndCandidate(
        GRUPass pass, ColumnBlock gates, ColumnBlock preActivations, ColumnBlock previous, int b)
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
        RecurrentActivation.Backward(Gate(preActivations, b, UpdateGate), update, delta, delta, Units);
        delta.CopyTo(update);
        Activation.Backward(Gate(preActivations, b, Candidate), candidate, dh, dh, Units);
        dh.CopyTo(candidate);
    }
}
