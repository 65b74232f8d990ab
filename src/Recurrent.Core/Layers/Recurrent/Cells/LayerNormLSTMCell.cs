using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The layer-normalised LSTM of Ba, Kiros and Hinton, "Layer normalization", 2016: both products and the cell state on its way
/// out are normalised at every step.
/// </summary>
/// <remarks>
/// <code>
/// LN(x) = (x − mean)/√(var + ε), mean and variance of one sample at one step, over all rows of x
///
/// forward    [zi zf zg zo] = γ_x∘LN(W·x_t) + γ_h∘LN(U·h_{t−1}) + b           all 4·units rows together
///            i = σ(zi)   f = σ(zf)   g = act(zg)   o = σ(zo)
///            c_t = f∘c_{t−1} + i∘g
///            n = γ_c∘LN(c_t) + β_c      h_t = o∘act(n)
/// backward   do = dh∘act(n)             dn = act′(n)∘(dh∘o)
///            dβ_c = Σ dn                dc ← dc + LN′(γ_c∘dn)
///            di = dc∘g   df = dc∘c_{t−1}   dg = dc∘i      dz = [σ′·di  σ′·df  act′·dg  σ′·do]
///            db = Σ dz                  d(W·x) = LN′(γ_x∘dz)     d(U·h) = LN′(γ_h∘dz)
///            dh_{t−1} = Uᵀ·d(U·h)       dc_{t−1} = dc∘f
/// </code>
/// <para>LN′ and the gradients of the gains are those of <see cref="ColumnNorm"/>. It is the LSTM of the paper's appendix with
/// one difference: the biases of the two normalised products and b only ever act as their sum, so that there is b alone. The cell
/// state that is carried on is not normalised.</para>
/// <para>States: hidden and cell. Parameters, gates in the order i, f, c, o: kernel (features, 4·units), recurrent_kernel (units,
/// 4·units), bias b (4·units), kernel_gamma γ_x (4·units), recurrent_gamma γ_h (4·units), cell_gamma γ_c (units), cell_beta β_c
/// (units). Gains begin at 1, β_c at 0; without bias there is neither b nor β_c.</para>
/// </remarks>
public sealed class LayerNormLSTMCell : LSTMCellBase
{
    private ColumnNorm? kernelNorm;
    private ColumnNorm? recurrentNorm;
    private ColumnNorm? cellNorm;
    private Parameter? cellBias;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of hidden and cell state. At least 2: one number has no variance.</param>
    /// <param name="epsilon">ε, added to the variances. Above 0. Default 1e-3, as in Keras's LayerNormalization.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LayerNormLSTMCell(
        int units,
        double epsilon = 1e-3,
        CellOptions? options = null,
        string? name = null)
        : base(units, options, name)
    {
        Epsilon = epsilon;
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "LayerNormLSTMCell";

    /// <summary>What is added to the variances.</summary>
    public double Epsilon { get; }

    private protected override Config OwnOptions => new() { { "epsilon", Epsilon } };

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new NormPass(this, options);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (NormPass)pass;
        x = own.DropInput(firstStep, x);
        ColumnBlock z = own.ZOf(firstStep, x.ColumnCount / own.StepColumns);
        Kernel.Set(x, z, pass.Threads);
        kernelNorm!.Forward(z, own.KernelMemory, firstStep * own.StepColumns);
        if (Bias is not null)
        {
            VectorMath.AddColumnwise(Bias.Values, z);
        }
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (NormPass)pass;
        int firstColumn = t * own.StepColumns;
        ColumnBlock z = own.ZOf(t);
        ColumnBlock recurrent = own.StepOf(own.Recurrent, t);
        RecurrentKernel.Set(own.RecurrentInput(t), recurrent, pass.Threads);
        recurrentNorm!.Forward(recurrent, own.RecurrentMemory, firstColumn);
        VectorMath.Add(recurrent.Values, z.Values);
        ForwardCell(own, t, z);

        ColumnBlock n = own.StepOf(own.NormalizedCell, t);
        pass.States[Cell].After(t).Values.CopyTo(n.Values);
        cellNorm!.Forward(n, own.CellMemory, firstColumn);
        if (cellBias is not null)
        {
            VectorMath.AddColumnwise(cellBias.Values, n);
        }

        ForwardOutput(own, t, z, n, pass.States[Hidden].After(t));
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (NormPass)pass;
        int firstColumn = t * own.StepColumns;
        ColumnBlock z = own.ZOf(t);
        DenseMatrix dHidden = pass.StateGradients[Hidden];
        DenseMatrix dCell = pass.StateGradients[Cell];

        // Through h = o∘act(n), and from n through the normalisation to c.
        DenseMatrix dn = own.NormalizedCellGradient;
        dn.Clear();
        BackwardOutput(own, t, z, own.StepOf(own.NormalizedCell, t), dHidden, dn);
        if (cellBias is not null)
        {
            Product.AddRowSums(dn, pass.GradientOf(cellBias).Values);
        }

        cellNorm!.Backward(dn, own.CellMemory, firstColumn, pass);
        VectorMath.Add(dn.Values, dCell.Values);
        BackwardCell(own, t, z, dHidden, dCell);

        // From dz to the gradients of the products, while dz is still there for the bias.
        if (Bias is not null)
        {
            Product.AddRowSums(z, pass.GradientOf(Bias).Values);
        }

        ColumnBlock dRecurrent = own.StepOf(own.Recurrent, t);
        z.Values.CopyTo(dRecurrent.Values);
        recurrentNorm!.Backward(dRecurrent, own.RecurrentMemory, firstColumn, pass);
        kernelNorm!.Backward(z, own.KernelMemory, firstColumn, pass);
        RecurrentKernel.SetBack(dRecurrent, dHidden);
        own.BackThroughDropout(dHidden.Values);
    }

    internal static LayerNormLSTMCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.Double("epsilon", 1e-3),
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .Require(
            Units != 1, "units must be at least 2, but is 1: the normalisation of a single number does not depend on it", "units")
        .Above("epsilon", Epsilon, 0);

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        base.BuildParameters(step);
        kernelNorm = new ColumnNorm(AddParameter(new Parameter("kernel_gamma", [GateRows]), "ones"), Epsilon, GateRows);
        recurrentNorm = new ColumnNorm(AddParameter(new Parameter("recurrent_gamma", [GateRows]), "ones"), Epsilon, GateRows);
        cellNorm = new ColumnNorm(AddParameter(new Parameter("cell_gamma", [Units]), "ones"), Epsilon, Units);
        cellBias = Options.UseBias ? AddParameter(new Parameter("cell_beta", [Units]), "zeros") : null;
    }

    /// <inheritdoc/>
    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        Kernel.AddGradient(pass.Z, x, pass);
        RecurrentKernel.AddGradient(((NormPass)pass).Recurrent, pass.RecurrentInputs, pass);
    }

    private protected override void AddBiasGradients(GatedCellPass pass, Span<Real> gradient)
    {
        // Backward has added them step by step: what is left in place of dz is d(W·x).
    }

    /// <summary>What normalisation adds to what an LSTM remembers.</summary>
    private sealed class NormPass : LSTMPass
    {
        public NormPass(LayerNormLSTMCell cell, CellPassOptions options)
            : base(cell, options)
        {
            Recurrent = NewMemory(cell.GateRows);
            NormalizedCell = NewMemory(cell.Units);
            NormalizedCellGradient = new DenseMatrix(cell.Units, StepColumns);
            KernelMemory = cell.kernelNorm!.NewMemory(this);
            RecurrentMemory = cell.recurrentNorm!.NewMemory(this);
            CellMemory = cell.cellNorm!.NewMemory(this);
        }

        /// <summary>γ_h∘LN(U·h') of all steps; backward, d(U·h').</summary>
        public DenseMatrix Recurrent { get; }

        /// <summary>n of all steps.</summary>
        public DenseMatrix NormalizedCell { get; }

        /// <summary>dn of one step.</summary>
        public DenseMatrix NormalizedCellGradient { get; }

        public ColumnNorm.Memory KernelMemory { get; }

        public ColumnNorm.Memory RecurrentMemory { get; }

        public ColumnNorm.Memory CellMemory { get; }
    }
}
