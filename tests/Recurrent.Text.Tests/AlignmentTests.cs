namespace Recurrent.Text.Tests;

/// <summary>Where a decoder looked, as places and as a picture of letters.</summary>
[TestFixture]
public sealed class AlignmentTests
{
    private static readonly Alignment Alignment =
        new(["a", "b", "c"], ["x", "[END]"], new NDArray([2, 3], [0.05f, 0.75f, 0.2f, 0.98f, 0.01f, 0.01f]));

    [Test]
    public void Each_token_has_the_place_that_was_looked_at_most() =>
        Assert.That(Alignment.Greatest(), Is.EqualTo(new[] { 1, 0 }));

    [Test]
    public void The_picture_has_a_row_for_each_token_and_a_tenth_for_each_weight() => Assert.That(
        Alignment.ToText().TrimEnd('\n').Split('\n'),
        Is.EqualTo(new[] { "      abc", "    x .72", "[END] 9.." }));
}
