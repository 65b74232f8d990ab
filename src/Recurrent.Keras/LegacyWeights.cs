using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>
/// The layout of whole models in HDF5 and of weights before Keras 3: a group for each layer, which names its arrays in order.
/// </summary>
internal sealed class LegacyWeights(Hdf5 hdf5, string root) : KerasWeights
{
    private const string State = "optimizer_weights";

    /// <inheritdoc/>
    protected override IEnumerable<(Parameter Parameter, float[] Values)> Read(Model model)
    {
        // As Keras does: layers that have weights, in their order, whatever they are called.
        Layer[] layers = [.. model.Layers.Where(layer => layer.Parameters.Count > 0)];
        (string Group, string[] Names)[] groups =
        [
            .. from name in hdf5.Texts(root, "layer_names") ?? throw new ModelFormatException(root, "layer_names is missing.")
               let path = Hdf5.Below(root, name)
               let names = hdf5.Texts(path, "weight_names") ?? []
               where names.Length > 0
               select (path, names),
        ];
        if (layers.Length != groups.Length)
        {
            throw new ModelFormatException(root, string.Create(CultureInfo.InvariantCulture,
                $"the model has {layers.Length} layers with weights, but the file has {groups.Length}."));
        }

        return layers.Zip(groups).SelectMany(pair => Read(pair.First, pair.Second.Group, pair.Second.Names));
    }

    /// <inheritdoc/>
    protected override (string? Iterations, IReadOnlyList<string> Arrays)? OptimizerState(
        Optimizer optimizer, IReadOnlyList<(Slot Slot, Parameter Parameter)> slots)
    {
        if (!hdf5.Has(State) || hdf5.Texts(State, "weight_names") is not { Length: > 0 } names)
        {
            return null;
        }

        if (!Array.Exists(names, name => name.Contains(':', StringComparison.Ordinal)))
        {
            return Newer(optimizer, [.. names.Select(name => Hdf5.Below(State, name))]);
        }

        // Before Keras 3 scalars are the number of updates, where there is one, and then the rate and what follows from it.
        (string Name, string Path)[] variables = [.. names.Select(name => (name, Hdf5.Below(State, name)))];
        string? iterations = hdf5.Rank(variables[0].Path) == 0 ? variables[0].Path : null;
        (string Name, string Path)[] arrays = [.. variables.Where(variable => hdf5.Rank(variable.Path) > 0)];
        return (iterations, Ordered(arrays, slots));
    }

    /// <summary>
    /// Keras 2 wrote all first moments and then all second ones; Keras 3, and Keras 2 from 2.11 on, what is remembered of one
    /// parameter together, as the slots stand here. The names say which (Adam/m/…, …/kernel/v:0), and where they say nothing
    /// (training/Adam/Variable_3:0) it is the former.
    /// </summary>
    private static IReadOnlyList<string> Ordered(
        (string Name, string Path)[] arrays, IReadOnlyList<(Slot Slot, Parameter Parameter)> slots)
    {
        int parameters = slots.Select(slot => slot.Parameter).Distinct(ReferenceEqualityComparer.Instance).Count();
        string[][] kinds = [.. arrays.Where(array => Kind(array.Name) is not null).GroupBy(array => Kind(array.Name))
            .Select(group => group.Select(array => array.Path).ToArray())];
        if (kinds.Length == 0 && parameters > 0 && arrays.Length >= slots.Count && arrays.Length % parameters == 0
            && Array.TrueForAll(arrays, array => array.Name.Contains("Variable", StringComparison.Ordinal)))
        {
            // Behind them Adam had arrays of one number each for what amsgrad would remember.
            kinds = [.. arrays.Take(slots.Count).Select(array => array.Path).Chunk(parameters)];
        }

        return kinds.Length > 0 && Array.TrueForAll(kinds, kind => kind.Length == kinds[0].Length)
            ? [.. Enumerable.Range(0, kinds[0].Length).SelectMany(i => kinds.Select(kind => kind[i]))]
            : [.. arrays.Select(array => array.Path)];
    }

    /// <inheritdoc/>
    protected override long Iterations(string path) => hdf5.Whole(path);

    /// <inheritdoc/>
    protected override float[] Slot(string path, IReadOnlyList<int> shape) => hdf5.Array(path, shape);

    /// <summary>What Keras 2 remembers in a variable; null where its name does not say it in Keras 2's way.</summary>
    private static string? Kind(string name) => name.Split('/')
        .Select(part => part.Split(':')[0])
        .FirstOrDefault(part => part is "m" or "v" or "vhat" or "momentum" or "rms" or "mg" or "accumulator" or "velocity");

    private IEnumerable<(Parameter Parameter, float[] Values)> Read(Layer layer, string group, string[] names)
    {
        // Those that training does not change stand last.
        Parameter[] parameters = [.. TrainedFirst(layer)];
        OldArray[] arrays = [.. names.Select(name => hdf5.Array(Hdf5.Below(group, name)))];
        arrays = [.. OldArrays.Convert(layer, arrays)];
        if (parameters.Length != arrays.Length)
        {
            throw new ModelFormatException(group, string.Create(CultureInfo.InvariantCulture,
                $"{layer.Introduction} has {parameters.Length} parameters, but the file has {names.Length} for it."));
        }

        return parameters.Zip(arrays, (parameter, array) => (parameter, array.RequireShape(parameter.Shape)));
    }

    private static IEnumerable<Parameter> TrainedFirst(Layer layer) =>
        layer.Parameters.OrderBy(parameter => !parameter.Trainable);
}
