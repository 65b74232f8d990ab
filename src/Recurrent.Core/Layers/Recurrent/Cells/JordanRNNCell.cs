using Recurrent.Activations;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The recurrent cell that is fed its own output (Jordan, "Serial order: a parallel distributed processing approach", 1986), in
/// two forms: the classic one, and one whose output comes first and follows from the states before the step alone.
/// </summary>
/// <remarks>
/// <code>
/// classic        forward    a = W·x_t + U·y_{t−1} + b            h_t = act(a)
///                           v = V·h_t + b_y                      y_t = outAct(v)
///                backward   dv = outAct′∘dy    dh = Vᵀ·dv    da = act′∘dh    dy_{t−1} = Uᵀ·da
/// outputFirst    forward    v = V_y·y_{t−1} + V·h_{t−1} + b_y    y_t = outAct(v)
///                           a = W·x_t + U·h_{t−1} + F·y_t + b    h_t = act(a)
///                backward   da = act′∘dh       dy ← dy + Fᵀ·da    dv = outAct′∘dy
///                           dh_{t−1} = Uᵀ·da + Vᵀ·dv              dy_{t−1} = V_yᵀ·dv
/// </code>
/// <para>Classic: one state, the output y. outputFirst: the states h and y, of which y is the output; what a step reads shows in
/// the output of the step after it.</para>
/// <para>Parameters: kernel W (features, units), recurrent_kernel U (outputs, units), with outputFirst (units, units), bias
/// (units), output_kernel V (units, outputs), with outputFirst output_recurrent_kernel V_y (outputs, outputs) and feedback_kernel
/// F (outputs, units), output_bias b_y (outputs). V_y and F begin like U and share its penalty and constraint; b_y those of
/// b.</para>
/// </remarks>
public sealed class JordanRNNCell : GatedCell
{
    private readonly ActivationFunction outputActivation;
    private readonly WeightOptions outputOptions;
    private readonly int? outputs;
    private LinearMap? outputKernel;
    private LinearMap? outputRecurrentKernel;
    private LinearMap? feedbackKernel;
    private Parameter? outputBias;

