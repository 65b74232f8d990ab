namespace Recurrent.Initializers;

/// <summary>How many inputs a value of a layer is a sum of, and how many outputs it goes to.</summary>
/// <param name="In">Number of inputs.</param>
/// <param name="Out">Number of outputs.</param>
internal readonly record struct Fans(double In, double Out)
{
    /// <summary>The fans of a parameter by Keras's rules.</summary>
    /// <remarks>
    /// A vector: both are its length. A matrix: its rows and its columns. More axes, as in a convolution: the last two axes, each
    /// times the product of the axes before them.
    /// </remarks>
    /// <param name="shape">The shape as Keras has it.</param>
    public static Fans Of(ReadOnlySpan<int> shape)
    {
        if (shape.Length < 2)
        {
            double length = shape.IsEmpty ? 1 : shape[0];
            return new(length, length);
        }

        double field = 1;
        foreach (int axis in shape[..^2])
        {
            field *= axis;
        }

        return new(shape[^2] * field, shape[^1] * field);
    }

    /// <summary>The fans where the caller says which axes are inputs and which are outputs.</summary>
    /// <param name="shape">The shape as Keras has it.</param>
    /// <param name="inputAxes">The axes of the inputs; negative ones count from the end.</param>
    /// <param name="outputAxes">The axes of the outputs; negative ones count from the end.</param>
    /// <exception cref="ArgumentException">The shape has no such axis.</exception>
    public static Fans Of(ReadOnlySpan<int> shape, IReadOnlyList<int> inputAxes, IReadOnlyList<int> outputAxes) =>
        new(Product(shape, "input_axes", inputAxes), Product(shape, "output_axes", outputAxes));

    private static double Product(ReadOnlySpan<int> shape, string option, IReadOnlyList<int> axes)
    {
        double product = 1;
        foreach (int axis in axes)
        {
            int index = axis < 0 ? axis + shape.Length : axis;
            if (index < 0 || index >= shape.Length)
            {
                throw new ArgumentException(
                    $"{option} has the axis {axis}, but the parameter has the shape ({string.Join(", ", shape.ToArray())}).");
            }

            product *= shape[index];
        }

        return product;
    }
}
