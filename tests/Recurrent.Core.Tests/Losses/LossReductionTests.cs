using Recurrent.Losses;

namespace Recurrent.Tests.Losses;

/// <summary>The expected factors are written out: weight times mask over the divisor of the reduction.</summary>
public sealed class LossReductionTests
{
    private static readonly Real[] Weights = [1, 2, 3, 6];
    private static readonly bool[] Mask = [true, false, true, true];

    [Test]
    public void Without_weights_or_mask_the_mean_divides_by_the_columns() =>
        Assert.That(Scales(Reduction.SumOverBatchSize, [], []), Is.EqualTo(new Real[] { 0.25f, 0.25f, 0.25f, 0.25f }));

    [Test]
    public void Weights_multiply_and_are_not_normalised() =>
        Assert.That(Scales(Reduction.SumOverBatchSize, Weights, []), Is.EqualTo(new Real[] { 0.25f, 0.5f, 0.75f, 1.5f }));

    [Test]
    public void A_mask_divides_by_the_columns_that_it_leaves() => Assert.That(
        Scales(Reduction.SumOverBatchSize, Weights, Mask), Is.EqualTo(new Real[] { 1f / 3, 0, 1, 2 }).Within(1e-7));

    [Test]
    public void The_sum_divides_by_nothing() =>
        Assert.That(Scales(Reduction.Sum, Weights, Mask), Is.EqualTo(new Real[] { 1, 0, 3, 6 }));

    [Test]
    public void The_weighted_mean_divides_by_the_weights_that_count() => Assert.That(
        Scales(Reduction.MeanWithSampleWeight, Weights, Mask), Is.EqualTo(new Real[] { 0.1f, 0, 0.3f, 0.6f }).Within(1e-7));

    [Test]
    public void The_weighted_mean_without_weights_is_the_mean() => Assert.That(
        Scales(Reduction.MeanWithSampleWeight, [], Mask), Is.EqualTo(new Real[] { 1f / 3, 0, 1f / 3, 1f / 3 }).Within(1e-7));

    [Test]
    public void Where_nothing_counts_the_scales_are_zero([Values] Reduction reduction) =>
        Assert.That(Scales(reduction, Weights, new bool[4]), Is.All.Zero);

    [Test]
    public void Weights_of_zero_give_scales_of_zero([Values] Reduction reduction) =>
        Assert.That(Scales(reduction, new Real[4], []), Is.All.Zero);

    [Test]
    public void A_span_of_another_length_is_refused() => Assert.That(
        () => Scales(Reduction.Sum, new Real[3], []),
        Throws.ArgumentException.With.Message.EqualTo(
            "weights has 3 entries, but the batch has 4 columns. (Parameter 'weights')"));

    private static Real[] Scales(Reduction reduction, Real[] weights, bool[] mask)
    {
        var scales = new Real[4];
        LossReduction.Scales(reduction, 4, weights, mask, scales);
        return scales;
    }
}
