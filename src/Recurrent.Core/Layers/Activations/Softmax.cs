using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Probabilities along one axis, or several together: <c>yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)</c>.</summary>
/// <remarks>
/// <para>
/// Backward: <c>dx = y ∘ (dy − Σⱼ yⱼ·dyⱼ)</c>. Input and output: (batch, …), of any rank from 2 on. A mask is passed on; where an
/// axis is that of the steps, masked steps are left out: they get 0, and the others sum to 1.
/// </para>
/// <para>Keras's keras.layers.Softmax.</para>
/// </remarks>
public sealed class Softmax : AxisLayer
{
    private readonly bool isList;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">
    /// The axis; 1 is the first of a sample (the steps of a sequence), negative ones count from the end. Default −1.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>softmax</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The axis is that of the batch.</exception>
    public Softmax(int axis = -1, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this([axis], false, name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer for several axes, over which probabilities sum to 1 together.</summary>
    /// <param name="axis">The axes.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>softmax</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">There is no axis, one is that of the batch, or named twice.</exception>
    public Softmax(IReadOnlyList<int> axis, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this(axis, true, name, trainable, inputShape)
    {
    }

    private Softmax(IReadOnlyList<int> axis, bool isList, string? name, bool trainable, Shape? inputShape)
        : base(axis, name, trainable, inputShape)
    {
        this.isList = isList;
        CheckAxis().ThrowIfAny();
    }

    internal override CallForm CallForm => CallForm.Masked;

    /// <inheritdoc/>
    public override string ClassName => "Softmax";

    private protected override string ReasonOverSteps => "its probabilities sum to 1 over the steps of a sequence";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axis", isList ? Axis : Axis[0]);
        return config;
    }

    internal static Softmax Read(ConfigReader config)
    {
        bool isList = config.Raw("axis") is IEnumerable<object?>;
        return new(SampleAxes.Read(config, "axis") ?? [-1], isList, config.Name(), config.Trainable(), null)
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(AxisPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        DenseMatrix x = pass.Gather(input.Values);
        Span<Real> y = pass.GatheredOutput.Values;
        if (input.Mask is { } mask && !pass.IsInPlace)
        {
            for (int column = 0; column < x.ColumnCount; column++)
            {
                SoftmaxWhereKept(pass, mask, x.Values, column * x.RowCount, x.RowCount);
            }
        }
        else
        {
            VectorMath.SoftmaxColumns(x.Values, y, x.RowCount);
        }

        if (pass.Normalized != pass.GatheredOutput)
        {
            y.CopyTo(pass.Normalized.Values);
        }

        return pass.Finish(input.Mask);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(AxisPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (!pass.Options.InputGradient)
        {
            return null;
        }

        ColumnBlock gradient = pass.GatherGradient(outputGradient);
        ColumnBlock y = pass.Normalized;
        for (int column = 0; column < y.ColumnCount; column++)
        {
            ReadOnlySpan<Real> p = y.Column(column);
            Span<Real> g = gradient.Column(column);
            Real mean = (Real)Sums.OfProducts<Real>(p, g);
            for (int i = 0; i < g.Length; i++)
            {
                g[i] = p[i] * (g[i] - mean);
            }
        }

        return pass.ScatterGradient(outputGradient);
    }

    private static void SoftmaxWhereKept(AxisPass pass, bool[] mask, ReadOnlySpan<Real> x, int first, int count)
    {
        Span<Real> y = pass.GatheredOutput.Values.AsSpan(first, count);
        double largest = double.NegativeInfinity;
        for (int i = 0; i < count; i++)
        {
            largest = pass.IsMasked(mask, first + i) ? largest : Math.Max(largest, x[first + i]);
        }

        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            double e = pass.IsMasked(mask, first + i) ? 0 : Math.Exp(x[first + i] - largest);
            y[i] = (Real)e;
            sum += e;
        }

        for (int i = 0; i < count && sum > 0; i++)
        {
            y[i] = (Real)(y[i] / sum);
        }
    }
}
