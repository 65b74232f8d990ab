using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>
/// What a backward pass may hand out: gradients of inputs that share no storage with one another, nor with what the layer
/// keeps or was called with; one at most may be a gradient that it was given.
/// </summary>
internal static class StorageRule
{
    /// <summary>Runs a built layer once, and looks at what it hands out.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="training">Whether it behaves as in training.</param>
    /// <param name="inputs">What it is called with.</param>
    public static void Require(Layer layer, bool training, params SequenceBatch[] inputs)
    {
        Shape[] samples = [.. inputs.Select(input => input.SampleShape)];
        IReadOnlyList<Shape> shapes = layer.ComputeOutputShapes(samples);
        Pass pass = layer.CreatePass(new PassOptions(
            samples, inputs[0].BatchSize, Differentiable: true, [.. samples.Select(_ => true)]));
        layer.Prepare();
        pass.Begin(training, key: 7);
        var outputs = new SequenceBatch[shapes.Count];
        layer.Forward(pass, inputs, outputs);
        DenseMatrix[] given = [.. outputs.Select(output => new DenseMatrix(output.Values.RowCount, output.Values.ColumnCount))];
        for (int i = 0; i < given.Length; i++)
        {
            LayerRun.FillRandomly(given[i].Values, (ulong)(300 + i));
        }

        var gradients = new DenseMatrix?[inputs.Length];
        layer.Backward(pass, given, gradients);
        Require(
            [.. gradients.OfType<DenseMatrix>()],
            given,
            [
                .. inputs.Select(input => input.Values), .. layer.Parameters.Select(p => p.Value), .. pass.Gradients,
            ]);
    }

    /// <summary>Requires gradients of inputs to be storage of their own.</summary>
    /// <param name="gradients">The gradients of inputs.</param>
    /// <param name="given">The gradients of outputs.</param>
    /// <param name="others">What must be neither.</param>
    public static void Require(
        IReadOnlyList<DenseMatrix> gradients, IReadOnlyList<DenseMatrix> given, IReadOnlyList<DenseMatrix> others)
    {
        double[][] storage = [.. gradients.Select(gradient => gradient.Values)];
        Assert.That(
            storage.Distinct(ReferenceEqualityComparer.Instance).Count(),
            Is.EqualTo(storage.Length),
            "two gradients are one matrix");
        Assert.That(storage.Count(values => Among(given, values)), Is.LessThanOrEqualTo(1), "gradients that are those given");
        Assert.That(
            storage.Any(values => Among(others, values)), Is.False, "a gradient is an input, a parameter or its gradient");
    }

    private static bool Among(IEnumerable<DenseMatrix> matrices, double[] values) =>
        matrices.Any(matrix => ReferenceEquals(matrix.Values, values));
}
