using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The crossentropy that fits the outputs and the targets, chosen once both are known: <see cref="BinaryCrossentropy"/> for one
/// output,
/// <see cref="SparseCategoricalCrossentropy"/> for integer labels, else <see cref="CategoricalCrossentropy"/>.
/// </summary>
/// <remarks>This is what Keras's <c>compile</c> makes of the names <c>crossentropy</c> and <c>ce</c>.</remarks>
public sealed class Crossentropy : LossChoice
{
    private readonly Reduction reduction;

    /// <summary>Creates the choice.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>crossentropy</c>.</param>
    public Crossentropy(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
    {
        this.reduction = reduction;
        Name = name ?? "crossentropy";
    }

    /// <inheritdoc/>
    public override string ClassName => "Crossentropy";

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Loss For(int predictionRows, int targetRows) =>
        predictionRows == 1 ? new BinaryCrossentropy(reduction: reduction, name: Name)
        : targetRows == 1 ? new SparseCategoricalCrossentropy(reduction: reduction, name: Name)
        : new CategoricalCrossentropy(reduction: reduction, name: Name);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "name", Name }, { "reduction", ReductionNames.Of(reduction) } };
}
