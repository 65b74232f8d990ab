using Recurrent.Models;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>Models of graphs.</summary>
internal static class ModelImport
{
    /// <summary>Makes the model of a file.</summary>
    /// <exception cref="ModelFormatException">There is no model of it.</exception>
    public static Model Create(ModelProto file, ReadLimits limits) => Restored.TryCreate(file, limits)
        ?? throw new ModelFormatException("This file was not written by this library.");
}
