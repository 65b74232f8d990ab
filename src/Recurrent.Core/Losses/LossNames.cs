using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The losses that can be named in code and in files.</summary>
public static class LossNames
{
    /// <summary>Every loss by name.</summary>
    public static Registry<Loss> Registry { get; } = new("loss", [
        new("MeanSquaredError|mean_squared_error|mse", r => new MeanSquaredError(ReductionNames.Read(r), r.OptionalString("name"))),
    ]);
}
