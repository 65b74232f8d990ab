using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The layer-normalised GRU of Ba, Kiros and Hinton, "Layer normalization", 2016.</summary>
/// <remarks>
/// <code>
/// LN(x) = (x − mean)/√(var + ε), mean and variance of one sample at one step, over all rows of x
///
/// [z r] = σ(γ_x∘LN(W_zr·x_t) + γ_h∘LN(U_zr·h_{t−1}) + b_zr)       2·units rows together
/// ĥ = act(γ'_x∘LN(W_h·x_t) + b_h + r∘(γ'_h∘LN(U_h·h_{t−1}) + b'_h))
/// h_t = z∘h_{t−1} + (1 − z)∘ĥ
/// </code>
/// <para>The GRU of the paper's appendix, with z and 1 − z swapped as in Keras's GRU, and with one bias where several only act as
/// their sum.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, gates in the order z, r, h: kernel (features, 3·units), recurrent_kernel (units, 3·units), bias b (3·units),
/// kernel_gamma (3·units), recurrent_gamma (3·units), recurrent_bias b'_h (units). Gains begin at 1, b'_h at 0; without bias
/// there is neither b nor b'_h.</para>
/// </remarks>
public sealed class LayerNormGRU : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 2: one number has no variance.</param>
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
    public LayerNormGRU(
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
            new LayerNormGRUCell(units, epsilon, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private LayerNormGRU(LayerNormGRUCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "LayerNormGRU";

    internal static LayerNormGRU Read(ConfigReader config) =>
        new(LayerNormGRUCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
