using Recurrent.Activations;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The cell of a convolutional LSTM over one axis of places (Shi, Chen, Wang, Yeung, Wong and Woo, "Convolutional LSTM network",
/// 2015, without its peepholes, as in Keras): an <see cref="LSTMCell"/> whose products are convolutions.
/// </summary>
/// <remarks>
/// <code>
/// forward    ĩ, f̃, g̃, õ = W∗x_t + U∗h_{t−1} + b
///            i = σ(ĩ)    f = σ(f̃)    g = act(g̃)    o = σ(õ)
///            c_t = f∘c_{t−1} + i∘g      h_t = o∘act(c_t)
/// backward   the gates as in an LSTM; then  dh_{t−1} = U∗ᵀdz,  dx_t = W∗ᵀdz,  dW += Σ dz·(what the window saw)ᵀ,  dU likewise
/// </code>
/// <para>
/// A step is (rows, channels), a state (new rows, filters); with dataFormat "channels_first" the layer swaps both. W∗ has
/// the options stride, padding and dilation; U∗ has stride 1, no dilation and padding "same", so that states keep their
/// places. A convolution is one product: <see cref="SlidingWindow"/> brings what each place sees into one column.
/// </para>
/// <para>Parameters, gates in the order i, f, c, o: kernel (kernel size, channels, 4·filters), recurrent_kernel (kernel size,
/// filters, 4·filters), bias (4·filters).</para>
/// </remarks>
public sealed class ConvLSTM1DCell : LSTMCellBase
{
    /// <summary>Creates the cell.</summary>
    /// <param name="filters">Number of filters: rows of each gate and of the states. At least 1.</param>
    /// <param name="kernelSize">Number of places that the window spans, in both convolutions. At least 1.</param>
    /// <param name="strides">How far the window over the input moves from place to place. Default 1.</param>
    /// <param name="padding">
    /// "valid" (the default): the window stays inside the input; "same": zeros around it. Of the input's convolution.
    /// </param>
    /// <param name="dilationRate">
    /// Distance of the places that the window over the input sees. Default 1; above 1 only with strides 1.
    /// </param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes <c>conv_lstm_cell</c>, as in Keras.</param>
    /// <param name="dataFormat">
    /// "channels_last" (null, the default, is the same) or "channels_first": whether a step is (rows, channels) or (channels,
    /// rows).
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ConvLSTM1DCell(
        int filters,
        int kernelSize,
        int strides = 1,
        string padding = "valid",
        int dilationRate = 1,
        CellOptions? options = null,
        string? name = null,
        string? dataFormat = null)
        : base(filters, options, name ?? options?.Name ?? "conv_lstm_cell")
    {
        Convolution = new(kernelSize, strides, padding, dilationRate, dataFormat);
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "ConvLSTM1DCell";

    internal ConvLSTM1DOptions Convolution { get; }

    internal override int StepRank => 2;

    internal override bool PlacesAreLast => Convolution.PlacesAreLast;

    private protected override int[] RecurrentKernelShape => [Convolution.KernelSize, Units, GateRows];

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new(Convolution.InputWindow(RowsOf(step))?.Outputs ?? throw TooFewRows(Introduction, step), Units);
    }

    internal override int MostRows(Shape step) =>
        Math.Max(base.MostRows(step), checked(Convolution.KernelSize * Math.Max(step.Features, Units)));

    private protected override string UnitsName => "filters";

    private protected override Config Sizes
    {
        get
        {
            Config config = base.Sizes;
            Convolution.AddTo(config);
            return config;
        }
    }

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new ConvPass(this, options);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (ConvPass)pass;
        x = own.DropInput(firstStep, x);
        for (int column = 0; column < x.ColumnCount; column += own.InputColumns)
        {
            ColumnBlock z = own.ZOf(firstStep + (column / own.InputColumns));
            own.InputWindow.Gather(x.Columns(column, own.InputColumns), own.Seen);
            Kernel.Set(own.Seen, Bias is null ? default : Bias.Values, z, pass.Threads);
        }
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (ConvPass)pass;
        ColumnBlock z = own.ZOf(t);
        own.StateWindow.Gather(own.RecurrentInput(t), own.SeenOfState);
        RecurrentKernel.Add(own.SeenOfState, z, pass.Threads);
        ForwardGates(own, t, z, pass.States[Hidden].After(t));
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (ConvPass)pass;
        ColumnBlock z = own.ZOf(t);
        DenseMatrix dh = pass.StateGradients[Hidden];
        BackwardGates(own, t, z, dh);
        RecurrentKernel.SetBack(z, own.SeenOfState);
        own.StateWindow.Scatter(own.SeenOfState, dh);
        own.BackThroughDropout(dh.Values);
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x)
    {
        var own = (ConvPass)pass;
        x = own.GivenInputs(x);
        for (int t = 0; t < pass.Steps; t++)
        {
            ColumnBlock dz = own.ZOf(t);
            own.InputWindow.Gather(x.Columns(t * own.InputColumns, own.InputColumns), own.Seen);
            Kernel.AddGradient(dz, own.Seen, pass);
            own.StateWindow.Gather(own.GivenRecurrentInput(t), own.SeenOfState);
            RecurrentKernel.AddGradient(dz, own.SeenOfState, pass);
        }

        if (Bias is not null)
        {
            Product.AddRowSums(own.Z, pass.GradientOf(Bias).Values);
        }
    }

    /// <inheritdoc/>
    public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx)
    {
        var own = (ConvPass)pass;
        for (int column = 0; column < dx.ColumnCount; column += own.InputColumns)
        {
            Kernel.SetBack(own.ZOf(firstStep + (column / own.InputColumns)), own.Seen);
            own.InputWindow.Scatter(own.Seen, dx.Columns(column, own.InputColumns));
        }

        own.BackThroughInputDropout(dx);
    }

    internal static ConvLSTM1DCell Read(ConfigReader config, bool ofLayer)
    {
        ConvLSTM1DOptions own = ConvLSTM1DOptions.Read(config);
        return new(
            config.Int("filters"),
            own.KernelSize,
            own.Strides,
            own.Padding,
            own.DilationRate,
            CellOptions.Read(config, Defaults, ofLayer),
            dataFormat: own.DataFormat);
    }

    internal override OptionCheck CheckOptions(OptionCheck check) => Convolution.Check(base.CheckOptions(check))
        .Require(
            !PlacesAreLast || !(IsAlongFeatures(Activation) || IsAlongFeatures(RecurrentActivation)),
            "softmax, log_softmax and sparsemax compare the channels of a place, but with dataFormat \"channels_first\" Keras "
            + "compares the places of a channel. Use another activation, or channels_last",
            "dataFormat");

    /// <summary>What to say of an input with too few places for the window.</summary>
    internal ShapeException TooFewRows(string introduction, Shape input) => new(
        introduction,
        FormattableString.Invariant(
            $"input with a known number of rows, at least the {Convolution.Extent} that its window spans"),
        input,
        $"Give inputShape (timesteps, {(PlacesAreLast ? "channels, rows" : "rows, channels")}) with that many rows, set "
        + "padding: \"same\", or choose a smaller kernelSize or dilationRate.");

    private protected override int[] KernelShape(Shape step) => [Convolution.KernelSize, step.Features, GateRows];

    private static bool IsAlongFeatures(ActivationFunction function) =>
        function is Activations.Softmax or LogSoftmax or Sparsemax;

    /// <summary>The places of a step; zero, too few for any window, where they are not known.</summary>
    private static int RowsOf(Shape step) => step.Rank == 2 ? step[0] ?? 0 : 0;

    /// <summary>What the cell remembers beside gates and states, and what the windows see at one step.</summary>
    private sealed class ConvPass : LSTMPass
    {
        public ConvPass(ConvLSTM1DCell cell, CellPassOptions options)
            : base(cell, options)
        {
            int rows = RowsOf(options.StepShape);
            InputColumns = rows * options.BatchSize;
            InputWindow = cell.Convolution.InputWindow(rows)!;
            StateWindow = cell.Convolution.StateWindow(InputWindow.Outputs);
            Seen = new DenseMatrix(cell.Convolution.KernelSize * options.StepShape.Features, StepColumns);
            SeenOfState = new DenseMatrix(cell.Convolution.KernelSize * cell.Units, StepColumns);
        }

        /// <summary>Columns of one step of the input.</summary>
        public int InputColumns { get; }

        public SlidingWindow InputWindow { get; }

        public SlidingWindow StateWindow { get; }

        /// <summary>What each place sees of the input at one step; backward, its gradient.</summary>
        public DenseMatrix Seen { get; }

        /// <summary>What each place sees of the state at one step; backward, its gradient.</summary>
        public DenseMatrix SeenOfState { get; }
    }
}
