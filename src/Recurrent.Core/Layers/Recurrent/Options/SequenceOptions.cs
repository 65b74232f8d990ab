using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The options of a recurrent layer that are not its cell's.</summary>
/// <param name="ReturnSequences">Whether the output has a value for every step.</param>
/// <param name="ReturnState">Whether a call gives the final state too.</param>
/// <param name="GoBackwards">Whether the sequence is read from its end.</param>
/// <param name="Stateful">Whether a batch goes on from the states in which the last one ended.</param>
/// <param name="ZeroOutputForMask">Whether the output at a masked step is zero.</param>
/// <param name="Name">Name of the layer, or null.</param>
/// <param name="Trainable">Whether training changes the layer.</param>
/// <param name="InputShape">Shape of a sample, for the first layer of a model.</param>
internal sealed record SequenceOptions(
    bool ReturnSequences,
    bool ReturnState,
    bool GoBackwards,
    bool Stateful,
    bool ZeroOutputForMask,
    string? Name,
    bool Trainable,
    Shape? InputShape)
{
    /// <summary>Whether Keras is to unroll the loop; it changes nothing here, and is kept for files.</summary>
    public bool Unroll { get; init; }

    /// <summary>Penalty on the output, or null.</summary>
    public Regularizer? ActivityRegularizer { get; init; }

    /// <summary>Adds the options that stand first in Keras's config of a recurrent layer, after name and trainable.</summary>
    /// <param name="config">The config.</param>
    public void AddTo(Config config)
    {
        config.Add("return_sequences", ReturnSequences);
        config.Add("return_state", ReturnState);
        config.Add("go_backwards", GoBackwards);
        config.Add("stateful", Stateful);
        config.Add("unroll", Unroll);
        config.Add("zero_output_for_mask", ZeroOutputForMask);
    }

    /// <summary>Reads the options.</summary>
    /// <param name="config">The config of a recurrent layer.</param>
    public static SequenceOptions Read(ConfigReader config) => new(
        ReturnSequences: config.Bool("return_sequences", false),
        ReturnState: config.Bool("return_state", false),
        GoBackwards: config.Bool("go_backwards", false),
        Stateful: config.Bool("stateful", false),
        ZeroOutputForMask: config.Bool("zero_output_for_mask", false),
        Name: config.Name(),
        Trainable: config.Trainable(),
        InputShape: null)
    {
        Unroll = config.Bool("unroll", false),
        ActivityRegularizer = config.ActivityRegularizer(),
    };
}
