using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>The options that all cells with kernels share; their meaning is documented where callers see them.</summary>
internal sealed record CellOptions
{
    public required int Units { get; init; }

    public ActivationFunction Activation { get; init; } = "tanh";

    public bool UseBias { get; init; } = true;

    public Initializer KernelInitializer { get; init; } = "glorot_uniform";

    public Initializer RecurrentInitializer { get; init; } = "orthogonal";

    public Initializer BiasInitializer { get; init; } = "zeros";

    public Regularizer? KernelRegularizer { get; init; }

    public Regularizer? RecurrentRegularizer { get; init; }

    public Regularizer? BiasRegularizer { get; init; }

    public Constraint? KernelConstraint { get; init; }

    public Constraint? RecurrentConstraint { get; init; }

    public Constraint? BiasConstraint { get; init; }

    public double Dropout { get; init; }

    public double RecurrentDropout { get; init; }

    public int? Seed { get; init; }

    public string? Name { get; init; }

    public bool Trainable { get; init; } = true;

    /// <summary>Notes what is wrong with the options.</summary>
    /// <param name="check">Gathers the problems.</param>
    public OptionCheck Check(OptionCheck check) => check
        .Positive("units", Units)
        .Rate("dropout", Dropout)
        .Rate("recurrentDropout", RecurrentDropout);

    /// <summary>The options in Keras's order; some cells have more, which stand between them.</summary>
    /// <param name="activations">The activations, after the units.</param>
    /// <param name="afterBias">What follows the bias initializer.</param>
    /// <param name="beforeSeed">What stands before the seed.</param>
    public Config ToConfig(Config activations, Config afterBias, Config beforeSeed)
    {
        var config = new Config { { "units", Units } };
        AddAll(config, activations);
        config.Add("use_bias", UseBias);
        config.Add("kernel_initializer", KernelInitializer);
        config.Add("recurrent_initializer", RecurrentInitializer);
        config.Add("bias_initializer", BiasInitializer);
        AddAll(config, afterBias);
        config.Add("kernel_regularizer", KernelRegularizer);
        config.Add("recurrent_regularizer", RecurrentRegularizer);
        config.Add("bias_regularizer", BiasRegularizer);
        config.Add("kernel_constraint", KernelConstraint);
        config.Add("recurrent_constraint", RecurrentConstraint);
        config.Add("bias_constraint", BiasConstraint);
        config.Add("dropout", Dropout);
        config.Add("recurrent_dropout", RecurrentDropout);
        AddAll(config, beforeSeed);
        config.Add("seed", Seed);
        return config;
    }

    /// <summary>Reads the options.</summary>
    /// <param name="config">The config of a cell, or of a layer that holds the options of its cell.</param>
    /// <param name="units">The key of the units.</param>
    /// <param name="activation">The activation of a config that says nothing of it.</param>
    public static CellOptions Read(ConfigReader config, string units = "units", string activation = "tanh") => new()
    {
        Units = config.Int(units),
        Activation = ReadActivation(config, "activation", activation),
        UseBias = config.Bool("use_bias", true),
        KernelInitializer = config.OptionalComponent("kernel_initializer", InitializerNames.Registry) ?? "glorot_uniform",
        RecurrentInitializer = config.OptionalComponent("recurrent_initializer", InitializerNames.Registry) ?? "orthogonal",
        BiasInitializer = config.OptionalComponent("bias_initializer", InitializerNames.Registry) ?? "zeros",
        KernelRegularizer = config.OptionalComponent("kernel_regularizer", RegularizerNames.Registry),
        RecurrentRegularizer = config.OptionalComponent("recurrent_regularizer", RegularizerNames.Registry),
        BiasRegularizer = config.OptionalComponent("bias_regularizer", RegularizerNames.Registry),
        KernelConstraint = config.OptionalComponent("kernel_constraint", ConstraintNames.Registry),
        RecurrentConstraint = config.OptionalComponent("recurrent_constraint", ConstraintNames.Registry),
        BiasConstraint = config.OptionalComponent("bias_constraint", ConstraintNames.Registry),
        Dropout = config.Double("dropout", 0),
        RecurrentDropout = config.Double("recurrent_dropout", 0),
        Seed = config.OptionalInt("seed"),
        Name = config.OptionalString("name"),
        Trainable = config.Bool("trainable", true),
    };

    /// <summary>Reads an activation: null is linear, as in Keras.</summary>
    /// <param name="config">The config.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The activation where the key is missing.</param>
    public static ActivationFunction ReadActivation(ConfigReader config, string key, string fallback) =>
        config.OptionalComponent(key, ActivationNames.Registry) ?? (config.IsNull(key) ? "linear" : fallback);

    private static void AddAll(Config config, Config entries)
    {
        foreach ((string key, object? value) in entries)
        {
            config.Add(key, value);
        }
    }
}
