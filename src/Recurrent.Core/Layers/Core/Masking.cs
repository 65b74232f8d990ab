using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Marks the time steps whose features all equal a value as padding, so that the layers after it skip them, and sets them to
/// zero.
/// </summary>
/// <remarks>
/// <c>mask_t = any(x_t ≠ value)</c>, <c>y_t = mask_t · x_t</c>; backward <c>dx_t = mask_t · dy_t</c>. Input and output:
/// (batch, …, features). The mask replaces one that comes with the input, except that it leaves out the padding of
/// sequences of unequal length. Keras's keras.layers.Masking.
/// </remarks>
public sealed class Masking : UnaryLayer<MaskingPass>
{
    private readonly double maskValue;

    /// <summary>Creates the layer.</summary>
    /// <param name="maskValue">What the features of padding equal; 0 by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>masking</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public Masking(double maskValue = 0, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction).Finite(nameof(maskValue), maskValue).ThrowIfAny();
        this.maskValue = maskValue;
    }

    /// <inheritdoc/>
    public override string ClassName => "Masking";

    /// <inheritdoc/>
    public override bool CreatesMask => true;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("mask_value", maskValue);
        return config;
    }

    internal static Masking Read(ConfigReader config) =>
        new(config.Double("mask_value", 0), config.Name(), config.Trainable())
        {
            ActivityRegularizer = config.ActivityRegularizer()
        };

    /// <inheritdoc/>
    protected override MaskingPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(MaskingPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        ColumnBlock from = input.Values;
        ColumnBlock to = pass.Output.Values;
        for (int column = 0; column < from.ColumnCount; column++)
        {
            bool holdsData = from.Column(column).ContainsAnyExcept((Real)maskValue);
            pass.HoldsData[column] = holdsData;
            if (holdsData)
            {
                from.Column(column).CopyTo(to.Column(column));
            }
            else
            {
                to.Column(column).Clear();
            }
        }

        input.Padding?.Hide(pass.HoldsData);
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(MaskingPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (!pass.Options.InputGradient)
        {
            return null;
        }

        ColumnBlock gradient = outputGradient;
        for (int column = 0; column < gradient.ColumnCount; column++)
        {
            if (!pass.HoldsData[column])
            {
                gradient.Column(column).Clear();
            }
        }

        return outputGradient;
    }
}
