using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MaskingTests
{
    [Test]
    public void Padding_is_marked_zeroed_and_without_gradient()
    {
        // Two samples of three steps of two features. Padding is what equals 9 in all features.
        NDArray input = new([2, 3, 2], [1, 2, 9, 9, 9, 0, 9, 9, 3, 4, 5, 9]);
        SequenceBatch output = Run(new Masking(9), input, out DenseMatrix gradient);
        Assert.That(output.ToArray().Values, Is.EqualTo(new Real[] { 1, 2, 0, 0, 9, 0, 0, 0, 3, 4, 5, 9 }));
        Assert.That(output.Mask, Is.EqualTo(new[] { true, false, false, true, true, true }));
        NDArray inputGradient = new SequenceBatch(output.SampleShape, 2, gradient).ToArray();
        Assert.That(inputGradient.Values, Is.EqualTo(new Real[] { 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1 }));
    }

    [Test]
    public void Negative_zero_is_zero_and_NaN_is_data()
    {
        NDArray input = new([1, 3, 1], [-0f, Real.NaN, 0]);
        Assert.That(Run(new Masking(), input, out _).Mask, Is.EqualTo(new[] { false, true, false }));
    }

    private static SequenceBatch Run(Masking layer, NDArray input, out DenseMatrix inputGradient)
    {
        SequenceBatch batch = Batches.Of(input);
        layer.Build(batch.SampleShape, seed: 1);
        Pass pass = layer.CreatePass(new(batch.SampleShape, batch.BatchSize, Differentiable: true, InputGradient: true));
        pass.Begin(training: true, key: 1);
        SequenceBatch output = layer.Forward(pass, batch);
        inputGradient = layer.Backward(pass, DenseMatrix.Create(batch.Values.RowCount, batch.Values.ColumnCount, 1))!;
        return output;
    }
}
