using Recurrent.Models;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>Models of graphs.</summary>
internal static class ModelImport
{
    /// <summary>Makes the model of a file: the one that it was written from, or one of the layers that its operators
    /// form.</summary>
    /// <exception cref="ModelFormatException">There is no model of it.</exception>
    public static Model Create(ModelProto file, ReadLimits limits) =>
        Restored.TryCreate(file, limits) ?? Importer.Create(file.Graph, limits);
}
