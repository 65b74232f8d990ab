using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The update-gate RNN, a GRU without a reset gate (Collins, Sohl-Dickstein and Sussillo, "Capacity and trainability in recurrent
/// neural networks", 2017).
/// </summary>
/// <remarks>
/// As in the paper, and as Keras has it in the GRU, an update gate near one keeps the old state.
/// <code>
/// forward    [a_z a_h] = W·x_t + U·h_{t−1} + b
///            z = σ(a_z)   ĥ = act(a_h)                              update, candidate
///            h_t = z∘h_{t−1} + (1 − z)∘ĥ = ĥ + z∘(h_{t−1} − ĥ)
/// backward   dz = dh∘(h_{t−1} − ĥ)        dĥ = dh∘(1 − z)
///            da = [σ′·dz  act′·dĥ]
///            dh_{t−1} = dh∘z + Uᵀ·da
/// </code>
/// <para>Where z and 1 − z are swapped, h_t = (1 − z)∘h_{t−1} + z∘ĥ: negate the weights and biases of z to convert.</para>
/// <para>State: hidden. Parameters, gates in the order z, h: kernel (features, 2·units), recurrent_kernel (units, 2·units), bias
/// (2·units).</para>
/// </remarks>
public sealed class UGRNNCell : GatedCell
{
    private const int UpdateGate = 0;
    private const int Candidate = 1;
    private const int GateCount = 2;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid", ForgetGate = UpdateGate };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public UGRNNCell(
        int units,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "UGRNNCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["update", "candidate"];

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new UGRNNPass(this, options);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (UGRNNPass)pass;
        ColumnBlock gates = own.ZOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock hidden = pass.States[0].After(t);
        AddRecurrent(own, t, gates);
        own.Keep(t);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> z = Gate(gates, b, UpdateGate);
            Span<Real> candidate = Gate(gates, b, Candidate);
            RecurrentActivation.Forward(z, z, Units);
            Activation.Forward(candidate, candidate, Units);

            Span<Real> h = hidden.Column(b);
            VectorMath.Subtract(previous.Column(b), candidate, h);
            VectorMath.Multiply(z, h, h);
            VectorMath.Add(candidate, h);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (UGRNNPass)pass;
        ColumnBlock gates = own.ZOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        DenseMatrix dHidden = pass.StateGradients[0];
        ColumnBlock direct = own.Direct;
        Span<Real> delta = own.Scratch;
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> z = Gate(gates, b, UpdateGate);
            Span<Real> candidate = Gate(gates, b, Candidate);
            Span<Real> dh = dHidden.Values.AsSpan(b * Units, Units);
            VectorMath.Multiply(dh, z, direct.Column(b));
            VectorMath.Subtract(previous.Column(b), candidate, delta);
            VectorMath.Multiply(dh, delta, delta);
            RecurrentActivation.Backward(own.PreActivationOf(t, b, UpdateGate), z, delta, delta, Units);
            delta.CopyTo(z);
            VectorMath.Subtract(dh, direct.Column(b), dh);
            Activation.Backward(own.PreActivationOf(t, b, Candidate), candidate, dh, dh, Units);
            dh.CopyTo(candidate);
        }

        SetRecurrentBack(own, t, gates, dHidden);
        VectorMath.Add(direct.Values, dHidden.Values);
    }

    internal static UGRNNCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        CellOptions.Read(config, Defaults, ofLayer));

    /// <summary>What the cell remembers beside gates and states.</summary>
    private sealed class UGRNNPass(UGRNNCell cell, CellPassOptions options)
        : PreActivationPass(cell, options, keep: cell.Activation.NeedsInput || cell.RecurrentActivation.NeedsInput)
    {
        /// <summary>dh∘z of one step backward: what reaches the state before it directly.</summary>
        public DenseMatrix Direct { get; } = new(cell.Units, options.BatchSize);
    }
}
