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
    public override CellPass CreatePass(CellPassOptions options) => new InputGatedPass(this, options, keep: true);

    internal override void Forward(CellPass pass, int firstStep, int count)
    {
        var own = (InputGatedPass)pass;
        ColumnBlock gates = own.ZOf(firstStep, count);
        own.Keep(firstStep, count);
        ColumnPieces.Run(new Activate(this, gates), gates.Rows, gates.ColumnCount, pass.Threads);

        // h = f'∘h' + i'∘ĥ.
        StateTrajectory h = pass.States[0];
        MinScan.ForwardLSTM(gates, h.Before(firstStep, count), h.After(firstStep, count), pass.StepColumns);
    }

    internal override void Backward(CellPass pass, int firstStep, int count, ColumnBlock? outputGradients)
    {
        var own = (InputGatedPass)pass;
        ColumnBlock gates = own.ZOf(firstStep, count);
        ColumnBlock slopes = own.Slopes(count);

        // dd, dĥ and dh'; then the gradients of the pre-activations in the place of the gates.
        MinScan.BackwardLSTM(
            gates, pass.States[0].Before(firstStep, count), slopes, pass.StateGradients[0], outputGradients);
        var back = new ActivateBack(this, own.PreActivationsOf(firstStep, count), gates, slopes);
        ColumnPieces.Run(back, gates.Rows, gates.ColumnCount, pass.Threads);
    }

    internal static MinLSTMCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        CellOptions.Read(config, Defaults, ofLayer));

    /// <summary>From pre-activations to gates.</summary>
    private readonly struct Activate(MinLSTMCell cell, ColumnBlock gates) : IColumnWork
    {
        public void Run(int first, int count)
        {
            MinGates.ForwardLSTM(gates.Columns(first, count), cell.Units);
            for (int column = first; column < first + count && cell.Activation is not Linear; column++)
            {
                Span<Real> candidate = cell.Gate(gates, column, Candidate);
                cell.Activation.Forward(candidate, candidate, cell.Units);
            }
        }
    }

    /// <summary>From the gradients of the gates to those of the pre-activations.</summary>
    private readonly struct ActivateBack(
        MinLSTMCell cell, ColumnBlock preActivations, ColumnBlock gates, ColumnBlock slopes) : IColumnWork
    {
        public void Run(int first, int count)
        {
            for (int column = first; column < first + count && cell.Activation is not Linear; column++)
            {
                Span<Real> slope = cell.Gate(slopes, column, Candidate);
                cell.Activation.Backward(
                    cell.Gate(preActivations, column, Candidate),
                    cell.Gate(gates, column, Candidate),
                    slope,
                    slope,
                    cell.Units);
            }

            MinGates.BackwardLSTM(
                gates.Columns(first, count), preActivations.Columns(first, count), slopes.Columns(first, count), cell.Units);
        }
    }
}
