using Recurrent.Text;

namespace Recurrent.Tests;

/// <summary>Spans by the letters of tags, leniently and as each scheme marks them; all values by hand.</summary>
[TestFixture]
public sealed class EntitySchemeTests
{
    [TestCase("B-PER I-PER O B-LOC", "PER 0-2, LOC 3-4")]
    [TestCase("I-PER I-PER O I-LOC B-LOC", "PER 0-2, LOC 3-4, LOC 4-5")]
    [TestCase("B-PER I-LOC I-LOC", "PER 0-1, LOC 1-3")]
    [TestCase("B-PER E-PER S-LOC S-LOC B-X I-X E-X", "PER 0-2, LOC 2-3, LOC 3-4, X 4-7")]
    [TestCase("I-PER E-PER E-PER I-PER", "PER 0-2, PER 2-3, PER 3-4")]
    [TestCase("B-PER L-PER U-LOC", "PER 0-2, LOC 2-3")]
    [TestCase("B I O B", " 0-2,  3-4")]
    [TestCase("O O", "")]
    public void Leniently_every_run_of_tags_is_a_span(string tags, string expected) =>
        Assert.That(Spans(tags, strict: false, null), Is.EqualTo(expected));

    // IOB2: the first token is B.
    [TestCase("bio", "I-PER I-PER O B-LOC I-LOC", "LOC 3-5")]
    [TestCase("bio", "B-PER I-LOC", "PER 0-1")]
    [TestCase("bio", "I-PER O", "")]

    // IOB1: B only where the token before is of the same type.
    [TestCase("iob1", "I-PER I-PER B-PER O I-LOC I-PER", "PER 0-2, PER 2-3, LOC 4-5, PER 5-6")]
    [TestCase("iob1", "B-PER I-PER O", "")]
    [TestCase("iob1", "I-PER B-LOC I-LOC B-LOC", "PER 0-1, LOC 3-4")]
    [TestCase("iob1", "I I B I", " 0-2,  2-4")]

    // IOE2: the last token is E.
    [TestCase("ioe2", "I-PER E-PER E-PER O I-LOC", "PER 0-2, PER 2-3")]
    [TestCase("ioe2", "I-PER E-LOC", "LOC 1-2")]

    // IOE1: E only where the token behind is of the same type.
    [TestCase("ioe1", "I-PER E-PER I-PER O I-LOC I-PER", "PER 0-2, PER 2-3, LOC 4-5, PER 5-6")]
    [TestCase("ioe1", "E-PER I-PER", "PER 0-1, PER 1-2")]
    [TestCase("ioe1", "I-PER E-PER O E-LOC I-PER", "PER 4-5")]

    // IOBES, and BILOU, and with M for the middle.
    [TestCase("bioes", "B-PER E-PER B-LOC O S-X I-X E-X", "PER 0-2, X 4-5")]
    [TestCase("bioes", "B-PER I-PER L-PER U-LOC L-LOC", "PER 0-3, LOC 3-4")]
    [TestCase("bioes", "B-X M-X E-X I-X", "X 0-3")]
    public void Strictly_a_span_is_marked_as_its_scheme_has_it(string scheme, string tags, string expected) =>
        Assert.That(Spans(tags, strict: true, scheme), Is.EqualTo(expected));

    [TestCase("I-PER I-PER O B-LOC I-LOC", "LOC 3-5")]
    [TestCase("I-PER E-PER O I-LOC", "PER 0-2")]
    [TestCase("B-PER E-PER O B-LOC", "PER 0-2")]
    [TestCase("I-PER O S-LOC", "LOC 2-3")]
    [TestCase("O O", "")]
    public void Where_no_scheme_is_named_the_letters_tell_it(string tags, string expected) =>
        Assert.That(Spans(tags, strict: true, null), Is.EqualTo(expected));

