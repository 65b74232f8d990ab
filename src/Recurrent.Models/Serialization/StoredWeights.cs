using System.Globalization;
using Recurrent.Parameters;

namespace Recurrent.Serialization;

/// <summary>
/// The weights of a file as the first values of a model's parameters. A parameter gets memory only where the file has just as
/// many numbers for it.
/// </summary>
internal sealed class StoredWeights(IReadOnlyList<StoredArray> arrays) : IParameterSource
{
    private const string Key = "weights";

    private int next;

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The file has no numbers for the parameter.</exception>
    public bool TryFill(Parameter parameter)
    {
        if (next == arrays.Count)
        {
            throw new ModelFormatException(Key, string.Create(CultureInfo.InvariantCulture,
                $"there are {arrays.Count} arrays, and none for the next parameter of the model, '{parameter.Name}' of shape "
                + $"{NDArray.Describe(parameter.Shape)}."));
        }

        StoredArray array = arrays[next++];
        if (!array.Shape.SequenceEqual(parameter.Shape))
        {
            throw new ModelFormatException(
                array.Path + ".shape",
                $"'{array.Name}' has the shape {NDArray.Describe(array.Shape)}, but the model's parameter '{parameter.Name}' "
                + $"has {NDArray.Describe(parameter.Shape)}.");
        }

        parameter.Take(array.Take());
        return true;
    }

    /// <summary>Checks, once the model is built, that every array has gone to the parameter it names.</summary>
    /// <exception cref="ModelFormatException">A name is another one, or there are arrays for no parameter.</exception>
    /// <param name="paths">The paths of the parameters, in order.</param>
    public void Check(string[] paths)
    {
        for (int i = 0; i < arrays.Count; i++)
        {
            if (i >= paths.Length)
            {
                throw new ModelFormatException(arrays[i].Path, $"the model has no parameter for '{arrays[i].Name}'.");
            }

            if (arrays[i].Name != paths[i])
            {
                throw new ModelFormatException(
                    arrays[i].Path + ".name", $"expected the parameter '{paths[i]}' here, but this is '{arrays[i].Name}'.");
            }
        }

        if (next != arrays.Count)
        {
            throw new InvalidOperationException(
                "A layer has built a layer inside it without handing on where first values come from.");
        }
    }
}
