using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>What merging layers make of steps that masks hide, worked out by hand and as Keras has it.</summary>
[TestFixture]
public sealed class MaskedMergeTests
{
    // Hidden by a Masking layer: steps 1 and 3 of a, steps 2 and 3 of b.
    private static readonly NDArray A = new float[,,] { { { 2 }, { 0 }, { 3 }, { 0 } }, { { -2 }, { 0 }, { -3 }, { 0 } } };
    private static readonly NDArray B = new float[,,] { { { 5 }, { 7 }, { 0 }, { 0 } }, { { -5 }, { -7 }, { 0 }, { 0 } } };

    private static IEnumerable<TestCaseData> Cases =>
    [
        Case("a product", () => new Multiply(), true, [10, 7, 3, 0, 10, -7, -3, 0]),
        Case("the largest", () => new Maximum(), true, [5, 7, 3, 0, -2, -7, -3, 0]),
        Case("the smallest", () => new Minimum(), true, [2, 7, 3, 0, -5, -7, -3, 0]),
        Case("a sum", () => new Add(), true, [7, 7, 3, 0, -7, -7, -3, 0]),
        Case("a product beside data", () => new Multiply(), false, [10, 7, 0, 0, 10, -7, 0, 0]),
        Case("the largest beside data", () => new Maximum(), false, [5, 7, 3, 0, -2, -7, 0, 0]),
        Case("the smallest beside data", () => new Minimum(), false, [2, 7, 0, 0, -5, -7, -3, 0]),
    ];

    [TestCaseSource(nameof(Cases))]
    public void A_hidden_step_leaves_the_others_as_they_are(Func<Merge> merge, bool both, float[] expected)
    {
        Input a = new((4, 1)), b = new((4, 1));
        Symbol right = both ? new Masking().Call(b) : b;
        var model = new Model([a, b], merge().Call(new Masking().Call(a), right));

        Assert.That(model.Predict([A, B]).Values, Is.EqualTo(expected));
    }

    [Test]
    public void A_smaller_input_is_repeated_over_hidden_steps()
    {
        Input a = new((4, 2)), b = new((4, 1));
        var model = new Model([a, b], new Multiply().Call(new Masking().Call(a), new Masking().Call(b)));
        NDArray wide = new float[,,] { { { 2, 3 }, { 0, 0 }, { 4, 5 }, { 0, 0 } } };

        Assert.That(model.Predict([wide, B.Slice(0, 1)]).Values, Is.EqualTo(new float[] { 10, 15, 7, 7, 4, 5, 0, 0 }));
    }

    [Test]
    public void A_batch_without_hidden_steps_after_one_with_them_is_merged_whole()
    {
        Input a = new((4, 1)), b = new((4, 1));
        var model = new Model([a, b], new Multiply().Call(new Masking().Call(a), new Masking().Call(b)));
        NDArray ones = new float[,,] { { { 1 }, { 2 }, { 3 }, { 4 } } };

        model.Predict([A, B]);

        Assert.That(model.Predict([ones, ones]).Values, Is.EqualTo(new float[] { 1, 4, 9, 16 }));
    }

    private static TestCaseData Case(string name, Func<Merge> merge, bool both, float[] expected) =>
        new TestCaseData(merge, both, expected).SetName($"{{m}}({name})");
}
