using Recurrent.Activations;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The minimal GRU without a recurrent product, minGRU (Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, "Were RNNs all we needed?",
/// 2024).
/// </summary>
/// <remarks>
/// <code>
/// forward    z = σ(W_z·x_t + b_z)    ĥ = act(W_h·x_t + b_h)                        update, candidate
///            h_t = (1 − z)∘h_{t−1} + z∘ĥ
/// backward   dz = dh∘(ĥ − h_{t−1})    dĥ = dh∘z    dh_{t−1} = dh∘(1 − z)
/// </code>
/// An update gate near one takes the new value, as in the paper; Keras's GRU keeps the old one then. act is linear in the paper's
/// plain form; with <see cref="SoftPositive"/> the numbers are those of its log-space form, but for h₀, which that passes through
/// g as well.
/// <para>Parameters, gates in the order z, h: kernel (features, 2·units), bias (2·units).</para>
/// </remarks>
public sealed class MinGRUCell : InputGatedCell
{
    private const int UpdateGate = 0;
    private const int Candidate = 1;
    private const int GateCount = 2;

    internal static readonly CellDefaults Defaults = new() { Activation = "linear", RecurrentActivation = "sigmoid" };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public MinGRUCell(
        int units,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "MinGRUCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["update", "candidate"];

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (PreActivationPass)pass;
        ColumnBlock gates = own.ZOf(t);
        own.Keep(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> update = Gate(gates, b, UpdateGate);
            Span<Real> candidate = Gate(gates, b, Candidate);
            RecurrentActivation.Forward(update, update, Units);
            Activation.Forward(candidate, candidate, Units);

            // h = h' + z∘(ĥ − h').
            ReadOnlySpan<Real> previous = pass.States[0].Before(t).Column(b);
            Span<Real> h = pass.States[0].After(t).Column(b);
            VectorMath.Subtract(candidate, previous, h);
            VectorMath.Multiply(update, h, h);
            VectorMath.Add(previous, h);
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
            Span<Real> update = Gate(gates, b, UpdateGate);
            Span<Real> candidate = Gate(gates, b, Candidate);
            Span<Real> dh = dHidden.Column(b);
            Span<Real> dUpdate = own.Scratch;
            Span<Real> dCandidate = own.MoreScratch;
            VectorMath.Subtract(candidate, pass.States[0].Before(t).Column(b), dUpdate);
            VectorMath.Multiply(dh, dUpdate, dUpdate);
            VectorMath.Multiply(dh, update, dCandidate);
            VectorMath.Subtract(dh, dCandidate, dh);
            RecurrentActivation.Backward(Gate(preActivations, b, UpdateGate), update, dUpdate, dUpdate, Units);
            Activation.Backward(Gate(preActivations, b, Candidate), candidate, dCandidate, dCandidate, Units);
            dUpdate.CopyTo(update);
            dCandidate.CopyTo(candidate);
        }
    }

    internal static MinGRUCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        CellOptions.Read(config, Defaults, ofLayer));
}
