using System.Globalization;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>The weights of a file, in one of the layouts that Keras has had.</summary>
internal abstract class KerasWeights
{
    /// <summary>Sets every parameter of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isNew">Whether nobody has the model yet: then arrays go straight to their parameters. Else nothing is changed
    /// where anything does not fit.</param>
    /// <exception cref="ModelFormatException">The weights are not those of such a model.</exception>
    public void CopyTo(Model model, bool isNew = false)
    {
        IReadOnlyList<Parameter> parameters = model.BuiltParameters();
        if (isNew)
        {
            var filled = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
            foreach ((Parameter parameter, float[] values) in Read(model))
            {
                if (filled.Add(parameter))
                {
                    parameter.Take(values);
                }
            }

            RequireAll(parameters.FirstOrDefault(parameter => !filled.Contains(parameter)));
            return;
        }

        var arrays = new Dictionary<Parameter, float[]>(ReferenceEqualityComparer.Instance);
        foreach ((Parameter parameter, float[] values) in Read(model))
        {
            arrays.TryAdd(parameter, values);
        }

        RequireAll(parameters.FirstOrDefault(parameter => !arrays.ContainsKey(parameter)));
        model.SetWeights([.. parameters.Select(parameter => new NDArray(parameter.Shape, arrays[parameter]))]);
    }

    private static void RequireAll(Parameter? missing)
    {
        if (missing is not null)
        {
            throw new ModelFormatException($"The file has no numbers for the model's parameter '{missing.Name}'.");
        }
    }

    /// <summary>Sets the state of an optimizer, where the file has one.</summary>
    /// <exception cref="ModelFormatException">The state is not that of such an optimizer.</exception>
    public void CopyTo(Model model, Optimizer optimizer)
    {
        IReadOnlyList<(Slot Slot, Parameter Parameter)> slots = model.OptimizerSlots();
        if (OptimizerState(optimizer, slots) is not { } state)
        {
            return;
        }

        long iterations = state.Iterations is null ? 0 : Iterations(state.Iterations);
        if (state.Arrays.Count == 0 && slots.Count > 0)
        {
            model.RestoreOptimizer(iterations, null);
            return;
        }

        if (state.Arrays.Count != slots.Count)
        {
            throw new ModelFormatException("optimizer", string.Create(CultureInfo.InvariantCulture,
                $"the {optimizer.ClassName} of this model remembers {slots.Count} arrays, but the file has {state.Arrays.Count}. "
                + $"Read it with compile: false, or compile it anew."));
        }

        model.RestoreOptimizer(iterations,
            [.. slots.Select((pair, i) => Slot(pair.Slot, state.Arrays[i], pair.Slot.Shape ?? pair.Parameter.Shape))]);
    }

    /// <summary>
    /// Of the variables of Keras 3 those that are of parameters: behind the number of updates and the rate, where it is a number,
    /// and before Nadam's product of momenta, which follows from the number of updates.
    /// </summary>
    protected static (string? Iterations, IReadOnlyList<string> Arrays) Newer(Optimizer optimizer,
        IReadOnlyList<string> variables)
    {
        int first = optimizer.Schedule is ConstantRate ? 2 : 1;
        int last = variables.Count - (optimizer is Nadam ? 1 : 0);
        return (variables[0], last <= first ? [] : [.. variables.Skip(first).Take(last - first)]);
    }

    private float[] Slot(Slot slot, string path, IReadOnlyList<int> shape)
    {
        if (slot is { Shape.Count: 0, IsUnused: true })
        {
            // A whole number in Keras's files, which nobody reads.
            return [0];
        }

        float[] values = System.Array.ConvertAll(Slot(path, shape), value => value / slot.KerasScale);
        return !slot.IsNonNegative || System.Array.TrueForAll(values, value => value >= 0) ? values
            : throw new ModelFormatException(path, "the array holds a negative number, and the optimizer takes the root of it.");
    }

    /// <summary>The numbers of every parameter of a model.</summary>
    protected abstract IEnumerable<(Parameter Parameter, float[] Values)> Read(Model model);

    /// <summary>Where the file has what the optimizer remembers: the number of updates, or null where it has none, and the arrays
    /// in the order of the slots; null where there is nothing.</summary>
    protected abstract (string? Iterations, IReadOnlyList<string> Arrays)? OptimizerState(
        Optimizer optimizer, IReadOnlyList<(Slot Slot, Parameter Parameter)> slots);

    /// <summary>The number of updates.</summary>
    protected abstract long Iterations(string path);

    /// <summary>One of the numbers that an optimizer remembers for each weight.</summary>
    protected abstract float[] Slot(string path, IReadOnlyList<int> shape);
}
