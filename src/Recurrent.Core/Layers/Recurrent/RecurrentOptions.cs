using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The options that all recurrent layers share; their meaning is documented where callers see them, on the layers.</summary>
internal sealed record RecurrentOptions
{
    public required int Units { get; init; }

    public required ActivationFunction Activation { get; init; }

    public bool UseBias { get; init; } = true;

    public required Initializer KernelInitializer { get; init; }

    public required Initializer RecurrentInitializer { get; init; }

    public required Initializer BiasInitializer { get; init; }

    public Regularizer? KernelRegularizer { get; init; }

    public Regularizer? RecurrentRegularizer { get; init; }

    public Regularizer? BiasRegularizer { get; init; }

    public Regularizer? ActivityRegularizer { get; init; }

    public Constraint? KernelConstraint { get; init; }

    public Constraint? RecurrentConstraint { get; init; }

    public Constraint? BiasConstraint { get; init; }

    public double Dropout { get; init; }

    public double RecurrentDropout { get; init; }

    public int? Seed { get; init; }

    public bool ReturnSequences { get; init; }

    public bool ReturnState { get; init; }

    public bool GoBackwards { get; init; }

    public bool Stateful { get; init; }

    public bool Unroll { get; init; }

    public bool ZeroOutputForMask { get; init; }

    public string? Name { get; init; }

    public bool Trainable { get; init; } = true;

    public Shape? InputShape { get; init; }

    /// <summary>Checks the options, all together.</summary>
    /// <param name="className">Class name of the layer.</param>
    /// <exception cref="ArgumentException">Some are wrong; the message lists them all.</exception>
    public RecurrentOptions Check(string className)
    {
        new OptionCheck(Name is null ? className : $"{className} '{Name}'")
            .Positive("units", Units)
            .Rate("dropout", Dropout)
            .Rate("recurrentDropout", RecurrentDropout)
            .Require(!ReturnState, "returnState: true is not supported yet: a Sequential passes on one output only")
            .ThrowIfAny();
        return this;
    }

    /// <summary>Adds the options that stand first in Keras's config of a recurrent layer, after name and trainable.</summary>
    public void AddTo(Config config)
    {
        config.Add("return_sequences", ReturnSequences);
        config.Add("return_state", ReturnState);
        config.Add("go_backwards", GoBackwards);
        config.Add("stateful", Stateful);
        config.Add("unroll", Unroll);
        config.Add("zero_output_for_mask", ZeroOutputForMask);
    }

    /// <summary>Reads the options that all recurrent layers share.</summary>
    public static RecurrentOptions Read(ConfigReader config) => new()
    {
        Units = config.Int("units"),
        Activation = config.OptionalComponent("activation", ActivationNames.Registry) ?? "linear",
        UseBias = config.Bool("use_bias", true),
        KernelInitializer = config.OptionalComponent("kernel_initializer", InitializerNames.Registry) ?? "glorot_uniform",
        RecurrentInitializer = config.OptionalComponent("recurrent_initializer", InitializerNames.Registry) ?? "orthogonal",
        BiasInitializer = config.OptionalComponent("bias_initializer", InitializerNames.Registry) ?? "zeros",
        KernelRegularizer = config.OptionalComponent("kernel_regularizer", RegularizerNames.Registry),
        RecurrentRegularizer = config.OptionalComponent("recurrent_regularizer", RegularizerNames.Registry),
        BiasRegularizer = config.OptionalComponent("bias_regularizer", RegularizerNames.Registry),
        ActivityRegularizer = config.OptionalComponent("activity_regularizer", RegularizerNames.Registry),
        KernelConstraint = config.OptionalComponent("kernel_constraint", ConstraintNames.Registry),
        RecurrentConstraint = config.OptionalComponent("recurrent_constraint", ConstraintNames.Registry),
        BiasConstraint = config.OptionalComponent("bias_constraint", ConstraintNames.Registry),
        Dropout = config.Double("dropout", 0),
        RecurrentDropout = config.Double("recurrent_dropout", 0),
        Seed = config.OptionalInt("seed"),
        ReturnSequences = config.Bool("return_sequences", false),
        ReturnState = config.Bool("return_state", false),
        GoBackwards = config.Bool("go_backwards", false),
        Stateful = config.Bool("stateful", false),
        Unroll = config.Bool("unroll", false),
        ZeroOutputForMask = config.Bool("zero_output_for_mask", false),
        Name = config.OptionalString("name"),
        Trainable = config.Bool("trainable", true),
    };
}
