using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Parameters;

namespace Recurrent.Keras;

/// <summary>Where Keras 3 keeps the parameters of one layer, or of one part of a layer.</summary>
/// <param name="Path">The group, without <c>vars</c>: <c>layers/lstm/cell</c>.</param>
/// <param name="Name">Name of the layer or part, which Keras writes beside it.</param>
/// <param name="Parameters">Its own parameters, those that are trained first.</param>
/// <remarks>
/// Layers stand under the name of their class and their number among those of it; their parts under the names that Keras's
/// classes have for them.
/// </remarks>
internal sealed record WeightGroup(string Path, string Name, IReadOnlyList<Parameter> Parameters)
{
    private static readonly string[] Projections = ["query", "key", "value", "output"];
    private static readonly string[] GatedProjections = ["query", "key", "gate", "value", "output"];

    /// <summary>The group of the variables themselves.</summary>
    public string Vars => Hdf5.Below(Path, "vars");

    /// <summary>All groups of a model. What stands in several places stands in the first.</summary>
    public static IReadOnlyList<WeightGroup> Of(Model model)
    {
        var met = new HashSet<object>(ReferenceEqualityComparer.Instance);
        return [.. Of(model, string.Empty, met)];
    }

    private static IEnumerable<WeightGroup> Of(Layer layer, string path, HashSet<object> met)
    {
        if (!met.Add(layer))
        {
            return [];
        }

        string name = layer.Name ?? LayerNames.SnakeCase(layer.ClassName);
        return layer switch
        {
            Model model => [new(path, name, []), .. Numbered(model.Layers, Hdf5.Below(path, "layers"), met)],
            Bidirectional both =>
            [
                new(path, name, []),
                .. Of(both.ForwardLayer, $"{path}/forward_layer", met),
                .. Of(both.BackwardLayer, $"{path}/backward_layer", met),
            ],
            RecurrentLayer recurrent => [new(path, name, []), .. Of(recurrent.Cell, $"{path}/cell", met)],
            TimeDistributed wrapper => [new(path, name, []), .. Of(wrapper.Layer, $"{path}/layer", met)],
            SpectralNormalization wrapper =>
            [
                // Keras lists the kernel of the wrapped layer among the wrapper's own.
                new(path, name, [.. wrapper.Parameters.Where(parameter => IsKernel(parameter, wrapper.Layer)),
                    .. wrapper.Parameters.Except(wrapper.Layer.Parameters)]),
                .. Of(wrapper.Layer, $"{path}/layer", met),
            ],
            MultiHeadAttention or GroupedQueryAttention => [new(path, name, []), .. Heads(layer, path)],
            _ => [new(path, name, layer.Parameters)],
        };
    }

    private static IEnumerable<WeightGroup> Of(RecurrentCell cell, string path, HashSet<object> met)
    {
        string name = cell.Name ?? LayerNames.SnakeCase(cell.ClassName);
        if (cell is not StackedRNNCells stack)
        {
            return met.Add(cell) ? [new(path, name, cell.Parameters)] : [];
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return
        [
            new(path, name, []),
            .. stack.Cells.SelectMany(inner => Of(inner, $"{path}/cells/{Unique(inner.ClassName, numbers)}", met)),
        ];
    }

    private static IEnumerable<WeightGroup> Numbered(IEnumerable<Layer> layers, string path, HashSet<object> met)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return layers.SelectMany(layer => Of(layer, $"{path}/{Unique(layer.ClassName, numbers)}", met));
    }

    /// <summary>The projections, which Keras keeps as layers of their own; those of grouped queries, and any gate, are private
    /// to it.</summary>
    private static IEnumerable<WeightGroup> Heads(Layer layer, string path)
    {
        string[] parts = layer is MultiHeadAttention { UseGate: true } or GroupedQueryAttention { UseGate: true }
            ? GatedProjections : Projections;
        int each = layer.Parameters.Count / parts.Length;
        return parts.Select((part, i) => new WeightGroup(
            $"{path}/{(layer is GroupedQueryAttention || part == "gate" ? "_" : string.Empty)}{part}_dense",
            part == "output" ? "attention_output" : part,
            [.. layer.Parameters.Skip(i * each).Take(each)]));
    }

    private static bool IsKernel(Parameter parameter, Layer layer) =>
        layer.Parameters.Contains(parameter) && parameter.Name is "kernel" or "embeddings";

    private static string Unique(string className, Dictionary<string, int> numbers)
    {
        string name = LayerNames.SnakeCase(className);
        int number = numbers[name] = numbers.GetValueOrDefault(name, -1) + 1;
        return number == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
    }
}
