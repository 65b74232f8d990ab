using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// An operation of Keras's on masks. Keras writes a mask as an argument of the call that it is for, and beside the layers the
/// operations that compute it; here masks travel with the batches, so that these are never run: files have them, and the
/// order of layers depends on them.
/// </summary>
/// <param name="kind">What it computes: <c>NotEqual</c>.</param>
/// <param name="options">Its config in Keras, the name aside.</param>
internal sealed class MaskOperation(string kind, Config options) : Layer(null, trainable: false, inputShape: null)
{
    /// <inheritdoc/>
    public override string ClassName => kind;

    /// <summary>Where Keras keeps it.</summary>
    public string Module => kind == "ConvertToTensor" ? "keras.src.ops.core" : "keras.src.ops.numpy";

    /// <summary>Its config in Keras, the name aside.</summary>
    public Config Options => options;

    /// <summary>The number that it compares with, after what it reads; null where it compares with none.</summary>
    public object? Constant { get; init; }

    /// <summary>Whether it reads a list.</summary>
    public bool ReadsList => kind == "Concatenate";

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Shape first = inputs[0];
        return kind switch
        {
            "Any" => [new([.. first.Axes.SkipLast(1)])],
            "ExpandDims" => [new([.. first.Axes, 1])],
            "LogicalOr" => [new([.. first.Axes.Zip(inputs[1].Axes, (a, b) => a is 1 ? b : a)])],
            "Concatenate" => [Joined(inputs)],
            _ => [first],
        };
    }

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs) => throw NotRun();

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients) =>
        throw NotRun();

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = new() { { "name", Name } };
        foreach ((string key, object? value) in options)
        {
            config.Add(key, value);
        }

        return config;
    }

    private static NotSupportedException NotRun() => new("Operations on masks are not run: masks travel with the batches.");

    private Shape Joined(IReadOnlyList<Shape> inputs)
    {
        int axis = (int)(long)options.First(entry => entry.Key == "axis").Value!;
        axis = axis > 0 ? axis - 1 : axis + inputs[0].Rank;
        int?[] axes = [.. inputs[0].Axes];
        foreach (Shape other in inputs.Skip(1))
        {
            axes[axis] += other[axis];
        }

        return new(axes);
    }
}
