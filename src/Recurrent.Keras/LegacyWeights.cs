using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>
/// The layout of whole models in HDF5 and of weights before Keras 3: a group for each layer, which names its arrays in order.
/// </summary>
internal sealed class LegacyWeights(Hdf5 hdf5, string root) : KerasWeights
{
    private const string Optimizer = "optimizer_weights";

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
    protected override IReadOnlyList<string>? OptimizerVariables()
    {
        if (!hdf5.Has(Optimizer) || hdf5.Texts(Optimizer, "weight_names") is not { } names)
        {
            return null;
        }

        // Keras 2 writes all first moments and then all second ones, and the names say which (Adam/m/…, …/kernel/v:0). What is
        // remembered of one parameter stands together here.
        string[][] kinds = [.. names.Skip(1).GroupBy(Kind).Where(group => group.Key is not null)
            .Select(group => group.ToArray())];
        bool old = kinds.Length > 0 && kinds.All(kind => kind.Length == kinds[0].Length)
            && names.Skip(1).All(name => Kind(name) is not null || hdf5.Rank(Hdf5.Below(Optimizer, name)) == 0);
        string[] scalars = [.. names.Skip(1).Where(name => Kind(name) is null)];
        return
        [
            .. (old ? [names[0], .. scalars, .. Enumerable.Range(0, kinds[0].Length).SelectMany(i => kinds.Select(k => k[i]))]
                : names).Select(name => Hdf5.Below(Optimizer, name)),
        ];
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
        if (parameters.Length != names.Length)
        {
            throw new ModelFormatException(group, string.Create(CultureInfo.InvariantCulture,
                $"{layer.Introduction} has {parameters.Length} parameters, but the file has {names.Length} for it."));
        }

        return parameters.Zip(names, (parameter, name) => (parameter, hdf5.Array(Hdf5.Below(group, name), parameter.Shape)));
    }

    private static IEnumerable<Parameter> TrainedFirst(Layer layer) =>
        layer.Parameters.OrderBy(parameter => parameter.IsStatistic);
}
