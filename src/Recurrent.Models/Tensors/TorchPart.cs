using System.Globalization;
using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tensors;

/// <summary>A tensor of a module of PyTorch.</summary>
/// <param name="Name">Its name in the module: <c>weight</c>; with <c>#</c> for the number of a layer of a recurrent module:
/// <c>weight_ih_l#</c>.</param>
/// <param name="Shape">Its axes.</param>
internal sealed record TorchTensor(string Name, IReadOnlyList<int> Shape);

/// <summary>What one module of PyTorch, or one layer of a recurrent module, is here.</summary>
internal sealed class TorchPart
{
    /// <summary>What stands for the number of a layer of a recurrent module.</summary>
    public const string Number = "_l#";

    /// <summary>Name of the layer, after those of the models that it is in: <c>encoder/lstm</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The class of PyTorch: <c>LSTM</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The parameters here.</summary>
    public required IReadOnlyList<Parameter> Parameters { get; init; }

    /// <summary>The tensors there.</summary>
    public required IReadOnlyList<TorchTensor> Tensors { get; init; }

    /// <summary>Makes the values of the parameters of those of the tensors.</summary>
    public required Func<Real[][], Real[][]> ToParameters { get; init; }

    /// <summary>The inverse.</summary>
    public required Func<Real[][], Real[][]> ToTensors { get; init; }

    /// <summary>Tensors that may be there too, and say nothing: <c>num_batches_tracked</c>.</summary>
    public string? Beside { get; init; }

    /// <summary>What to know of a model that has both, beside the weights; or null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the part is a layer of a module of several.</summary>
    public bool IsNumbered => Tensors[0].Name.Contains(Number, StringComparison.Ordinal);

    /// <summary>The names of the tensors where the module stands under a name.</summary>
    /// <param name="prefix">Name of the module, with the point behind it; empty for the outermost one.</param>
    /// <param name="layer">Which layer of a recurrent module; null for a cell.</param>
    public IReadOnlyList<string> NamesAt(string prefix, int? layer) =>
        [.. Tensors.Select(tensor => prefix + NameOf(tensor, layer))];

    /// <summary>The name of a tensor in its module.</summary>
    public static string NameOf(TorchTensor tensor, int? layer) => tensor.Name.Replace(Number,
        layer is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"_l{layer}"), StringComparison.Ordinal);
}

/// <summary>Why a layer is no module of PyTorch.</summary>
/// <param name="layer">The layer.</param>
/// <param name="reason">The reason, as the end of a sentence.</param>
internal sealed class TorchObstacleException(Layer layer, string reason)
    : NotSupportedException($"{layer.Introduction} has no equal in PyTorch: {reason}.");
