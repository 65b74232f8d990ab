using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Divides the values of each sample, over one axis or several, by the root of their mean square, and scales them.
/// </summary>
/// <remarks>
/// <para>
/// Forward, over the n values along the axes, for each of the others by itself: <c>x̂ = x / √(Σ x² / n + ε)</c>, <c>y = γ ∘
/// x̂</c>. Backward: <c>dγ += Σ dy ∘ x̂</c>, and with <c>g = γ ∘ dy</c>: <c>dx = (g − x̂ ∘ mean(g ∘ x̂)) / √(Σ x² / n + ε)</c>.
/// </para>
/// <para>
/// Input and output: (batch, …), of any rank from 2 on. Parameter: scale (γ), of the lengths of the axes. The same in training
/// and in prediction. A mask ends here, as in Keras, and values of masked steps count where the axes run over steps. Zhang and
/// Sennrich, "Root mean square layer normalization", NeurIPS 2019; Keras's keras.layers.RMSNormalization.
/// </para>
/// </remarks>
public sealed class RMSNormalization : AxisLayer
{
    private readonly double epsilon;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">
    /// The axes to normalize over; 1 is the first of a sample, negative ones count from the end. Null is the last: <c>[-1]</c>.
    /// </param>
    /// <param name="epsilon">ε, added to the mean square; above 0. Default 1e-6.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>rms_normalization</c>.</param>
    /// <param name="trainable">Whether training changes γ; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public RMSNormalization(
        IReadOnlyList<int>? axis = null, double epsilon = 1e-6, string? name = null, bool trainable = true,
            Shape? inputShape = null)
        : base(axis ?? [-1], name, trainable, inputShape)
    {
        CheckAxis().Above(nameof(epsilon), epsilon, 0).ThrowIfAny();
        this.epsilon = epsilon;
    }

    /// <inheritdoc/>
    public override string ClassName => "RMSNormalization";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, or its length is unknown.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return SampleAxes.RequireKnown(
            this, Places(input), input, "Give its length in inputShape: scale has an entry for each place along it.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axis", Axis);
        config.Add("epsilon", epsilon);
        return config;
    }

    internal static RMSNormalization Read(ConfigReader config) =>
        new(SampleAxes.Read(config, "axis"), config.Double("epsilon", 1e-6), config.Name(), config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        AddParameter(new("scale", WeightShape(input)), "ones");
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(AxisPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        ColumnBlock from = pass.Gather(input.Values);
        ColumnBlock to = pass.GatheredOutput;
        ColumnBlock normalized = pass.Normalized;
        for (int column = 0; column < from.ColumnCount; column++)
        {
            ReadOnlySpan<Real> x = from.Column(column);
            Span<Real> hat = normalized.Column(column);
            double factor = 1 / Math.Sqrt((Sums.OfSquares(x) / x.Length) + epsilon);
            pass.Factors[column] = (Real)factor;
            for (int i = 0; i < x.Length; i++)
            {
                hat[i] = (Real)(x[i] * factor);
            }

            VectorMath.Multiply(hat, Parameters[0].Values, to.Column(column));
        }

        return pass.FinishUnmasked(input);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(AxisPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ColumnBlock slopes = pass.GatherGradient(outputGradient);
        ColumnBlock normalized = pass.Normalized;
        for (int column = 0; column < slopes.ColumnCount; column++)
        {
            Span<Real> g = slopes.Column(column);
            ReadOnlySpan<Real> hat = normalized.Column(column);
            VectorMath.AddProduct(g, hat, pass.Gradients[0].Values);
            if (pass.Options.InputGradient)
            {
                VectorMath.Multiply(g, Parameters[0].Values, g);
                Real slope = (Real)(Sums.OfProducts(g, hat) / g.Length);
                VectorMath.AddScaled(-slope, hat, g);
                VectorMath.Scale(pass.Factors[column], g);
            }
        }

        return pass.Options.InputGradient ? pass.ScatterGradient(outputGradient) : null;
    }
}
