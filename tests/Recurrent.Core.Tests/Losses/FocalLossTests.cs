using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Tests.Losses;

/// <summary>Focal and generalized crossentropies: numbers worked out by hand, edges, and what is refused.</summary>
public sealed class FocalLossTests
{
    public static IEnumerable<TestCaseData> Worked =>
    [
        // −ln 0.8 = 0.2231436, times (1 − 0.8)² = 0.04: 0.0089257; −ln 0.6 = 0.5108256, times 0.4² = 0.16: 0.0817321; half their
        // sum.
        new(new BinaryFocalCrossentropy(), (Real[])[1, 0], (Real[])[0.8f, 0.4f], 0.0453289),

        // The same, times 0.25 for the yes and 0.75 for the no: (0.0022314 + 0.0612991) / 2.
        new(new BinaryFocalCrossentropy(true), (Real[])[1, 0], (Real[])[0.8f, 0.4f], 0.0317653),

        // σ(ln 4) = 0.8 and σ(ln ⅔) = 0.4: the numbers of the first case.
        new(new BinaryFocalCrossentropy(fromLogits: true), (Real[])[1, 0], (Real[])[1.3862944f, -0.4054651f], 0.0453289),

        // Smoothing 0.2 makes 0.9 of 1. Crossentropy −0.9 ln 0.8 − 0.1 ln 0.2 = 0.2008292 + 0.1609438 = 0.3617730;
        // (0.9 · 0.2 + 0.1 · 0.8)² = 0.26² = 0.0676: 0.0244559.
        new(new BinaryFocalCrossentropy(labelSmoothing: 0.2), (Real[])[1], (Real[])[0.8f], 0.0244559),

        // γ = 0 is the crossentropy: (0.2231436 + 0.5108256) / 2.
        new(new BinaryFocalCrossentropy(gamma: 0), (Real[])[1, 0], (Real[])[0.8f, 0.4f], 0.3669846),

        // 0.25 · (1 − 0.7)² · −ln 0.7 = 0.25 · 0.09 · 0.3566749.
        new(new CategoricalFocalCrossentropy(), (Real[])[0, 1, 0], (Real[])[0.1f, 0.7f, 0.2f], 0.0080252),

        // Outputs are divided by their sum 2; the weight of class 1 is 0.5.
        new(new CategoricalFocalCrossentropy([0.1, 0.5, 0.9]), (Real[])[0, 1, 0], (Real[])[0.2f, 1.4f, 0.4f], 0.0160504),

        // Logits ln 1, ln 7, ln 2 have the softmax 0.1, 0.7, 0.2.
        new(new CategoricalFocalCrossentropy(fromLogits: true), (Real[])[0, 1, 0], (Real[])[0, 1.9459101f, 0.6931472f],
            0.0080252),

        // (1 − √0.49) / 0.5 = 0.3 / 0.5.
        new(new CategoricalGeneralizedCrossEntropy(), (Real[])[1], (Real[])[0.51f, 0.49f], 0.6),
    ];

    [TestCaseSource(nameof(Worked))]
    public void Is_what_the_formula_gives(Loss loss, Real[] target, Real[] prediction, double expected)
    {
        var losses = new Real[1];
        loss.Evaluate(target, prediction, prediction.Length, losses, []);
        Assert.That(losses[0], Is.EqualTo(expected).Within(2e-7));
    }

    [Test]
    public void The_gradient_at_the_label_is_a_power_of_its_probability()
    {
        // −0.49^(−½) = −1 / 0.7.
        var gradient = new Real[2];
        new CategoricalGeneralizedCrossEntropy().Evaluate([1], [0.51f, 0.49f], 2, new Real[1], gradient);
        Assert.That(gradient, Is.EqualTo(new Real[] { 0, -1 / 0.7f }).Within(1e-6));
    }

