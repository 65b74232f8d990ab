using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The options of a recurrent layer that are not its cell's; their meaning is documented where callers see them, on the layers.
/// </summary>
internal sealed record SequenceOptions
{
    public bool ReturnSequences { get; init; }

    public bool ReturnState { get; init; }

    public bool GoBackwards { get; init; }

    public bool Stateful { get; init; }

    public bool Unroll { get; init; }

    public bool ZeroOutputForMask { get; init; }

    public Regularizer? ActivityRegularizer { get; init; }

    public string? Name { get; init; }

    public bool Trainable { get; init; } = true;

    public Shape? InputShape { get; init; }

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
    public static SequenceOptions Read(ConfigReader config) => new()
    {
        ActivityRegularizer = config.ActivityRegularizer(),
        ReturnSequences = config.Bool("return_sequences", false),
        ReturnState = config.Bool("return_state", false),
        GoBackwards = config.Bool("go_backwards", false),
        Stateful = config.Bool("stateful", false),
        Unroll = config.Bool("unroll", false),
        ZeroOutputForMask = config.Bool("zero_output_for_mask", false),
        Name = config.Name(),
        Trainable = config.Trainable(),
    };
}
