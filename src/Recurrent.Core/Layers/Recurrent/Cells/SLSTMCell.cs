using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The sLSTM cell (Beck, Pöppel, Spanring, Auer, Prudnikova, Kopp, Klambauer, Brandstetter and Hochreiter, "xLSTM: extended long
/// short-term memory", 2024): an LSTM whose input gate is an exponential, with a normaliser n and a stabiliser m. One head.
/// </summary>
/// <remarks>
/// <code>
/// forward    ĩ, f̃, z̃, õ = W·x_t + U·h_{t−1} + b
///            z = act(z̃)    o = σ(õ)    f̂ = log f + m_{t−1}, where log f is log σ(f̃), or f̃
///            m_t = max(f̂, ĩ)          i' = exp(ĩ − m_t)    f' = exp(f̂ − m_t)
///            c_t = f'∘c_{t−1} + i'∘z   n_t = f'∘n_{t−1} + i'
///            h_t = o∘c_t/n_t
/// backward   do = dh∘c/n    dc += dh∘o/n    dn −= dh∘o∘c/n²
///            r  = dm − (c∘dc + n∘dn)       what reaches m_t through the maximum: zero for a loss on outputs
///            dz = i'∘dc    dĩ = i'∘(z∘dc + dn)    df̂ = f'∘(c_{t−1}∘dc + n_{t−1}∘dn)
///            df̂ += r where f̂ ≥ ĩ, else dĩ += r
///            dc_{t−1} = f'∘dc    dn_{t−1} = f'∘dn    dm_{t−1} = df̂    df̃ = df̂∘σ(−f̃), or df̂
/// </code>
/// <para>
/// c, n and m stand for <c>c·eᵐ</c> and <c>n·eᵐ</c>, so that nothing overflows however large ĩ is. A state with n = 0 is the
/// start of a sequence: nothing is carried, m_t is ĩ, and n_t is 1, as in the authors' code; the paper takes the maximum there
/// too.
/// </para>
/// <para>States: hidden, cell, normalizer, stabilizer. Parameters, gates in the order i, f, z, o: kernel (features, 4·units),
/// recurrent_kernel (units, 4·units), bias (4·units).</para>
/// </remarks>
public sealed class SLSTMCell : GatedCell
{
    private const int InputGate = 0;
    private const int ForgetGate = 1;
    private const int Candidate = 2;
    private const int OutputGate = 3;
    private const int GateCount = 4;

    private const int Hidden = 0;
    private const int Cell = 1;
    private const int Normalizer = 2;
    private const int Stabilizer = 3;

    /// <summary>Bound of f̂ − ĩ at the start of a sequence, where f' multiplies zeros and must be finite.</summary>
    private const int MostGrowth = 60;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid", ForgetGate = ForgetGate };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="forgetGate">The forget gate: "sigmoid" (the default) or "exponential".</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SLSTMCell(
        int units,
        string forgetGate = "sigmoid",
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        ForgetGateActivation = forgetGate;
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "SLSTMCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["input", "forget", "candidate", "output"];

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, Units, Units, Units];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["hidden", "cell", "normalizer", "stabilizer"];

    /// <summary>The forget gate: "sigmoid" or "exponential".</summary>
    public string ForgetGateActivation { get; }

    private bool SigmoidForgets => ForgetGateActivation == "sigmoid";

    private protected override Config OwnOptions => new() { { "forget_gate", ForgetGateActivation } };

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new SLSTMPass(this, options);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (SLSTMPass)pass;
        ColumnBlock gates = own.ZOf(t);
        AddRecurrent(own, t, gates);
        own.Keep(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> i = Gate(gates, b, InputGate);
            Span<Real> f = Gate(gates, b, ForgetGate);
            Span<Real> z = Gate(gates, b, Candidate);
            Span<Real> o = Gate(gates, b, OutputGate);
            Activation.Forward(z, z, Units);
            RecurrentActivation.Forward(o, o, Units);
            if (SigmoidForgets)
            {
                VectorMath.LogSigmoid(f, f);
            }

            Stabilize(
                i,
                f,
                pass.States[Normalizer].Before(t).Column(b),
                pass.States[Stabilizer].Before(t).Column(b),
                pass.States[Stabilizer].After(t).Column(b));

            Span<Real> c = pass.States[Cell].After(t).Column(b);
            VectorMath.Multiply(f, pass.States[Cell].Before(t).Column(b), c);
            VectorMath.AddProduct(i, z, c);
            Span<Real> n = pass.States[Normalizer].After(t).Column(b);
            VectorMath.Multiply(f, pass.States[Normalizer].Before(t).Column(b), n);
            VectorMath.Add(i, n);

            Span<Real> normalized = own.NormalizedOf(t).Column(b);
            TensorPrimitives.Divide(c, n, normalized);
            VectorMath.Multiply(o, normalized, pass.States[Hidden].After(t).Column(b));
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (SLSTMPass)pass;
        ColumnBlock gates = own.ZOf(t);
        ColumnBlock preActivations = own.PreActivationsOf(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            BackwardStates(own, gates, t, b);

            Span<Real> f = Gate(gates, b, ForgetGate);
            if (SigmoidForgets)
            {
                Span<Real> slope = own.Scratch;
                Gate(preActivations, b, ForgetGate).CopyTo(slope);
                VectorMath.Scale(-1, slope);
                VectorMath.Sigmoid(slope, slope);
                VectorMath.Multiply(f, slope, f);
            }
        }

        DenseMatrix dh = pass.StateGradients[Hidden];
        SetRecurrentBack(own, t, gates, dh);
    }

    internal static SLSTMCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.OptionalString("forget_gate") ?? "sigmoid",
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) =>
        base.CheckOptions(check).OneOf("forgetGate", ForgetGateActivation, "sigmoid", "exponential");

    /// <summary>From ĩ and log f to i' and f', and to m_t.</summary>
    private static void Stabilize(
        Span<Real> i,
        Span<Real> f,
        ReadOnlySpan<Real> previousNormalizer,
        ReadOnlySpan<Real> previousStabilizer,
        Span<Real> stabilizer)
    {
        for (int k = 0; k < i.Length; k++)
        {
            Real forget = f[k] + previousStabilizer[k];
            Real m = previousNormalizer[k] == 0 ? i[k] : RealMath.Max(forget, i[k]);
            stabilizer[k] = m;
            f[k] = RealMath.Min(forget - m, MostGrowth);
            i[k] -= m;
        }

        VectorMath.Exp(f, f);
        VectorMath.Exp(i, i);
    }

    /// <summary>
    /// Replaces the gates of one sample by the gradients of their pre-activations (the forget gate by df̂), and the gradients of
    /// c, n and m after the step by those before it.
    /// </summary>
    private void BackwardStates(SLSTMPass pass, ColumnBlock gates, int t, int b)
    {
        Span<Real> i = Gate(gates, b, InputGate);
        Span<Real> f = Gate(gates, b, ForgetGate);
        Span<Real> z = Gate(gates, b, Candidate);
        Span<Real> o = Gate(gates, b, OutputGate);
        ReadOnlySpan<Real> previousCell = pass.States[Cell].Before(t).Column(b);
        ReadOnlySpan<Real> previousNormalizer = pass.States[Normalizer].Before(t).Column(b);
        ReadOnlySpan<Real> c = pass.States[Cell].After(t).Column(b);
        ReadOnlySpan<Real> n = pass.States[Normalizer].After(t).Column(b);
        ReadOnlySpan<Real> normalized = pass.NormalizedOf(t).Column(b);
        Span<Real> dh = GradientOf(pass, Hidden, b);
        Span<Real> dc = GradientOf(pass, Cell, b);
        Span<Real> dn = GradientOf(pass, Normalizer, b);
        Span<Real> dm = GradientOf(pass, Stabilizer, b);
        Span<Real> dOutput = pass.Scratch;
        Span<Real> dCandidate = pass.MoreScratch;
        for (int k = 0; k < dh.Length; k++)
        {
            // A masked sample may still have n = 0; all its gradients are zero.
            Real inverse = n[k] == 0 ? 0 : 1 / n[k];
            Real direct = dh[k] * o[k] * inverse;
            dOutput[k] = dh[k] * normalized[k];
            dc[k] += direct;
            dn[k] -= direct * normalized[k];
            Real throughMaximum = dm[k] - ((c[k] * dc[k]) + (n[k] * dn[k]));

            dCandidate[k] = i[k] * dc[k];
            Real dInput = i[k] * ((z[k] * dc[k]) + dn[k]);
            Real dForget = f[k] * ((previousCell[k] * dc[k]) + (previousNormalizer[k] * dn[k]));
            dc[k] *= f[k];
            dn[k] *= f[k];
            if (previousNormalizer[k] != 0 && f[k] >= i[k])
            {
                dForget += throughMaximum;
            }
            else
            {
                dInput += throughMaximum;
            }

            dm[k] = dForget;
            f[k] = dForget;
            i[k] = dInput;
        }

        ColumnBlock preActivations = pass.PreActivationsOf(t);
        Activation.Backward(Gate(preActivations, b, Candidate), z, dCandidate, dCandidate, Units);
        dCandidate.CopyTo(z);
        RecurrentActivation.Backward(Gate(preActivations, b, OutputGate), o, dOutput, dOutput, Units);
        dOutput.CopyTo(o);
    }

    private Span<Real> GradientOf(CellPass pass, int state, int b) => pass.StateGradients[state].Values.AsSpan(b * Units, Units);

    /// <summary>What the cell remembers beside gates and states: c/n.</summary>
    private sealed class SLSTMPass : PreActivationPass
    {
        private readonly DenseMatrix normalized;

        public SLSTMPass(SLSTMCell cell, CellPassOptions options)
            : base(cell, options)
        {
            normalized = NewMemory(cell.Units);
        }

        public ColumnBlock NormalizedOf(int t) => StepOf(normalized, t);
    }
}
