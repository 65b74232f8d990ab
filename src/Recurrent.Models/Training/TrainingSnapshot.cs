using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Training;

/// <summary>
/// A copy of weights, with what the optimizer remembers of them: going back to the ones without the other would leave moments of
/// gradients that the weights have never seen. Taking it again reuses its room.
/// </summary>
internal sealed class TrainingSnapshot
{
    private readonly (Parameter Parameter, Real[] Values)[] weights;
    private readonly (DenseMatrix Slot, Real[] Values)[] slots;
    private readonly Optimizer? optimizer;
    private long iterations;

    /// <summary>Makes room.</summary>
    /// <param name="parameters">The parameters to copy.</param>
    /// <param name="optimizer">The optimizer that trains them, or null.</param>
    public TrainingSnapshot(IEnumerable<Parameter> parameters, Optimizer? optimizer)
    {
        this.optimizer = optimizer;
        weights = [.. parameters.Select(parameter => (parameter, new Real[parameter.Size]))];
        slots = [.. (optimizer?.Slots ?? []).Select(slot => (slot.Values, new Real[slot.Values.Values.Length]))];
    }

    /// <summary>Number of updates that had been done when the copy was taken.</summary>
    public long Iterations => iterations;

    /// <summary>The copy of a parameter.</summary>
    public ReadOnlySpan<Real> Of(Parameter parameter) =>
        Array.Find(weights, copy => ReferenceEquals(copy.Parameter, parameter)).Values;

    /// <summary>Copies everything as it is now.</summary>
    public void Take()
    {
        foreach ((Parameter parameter, Real[] values) in weights)
        {
            parameter.Values.CopyTo(values);
        }

        foreach ((DenseMatrix slot, Real[] values) in slots)
        {
            slot.Values.CopyTo(values, 0);
        }

        iterations = optimizer?.Iterations ?? 0;
    }

    /// <summary>The copy as arrays, by name.</summary>
    public Dictionary<string, NDArray> ToArrays()
    {
        var arrays = new Dictionary<string, NDArray>(StringComparer.Ordinal);
        foreach ((string name, Real[] values) in Named())
        {
            arrays.Add(name, new NDArray([values.Length], (Real[])values.Clone()));
        }

        return arrays;
    }

    /// <summary>Takes a copy that <see cref="ToArrays"/> gave.</summary>
    /// <param name="arrays">The array of a name.</param>
    /// <param name="taken">Number of updates that had been done when it was taken.</param>
    /// <exception cref="ArgumentException">It is not one of these weights.</exception>
    public void Fill(Func<string, NDArray> arrays, long taken)
    {
        foreach ((string name, Real[] values) in Named())
        {
            Real[] found = arrays(name).Values;
            if (found.Length != values.Length)
            {
                throw new ArgumentException($"The copy of weights '{name}' has {found.Length} numbers, not {values.Length}.");
            }

            found.CopyTo(values, 0);
        }

        iterations = taken;
    }

    private IEnumerable<(string Name, Real[] Values)> Named() =>
    [
        .. weights.Select((copy, i) => (FormattableString.Invariant($"weights/{i}"), copy.Values)),
        .. slots.Select((copy, i) => (FormattableString.Invariant($"slots/{i}"), copy.Values)),
    ];

    /// <summary>Sets everything back to what was copied.</summary>
    public void Restore()
    {
        foreach ((Parameter parameter, Real[] values) in weights)
        {
            values.CopyTo(parameter.Values);
            parameter.MarkChanged();
        }

        foreach ((DenseMatrix slot, Real[] values) in slots)
        {
            values.CopyTo(slot.Values, 0);
        }

        if (optimizer is not null)
        {
            optimizer.Iterations = iterations;
        }
    }
}
