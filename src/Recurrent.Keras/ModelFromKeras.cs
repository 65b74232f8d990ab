using System.Globalization;
using Recurrent.Models;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>Makes the model of an architecture, with room for the weights that the file has.</summary>
internal static class ModelFromKeras
{
    public static Model Create(
        string architecture, KerasContent content, bool compile, ReadLimits limits, CustomObjects? custom)
    {
        var assembly = new ModelAssembly();
        ReadContext context = assembly.ContextFor(limits, custom);
        Architecture described = ModelFileReader.ReadArchitecture(architecture, compile, limits, context);
        return assembly.Create(described, 0, new FileRoom(content.Length), context.Budget);
    }

    /// <summary>Leaves parameters without memory, since the file's arrays become it, and counts no more of them than the file
    /// can have.</summary>
    private sealed class FileRoom(long bytes) : IParameterSource
    {
        private long taken;

        public bool TryFill(Parameter parameter)
        {
            taken += parameter.Size;
            if (taken > bytes)
            {
                throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                    $"The model's parameters have more numbers than the {bytes} bytes of weights in the file: "
                    + $"'{parameter.Name}' of shape {NDArray.Describe(parameter.Shape)} is beyond them."));
            }

            return true;
        }
    }
}
