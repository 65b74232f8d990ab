using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The LSTM whose input gate is what the forget gate leaves, i = 1 − f: variant CIFG of Greff, Srivastava, Koutník, Steunebrink
/// and Schmidhuber, "LSTM: a search space odyssey", 2017, without peepholes. A quarter fewer weights.
/// </summary>
/// <remarks>
/// <code>
/// forward    [zf zg zo] = W·x_t + U·h_{t−1} + b
///            f = σ(zf)   g = act(zg)   o = σ(zo)                    forget, candidate, output
///            c_t = f∘c_{t−1} + (1 − f)∘g = g + f∘(c_{t−1} − g)
///            h_t = o∘act(c_t)
/// backward   do = dh∘act(c_t)             dc ← dc + act′(c_t)∘(dh∘o)
///            df = dc∘(c_{t−1} − g)        dg = dc∘(1 − f)
///            dz = [σ′·df  act′·dg  σ′·do]
///            dh_{t−1} = Uᵀ·dz             dc_{t−1} = dc∘f
/// </code>
/// <para>The paper sets f = 1 − i; with the logistic function that is this with the weights and biases of the gate
/// negated.</para>
/// <para>States: hidden and cell. Parameters, gates in the order f, c, o: kernel (features, 3·units), recurrent_kernel
/// (units, 3·units), bias (3·units).</para>
/// </remarks>
public sealed class CoupledLSTMCell : GatedCell
{
    private const int ForgetGate = 0;
    private const int Candidate = 1;
    private const int OutputGate = 2;
    private const int GateCount = 3;

    private const int Hidden = 0;
    private const int Cell = 1;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid", ForgetGate = ForgetGate };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of hidden and cell state. At least 1.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public CoupledLSTMCell(
        int units,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "CoupledLSTMCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["forget", "candidate", "output"];

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, Units];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["hidden", "cell"];

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new LSTMPass(this, options);

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.ZOf(t);
        ColumnBlock previousCell = pass.States[Cell].Before(t);
        ColumnBlock cell = pass.States[Cell].After(t);
        ColumnBlock hidden = pass.States[Hidden].After(t);
        ColumnBlock activatedCell = own.ActivatedCellOf(t);
        AddRecurrent(own, t, z);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            Span<Real> o = Gate(z, b, OutputGate);
            own.Keep(t, b, ForgetGate, f);
            own.Keep(t, b, Candidate, g);
            own.Keep(t, b, OutputGate, o);
            RecurrentActivation.Forward(f, f, Units);
            Activation.Forward(g, g, Units);
            RecurrentActivation.Forward(o, o, Units);

            Span<Real> c = cell.Column(b);
            VectorMath.Subtract(previousCell.Column(b), g, c);
            VectorMath.Multiply(f, c, c);
            VectorMath.Add(g, c);
            Activation.Forward(c, activatedCell.Column(b), Units);
            VectorMath.Multiply(o, activatedCell.Column(b), hidden.Column(b));
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.ZOf(t);
        ColumnBlock previousCell = pass.States[Cell].Before(t);
        ColumnBlock cell = pass.States[Cell].After(t);
        ColumnBlock activatedCell = own.ActivatedCellOf(t);
        ColumnBlock dHidden = pass.StateGradients[Hidden];
        ColumnBlock dCell = pass.StateGradients[Cell];
        Span<Real> delta = own.Scratch;
        for (int b = 0; b < z.ColumnCount; b++)
        {
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
            RecurrentActivation.Backward(own.PreActivationOf(t, b, OutputGate), o, delta, delta, Units);
            delta.CopyTo(o);

            // Through c = g + f∘(c' − g): dh is free, and holds dc∘f.
            VectorMath.Subtract(previousCell.Column(b), g, delta);
            VectorMath.Multiply(dc, delta, delta);
            VectorMath.Multiply(dc, f, dh);
            RecurrentActivation.Backward(own.PreActivationOf(t, b, ForgetGate), f, delta, delta, Units);
            delta.CopyTo(f);
            VectorMath.Subtract(dc, dh, delta);
            dh.CopyTo(dc);
            Activation.Backward(own.PreActivationOf(t, b, Candidate), g, delta, delta, Units);
            delta.CopyTo(g);
        }

        SetRecurrentBack(own, t, z, dHidden);
    }

    internal static CoupledLSTMCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        CellOptions.Read(config, Defaults, ofLayer));
}
