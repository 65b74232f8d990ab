using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class EmbeddingTests
{
    // Row i of the table is (10 i, 10 i + 1).
    private static readonly Real[] Table = [0, 1, 10, 11, 20, 21, 30, 31];

    [Test]
    public void Every_id_becomes_its_row_of_the_table()
    {
        SequenceBatch output = Run(new Embedding(4, 2), new([2, 3], [3, 0, 1, 2, 2, 0]), out _, out _);
        Assert.That(output.SampleShape, Is.EqualTo(new Shape(3, 2)));
        Assert.That(output.ToArray().Values, Is.EqualTo(new Real[] { 30, 31, 0, 1, 10, 11, 20, 21, 20, 21, 0, 1 }));
        Assert.That(output.Mask, Is.Null);
    }

    [Test]
    public void The_gradient_of_a_row_is_the_sum_over_its_uses()
    {
        // The cotangent counts 1, 2, 3, … in the order of (sample, step, entry).
        Run(new Embedding(4, 2), new([2, 3], [3, 0, 1, 2, 2, 0]), out Pass pass, out DenseMatrix? inputGradient);
        Assert.That(pass.Gradients[0].Values, Is.EqualTo(new Real[] { 3 + 11, 4 + 12, 5, 6, 7 + 9, 8 + 10, 1, 2 }));
        Assert.That(inputGradient!.Values, Is.All.Zero);
    }

    [Test]
    public void Id_0_is_masked_where_asked_for_and_keeps_its_row_and_gradient()
    {
        SequenceBatch output = Run(new Embedding(4, 2, maskZero: true), new([2, 3], [3, 0, 1, 2, 2, 0]), out Pass pass, out _);

        // Columns are (step, sample): (3, 2), (0, 2), (1, 0).
        Assert.That(output.Mask, Is.EqualTo(new[] { true, true, false, true, true, false }));
        Assert.That(output.Step(1).Column(0).ToArray(), Is.EqualTo(new Real[] { 0, 1 }));
        Assert.That(pass.Gradients[0].Values[0], Is.EqualTo((Real)(3 + 11)));
    }

    [Test]
    public void Lists_of_sequences_keep_their_axes()
    {
        SequenceBatch output = Run(new Embedding(4, 2), new([1, 2, 3], [3, 0, 1, 2, 2, 0]), out _, out _);
        Assert.That(output.SampleShape, Is.EqualTo(new Shape(2, 3, 2)));
        Assert.That(output.ToArray().Values, Is.EqualTo(new Real[] { 30, 31, 0, 1, 10, 11, 20, 21, 20, 21, 0, 1 }));
    }

    [TestCase(4f, "4")]
    [TestCase(-1f, "-1")]
    [TestCase(1.5f, "1.5")]
    [TestCase(float.NaN, "NaN")]
    public void What_is_not_an_id_is_refused_with_its_place(float value, string written) => Assert.That(
        () => Run(new Embedding(4, 2, name: "words"), new([2, 3], [3, 0, 1, 2, value, 0]), out _, out _),
        Throws.ArgumentException.With.Message.EqualTo(
            $"Embedding 'words' expects whole ids from 0 to 3 (inputDim: 4), but gets {written} in row 1 at step 1. Set "
            + "inputDim above " +
            "the largest id, or give tokens that are not known an id of their own. (Parameter 'input')"));

    [Test]
    public void The_first_values_are_those_of_Keras()
    {
        var layer = new Embedding(100, 20);
        layer.Build(5, seed: 1);
        Assert.That(layer.Parameters[0].Shape, Is.EqualTo(new[] { 100, 20 }));
        Assert.That(layer.Parameters[0].Values.ToArray(), Is.All.InRange((Real)(-0.05), (Real)0.05));
        Assert.That(layer.Parameters[0].Values.ToArray().Max(), Is.GreaterThan((Real)0.045));
        Assert.That(layer.Parameters[0].Values.ToArray().Min(), Is.LessThan((Real)(-0.045)));
    }

    private static SequenceBatch Run(Embedding layer, NDArray ids, out Pass pass, out DenseMatrix? inputGradient)
    {
        SequenceBatch batch = Batches.Of(ids);
        layer.Build(batch.SampleShape, seed: 1);
        Table.CopyTo(layer.Parameters[0].Values);
        pass = layer.CreatePass(new(batch.SampleShape, batch.BatchSize, Differentiable: true, InputGradient: true));
        pass.Begin(training: true, key: 1);
        SequenceBatch output = layer.Forward(pass, batch);
        NDArray cotangent = output.ToArray();
        for (int i = 0; i < cotangent.Size; i++)
        {
            cotangent.Values[i] = i + 1;
        }

        inputGradient = layer.Backward(pass, Batches.Of(cotangent).Values);
        return output;
    }
}