    internal static readonly CellDefaults Defaults = new();

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of h. At least 1.</param>
    /// <param name="outputs">Length of the output y. At least 1; null takes the units.</param>
    /// <param name="outputActivation">outAct, the activation of y. Default linear.</param>
    /// <param name="outputFirst">
    /// Whether y is computed first, from the states before the step. Default false, the classic form.
    /// </param>
    /// <param name="outputKernel">First values (default Glorot uniform), penalty and constraint of V.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public JordanRNNCell(
        int units,
        int? outputs = null,
        ActivationFunction? outputActivation = null,
        bool outputFirst = false,
        WeightOptions? outputKernel = null,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, 1, options, name)
    {
        this.outputs = outputs;
        this.outputActivation = outputActivation ?? "linear";
        OutputFirst = outputFirst;
        outputOptions = WeightOptions.Complete(outputKernel, "glorot_uniform");
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "JordanRNNCell";

    /// <summary>Length of the output.</summary>
    public int Outputs => outputs ?? Units;

    /// <summary>Whether the output is computed first, from the states before the step.</summary>
    public bool OutputFirst { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => OutputFirst ? [Units, Outputs] : [Outputs];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => OutputFirst ? ["hidden", "output"] : ["output"];

    /// <inheritdoc/>
    public override int OutputState => OutputFirst ? 1 : 0;

    private LinearMap OutputKernel => outputKernel!;

    private LinearMap OutputRecurrentKernel => outputRecurrentKernel!;

    private LinearMap FeedbackKernel => feedbackKernel!;

    private protected override Config MoreActivations => new() { { "output_activation", LayerConfig.Entry(outputActivation) } };

    private protected override Config OwnOptions
    {
        get
        {
            Config config = new() { { "outputs", outputs }, { "output_first", OutputFirst } };
            outputOptions.AddTo(config, "output");
            return config;
        }
    }

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new JordanPass(this, options);

    /// <inheritdoc/>
    public override void Pack()
    {
        base.Pack();
        outputKernel?.Pack();
        outputRecurrentKernel?.Pack();
        feedbackKernel?.Pack();
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (JordanPass)pass;
        ColumnBlock a = own.ZOf(t);
        ColumnBlock v = own.StepOf(own.OutputValues, t);
        ColumnBlock h = own.HiddenOf(t);
        ColumnBlock y = pass.States[OutputState].After(t);
        ColumnBlock recurrentInput = own.RecurrentInput(t);
        if (OutputFirst)
        {
            SetOutput(recurrentInput, v, pass.Threads);
            OutputRecurrentKernel.Add(pass.States[OutputState].Before(t), v, pass.Threads);
            outputActivation.Forward(v.Values, y.Values, Outputs);
            RecurrentKernel.Add(recurrentInput, a, pass.Threads);
            FeedbackKernel.Add(y, a, pass.Threads);
            Activation.Forward(a.Values, h.Values, Units);
        }
        else
        {
            RecurrentKernel.Add(recurrentInput, a, pass.Threads);
            Activation.Forward(a.Values, h.Values, Units);
            SetOutput(h, v, pass.Threads);
            outputActivation.Forward(v.Values, y.Values, Outputs);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (JordanPass)pass;
        ColumnBlock a = own.ZOf(t);
        ColumnBlock v = own.StepOf(own.OutputValues, t);
        DenseMatrix dy = pass.StateGradients[OutputState];
        DenseMatrix dh = own.HiddenGradient;
        if (OutputFirst)
        {
            BackwardHidden(own, t, a, dh);
            FeedbackKernel.AddBack(a, dy);
            BackwardOutput(own, t, v, dy);
            RecurrentKernel.SetBack(a, dh);
            OutputKernel.AddBack(v, dh);
            own.BackThroughDropout(dh.Values);
            OutputRecurrentKernel.SetBack(v, dy);
        }
        else
        {
            BackwardOutput(own, t, v, dy);
            OutputKernel.SetBack(v, dh);
            BackwardHidden(own, t, a, dh);
            RecurrentKernel.SetBack(a, dy);
            own.BackThroughDropout(dy.Values);
        }
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x)
    {
        base.AddGradients(pass, x);
        var own = (JordanPass)pass;
        OutputKernel.AddGradient(own.OutputValues, OutputFirst ? own.RecurrentInputs : own.Hidden!, pass);
        if (OutputFirst)
        {
            StateTrajectory y = pass.States[OutputState];
            OutputRecurrentKernel.AddGradient(own.OutputValues, new ColumnBlock(y.Values, 0, own.OutputValues.ColumnCount), pass);
            FeedbackKernel.AddGradient(own.Z, y.AfterAllSteps, pass);
        }

        if (outputBias is not null)
        {
            Product.AddRowSums(own.OutputValues, pass.GradientOf(outputBias).Values);
        }
    }

    internal static JordanRNNCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.OptionalInt("outputs"),
        CellOptions.ReadActivation(config, "output_activation"),
        config.Bool("output_first", false),
        WeightOptions.Read(config, "output"),
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) =>
        base.CheckOptions(check).Positive("outputs", outputs ?? 1);

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        base.BuildParameters(step);
        outputKernel = new LinearMap(
            AddParameter(outputOptions.NewParameter("output_kernel", Units, Outputs), outputOptions.FirstValues));
        if (OutputFirst)
        {
            outputRecurrentKernel = AddRecurrent("output_recurrent_kernel", Outputs);
            feedbackKernel = AddRecurrent("feedback_kernel", Units);
        }

        if (Options.UseBias)
        {
            outputBias = AddParameter(
                new Parameter("output_bias", [Outputs], Options.BiasRegularizer, Options.BiasConstraint),
                    Options.BiasInitializer);
        }
    }

    private LinearMap AddRecurrent(string name, int rows) => new(AddParameter(
        new Parameter(name, [Outputs, rows], Options.RecurrentRegularizer, Options.RecurrentConstraint),
        Options.RecurrentInitializer!));

    /// <summary>v = V·h + b_y.</summary>
    private void SetOutput(ColumnBlock h, ColumnBlock v, int threads) =>
        OutputKernel.Set(h, outputBias is null ? default : outputBias.Values, v, threads);

    /// <summary>dv in place of v.</summary>
    private void BackwardOutput(JordanPass pass, int t, ColumnBlock v, DenseMatrix dy)
    {
        outputActivation.Backward(v.Values, pass.States[OutputState].After(t).Values, dy.Values, dy.Values, Outputs);
        dy.Values.CopyTo(v.Values);
    }

    /// <summary>da in place of a.</summary>
    private void BackwardHidden(JordanPass pass, int t, ColumnBlock a, DenseMatrix dh)
    {
        Activation.Backward(a.Values, pass.HiddenOf(t).Values, dh.Values, dh.Values, Units);
        dh.Values.CopyTo(a.Values);
    }

    /// <summary>What a Jordan cell remembers beside a and its states.</summary>
    private sealed class JordanPass : GatedCellPass
    {
        public JordanPass(JordanRNNCell cell, CellPassOptions options)
            : base(cell, options)
        {
            OutputValues = NewMemory(cell.Outputs);
            Hidden = cell.OutputFirst ? null : NewMemory(cell.Units);
            HiddenGradient = cell.OutputFirst && options.Differentiable
                ? StateGradients[0]
                : new DenseMatrix(cell.Units, StepColumns);
        }

        /// <summary>v of all steps; backward, dv.</summary>
        public DenseMatrix OutputValues { get; }

        /// <summary>h of all steps, where it is not a state.</summary>
        public DenseMatrix? Hidden { get; }

        /// <summary>dh of one step.</summary>
        public DenseMatrix HiddenGradient { get; }

        /// <inheritdoc/>
        internal override IEnumerable<TracedRows> TracedRows =>
            Hidden is null ? [] : [new("hidden", HiddenOf, 0, Hidden.RowCount)];

        /// <summary>h of step t.</summary>
        public ColumnBlock HiddenOf(int t) => Hidden is null ? States[0].After(t) : StepOf(Hidden, t);
    }
}
