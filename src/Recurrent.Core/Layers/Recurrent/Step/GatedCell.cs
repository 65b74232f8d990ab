using System.Runtime.CompilerServices;
using Recurrent.Activations;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A cell whose gates follow from <c>Z = W·x_t + b</c>, projected for all steps in one product, and from the states. Forward, a
/// step turns its block of Z into gates; backward, into the gradient of Z, from which those of W, U and b follow in one product
/// each.
/// </summary>
/// <remarks>
/// A cell of one's own derives from this: it adds <c>U·h_{t−1}</c> to Z with <see cref="RecurrentKernel"/>, and says in
/// <see cref="RecurrentCell.Forward"/> and <see cref="RecurrentCell.Backward"/> what the gates do.
/// </remarks>
public abstract class GatedCell : RecurrentCell
{
    private readonly int gates;
    private readonly CellDefaults defaults;
    private LinearMap? kernel;
    private LinearMap? recurrentKernel;

    /// <summary>Creates a cell.</summary>
    /// <param name="units">Number of units: rows of each gate. At least 1.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <param name="defaults">
    /// Which options the cell has, and what it takes where they say nothing; null takes the usual ones.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    protected GatedCell(int units, int gates, CellOptions? options = null, string? name = null, CellDefaults? defaults = null)
        : this(defaults ?? new(), units, gates, options, name)
    {
        CheckShared(new OptionCheck(Introduction)).ThrowIfAny();
    }

    /// <summary>Creates a cell from its config, with all options that such cells share.</summary>
    /// <param name="config">The config.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="defaults">
    /// Which options the cell has, and what it takes where they say nothing; null takes the usual ones.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    protected GatedCell(ConfigReader config, int gates, CellDefaults? defaults = null)
        : this(config.Int("units"), gates, CellOptions.Read(config, defaults ?? new(), ofLayer: false), null, defaults)
    {
    }

    /// <summary>Creates a cell that checks its options when it is whole, with <see cref="Check"/>.</summary>
    private protected GatedCell(CellDefaults defaults, int units, int gates, CellOptions? options, string? name)
    {
        this.defaults = defaults;
        this.gates = gates;
        Units = units;
        Options = defaults.Complete(options ?? new());
        Name = name ?? Options.Name;
        Trainable = Options.Trainable;
        Seed = Options.Seed;
    }

    /// <summary>Number of units: rows of each gate.</summary>
    public int Units { get; }

    /// <summary>The options, with the cell's own choice where none was given.</summary>
    public CellOptions Options { get; }

    /// <summary>The activation of the cell; of the gates some cells have another.</summary>
    protected ActivationFunction Activation => Options.Activation!;

    /// <summary>The activation of the gates, in a cell that has one.</summary>
    protected ActivationFunction RecurrentActivation => Options.RecurrentActivation!;

    /// <summary>Rows of Z: the gates one below the other.</summary>
    public int GateRows => ZRows;

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["hidden"];

    /// <summary>W: gates · units × features.</summary>
    protected LinearMap Kernel => kernel ?? throw NotBuilt();

    /// <summary>U: gates · units × length of the first state, which the recurrent product is given.</summary>
    protected LinearMap RecurrentKernel => recurrentKernel ?? throw NotBuilt();

    /// <summary>b: gates · units × 1, or × 2 where the recurrent product has a bias of its own; null without bias.</summary>
    protected Parameter? Bias { get; private set; }

    /// <summary>Whether the cell has U; true by default.</summary>
    protected virtual bool HasRecurrentKernel => true;

    /// <summary>Number of biases: 1, or 2 where the recurrent product has one of its own.</summary>
    private protected virtual int BiasCount => 1;

    /// <summary>Rows of Z.</summary>
    private protected virtual int ZRows => checked(gates * Units);

    /// <summary>Shape of the kernel as Keras has it.</summary>
    private protected virtual int[] KernelShape(Shape step) => [step.Features, GateRows];

    /// <summary>Shape of the recurrent kernel as Keras has it.</summary>
    private protected virtual int[] RecurrentKernelShape => [StateSizes[0], GateRows];

    /// <summary>Shape of the bias as Keras has it.</summary>
    private protected virtual int[] BiasShape => BiasCount == 1 ? [GateRows] : [BiasCount, GateRows];

    /// <summary>What the number of units is called.</summary>
    private protected virtual string UnitsName => "units";

    /// <summary>The sizes as they stand at the head of the options.</summary>
    private protected virtual Config Sizes => new() { { UnitsName, Units } };

    /// <summary>Activations that other cells do not have.</summary>
    private protected virtual Config MoreActivations => [];

    /// <summary>Options that other cells do not have, as they stand before the seed.</summary>
    private protected virtual Config OwnOptions => [];

    internal override int MostRows(Shape step) => Math.Max(GateRows, base.MostRows(step));

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new GatedCellPass(this, options);

