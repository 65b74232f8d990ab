using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A cell whose gates follow from <c>Z = W·x_t + b</c>, projected for all steps in one product, and from the states. Forward, a
/// step turns its block of Z into gates; backward, into the gradient of Z, from which those of W, U and b follow in one product each.
/// </summary>
/// <remarks>
/// A cell of one's own derives from this: it adds <c>U·h_{t−1}</c> to Z with <see cref="RecurrentKernel"/>, and says in
/// <see cref="RecurrentCell.Forward"/> and <see cref="RecurrentCell.Backward"/> what the gates do.
/// </remarks>
public abstract class GatedCell : RecurrentCell
{
    private readonly int gates;
    private CellOptions options;
    private LinearMap? kernel;
    private LinearMap? recurrentKernel;

    /// <summary>Creates a cell with the options' defaults.</summary>
    /// <param name="units">Number of units: rows of each gate. At least 1.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="activation">The cell's activation; null takes tanh.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">The units are below 1.</exception>
    protected GatedCell(int units, int gates, ActivationFunction? activation = null, string? name = null)
        : this(new CellOptions { Units = units, Activation = activation ?? "tanh", Name = name }, gates)
    {
        options.Check(new OptionCheck(Introduction)).ThrowIfAny();
    }

    /// <summary>Creates a cell from its config, with all options that such cells share.</summary>
    /// <param name="config">The config.</param>
    /// <param name="gates">Number of gates.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    protected GatedCell(ConfigReader config, int gates)
        : this(CellOptions.Read(config), gates)
    {
        options.Check(new OptionCheck(Introduction)).ThrowIfAny();
    }

    private protected GatedCell(CellOptions options, int gates)
    {
        this.options = options;
        this.gates = gates;
        Name = options.Name;
        Trainable = options.Trainable;
        Seed = options.Seed;
    }

    /// <summary>Number of units: rows of each gate.</summary>
    public int Units => options.Units;

    /// <summary>The activation of the cell; of the gates some cells have another.</summary>
    public ActivationFunction Activation => options.Activation;

    /// <summary>Whether there is a bias. Default true.</summary>
    public bool UseBias
    {
        get => options.UseBias;
        init => options = Checked(options with { UseBias = value });
    }

    /// <summary>First values of W. Default Glorot uniform.</summary>
    public Initializer KernelInitializer
    {
        get => options.KernelInitializer;
        init => options = options with { KernelInitializer = value };
    }

    /// <summary>First values of U. Default orthogonal.</summary>
    public Initializer RecurrentInitializer
    {
        get => options.RecurrentInitializer;
        init => options = Checked(options with { RecurrentInitializer = value });
    }

    /// <summary>First values of the bias. Default zeros.</summary>
    public Initializer BiasInitializer
    {
        get => options.BiasInitializer;
        init => options = options with { BiasInitializer = value };
    }

    /// <summary>Penalty on W, or null (the default).</summary>
    public Regularizer? KernelRegularizer
    {
        get => options.KernelRegularizer;
        init => options = options with { KernelRegularizer = value };
    }

    /// <summary>Penalty on U, or null (the default).</summary>
    public Regularizer? RecurrentRegularizer
    {
        get => options.RecurrentRegularizer;
        init => options = Checked(options with { RecurrentRegularizer = value });
    }

    /// <summary>Penalty on the bias, or null (the default).</summary>
    public Regularizer? BiasRegularizer
    {
        get => options.BiasRegularizer;
        init => options = options with { BiasRegularizer = value };
    }

    /// <summary>What W is projected onto after each update, or null (the default).</summary>
    public Constraint? KernelConstraint
    {
        get => options.KernelConstraint;
        init => options = options with { KernelConstraint = value };
    }

    /// <summary>What U is projected onto after each update, or null (the default).</summary>
    public Constraint? RecurrentConstraint
    {
        get => options.RecurrentConstraint;
        init => options = Checked(options with { RecurrentConstraint = value });
    }

    /// <summary>What the bias is projected onto after each update, or null (the default).</summary>
    public Constraint? BiasConstraint
    {
        get => options.BiasConstraint;
        init => options = options with { BiasConstraint = value };
    }

    /// <summary>Share of the inputs set to zero in training, the same ones at every step; in [0, 1). Default 0.</summary>
    /// <exception cref="ArgumentException">The share is out of range.</exception>
    public double Dropout
    {
        get => options.Dropout;
        init => options = Checked(options with { Dropout = value });
    }

    /// <summary>
    /// Share of the hidden state set to zero in training on its way into the recurrent product, the same entries at every step and
    /// for every gate (the tied variant of Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent
    /// neural networks", 2016); in [0, 1). Default 0.
    /// </summary>
    /// <exception cref="ArgumentException">The share is out of range.</exception>
    public double RecurrentDropout
    {
        get => options.RecurrentDropout;
        init => options = Checked(options with { RecurrentDropout = value });
    }

