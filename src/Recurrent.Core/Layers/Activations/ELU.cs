using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The exponential linear unit as a layer: <c>y = x</c> above 0, else <c>α · (eˣ − 1)</c>.</summary>
/// <remarks>
/// Backward: <c>dx = dy</c> above 0, else <c>(y + α) · dy</c>. Input and output: (batch, …), of any rank from 2 on. A mask is
/// passed on. Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units", ICLR
/// 2016; Keras's keras.layers.ELU.
/// </remarks>
public sealed class ELU : FunctionLayer
{
    private readonly double alpha;

    /// <summary>Creates the layer.</summary>
    /// <param name="alpha">α, at least 0: the output falls to −α. Default 1.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>elu</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">α is negative.</exception>
    public ELU(double alpha = 1, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(new Elu(alpha), name, trainable, inputShape) => this.alpha = alpha;

    /// <inheritdoc/>
    public override string ClassName => "ELU";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        // Keras writes the option before whether the layer is trainable.
        var config = new Config { { "name", Name }, { "alpha", alpha }, { "trainable", Trainable } };
        if (ActivityRegularizer is not null)
        {
            config.Add("activity_regularizer", ActivityRegularizer);
        }

        return config;
    }

    internal static ELU Read(ConfigReader config) =>
        new(config.Double("alpha", 1), config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };
}
