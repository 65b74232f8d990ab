using System.Globalization;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>The weights of a file, in one of the layouts that Keras has had.</summary>
internal abstract class KerasWeights
{
    /// <summary>Sets every parameter of a model. Nothing is changed where anything does not fit.</summary>
    /// <exception cref="ModelFormatException">The weights are not those of such a model.</exception>
    public void CopyTo(Model model)
    {
        IReadOnlyList<Parameter> parameters = model.BuiltParameters();
        var arrays = new Dictionary<Parameter, float[]>(ReferenceEqualityComparer.Instance);
        foreach ((Parameter parameter, float[] values) in Read(model))
        {
            arrays.TryAdd(parameter, values);
        }

        Parameter? missing = parameters.FirstOrDefault(parameter => !arrays.ContainsKey(parameter));
        model.SetWeights(missing is null
            ? [.. parameters.Select(parameter => new NDArray(parameter.Shape, arrays[parameter]))]
            : throw new ModelFormatException($"The file has no numbers for the model's parameter '{missing.Name}'."));
    }

    /// <summary>Sets the state of an optimizer, where the file has one.</summary>
    /// <exception cref="ModelFormatException">The state is not that of such an optimizer.</exception>
    public void CopyTo(Model model, Optimizer optimizer)
    {
        if (OptimizerVariables() is not { Count: > 0 } variables)
        {
            return;
        }

        // The number of updates, the rate where it is a number, and what the optimizer remembers of each parameter.
        long iterations = Iterations(variables[0]);
        int first = optimizer.Schedule is ConstantRate ? 2 : 1;
        IReadOnlyList<(Slot Slot, Parameter Parameter)> slots = model.OptimizerSlots();
        if (variables.Count <= first && slots.Count > 0)
        {
            model.RestoreOptimizer(iterations, null);
            return;
        }

        // Nadam's product of momenta, the last one, follows from the number of updates.
        int last = variables.Count - (optimizer is Nadam ? 1 : 0);
        if (last - first != slots.Count)
        {
            throw new ModelFormatException("optimizer", string.Create(CultureInfo.InvariantCulture,
                $"the {optimizer.ClassName} of this model has {slots.Count + first} variables, but the file has {last}. Read it "
                + $"with compile: false, or compile it anew."));
        }

        model.RestoreOptimizer(iterations,
            [.. slots.Select((pair, i) => Slot(pair.Slot, variables[first + i], pair.Slot.Shape ?? pair.Parameter.Shape))]);
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

    /// <summary>Where the variables of the optimizer are, in Keras's order; null where there are none.</summary>
    protected abstract IReadOnlyList<string>? OptimizerVariables();

    /// <summary>The number of updates.</summary>
    protected abstract long Iterations(string path);

    /// <summary>One of the numbers that an optimizer remembers for each weight.</summary>
    protected abstract float[] Slot(string path, IReadOnlyList<int> shape);
}
