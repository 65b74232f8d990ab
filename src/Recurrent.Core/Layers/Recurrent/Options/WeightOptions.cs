using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>First values, penalty and constraint of a weight that a cell has beside its kernels and bias.</summary>
/// <param name="Initializer">First values.</param>
/// <param name="Regularizer">Penalty, or null.</param>
/// <param name="Constraint">What the weight is projected onto after each update, or null.</param>
internal sealed record WeightOptions(Initializer Initializer, Regularizer? Regularizer = null, Constraint? Constraint = null)
{
    /// <summary>Creates the weight.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape as Keras would have it.</param>
    public Parameter NewParameter(string name, params int[] shape) => new(name, shape, Regularizer, Constraint);

    /// <summary>Adds the options to a config.</summary>
    /// <param name="config">The config.</param>
    /// <param name="stem">How their keys begin: <c>peephole</c>.</param>
    public void AddTo(Config config, string stem)
    {
        config.Add($"{stem}_initializer", Initializer);
        config.Add($"{stem}_regularizer", Regularizer);
        config.Add($"{stem}_constraint", Constraint);
    }

    /// <summary>Reads the options.</summary>
    /// <param name="config">The config of a cell, or of a layer that holds the options of its cell.</param>
    /// <param name="stem">How their keys begin.</param>
    /// <param name="fallback">First values where the config says nothing.</param>
    public static WeightOptions Read(ConfigReader config, string stem, Initializer fallback) => new(
        config.OptionalComponent($"{stem}_initializer", InitializerNames.Registry) ?? fallback,
        config.OptionalComponent($"{stem}_regularizer", RegularizerNames.Registry),
        config.OptionalComponent($"{stem}_constraint", ConstraintNames.Registry));
}