    /// <summary>Rows of Z: the gates one below the other.</summary>
    public int GateRows => checked(gates * Units);

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

    /// <summary>Shape of the kernel as Keras has it.</summary>
    private protected virtual int[] KernelShape(Shape step) => [step.Features, GateRows];

    /// <summary>Shape of the recurrent kernel as Keras has it.</summary>
    private protected virtual int[] RecurrentKernelShape => [StateSizes[0], GateRows];

    /// <summary>Shape of the bias as Keras has it.</summary>
    private protected virtual int[] BiasShape => BiasCount == 1 ? [GateRows] : [BiasCount, GateRows];

    /// <summary>First values of the bias, where a cell starts some of its gates otherwise.</summary>
    private protected virtual Initializer FirstBias => BiasInitializer;

    /// <summary>The options; a layer of the cell's own sets those that callers give to it.</summary>
    internal CellOptions Options
    {
        get => options;
        set
        {
            options = value;
            Seed = value.Seed;
        }
    }

    internal override int MostRows(Shape step) => Math.Max(GateRows, base.MostRows(step));

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new GatedCellPass(this, options);

    /// <inheritdoc/>
    public override void Begin(CellPass pass, bool training, ulong key) =>
        ((GatedCellPass)pass).Begin(training ? Dropout : 0, training ? RecurrentDropout : 0, key);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (GatedCellPass)pass;
        x = own.DropInput(firstStep, x);
        ColumnBlock z = own.GatesOf(firstStep, x.ColumnCount / own.StepColumns);
        Kernel.Set(x, Bias is null ? default : Bias.Values[..GateRows], z, pass.Threads);
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
        Kernel.SetBack(own.GatesOf(firstStep, dx.ColumnCount / own.StepColumns), dx);
        own.BackThroughInputDropout(dx);
    }

    /// <inheritdoc/>
    public override void Pack()
    {
        Kernel.Pack();
        recurrentKernel?.Pack();
    }

    /// <inheritdoc/>
    public override Config GetOptions() =>
        options.ToConfig(new Config { { "activation", LayerConfig.Entry(Activation) } }, [], []);

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        ArgumentNullException.ThrowIfNull(step);
        kernel = new LinearMap(AddParameter(
            new Parameter("kernel", KernelShape(step), KernelRegularizer, KernelConstraint), KernelInitializer));
        if (HasRecurrentKernel)
        {
            recurrentKernel = MapRecurrent(AddParameter(
                new Parameter("recurrent_kernel", RecurrentKernelShape, RecurrentRegularizer, RecurrentConstraint), RecurrentInitializer));
        }

        if (UseBias)
        {
            Bias = AddParameter(new Parameter("bias", BiasShape, BiasRegularizer, BiasConstraint), FirstBias);
        }
    }

    /// <summary>The map of U; a cell that multiplies it in parts makes a map of each.</summary>
    private protected virtual LinearMap MapRecurrent(Parameter weights) => new(weights);

    /// <summary>
    /// <c>dW += dZ·Xᵀ</c> and <c>dU += dZ·Hᵀ</c>, H what the recurrent product was given at each step. Who overrides it adds both.
    /// </summary>
    /// <param name="pass">The run.</param>
    /// <param name="x">X: what the product of all steps was given, dropout done.</param>
    protected virtual void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (HasRecurrentKernel)
        {
            LinearMap.AddGradients(pass.Gates, Kernel, x, RecurrentKernel, pass.RecurrentInputs, pass);
        }
        else
        {
            Kernel.AddGradient(pass.Gates, x, pass);
        }
    }

    /// <summary><c>db += Σ dZ</c>.</summary>
    private protected virtual void AddBiasGradients(GatedCellPass pass, Span<Real> gradient) => Product.AddRowSums(pass.Gates, gradient);

    /// <summary>The rows of one gate, of one sample.</summary>
    /// <param name="z">The gates of a step.</param>
    /// <param name="column">The sample.</param>
    /// <param name="gate">Number of the gate, from the top.</param>
    protected Span<Real> Gate(ColumnBlock z, int column, int gate) => z.Column(column).Slice(gate * Units, Units);

    /// <summary>Notes what is wrong with options; a cell that cannot have some of them says so.</summary>
    internal virtual OptionCheck CheckOptions(CellOptions options, OptionCheck check) => options.Check(check);

    private CellOptions Checked(CellOptions changed)
    {
        CheckOptions(changed, new OptionCheck(Introduction)).ThrowIfAny();
        return changed;
    }

    private InvalidOperationException NotBuilt() => new($"{Introduction} is not built: it has no weights yet. Use it in a layer.");
}
