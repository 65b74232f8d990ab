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
    /// <param name="ofSteps">Whether states may have an axis of steps, and others.</param>
    /// <exception cref="ModelFormatException">One is not.</exception>
    public void CheckShapes(bool ofSteps)
    {
        foreach (StoredArray array in States)
        {
            if (array.Shape.Count < 2 || (array.Shape.Count > 2 && !ofSteps) || array.Shape[0] != Sequences)
            {
                throw new ModelFormatException(
                    array.Path,
                    $"expected the shape (sequences, size) with {Sequences} sequences, "
                    + $"but this is '{array.Name}' of shape {NDArray.Describe(array.Shape)}.");
            }
        }
    }

    /// <summary>Checks that the state is one of a model with the same layers.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="layers">The model's layers with their sizes.</param>
    /// <exception cref="ModelFormatException">It is the state of another model.</exception>
    public void CheckLayers(string model, IReadOnlyList<string> layers)
    {
        for (int i = 0; i < Math.Max(layers.Count, Layers.Count); i++)
        {
            string expected = i < layers.Count ? layers[i] : "no further layer";
            string found = i < Layers.Count ? Layers[i] : "no further layer";
            if (expected != found)
            {
                throw new ModelFormatException(
                    FormattableString.Invariant($"layers[{i}]"),
                    $"the state is that of another model: it has '{found}' here, and model '{model}' has '{expected}'. "
                    + "Resume it with the model it was saved from.");
            }
        }
    }

    /// <summary>Checks that the states are those of a model.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="expected">What its states are.</param>
    /// <exception cref="ModelFormatException">They are others.</exception>
    public void CheckStates(string model, IReadOnlyList<ExpectedArray> expected)
    {
        int least = expected.Count(array => !array.IsOptional);
        if (States.Count < least || States.Count > expected.Count)
        {
            throw new ModelFormatException("states", FormattableString.Invariant(
                $"the layers of model '{model}' have {expected.Count} states, but there are {States.Count}."));
        }

        int next = 0;
        foreach (ExpectedArray array in expected)
        {
            StoredArray? found = next < States.Count ? States[next] : null;
            if (found is not null && found.Name == array.Name && array.Fits(found.Shape))
            {
                next++;
            }
            else if (!array.IsOptional || found?.Name == array.Name)
            {
                throw Unexpected(found, $"expected '{array.Name}' of shape {array.Shape}");
            }
        }

        if (next < States.Count)
        {
            throw Unexpected(States[next], $"expected nothing more");
        }
    }

    private static ModelFormatException Unexpected(StoredArray? found, string expected) => new(
        found?.Path ?? "states",
        found is null
            ? $"{expected}, but there is nothing more."
            : $"{expected}, but this is '{found.Name}' of shape {NDArray.Describe(found.Shape)}.");
}

/// <summary>An array that a file with a state is to have.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Shape">Its shape, as messages have it.</param>
/// <param name="Fits">Whether a shape is that.</param>
/// <param name="IsOptional">Whether it may be missing.</param>
internal sealed record ExpectedArray(string Name, string Shape, Func<IReadOnlyList<int>, bool> Fits, bool IsOptional);
