using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The LSTM whose gates see the cell state (Gers and Schmidhuber, "Recurrent nets that time and count", 2000): each gate through
/// a weight of its own for each unit, or through a full matrix; the output gate sees the new cell state, or the one before the
/// step.
/// </summary>
/// <remarks>
/// <code>
/// forward    [zi zf zg zo] = W·x_t + U·h_{t−1} + b
///            i = σ(zi + p_i∘c_{t−1})   f = σ(zf + p_f∘c_{t−1})   g = act(zg)
///            c_t = f∘c_{t−1} + i∘g
///            o = σ(zo + p_o∘c_t)                      outputSeesPreviousCell: σ(zo + p_o∘c_{t−1})
///            h_t = o∘act(c_t)
/// backward   dzo = σ′∘dh∘act(c_t)                     the output gate first: what it saw is part of dc
///            dc ← dc + act′(c_t)∘(dh∘o) + p_o∘dzo     the last term only where o sees c_t
///            dzi = σ′∘dc∘g   dzf = σ′∘dc∘c_{t−1}   dzg = act′∘dc∘i
///            dc_{t−1} = dc∘f + p_i∘dzi + p_f∘dzf      and p_o∘dzo where o sees c_{t−1}
///            dh_{t−1} = Uᵀ·dz
///            dp_i = Σ dzi∘c_{t−1}   dp_f = Σ dzf∘c_{t−1}   dp_o = Σ dzo∘c_t
/// </code>
/// <para>With <c>fullPeepholes</c>, p∘c is P·c, p∘dz is Pᵀ·dz, and dP = Σ dz·cᵀ.</para>
/// <para>States: hidden and cell. Parameters, gates in the order i, f, c, o: kernel (features, 4·units), recurrent_kernel
/// (units, 4·units), bias (4·units), peephole_kernel (3·units), full (units, 3·units), for i, f, o.</para>
/// </remarks>
public sealed class PeepholeLSTMCell : LSTMCellBase
{
    private const int InputPeephole = 0;
    private const int ForgetPeephole = 1;
    private const int OutputPeephole = 2;
    private const int PeepholeCount = 3;

    private readonly WeightOptions peepholeOptions;
    private Peephole[] peepholes = [];

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of hidden and cell state. At least 1.</param>
    /// <param name="fullPeepholes">
    /// Whether each peephole is a matrix, and not a weight for each unit. Default false, the paper's form.
    /// </param>
    /// <param name="outputSeesPreviousCell">
    /// Whether the output gate sees c_{t−1}, and not c_t. Default false, the paper's form.
    /// </param>
    /// <param name="peepholeKernel">
    /// First values (default zeros: as an LSTM without peepholes), penalty and constraint of the peepholes.
    /// </param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public PeepholeLSTMCell(
        int units,
        bool fullPeepholes = false,
        bool outputSeesPreviousCell = false,
        WeightOptions? peepholeKernel = null,
        CellOptions? options = null,
        string? name = null)
        : base(units, options, name)
    {
        FullPeepholes = fullPeepholes;
        OutputSeesPreviousCell = outputSeesPreviousCell;
        peepholeOptions = WeightOptions.Complete(peepholeKernel, "zeros");
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "PeepholeLSTMCell";

    /// <summary>Whether each peephole is a matrix, and not a weight for each unit.</summary>
    public bool FullPeepholes { get; }

    /// <summary>Whether the output gate sees the cell state before the step, and not the one after it.</summary>
    public bool OutputSeesPreviousCell { get; }

    private protected override Config OwnOptions
    {
        get
        {
            Config config = new()
            {
                { "full_peepholes", FullPeepholes },
                { "output_sees_previous_cell", OutputSeesPreviousCell },
            };
            peepholeOptions.AddTo(config, "peephole");
            return config;
        }
    }

    /// <inheritdoc/>
    public override void Pack()
    {
        base.Pack();
        foreach (Peephole peephole in peepholes)
        {
            peephole.Pack();
        }
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.ZOf(t);
        ColumnBlock previousCell = pass.States[Cell].Before(t);
        ColumnBlock cell = pass.States[Cell].After(t);
        AddRecurrent(own, t, z);
        peepholes[InputPeephole].Add(previousCell, z);
        peepholes[ForgetPeephole].Add(previousCell, z);
        ForwardCell(own, t, z);
        peepholes[OutputPeephole].Add(OutputSeesPreviousCell ? previousCell : cell, z);
        ForwardOutput(own, t, z, cell, pass.States[Hidden].After(t));
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (LSTMPass)pass;
        ColumnBlock z = own.ZOf(t);
        DenseMatrix dHidden = pass.StateGradients[Hidden];
        ColumnBlock dCell = pass.StateGradients[Cell];
        BackwardOutput(own, t, z, pass.States[Cell].After(t), dHidden, dCell);
        if (!OutputSeesPreviousCell)
        {
            peepholes[OutputPeephole].AddBack(z, dCell);
        }

        BackwardCell(own, t, z, dHidden, dCell);
        peepholes[InputPeephole].AddBack(z, dCell);
        peepholes[ForgetPeephole].AddBack(z, dCell);
        if (OutputSeesPreviousCell)
        {
            peepholes[OutputPeephole].AddBack(z, dCell);
        }

        SetRecurrentBack(own, t, z, dHidden);
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x)
    {
        base.AddGradients(pass, x);
        var own = (LSTMPass)pass;
        StateTrajectory cell = pass.States[Cell];
        var before = new ColumnBlock(cell.Values, 0, own.Z.ColumnCount);
        peepholes[InputPeephole].AddGradient(own.Z, before, pass);
        peepholes[ForgetPeephole].AddGradient(own.Z, before, pass);
        peepholes[OutputPeephole].AddGradient(own.Z, OutputSeesPreviousCell ? before : cell.AfterAllSteps, pass);
    }

    internal static PeepholeLSTMCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.Bool("full_peepholes", false),
        config.Bool("output_sees_previous_cell", false),
        WeightOptions.Read(config, "peephole"),
        CellOptions.Read(config, Defaults, ofLayer));

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        base.BuildParameters(step);
        Parameter weights = AddParameter(
            FullPeepholes
                ? peepholeOptions.NewParameter("peephole_kernel", Units, checked(PeepholeCount * Units))
                : peepholeOptions.NewParameter("peephole_kernel", PeepholeCount * Units),
            peepholeOptions.FirstValues);
        peepholes =
        [
            new Peephole(weights, InputPeephole, InputGate, Units),
            new Peephole(weights, ForgetPeephole, ForgetGate, Units),
            new Peephole(weights, OutputPeephole, OutputGate, Units),
        ];
    }
}
