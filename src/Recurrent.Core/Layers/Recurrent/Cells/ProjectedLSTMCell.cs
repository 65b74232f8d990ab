using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The LSTM whose hidden state is projected onto fewer dimensions before it is handed on (Sak, Senior and Beaufays, "Long
/// short-term memory recurrent neural network architectures for large scale acoustic modeling", 2014): the recurrent product
/// shrinks with it.
/// </summary>
/// <remarks>
/// <code>
/// forward    [zi zf zg zo] = W·x_t + U·r_{t−1} + b
///            i = σ(zi)   f = σ(zf)   g = act(zg)   o = σ(zo)
///            c_t = f∘c_{t−1} + i∘g
///            h_t = o∘act(c_t)
///            r_t = P·h_t
/// backward   dh = Pᵀ·dr                   dP = Σ dr·hᵀ
///            dz and dc_{t−1} from dh and dc as in an LSTM
///            dr_{t−1} = Uᵀ·dz
/// </code>
/// <para>States: the projected hidden state r, which is the output, and the cell state. The paper's recurrent projection without
/// peepholes and without its second, non-recurrent projection: PyTorch's LSTM with <c>proj_size</c>. Parameters, gates in the
/// order i, f, c, o: kernel (features, 4·units), recurrent_kernel (projection, 4·units), bias (4·units), projection_kernel
/// (units, projection).</para>
/// </remarks>
public sealed class ProjectedLSTMCell : LSTMCellBase
{
    private const int Projected = 0;

    private readonly WeightOptions projectionOptions;
    private LinearMap? projectionKernel;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the cell state. At least 1.</param>
    /// <param name="projection">Length of the projected hidden state, the output. At least 1 and at most the units.</param>
    /// <param name="projectionKernel">First values (default Glorot uniform), penalty and constraint of P.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ProjectedLSTMCell(
        int units,
        int projection,
        WeightOptions? projectionKernel = null,
        CellOptions? options = null,
        string? name = null)
        : base(units, options, name)
    {
        Projection = projection;
        projectionOptions = WeightOptions.Complete(projectionKernel, "glorot_uniform");
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "ProjectedLSTMCell";

    /// <summary>Length of the projected hidden state, the output.</summary>
    public int Projection { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Projection, Units];

    private LinearMap ProjectionKernel => projectionKernel!;

    private protected override Config OwnOptions
    {
        get
        {
            Config config = new() { { "projection", Projection } };
            projectionOptions.AddTo(config, "projection");
            return config;
        }
    }

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new ProjectedPass(this, options);

    /// <inheritdoc/>
    public override void Pack()
    {
        base.Pack();
        projectionKernel?.Pack();
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (ProjectedPass)pass;
        ColumnBlock z = own.ZOf(t);
        ColumnBlock hidden = own.StepOf(own.Hidden, t);
        AddRecurrent(own, t, z);
        ForwardGates(own, t, z, hidden);
        ProjectionKernel.Set(hidden, pass.States[Projected].After(t), pass.Threads);
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (ProjectedPass)pass;
        ColumnBlock z = own.ZOf(t);
        DenseMatrix dProjected = pass.StateGradients[Projected];
        dProjected.Values.CopyTo(own.StepOf(own.ProjectedGradients, t).Values);
        ProjectionKernel.SetBack(dProjected, own.HiddenGradient);
        BackwardGates(own, t, z, own.HiddenGradient);
        SetRecurrentBack(own, t, z, dProjected);
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x)
    {
        base.AddGradients(pass, x);
        var own = (ProjectedPass)pass;
        ProjectionKernel.AddGradient(own.ProjectedGradients, own.Hidden, pass);
    }

    internal static ProjectedLSTMCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.Int("projection"),
        WeightOptions.Read(config, "projection"),
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .Positive("projection", Projection)
        .Require(
            Projection < 1 || Projection <= Units,
            FormattableString.Invariant($"projection must not be wider than the units, but is {Projection} of {Units} units"),
            "projection");

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        base.BuildParameters(step);
        projectionKernel = new LinearMap(AddParameter(
            projectionOptions.NewParameter("projection_kernel", Units, Projection), projectionOptions.FirstValues));
    }

    /// <summary>What the projection adds to what an LSTM remembers.</summary>
    private sealed class ProjectedPass : LSTMPass
    {
        public ProjectedPass(ProjectedLSTMCell cell, CellPassOptions options)
            : base(cell, options)
        {
            Hidden = NewMemory(cell.Units);
            ProjectedGradients = NewMemory(cell.Projection);
            HiddenGradient = new DenseMatrix(cell.Units, StepColumns);
        }

        /// <summary>h of all steps.</summary>
        public DenseMatrix Hidden { get; }

        /// <summary>dr of all steps.</summary>
        public DenseMatrix ProjectedGradients { get; }

        /// <summary>dh of one step.</summary>
        public DenseMatrix HiddenGradient { get; }
    }
}
