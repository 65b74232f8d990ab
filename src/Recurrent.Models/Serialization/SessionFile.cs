namespace Recurrent.Serialization;

/// <summary>What a file with the state of a session holds.</summary>
/// <param name="Layers">The model's layers with their sizes.</param>
/// <param name="Sequences">Number of sequences.</param>
/// <param name="Steps">Number of steps that led to the state.</param>
/// <param name="States">The states, of shape (sequences, units), in the order of the layers.</param>
internal sealed record SessionFile(IReadOnlyList<string> Layers, int Sequences, long Steps, IReadOnlyList<StoredArray> States)
{
    /// <summary>An array of a state, to be written.</summary>
    /// <exception cref="InvalidOperationException">A number is not finite.</exception>
    public static StoredArray Store(string name, IReadOnlyList<int> shape, Real[] values) => values.All(Real.IsFinite)
        ? new StoredArray(name, shape, values)
        : throw new InvalidOperationException(
            $"The state '{name}' holds a number that is not finite: the model has diverged, and such a state is not saved.");

    /// <summary>Checks that all states are of as many sequences as the file says.</summary>
    /// <exception cref="ModelFormatException">One is not.</exception>
    public void CheckShapes()
    {
        foreach (StoredArray array in States)
        {
            if (array.Shape.Count != 2 || array.Shape[0] != Sequences)
            {
                throw new ModelFormatException(
                    array.Path, $"expected the shape (sequences, size) with {Sequences} sequences, but this is '{array.Name}' "
                        + $"of shape {NDArray.Describe(array.Shape)}.");
            }
        }
    }

    /// <summary>Checks that the state is one of a model.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="layers">The model's layers with their sizes.</param>
    /// <param name="states">Names and sizes of their states.</param>
    /// <exception cref="ModelFormatException">It is the state of another model.</exception>
    public void Check(string model, IReadOnlyList<string> layers, IReadOnlyList<(string Name, int Size)> states)
    {
        for (int i = 0; i < Math.Max(layers.Count, Layers.Count); i++)
        {
            string expected = i < layers.Count ? layers[i] : "no further layer";
            string found = i < Layers.Count ? Layers[i] : "no further layer";
            if (expected != found)
            {
                throw new ModelFormatException(FormattableString.Invariant($"layers[{i}]"),
                    $"the state is that of another model: it has '{found}' here, and model '{model}' has '{expected}'. Resume "
                    + "it with the model it was saved from.");
            }
        }

        if (States.Count != states.Count)
        {
            throw new ModelFormatException("states", FormattableString.Invariant(
                $"the layers of model '{model}' have {states.Count} states, but there are {States.Count}."));
        }

        foreach ((StoredArray array, (string name, int size)) in States.Zip(states))
        {
            if (array.Name != name || !array.Shape.SequenceEqual([Sequences, size]))
            {
                throw new ModelFormatException(array.Path,
                    $"expected '{name}' of shape {NDArray.Describe([Sequences, size])}, but this is '{array.Name}' of shape "
                    + $"{NDArray.Describe(array.Shape)}.");
            }
        }
    }
}
