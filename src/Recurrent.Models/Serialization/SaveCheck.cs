using System.Globalization;
using Recurrent.Registration;
namespace Recurrent.Serialization;

/// <summary>Holds what is to be written to the rules of the reader, before anything is: what is saved can be read
/// again.</summary>
internal static class SaveCheck
{
    /// <summary>Most epochs that a file may say are done.</summary>
    public const long MostEpochs = 1_000_000_000;

    /// <summary>Most updates or steps: 28 years of ten million a second, and far from where counting on would overflow.</summary>
    public const long MostSteps = 1L << 53;

    /// <summary>Requires that a model's file can be read.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="file">What is to be written.</param>
    /// <exception cref="InvalidOperationException">It cannot; the message says what is in the way.</exception>
    public static void Require(string name, ModelFile file)
    {
        try
        {
            // One level down, as in the file.
            JsonTree.Read($"{{\"model\":{ModelFileWriter.Write(file.Architecture, indented: false)}}}", Unlimited);
            RequireArrays("weights", file.Weights);
            if (file.Training is { } training)
            {
                RequireArrays("training.slots", training.Slots);
                RequireCount("training.epochs", training.Epochs, MostEpochs);
                RequireCount("training.steps", training.Steps, MostSteps);
                RequireCount("training.iterations", training.Iterations, MostSteps);
            }
        }
        catch (ModelFormatException exception)
        {
            throw new InvalidOperationException(
                $"Model '{ReadableText.Escape(name, keepLines: false)}' is not saved, since no reader could take the file. "
                + $"{exception.Message}", exception);
        }
    }

    /// <summary>Requires that a file of weights can be read.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="weights">What is to be written.</param>
    /// <exception cref="InvalidOperationException">It cannot; the message says what is in the way.</exception>
    public static void RequireWeights(string name, IReadOnlyList<StoredArray> weights)
    {
        try
        {
            RequireArrays("weights", weights);
        }
        catch (ModelFormatException exception)
        {
            throw new InvalidOperationException(
                $"The weights of model '{ReadableText.Escape(name, keepLines: false)}' are not saved, since no reader could "
                + $"take the file. {exception.Message}", exception);
        }
    }

    /// <summary>Requires that the file of a state can be read.</summary>
    /// <param name="file">What is to be written.</param>
    /// <exception cref="InvalidOperationException">It cannot; the message says what is in the way.</exception>
    public static void Require(SessionFile file)
    {
        try
        {
            foreach (string layer in file.Layers)
            {
                RequireText("layers", layer);
            }

            RequireArrays("states", file.States);
            RequireCount("steps", file.Steps, MostSteps);
        }
        catch (ModelFormatException exception)
        {
            throw new InvalidOperationException(
                $"The state is not saved, since no reader could take the file. {exception.Message}", exception);
        }
    }

    private static void RequireArrays(string path, IReadOnlyList<StoredArray> arrays)
    {
        for (int i = 0; i < arrays.Count; i++)
        {
            string place = FormattableString.Invariant($"{path}[{i}]");
            RequireText(place + ".name", arrays[i].Name);
            if (arrays[i].Shape.Count > StoredArray.MaxRank || arrays[i].Shape.Any(axis => axis < 1))
            {
                throw new ModelFormatException(place + ".shape", string.Create(CultureInfo.InvariantCulture,
                    $"'{arrays[i].Name}' has the shape {NDArray.Describe(arrays[i].Shape)}, but a file holds arrays of up to "
                    + $"{StoredArray.MaxRank} axes, none of them empty."));
            }
        }
    }

    private static ReadLimits Unlimited =>
        new() { MaxLength = long.MaxValue, MaxLayers = int.MaxValue, MaxParameters = long.MaxValue };

    private static void RequireText(string path, string text)
    {
        if (ReadableText.FirstUnsafe(text) is { } found)
        {
            throw new ModelFormatException(path, $"the text '{text}' holds the character {found}, which is not one to be read.");
        }

        if (text.Length > StrictJson.MostLetters)
        {
            throw new ModelFormatException(path, "the text is too long.");
        }
    }

    private static void RequireCount(string path, long count, long most)
    {
        if (count > most)
        {
            throw new ModelFormatException(path,
                FormattableString.Invariant($"{count} are more than a file may say, which is {most}."));
        }
    }
}
