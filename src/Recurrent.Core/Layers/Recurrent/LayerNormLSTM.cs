using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The layer-normalised LSTM of Ba, Kiros and Hinton, "Layer normalization", 2016.</summary>
/// <remarks>
/// <code>
/// LN(x) = (x − mean)/√(var + ε), mean and variance of one sample at one step, over all rows of x
///
/// [zi zf zg zo] = γ_x∘LN(W·x_t) + γ_h∘LN(U·h_{t−1}) + b           all 4·units rows together
/// i = σ(zi)   f = σ(zf)   g = act(zg)   o = σ(zo)
/// c_t = f∘c_{t−1} + i∘g        h_t = o∘act(γ_c∘LN(c_t) + β_c)
/// </code>
/// <para>The LSTM of the paper's appendix; its biases of the two normalised products, which only act as their sum with b, are b.
/// The cell state that is carried on is not normalised.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, gates in the order i, f, c, o: kernel (features, 4·units), recurrent_kernel (units, 4·units), bias b
/// (4·units), kernel_gamma γ_x (4·units), recurrent_gamma γ_h (4·units), cell_gamma γ_c (units), cell_beta β_c (units). Gains
/// begin at 1, β_c at 0; without bias there is neither b nor β_c.</para>
/// </remarks>
public sealed class LayerNormLSTM : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of hidden and cell state. At least 2: one number has no variance.</param>
    /// <param name="epsilon">ε, added to the variances. Above 0. Default 1e-3, as in Keras's LayerNormalization.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="returnSequences">
    /// Whether the output has a value for every step, and not for the last alone. Default false.
    /// </param>
    /// <param name="returnState">
    /// Whether <see cref="RecurrentLayer.Call"/> gives the final state too; in a Sequential it must be false. Default false.
    /// </param>
    /// <param name="goBackwards">
    /// Whether the sequence is read from its end; the output then is in the order of reading. Default false.
    /// </param>
    /// <param name="stateful">
    /// Whether sample b of a batch goes on from the state in which sample b of the last batch ended. Default false.
    /// </param>
    /// <param name="zeroOutputForMask">
    /// Whether the output at a masked step is zero, and not the previous output. Default false.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <param name="inputShape">
    /// Shape of a sample (timesteps, features), for the first layer of a model; time steps may be null.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LayerNormLSTM(
        int units,
        double epsilon = 1e-3,
        CellOptions? options = null,
        bool returnSequences = false,
        bool returnState = false,
        bool goBackwards = false,
        bool stateful = false,
        bool zeroOutputForMask = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            new LayerNormLSTMCell(units, epsilon, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private LayerNormLSTM(LayerNormLSTMCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "LayerNormLSTM";

    internal static LayerNormLSTM Read(ConfigReader config) =>
        new(LayerNormLSTMCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
