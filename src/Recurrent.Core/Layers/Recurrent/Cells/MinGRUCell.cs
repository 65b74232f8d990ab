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

    /// <summary>Whether its activations are those of the paper's plain form, which have a sweep of their own.</summary>
    private bool IsPlain => Options is { Activation: Linear, RecurrentActivation: Sigmoid };

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) =>
        new InputGatedPass(this, options, keep: Activation.NeedsInput || RecurrentActivation.NeedsInput);

    internal override void Forward(CellPass pass, int firstStep, int count)
    {
        var own = (InputGatedPass)pass;
        ColumnBlock gates = own.ZOf(firstStep, count);
        own.Keep(firstStep, count);
        ColumnPieces.Run(new Activate(this, gates), gates.Rows, gates.ColumnCount, pass.Threads);

        // h = h' + z∘(ĥ − h').
        StateTrajectory h = pass.States[0];
        MinScan.ForwardGRU(gates, h.Before(firstStep, count), h.After(firstStep, count), pass.StepColumns);
    }

    internal override void Backward(CellPass pass, int firstStep, int count, ColumnBlock? outputGradients)
    {
        var own = (InputGatedPass)pass;
        ColumnBlock gates = own.ZOf(firstStep, count);
        ColumnBlock slopes = own.Slopes(count);

        // dz = dh∘(ĥ − h'), dĥ = dh∘z, dh' = dh − dĥ; then the gradients of the pre-activations in the place of the gates.
        MinScan.BackwardGRU(
            gates, pass.States[0].Before(firstStep, count), slopes, pass.StateGradients[0], outputGradients);
        var back = new ActivateBack(this, own.PreActivationsOf(firstStep, count), gates, slopes);
        ColumnPieces.Run(back, gates.Rows, gates.ColumnCount, pass.Threads);
    }

    internal static MinGRUCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        CellOptions.Read(config, Defaults, ofLayer));

    /// <summary>From pre-activations to gates.</summary>
    private readonly struct Activate(MinGRUCell cell, ColumnBlock gates) : IColumnWork
    {
        public void Run(int first, int count)
        {
            if (cell.IsPlain)
            {
                MinGates.ForwardGRU(gates.Columns(first, count), cell.Units);
                return;
            }

            for (int column = first; column < first + count; column++)
            {
                Span<Real> update = cell.Gate(gates, column, UpdateGate);
                Span<Real> candidate = cell.Gate(gates, column, Candidate);
                cell.RecurrentActivation.Forward(update, update, cell.Units);
                cell.Activation.Forward(candidate, candidate, cell.Units);
            }
        }
    }

    /// <summary>From the gradients of the gates to those of the pre-activations.</summary>
    private readonly struct ActivateBack(
        MinGRUCell cell, ColumnBlock preActivations, ColumnBlock gates, ColumnBlock slopes) : IColumnWork
    {
        public void Run(int first, int count)
        {
            if (cell.IsPlain)
            {
                MinGates.BackwardGRU(gates.Columns(first, count), slopes.Columns(first, count), cell.Units);
                return;
            }

            for (int column = first; column < first + count; column++)
            {
                Back(cell.RecurrentActivation, column, UpdateGate);
                Back(cell.Activation, column, Candidate);
            }
        }

        private void Back(ActivationFunction activation, int column, int gate)
        {
            Span<Real> y = cell.Gate(gates, column, gate);
            ReadOnlySpan<Real> x = preActivations.Rows == 0 ? default : cell.Gate(preActivations, column, gate);
            Span<Real> slope = cell.Gate(slopes, column, gate);
            activation.Backward(x, y, slope, slope, cell.Units);
            slope.CopyTo(y);
        }
    }
}
