using Recurrent.Activations;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The minimal LSTM without a recurrent product, minLSTM (Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, "Were RNNs all we
/// needed?", 2024), in its last form: the gates are scaled so that they sum to one.
/// </summary>
/// <remarks>
/// <code>
/// forward    i = σ(ĩ), ĩ = W_i·x_t + b_i    f = σ(f̃), f̃ = W_f·x_t + b_f        input, forget
///            ĥ = act(W_h·x_t + b_h)                                              candidate
///            f' = f/(f + i)    i' = i/(f + i)
///            h_t = f'∘h_{t−1} + i'∘ĥ
/// backward   with d = log f − log i:  f' = σ(d), i' = σ(−d)
///            dd = dh∘(h_{t−1} − ĥ)∘f'∘i'    dĥ = dh∘i'    dh_{t−1} = dh∘f'
///            df̃ = dd∘σ(−f̃)    dĩ = −dd∘σ(−ĩ)
/// </code>
/// The scaled gates are computed from d, so that two gates which are both closed do not become 0/0. act is linear in the paper's
/// plain form; with <see cref="SoftPositive"/> the numbers are those of its log-space form, but for h₀, which that passes through
/// g as well.
/// <para>Parameters, gates in the order i, f, h: kernel (features, 3·units), bias (3·units).</para>
/// </remarks>
public sealed class MinLSTMCell : InputGatedCell
{
    private const int InputGate = 0;
    private const int ForgetGate = 1;
    private const int Candidate = 2;
    private const int GateCount = 3;

    internal static readonly CellDefaults Defaults = new() { Activation = "linear" };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public MinLSTMCell(
        int units,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "MinLSTMCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["input", "forget", "candidate"];

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (PreActivationPass)pass;
        ColumnBlock gates = own.ZOf(t);
        own.Keep(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> i = Gate(gates, b, InputGate);
            Span<Real> f = Gate(gates, b, ForgetGate);
            Span<Real> candidate = Gate(gates, b, Candidate);
            VectorMath.LogSigmoid(i, i);
            VectorMath.LogSigmoid(f, f);
            VectorMath.Subtract(f, i, f);
            f.CopyTo(i);
            VectorMath.Scale(-1, i);
            VectorMath.Sigmoid(f, f);
            VectorMath.Sigmoid(i, i);
            Activation.Forward(candidate, candidate, Units);

            Span<Real> h = pass.States[0].After(t).Column(b);
            VectorMath.Multiply(f, pass.States[0].Before(t).Column(b), h);
            VectorMath.AddProduct(i, candidate, h);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (PreActivationPass)pass;
        ColumnBlock gates = own.ZOf(t);
        ColumnBlock preActivations = own.PreActivationsOf(t);
        ColumnBlock dHidden = pass.StateGradients[0];
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> i = Gate(gates, b, InputGate);
            Span<Real> f = Gate(gates, b, ForgetGate);
            Span<Real> candidate = Gate(gates, b, Candidate);
            Span<Real> dh = dHidden.Column(b);
            Span<Real> delta = own.Scratch;
            Span<Real> dCandidate = own.MoreScratch;

            // dd, while f', i' and ĥ are still there.
            VectorMath.Subtract(pass.States[0].Before(t).Column(b), candidate, delta);
            VectorMath.Multiply(dh, delta, delta);
            VectorMath.Multiply(f, delta, delta);
            VectorMath.Multiply(i, delta, delta);
            VectorMath.Multiply(dh, i, dCandidate);
            VectorMath.Multiply(dh, f, dh);

            Activation.Backward(Gate(preActivations, b, Candidate), candidate, dCandidate, dCandidate, Units);
            dCandidate.CopyTo(candidate);
            Complement(Gate(preActivations, b, ForgetGate), f);
            VectorMath.Multiply(delta, f, f);
            Complement(Gate(preActivations, b, InputGate), i);
            VectorMath.Scale(-1, delta);
            VectorMath.Multiply(delta, i, i);
        }
    }

    internal static MinLSTMCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        CellOptions.Read(config, Defaults, ofLayer));

    /// <summary>σ(−x), which keeps its digits where 1 − σ(x) would not.</summary>
    private static void Complement(ReadOnlySpan<Real> x, Span<Real> y)
    {
        x.CopyTo(y);
        VectorMath.Scale(-1, y);
        VectorMath.Sigmoid(y, y);
    }
}