    /// <inheritdoc/>
    public override void Begin(CellPass pass, bool training, ulong key) =>
        ((GatedCellPass)pass).Begin(training ? Options.Dropout : 0, training ? Options.RecurrentDropout : 0, key);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (GatedCellPass)pass;
        x = own.DropInput(firstStep, x);
        ColumnBlock z = own.ZOf(firstStep, x.ColumnCount / own.StepColumns);
        if (!own.ProjectTokens(Kernel, Bias, x, z))
        {
            Kernel.Set(x, Bias is null ? default : Bias.Values[..GateRows], z, pass.Threads);
        }
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x)
    {
        var own = (GatedCellPass)pass;
        AddKernelGradients(own, own.GivenInputs(x));
        if (Bias is not null)
        {
            AddBiasGradients(own, pass.GradientOf(Bias).Values);
        }
    }

    /// <inheritdoc/>
    public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx)
    {
        var own = (GatedCellPass)pass;
        Kernel.SetBack(own.ZOf(firstStep, dx.ColumnCount / own.StepColumns), dx);
        own.BackThroughInputDropout(dx);
    }

    /// <inheritdoc/>
    public override void Pack()
    {
        Kernel.Pack();
        recurrentKernel?.Pack();
    }

    /// <inheritdoc/>
    public override Config GetOptions() => Options.ToConfig(Sizes, MoreActivations, OwnOptions);

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        ArgumentNullException.ThrowIfNull(step);
        kernel = MapKernel(AddParameter(
            new Parameter(
                "kernel", KernelShape(step), Options.KernelRegularizer, Options.KernelConstraint), Options.KernelInitializer));
        if (HasRecurrentKernel)
        {
            recurrentKernel = MapRecurrent(AddParameter(
                new Parameter(
                    "recurrent_kernel", RecurrentKernelShape, Options.RecurrentRegularizer, Options.RecurrentConstraint),
                Options.RecurrentInitializer!));
        }

        if (Options.UseBias)
        {
            Bias = AddParameter(new Parameter("bias", BiasShape, Options.BiasRegularizer, Options.BiasConstraint), FirstBias());
        }
    }

    /// <summary>The map of W; a cell in which it gives not all rows of Z says which.</summary>
    private protected virtual LinearMap MapKernel(Parameter weights) => new(weights);

    /// <summary>The map of U; a cell that multiplies it in parts makes a map of each.</summary>
    private protected virtual LinearMap MapRecurrent(Parameter weights) => new(weights);

    /// <summary><c>z += U·h_{t−1}</c>, h with dropout.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void AddRecurrent(GatedCellPass pass, int t, ColumnBlock z)
    {
        if (!pass.IsZeroBefore(t))
        {
            RecurrentKernel.Add(pass.RecurrentInput(t), z, pass.Threads);
        }
    }

    /// <summary><c>dh_{t−1} = Uᵀ·dz</c>, through dropout; before the first step only where somebody asks for it.</summary>
    private protected void SetRecurrentBack(GatedCellPass pass, int t, ColumnBlock dz, ColumnBlock dh)
    {
        if (t > 0 || pass.Options.StateGradients)
        {
            RecurrentKernel.SetBack(dz, dh);
            pass.BackThroughDropout(dh.Values);
        }
    }

    /// <summary>
    /// <c>dW += dZ·Xᵀ</c> and <c>dU += dZ·Hᵀ</c>, H what the recurrent product was given at each step. Who overrides it adds
    /// both.
    /// </summary>
    /// <param name="pass">The run.</param>
    /// <param name="x">X: what the product of all steps was given, dropout done.</param>
    protected virtual void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (HasRecurrentKernel)
        {
            LinearMap.AddGradients(pass.Z, Kernel, x, RecurrentKernel, pass.RecurrentInputs, pass.RecurrentZeros, pass);
        }
        else
        {
            Kernel.AddGradient(pass.Z, x, pass);
        }
    }

    /// <summary><c>db += Σ dZ</c>.</summary>
    private protected virtual void AddBiasGradients(GatedCellPass pass, Span<Real> gradient) =>
        Product.AddRowSums(pass.Z, gradient);

    /// <summary>The rows of one gate, of one sample.</summary>
    /// <param name="z">The gates of a step.</param>
    /// <param name="column">The sample.</param>
    /// <param name="gate">Number of the gate, from the top.</param>
    protected Span<Real> Gate(ColumnBlock z, int column, int gate) => z.Column(column).Slice(gate * Units, Units);

    /// <summary>Notes what is wrong with the options; a cell that has more of them, or cannot have some, says so.</summary>
    internal virtual OptionCheck CheckOptions(OptionCheck check) => CheckShared(check);

    /// <summary>Throws if options are wrong, unless the cell's layer is going to.</summary>
    private protected void Check()
    {
        if (!Options.CheckedByLayer)
        {
            CheckOptions(new OptionCheck(Introduction)).ThrowIfAny();
        }
    }

    private OptionCheck CheckShared(OptionCheck check) => defaults.Check(Options, check.Positive(UnitsName, Units));

    /// <summary>Chooses the first values of the bias.</summary>
    private protected virtual Initializer FirstBias() => Options.UnitForgetBias == true
        ? new UnitForgetBias(Options.BiasInitializer, Units, defaults.ForgetGate!.Value)
        : Options.BiasInitializer;

    private InvalidOperationException NotBuilt() =>
        new($"{Introduction} is not built: it has no weights yet. Use it in a layer.");
}
