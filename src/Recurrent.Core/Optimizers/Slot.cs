namespace Recurrent.Optimizers;

/// <summary>What an optimizer remembers of one parameter from update to update: a moment, as large as the parameter.</summary>
/// <param name="Name">What it is, as Keras names it: <c>momentum</c>, <c>velocity</c>, <c>velocity_hat</c>,
/// <c>average_gradient</c>.</param>
/// <param name="ParameterIndex">Which parameter it belongs to, in the order of <see cref="Optimizer.Build"/>.</param>
/// <param name="Values">The numbers, laid out as the parameter's value. To restore a state, write to them.</param>
public sealed record Slot(string Name, int ParameterIndex, DenseMatrix Values)
{
    /// <summary>Whether no number of it can be negative, as that of a mean of squares; false unless the optimizer says
    /// so.</summary>
    public bool IsNonNegative { get; init; }

    /// <summary>Its shape as Keras has it: that of the parameter, unless it says otherwise.</summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>Whether it stands only where Keras's files have something that nobody reads.</summary>
    internal bool IsUnused { get; init; }

    /// <summary>What Keras has in the place of each number, as a multiple of it, which is a power of two.</summary>
    internal int KerasScale { get; init; } = 1;
}
