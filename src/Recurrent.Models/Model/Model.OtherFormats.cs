using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Models;

/// <content>What packages that read and write files of other tools need of a model.</content>
public partial class Model
{
    /// <summary>Every parameter, in the order of <see cref="GetWeights"/>.</summary>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    internal IReadOnlyList<Parameter> BuiltParameters()
    {
        RequireBuilt();
        return [.. AllParameters];
    }

    /// <summary>What the optimizer remembers of each parameter that it trains, in Keras's order.</summary>
    internal IReadOnlyList<(Slot Slot, Parameter Parameter)> OptimizerSlots()
    {
        Optimizer optimizer = Optimizer!;
        Context.BuildOptimizer(optimizer);
        return [.. optimizer.Slots.Select(slot => (slot, optimizer.Parameters[slot.ParameterIndex]))];
    }

    /// <summary>Sets what the optimizer remembers.</summary>
    /// <param name="iterations">The number of updates done.</param>
    /// <param name="slots">The numbers of each of <see cref="OptimizerSlots"/>; null leaves them as they are.</param>
    internal void RestoreOptimizer(long iterations, IReadOnlyList<Real[]>? slots)
    {
        Optimizer!.Iterations = iterations;
        if (slots is not null)
        {
            foreach (((Slot slot, _), Real[] values) in OptimizerSlots().Zip(slots))
            {
                values.CopyTo(slot.Values.Values, 0);
            }
        }
    }
}