    // Actual: PER 0-2, PER 2-3, LOC 4-5. Predicted: PER 0-3, LOC 4-5. One of two found, and of three there are.
    [TestCase("iob1", "I-PER I-PER B-PER O I-LOC", "I-PER I-PER I-PER O I-LOC")]
    [TestCase("bio", "B-PER I-PER B-PER O B-LOC", "B-PER I-PER I-PER O B-LOC")]
    [TestCase("ioe1", "I-PER E-PER I-PER O I-LOC", "I-PER I-PER I-PER O I-LOC")]
    [TestCase("ioe2", "I-PER E-PER E-PER O E-LOC", "I-PER I-PER E-PER O E-LOC")]
    [TestCase("bioes", "B-PER E-PER S-PER O S-LOC", "B-PER I-PER E-PER O S-LOC")]
    public void All_schemes_say_the_same_and_score_the_same(string scheme, string actual, string predicted)
    {
        EntityScores scores = EntityScores.Of([actual.Split(' ')], [predicted.Split(' ')], strict: true, scheme);
        Assert.That(scores.All, Is.EqualTo(new EntityScore(Correct: 1, Found: 2, Actual: 3)));
        Assert.That(scores.ByType["LOC"], Is.EqualTo(new EntityScore(1, 1, 1)));
        Assert.That(scores.F1, Is.EqualTo(0.4).Within(1e-15));
    }

    [Test]
    public void Predicted_spans_that_are_marked_wrongly_do_not_count()
    {
        EntityScores scores = EntityScores.Of([["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "B-PER"]], strict: true);
        Assert.That(scores.All, Is.EqualTo(new EntityScore(Correct: 0, Found: 1, Actual: 1)));
    }

    [Test]
    public void What_would_be_left_out_unseen_is_refused() => Assert.Multiple(() =>
    {
        Refused(["I-PER", "O"], null,
            "Tags of I and O alone do not say how spans are marked. Name the scheme (\"bio\", \"iob1\", \"ioe1\", \"ioe2\", "
            + "\"bioes\"), or set strict: false.");
        Refused(["O", "I-PER", "B-PER"], null,
            "The tags look like IOB2, where spans begin with B, but 'I-PER' of sequence 1 at 1 begins one that does not, and "
            + "would not count. Name the scheme: \"iob1\" if it is that, \"bio\" to leave such spans out; or set strict: false.");
        Refused(["I-PER", "E-PER", "I-PER"], null,
            "The tags look like IOE2, where spans end with E, but 'I-PER' of sequence 1 at 2 begins one that does not, and would "
            + "not count. Name the scheme: \"ioe1\" if it is that, \"ioe2\" to leave such spans out; or set strict: false.");
        Refused(["S-PER", "B-PER", "O"], null,
            "The tags look like IOBES, where spans begin with B and end with E, or are one S, but 'B-PER' of sequence 1 at 1 "
            + "begins one that does not, and would not count. Name the scheme: \"bioes\" to leave such spans out; or set "
            + "strict: false.");
        Refused(["B-PER", "E-PER"], "bio", "The tag 'E-PER' of sequence 1 at 1 is none of IOB2, whose letters are O and B, I.");
        Refused(["O"], "iob3",
            "EntityScores: scheme must be one of \"bio\", \"iob1\", \"ioe1\", \"ioe2\", \"bioes\", but is 'iob3'.");
        Assert.That(
            () => EntityScores.SpansOf(["O"], scheme: "bio"), Throws.ArgumentException.With.Message.StartsWith(
                "EntityScores: scheme says what counts strictly: set strict: true with it."));
    });

    private static string Spans(string tags, bool strict, string? scheme) => string.Join(", ",
        EntityScores.SpansOf(tags.Split(' '), strict, scheme).Select(span => $"{span.Type} {span.Start}-{span.End}"));

    private static void Refused(string[] tags, string? scheme, string message) => Assert.That(
        () => EntityScores.Of([["O"], tags], [["O"], [.. tags.Select(_ => "O")]], strict: true, scheme),
        Throws.ArgumentException.With.Message.StartsWith(message));
}
