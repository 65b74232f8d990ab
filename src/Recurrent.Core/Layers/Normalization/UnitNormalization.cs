using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Scales the values of each sample, over one axis or several, so that their squares sum to 1.</summary>
/// <remarks>
/// <para>
/// Forward, over the values along the axes, for each of the others by itself: <c>y = x / √max(Σ x², 10⁻¹²)</c>. Backward:
/// <c>dx = (dy − y·Σ dy∘y) / √Σ x²</c>, and <c>10⁶·dy</c> where Σ x² is not above 10⁻¹².
/// </para>
/// <para>
/// Input and output: (batch, …), of any rank from 2 on. No parameters. A mask is passed on; values of masked steps count where
/// the axes run over steps, as in Keras. Keras's keras.layers.UnitNormalization.
/// </para>
/// </remarks>
public sealed class UnitNormalization : AxisLayer
{
    private const double Least = 1e-12;

    private readonly bool isList;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">The axis; 1 is the first of a sample, negative ones count from the end. Default −1.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>unit_normalization</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The axis is that of the batch.</exception>
    public UnitNormalization(int axis = -1, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this([axis], false, name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer for several axes together.</summary>
    /// <param name="axis">The axes.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>unit_normalization</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">There is no axis, one is that of the batch, or named twice.</exception>
    public UnitNormalization(IReadOnlyList<int> axis, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this(axis, true, name, trainable, inputShape)
    {
    }

    private UnitNormalization(IReadOnlyList<int> axis, bool isList, string? name, bool trainable, Shape? inputShape)
        : base(axis, name, trainable, inputShape)
    {
        this.isList = isList;
        CheckAxis().ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "UnitNormalization";

    internal override string? RaggedObstacle => RunsOverSteps
        ? "takes padding for data, since it normalizes over the steps. Choose another axis"
        : null;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axis", isList ? Axis : Axis[0]);
        return config;
    }

    internal static UnitNormalization Read(ConfigReader config)
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
        ColumnBlock from = pass.Gather(input.Values);
        ColumnBlock to = pass.GatheredOutput;
        for (int column = 0; column < from.ColumnCount; column++)
        {
            ReadOnlySpan<Real> x = from.Column(column);
            Span<Real> y = to.Column(column);
            double squares = Sums.OfSquares(x);
            double factor = 1 / Math.Sqrt(Math.Max(squares, Least));
            pass.Factors[column] = (Real)factor * (squares > Least ? 1 : -1);
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = (Real)(x[i] * factor);
            }
        }

        if (pass.Normalized != pass.GatheredOutput)
        {
            to.Values.CopyTo(pass.Normalized.Values);
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

        ColumnBlock slopes = pass.GatherGradient(outputGradient);
        ColumnBlock normalized = pass.Normalized;
        for (int column = 0; column < slopes.ColumnCount; column++)
        {
            Span<Real> g = slopes.Column(column);
            ReadOnlySpan<Real> y = normalized.Column(column);

            // A factor with a minus sign is the largest there is, and does not depend on x.
            Real factor = pass.Factors[column];
            if (factor > 0)
            {
                VectorMath.AddScaled(-(Real)Sums.OfProducts(g, y), y, g);
            }

            VectorMath.Scale(Math.Abs(factor), g);
        }

        return pass.ScatterGradient(outputGradient);
    }
}
