using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// minLSTM, an LSTM whose gates see the input alone and sum to one (Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, "Were RNNs all
/// we needed?", 2024).
/// </summary>
/// <remarks>
/// <code>
/// i = σ(W_i·x_t + b_i)         f = σ(W_f·x_t + b_f)         ĥ = act(W_h·x_t + b_h)
/// h_t = f/(f + i)∘h_{t−1} + i/(f + i)∘ĥ
/// </code>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, gates in the order i, f, h: kernel (features, 3·units), bias (3·units). There is no recurrent kernel, and
/// its options are refused. There is one state: minLSTM has no cell state beside the hidden one.</para>
/// <para>The paper's plain form has a linear act, its log-space form <see cref="SoftPositive"/>: the numbers here are those of
/// its listing with h₀ left out, since that passes h₀ through <see cref="SoftPositive"/> too.</para>
/// </remarks>
public sealed class MinLSTM : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
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
    public MinLSTM(
        int units,
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
            new MinLSTMCell(units, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private MinLSTM(MinLSTMCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MinLSTM";

    internal static MinLSTM Read(ConfigReader config) =>
        new(MinLSTMCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