    public static IEnumerable<TestCaseData> Edges =>
    [
        new(new BinaryFocalCrossentropy(), (Real[])[0, 1], (Real[])[0, 1]),
        new(new BinaryFocalCrossentropy(), (Real[])[0, 1], (Real[])[1, 0]),
        new(new BinaryFocalCrossentropy(gamma: 0.5), (Real[])[0, 1], (Real[])[-0.5f, 1.5f]),
        new(new BinaryFocalCrossentropy(gamma: 0.5, fromLogits: true), (Real[])[0, 1], (Real[])[-500, 500]),
        new(new BinaryFocalCrossentropy(gamma: 0.5, fromLogits: true), (Real[])[0, 1], (Real[])[500, -500]),
        new(new CategoricalFocalCrossentropy(gamma: 0.5), (Real[])[0, 1], (Real[])[0, 1]),
        new(new CategoricalFocalCrossentropy(gamma: 0.5), (Real[])[0, 1], (Real[])[1, 0]),
        new(new CategoricalFocalCrossentropy(gamma: 0.5, fromLogits: true), (Real[])[0, 1], (Real[])[500, -500]),
        new(new CategoricalGeneralizedCrossEntropy(), (Real[])[0], (Real[])[0, 1]),
        new(new CategoricalGeneralizedCrossEntropy(), (Real[])[0], (Real[])[-0.5f, 1]),
    ];

    [TestCaseSource(nameof(Edges))]
    public void Certain_outputs_give_numbers(Loss loss, Real[] target, Real[] prediction)
    {
        var losses = new Real[1];
        var gradient = new Real[2];
        loss.Evaluate(target, prediction, 2, losses, gradient);
        Assert.That(losses[0], Is.GreaterThanOrEqualTo(0).And.LessThan(20));
        Assert.That(gradient, Has.All.Matches<Real>(Real.IsFinite));
    }

    [Test]
    public void Options_out_of_range_are_named_together() => Assert.That(
        () => new BinaryFocalCrossentropy(alpha: 2, gamma: -1),
        Throws.ArgumentException.With.Message.EqualTo(
            "BinaryFocalCrossentropy: alpha must be at least 0 and at most 1, but is 2; gamma must be a finite number of at "
            + "least 0, but is -1."));

    [Test]
    public void Weights_out_of_range_are_named_together() => Assert.That(
        () => new CategoricalFocalCrossentropy([0.5, -1], double.NaN),
        Throws.ArgumentException.With.Message.EqualTo(
            "CategoricalFocalCrossentropy: alpha[1] must be a finite number of at least 0, but is -1; gamma must be a finite "
            + "number of at least 0, but is NaN."));

    [Test]
    public void No_weight_is_refused() => Assert.That(
        () => new CategoricalFocalCrossentropy([]),
        Throws.ArgumentException.With.Message.EqualTo("CategoricalFocalCrossentropy: alpha must have at least one entry."));

    [Test]
    public void Weights_of_other_outputs_are_refused() => Assert.That(
        () => new CategoricalFocalCrossentropy([0.5, 0.5]).TargetRows(3),
        Throws.ArgumentException.With.Message.EqualTo(
            "CategoricalFocalCrossentropy has 2 weights in alpha, but the model has 3 outputs. Give one weight for each, or "
            + "one for all."));

    [Test]
    public void One_output_for_several_classes_is_refused() => Assert.That(
        () => new CategoricalFocalCrossentropy().CheckTargets([0, 1], 1, 1),
        Throws.ArgumentException.With.Message.EqualTo(
            "CategoricalFocalCrossentropy needs one output for each class, but the model has 1 output. For a yes or no use "
            + "BinaryFocalCrossentropy."));

    [Test]
    public void A_power_out_of_range_is_refused([Values(0, 1, double.NaN)] double q) => Assert.That(
        () => new CategoricalGeneralizedCrossEntropy(q),
        Throws.ArgumentException.With.Message.EqualTo(
            FormattableString.Invariant($"CategoricalGeneralizedCrossEntropy: q must be above 0 and below 1, but is {q}.")));

    [Test]
    public void The_weight_in_a_file_is_a_number_or_a_list()
    {
        Assert.That(Read(0.5).Alpha, Is.EqualTo(new[] { 0.5 }));
        Assert.That(Read(new[] { 0.5, 1 }).Alpha, Is.EqualTo(new[] { 0.5, 1 }));

        static CategoricalFocalCrossentropy Read(object alpha) => (CategoricalFocalCrossentropy)LossNames.Registry.Create(
            new ComponentConfig("CategoricalFocalCrossentropy", new Config { { "alpha", alpha } }));
    }
}
