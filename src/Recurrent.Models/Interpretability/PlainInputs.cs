using Recurrent.Models;

namespace Recurrent.Interpretability;

/// <summary>The inputs of a model as arrays of single samples that can be changed and put together again.</summary>
internal sealed class PlainInputs
{
    private readonly ModelData[] parts;

    /// <summary>Takes inputs apart.</summary>
    /// <exception cref="ArgumentException">Some are strings.</exception>
    public PlainInputs(Model model, ModelData x)
    {
        Names = model.InputNames;
        parts = x.Named is { } named ? [.. Names.Select(name => named[name])]
            : Names.Count > 1 && x.Items is { } items ? [.. items] : [x];
        int strings = Array.FindIndex(parts, part => part.Strings is not null);
        if (strings >= 0)
        {
            throw new ArgumentException($"Input '{Names[strings]}' of model '{model.Name}' is of strings, which cannot be "
                + "covered or moved. Use IntegratedGradients, whose path leads through their embedding.", nameof(x));
        }
    }

    /// <summary>Names of the inputs.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The arrays of one sample, without the axis that counts samples.</summary>
    public NDArray[] Of(int sample) => Array.ConvertAll(parts, part =>
    {
        ModelData one = SampleChoice.Take(part, [sample]);
        NDArray array = one.Sequences is { } sequences ? sequences[0]
            : one.Array ?? one.Items![0].Array ?? throw new ArgumentException("An input is no array.");
        return one.Sequences is not null ? array : array.Reshape([.. array.Shape.Skip(1)]);
    });

    /// <summary>All samples, one array for each input; they are of equal length.</summary>
    public NDArray[] All() => Array.ConvertAll(parts, part => part.Array ?? part.Lazy?.ToArray() ?? part.Sequences?.Stack()
        ?? part.Items![0].Array ?? throw new ArgumentException("An input is no array."));

    /// <summary>One sample as inputs of the model.</summary>
    /// <param name="arrays">For each input its array, without an axis that counts samples.</param>
    public static ModelData One(NDArray[] arrays) => Many(Array.ConvertAll(arrays, array => array.Reshape([1, .. array.Shape])));

    /// <summary>Samples as inputs of the model.</summary>
    /// <param name="arrays">For each input an array of its samples.</param>
    public static ModelData Many(NDArray[] arrays) =>
        arrays.Length == 1 ? arrays[0] : ModelData.Create(Array.ConvertAll(arrays, array => (ModelData)array));
}
