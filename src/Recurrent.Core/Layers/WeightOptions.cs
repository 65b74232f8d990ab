using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>First values, penalty and constraint of one weight: <c>new() { Initializer = "zeros", Regularizer = new L2(0.01)
/// }</c>.</summary>
public sealed record WeightOptions
{
    /// <summary>First values; null (the default) takes those that the layer documents for the weight.</summary>
    public Initializer? Initializer { get; init; }

    /// <summary>Penalty, or null (the default).</summary>
    public Regularizer? Regularizer { get; init; }

    /// <summary>What the weight is projected onto after each update, or null (the default).</summary>
    public Constraint? Constraint { get; init; }

    /// <summary>Options that a layer takes one by one, as Keras does.</summary>
    /// <param name="initializer">First values, or null.</param>
    /// <param name="regularizer">Penalty, or null.</param>
    /// <param name="constraint">Constraint, or null.</param>
    /// <param name="fallback">The first values of the weight by default.</param>
    internal static WeightOptions Of(Initializer? initializer, Regularizer? regularizer, Constraint? constraint,
        Initializer fallback) =>
        new() { Initializer = initializer ?? fallback, Regularizer = regularizer, Constraint = constraint };

    /// <summary>Options with first values where they name none.</summary>
    /// <param name="options">What the caller gave; null for the defaults.</param>
    /// <param name="fallback">The first values of the weight by default.</param>
    internal static WeightOptions Complete(WeightOptions? options, Initializer fallback) =>
        options?.Initializer is null ? (options ?? new()) with { Initializer = fallback } : options;

    /// <summary>Reads the options.</summary>
    /// <param name="config">The config of a layer or cell.</param>
    /// <param name="stem">How their keys begin: <c>kernel</c>.</param>
    internal static WeightOptions Read(ConfigReader config, string stem) => new()
    {
        Initializer = config.OptionalComponent($"{stem}_initializer", InitializerNames.Registry),
        Regularizer = config.OptionalComponent($"{stem}_regularizer", RegularizerNames.Registry),
        Constraint = config.OptionalComponent($"{stem}_constraint", ConstraintNames.Registry),
    };

    /// <summary>The first values of options that are complete.</summary>
    internal Initializer FirstValues => Initializer!;

    /// <summary>Creates the weight.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape as Keras has it.</param>
    internal Parameter NewParameter(string name, params int[] shape) => new(name, shape, Regularizer, Constraint);

    /// <summary>Adds the options to a config.</summary>
    /// <param name="config">The config.</param>
    /// <param name="stem">How their keys begin.</param>
    internal void AddTo(Config config, string stem)
    {
        config.Add($"{stem}_initializer", Initializer);
        config.Add($"{stem}_regularizer", Regularizer);
        config.Add($"{stem}_constraint", Constraint);
    }
}
