using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The axes of input, kernel, output and bias of an <see cref="EinsumDense"/> for an input of a certain rank, by labels.
/// </summary>
/// <param name="Input">Labels of the axes of a sample of the input.</param>
/// <param name="Kernel">Labels of the axes of the kernel.</param>
/// <param name="Output">Labels of the axes of a sample of the output.</param>
/// <param name="Bias">Labels of the axes of the bias; null where there is none.</param>
/// <param name="Lengths">Length of each axis, null where it is not known.</param>
internal sealed record EinsumAxes(
    string Input, string Kernel, string Output, string? Bias, IReadOnlyDictionary<char, int?> Lengths)
{
    /// <summary>Label of an axis of length 1 that the bias has because those around it need it.</summary>
    public const char One = '1';

    /// <summary>Shape of a sample of the output.</summary>
    public Shape OutputShape => new([.. (Output.Length > 0 ? Output : "1").Select(Length)]);

    /// <summary>Shape of the kernel.</summary>
    public int[] KernelShape => Sizes(Kernel);

    /// <summary>Shape of the bias.</summary>
    public int[] BiasShape => Sizes(Bias!);

    /// <summary>An axis of the bias whose length is not known; null where there is none.</summary>
    public char? OpenBias => Bias?.Where(label => Length(label) is null).Select(label => (char?)label).FirstOrDefault();

    /// <summary>The axes of the kernel that are inputs of a sum: those that the output does not have.</summary>
    public int[] FanIn =>
        [.. Enumerable.Range(0, Kernel.Length).Where(i => !Output.Contains(Kernel[i], StringComparison.Ordinal))];

    /// <summary>The axes of the kernel that the output has.</summary>
    public int[] FanOut =>
        [.. Enumerable.Range(0, Kernel.Length).Where(i => Output.Contains(Kernel[i], StringComparison.Ordinal))];

    /// <summary>Axes of all three: there is a product for each place along them.</summary>
    public string Shared =>
        string.Concat(Kernel.Where(label => Input.Contains(label, StringComparison.Ordinal)
            && Output.Contains(label, StringComparison.Ordinal)));

    /// <summary>Axes that input and kernel are multiplied and summed along.</summary>
    public string Contracted =>
        string.Concat(Kernel.Where(label => Input.Contains(label, StringComparison.Ordinal)
            && !Output.Contains(label, StringComparison.Ordinal)));

    /// <summary>Axes that the kernel gives to the output.</summary>
    public string Units => string.Concat(Kernel.Where(label => !Input.Contains(label, StringComparison.Ordinal)));

    /// <summary>Axes that go from input to output as they are.</summary>
    public string Free =>
        string.Concat(Input.Where(label => Output.Contains(label, StringComparison.Ordinal)
            && !Kernel.Contains(label, StringComparison.Ordinal)));

    /// <summary>Axes of the input that are summed by themselves.</summary>
    public string Summed =>
        string.Concat(Input.Where(label => !Output.Contains(label, StringComparison.Ordinal)
            && !Kernel.Contains(label, StringComparison.Ordinal)));

    /// <summary>Number of places along some axes.</summary>
    public int SizeOf(string labels) => labels.Aggregate(1, (product, label) => checked(product * Length(label)!.Value));

    /// <summary>
    /// The places in an array of some axes, row-major, in the order in which other axes run: the first of them slowest. An
    /// axis that the array does not have does not move the place.
    /// </summary>
    /// <param name="array">Labels of the array.</param>
    /// <param name="order">Labels of the axes to run along.</param>
    public int[] Places(string array, string order)
    {
        int[] strides = new int[order.Length];
        for (int axis = 0; axis < order.Length; axis++)
        {
            int place = array.IndexOf(order[axis], StringComparison.Ordinal);
            strides[axis] = place < 0 ? 0 : SizeOf(array[(place + 1)..]);
        }

        int[] lengths = Sizes(order);
        var places = new int[SizeOf(order)];
        for (int i = 0; i < places.Length; i++)
        {
            int rest = i;
            for (int axis = order.Length - 1; axis >= 0; axis--)
            {
                places[i] += rest % lengths[axis] * strides[axis];
                rest /= lengths[axis];
            }
        }

        return places;
    }

    private int[] Sizes(string labels) => [.. labels.Select(label => Length(label)!.Value)];

    private int? Length(char label) => label == One ? 1 : Lengths[label];
}
