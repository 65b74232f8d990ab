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
    public static Model Create(ModelProto file, ReadLimits limits)
    {
        try
        {
            return Restored.TryCreate(file, limits) ?? Importer.Create(file, limits);
        }
        catch (Exception exception) when (exception is not (ModelFormatException or OutOfMemoryException))
        {
            // A mistake here must not become another failure than the one that callers await.
            throw new ModelFormatException("graph", $"No model can be made of it: {exception.Message}", exception);
        }
    }
}
