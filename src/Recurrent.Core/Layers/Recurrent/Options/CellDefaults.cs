using Recurrent.Activations;
using Recurrent.Initializers;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// Which of the <see cref="CellOptions"/> a kind of cell has beyond those that all have, and what it takes where they say
/// nothing.
/// </summary>
public sealed record CellDefaults
{
    /// <summary>The activation. Default tanh.</summary>
    public ActivationFunction Activation { get; init; } = "tanh";

    /// <summary>
    /// The activation of the gates; null (the default) for a cell that has none of its own and refuses the option.
    /// </summary>
    public ActivationFunction? RecurrentActivation { get; init; }

    /// <summary>First values of U. Default orthogonal.</summary>
    public Initializer RecurrentInitializer { get; init; } = "orthogonal";

    /// <summary>
    /// The gate whose bias starts at 1 with <c>unitForgetBias</c>, as number of its part of Z from the top; null (the default)
    /// for a cell that refuses the option.
    /// </summary>
    public int? ForgetGate { get; init; }

    /// <summary>Options with what the cell takes where they say nothing.</summary>
    internal CellOptions Complete(CellOptions options) => options with
    {
        Activation = options.Activation ?? Activation,
        RecurrentActivation = options.RecurrentActivation ?? RecurrentActivation,
        RecurrentInitializer = options.RecurrentInitializer ?? RecurrentInitializer,
        UnitForgetBias = options.UnitForgetBias ?? (ForgetGate is null ? null : true),
    };

    /// <summary>Notes what is wrong with options that have been completed.</summary>
    internal OptionCheck Check(CellOptions options, OptionCheck check) => check
        .Rate("dropout", options.Dropout)
        .Rate("recurrentDropout", options.RecurrentDropout)
        .Require(
            RecurrentActivation is not null || options.RecurrentActivation is null,
            "recurrentActivation cannot be set, since there are no gates",
            "recurrentActivation")
        .Require(
            ForgetGate is not null || options.UnitForgetBias is null,
            "unitForgetBias cannot be set, since there is no gate that it would start at 1",
            "unitForgetBias");
}
