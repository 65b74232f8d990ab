using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The minimal gated unit (Zhou, Wu, Zhang and Zhou 2016), a GRU with one gate, and its simplified variants (Heck and Salem
/// 2017).
/// </summary>
/// <remarks>
/// <code>
/// f = σ(W_f·x_t + U_f·h_{t−1} + b_f)         ĥ = act(W_h·x_t + U_h·(f∘h_{t−1}) + b_h)
/// h_t = (1 − f)∘h_{t−1} + f∘ĥ
/// </code>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, the candidate h first and then the gate f: kernel (features, 2·units), recurrent_kernel (units, 2·units),
/// bias (2·units). With variant "mgu1" the gate has no W_f, with "mgu2" neither W_f nor b_f, with "mgu3" b_f alone; what it lacks
/// is missing from the parameters.</para>
/// </remarks>
public sealed class MinimalGRU : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="variant">
    /// What the gate sees: "mgu" (the default) input, state and bias; "mgu1" state and bias; "mgu2" the state; "mgu3" the bias.
    /// </param>
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
    public MinimalGRU(
        int units,
        string variant = "mgu",
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
            new MinimalGRUCell(units, variant, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private MinimalGRU(MinimalGRUCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MinimalGRU";

    /// <summary>What the gate sees: "mgu", "mgu1", "mgu2" or "mgu3".</summary>
    public string Variant => Own.Variant;

    internal static MinimalGRU Read(ConfigReader config) =>
        new(MinimalGRUCell.Read(config, ofLayer: true), SequenceOptions.Read(config));

    private MinimalGRUCell Own => (MinimalGRUCell)Cell;
}
