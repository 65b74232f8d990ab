using Recurrent.Text;

namespace Recurrent.Tests;

/// <summary>Published numbers of sacreBLEU's own tests, and what it computes for texts that have everything in them.</summary>
[TestFixture]
public sealed class TextScoresTests
{
    private static readonly string[] Dog =
        ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];

    private static readonly string[][] Dogs =
    [
        ["The dog bit the man.", "The dog had bit the man."],
        ["It was not unexpected.", "No one was surprised."],
        ["The man bit him first.", "The man had bitten the dog."],
    ];

    private static readonly string[] Mixed =
    [
        "The cat sat on the mat, didn't it?", "Costs rose 3.5% (to $1,000) in 2020-21.", "Ein  Haus – &quot;groß&quot; & schön.",
        "短い文です", "one",
    ];

    private static readonly string[][] MixedReferences =
    [
        ["The cat is on the mat, isn't it?", "A cat sat on a mat."], ["Costs rose by 3.5%, to $1,000, in 2020-21."],
        ["Ein Haus - \"groß\" und schön!"], ["短い文章です"], ["one two three"],
    ];

    private static string[] FirstReferences => [.. MixedReferences.Select(references => references[0])];

    [TestCase("13a", "exp", 4, 48.530827)]
    [TestCase("none", "exp", 4, 49.1919566)]
    [TestCase("intl", "exp", 4, 43.91623493)]
    [TestCase("13a", "none", 4, 48.530827)]
    [TestCase("13a", "exp", 1, 77.65)]
    [TestCase("13a", "exp", 2, 60.50)]
    [TestCase("13a", "exp", 3, 53.93)]
    [TestCase("13a", "exp", 5, 46.14)]
    [TestCase("13a", "exp", 6, 43.28)]
    public void Bleu_of_three_texts(string tokenize, string smooth, int order, double expected) => Assert.That(
        TextScores.Bleu(Dog, Dogs, tokenize, smooth, maxNgramOrder: order).Score,
        Is.EqualTo(expected).Within(order == 4 ? 1e-6 : 0.005));

    [TestCase("13a", "exp", null, 31.18957398712123, 33.51537839294616)]
    [TestCase("13a", "add-k", null, 34.22815422071367, 36.57601168077984)]
    [TestCase("char", "exp", null, 60.10843382996525, 64.677628207247)]
    [TestCase("char", "add-k", 2.0, 60.94001614915257, 65.38953229575485)]
    [TestCase("none", "exp", null, 13.275498374160193, 17.281808475112282)]
    [TestCase("none", "floor", null, 8.87786083144988, 11.5570418701907)]
    [TestCase("none", "floor", 0.01, 4.99238802481302, 6.49900224056339)]
    [TestCase("none", "add-k", null, 18.566692626305517, 22.28895208674805)]
    [TestCase("none", "add-k", 2.0, 24.116559113174276, 27.914104637962616)]
    [TestCase("none", "none", null, 0, 0)]
    [TestCase("intl", "exp", null, 23.541981260195183, 25.799274276467415)]
    [TestCase("intl", "floor", 0.01, 23.541981260195183, 25.799274276467415)]
    public void Bleu_of_mixed_texts(string tokenize, string smooth, double? value, double one, double several) =>
        Assert.Multiple(() =>
    {
        Assert.That(TextScores.Bleu(Mixed, FirstReferences, tokenize, smooth, value).Score, Is.EqualTo(one).Within(1e-11));
        Assert.That(TextScores.Bleu(Mixed, MixedReferences, tokenize, smooth, value).Score, Is.EqualTo(several).Within(1e-11));
    });

    [Test]
    public void Bleu_says_what_it_is_made_of() => Assert.Multiple(() =>
    {
        Assert.That(
            TextScores.Bleu(Mixed, FirstReferences).ToString(),
            Is.EqualTo("BLEU = 31.19 77.1/53.3/25.9/12.5 (BP = 0.918 ratio = 0.921 hyp_len = 35 ref_len = 38)"));
        BleuScore score = TextScores.Bleu(
            ["am I am a character sequence"], ["I am a symbol string sequence a a"], "none", "floor", 0);
        Assert.That(score.Counts, Is.EqualTo(new double[] { 4, 2, 1, 0 }));
        Assert.That(score.Totals, Is.EqualTo(new double[] { 6, 5, 4, 3 }));
        Assert.That(score.Score, Is.Zero);
        Assert.That(
            TextScores.Bleu(["am I am a character sequence"], ["I am a symbol string sequence a a"], "none", "floor").Score,
            Is.EqualTo(15.55722182).Within(1e-6));
    });

    [TestCase(0, 44.00558683966967)]
    [TestCase(1, 39.369322466830816)]
    [TestCase(2, 23.356898886410015)]
    [TestCase(3, 0)]
    [TestCase(4, 13.533528323661276)]
    public void Bleu_of_a_sentence(int sentence, double expected) => Assert.That(
        TextScores.SentenceBleu(Mixed[sentence], MixedReferences[sentence]).Score, Is.EqualTo(expected).Within(1e-11));

    [TestCase(6, 0, 2, false, false, false, 51.28382310655213)]
    [TestCase(6, 2, 2, false, false, false, 50.28223804896338)]
    [TestCase(6, 0, 3, true, false, true, 51.24529978867812)]
    [TestCase(4, 1, 1, false, true, false, 63.73587166930075)]
    [TestCase(6, 2, 2, false, false, true, 50.276807277927105)]
    public void ChrF_of_mixed_texts(
        int charOrder, int wordOrder, double beta, bool lowercase, bool whitespace, bool eps, double expected) =>
        Assert.Multiple(() =>
    {
        Assert.That(
            TextScores.ChrF(Mixed, FirstReferences, charOrder, wordOrder, beta, lowercase, whitespace, eps),
            Is.EqualTo(expected).Within(1e-11));
        Assert.That(
            TextScores.ChrF(Mixed, MixedReferences, charOrder, wordOrder, beta, lowercase, whitespace, eps),
            Is.EqualTo(expected).Within(1e-11));
    });

    [TestCase("abcdefg", "hijklmnop", true, 0.0)]
    [TestCase("", "reference", true, 0.0)]
    [TestCase("aa", "ab", true, 8.3333)]
    [TestCase("a", "a", true, 16.6667)]
    [TestCase("a b c", "abc", true, 50.0)]
    [TestCase(
        " Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ",
        "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.",
        true,
        64.1302698)]
    [TestCase("a", "a", false, 100.0)]
    [TestCase("a b c", "abc", false, 100.0)]
    [TestCase("", "c", false, 0.0)]
    [TestCase("aa", "ab", false, 25.0)]
    public void ChrF3(string hypothesis, string reference, bool eps, double expected) => Assert.That(
        TextScores.ChrF([hypothesis], [reference], beta: 3, epsSmoothing: eps), Is.EqualTo(expected).Within(1e-4));

    [Test]
    public void Words_and_characters_that_are_wrong()
    {
        string[] given = ["the cat sat on mat", "a b"];
        string[] right = ["the cat sits on the mat", "a b"];
        ErrorRate words = TextScores.WordErrorRate(given, right);
        ErrorRate characters = TextScores.CharacterErrorRate(["sitting"], ["kitten"]);
        Assert.Multiple(() =>
        {
            Assert.That(words, Is.EqualTo(new ErrorRate(Hits: 6, Substitutions: 1, Deletions: 1, Insertions: 0)));
            Assert.That(words.Rate, Is.EqualTo(2 / 8.0));
            Assert.That((double)characters, Is.EqualTo(3 / 6.0));
            Assert.That(characters, Is.EqualTo(new ErrorRate(4, 2, 0, 1)));
            Assert.That(TextScores.CharacterErrorRate(["e\u0301"], ["e"]).Rate, Is.EqualTo(1));
            Assert.That(TextScores.CharacterErrorRate(["e\u0301a"], ["eb"], "grapheme").Total, Is.EqualTo(2));
            Assert.That(TextScores.CharacterErrorRate(["e\u0301a"], ["eb"], "grapheme").Errors, Is.EqualTo(2));
            Assert.That(TextScores.WordErrorRate(["a b c", "x"], ["a", string.Empty]).Rate, Is.EqualTo(3));
            Assert.That(TextScores.EditDistance("intention".ToCharArray(), "execution".ToCharArray()), Is.EqualTo(5));
            Assert.That(TextScores.TokenErrorRate<int>([[1, 2, 3]], [[1, 3]]).Rate, Is.EqualTo(0.5));
            Assert.That(words.ToString(), Is.EqualTo("0.2500 (1 changed, 1 missing, 0 too many, of 8)"));
        });
    }

    [Test]
    public void Errors_add_up_and_long_texts_take_little_room()
    {
        var random = new Recurrent.Random.SeededRandom(3);
        for (int trial = 0; trial < 200; trial++)
        {
            string given = Letters((int)(random.NextDouble() * 8));
            string right = Letters(1 + (int)(random.NextDouble() * 8));
            ErrorRate errors = TextScores.CharacterErrorRate([given], [right]);
            Assert.That(errors.Total, Is.EqualTo(right.Length));
            Assert.That(errors.Hits + errors.Substitutions + errors.Insertions, Is.EqualTo(given.Length));
            Assert.That((int[])[errors.Hits, errors.Substitutions, errors.Deletions, errors.Insertions], Has.All.AtLeast(0));
            Assert.That(errors.Errors, Is.EqualTo(Fewest(given, right)));
        }

        string whole = Letters(6000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ErrorRate missing = TextScores.CharacterErrorRate([whole[100..]], [whole]);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4_000_000));
        Assert.That(missing, Is.EqualTo(new ErrorRate(5900, 0, 100, 0)));

        string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "abc"[(int)(random.NextDouble() * 3)]));

        static int Fewest(string a, string b) => a.Length == 0 || b.Length == 0 ? a.Length + b.Length
            : a[0] == b[0] ? Fewest(a[1..], b[1..])
            : 1 + Math.Min(Fewest(a[1..], b[1..]), Math.Min(Fewest(a[1..], b), Fewest(a, b[1..])));
    }

    [Test]
    public void Shares_of_what_is_right() => Assert.Multiple(() =>
    {
        Assert.That(TextScores.ExactMatch(["a", "B", "c"], ["a", "b", "c"]), Is.EqualTo(2 / 3.0));
        Assert.That(TextScores.SequenceAccuracy<int>([[1, 2, 0], [1, 2]], [[1, 2], [1, 3]], 0), Is.EqualTo(0.5));
        Assert.That(TextScores.SequenceAccuracy<string>([["a"], ["a", "b"]], [["a"], ["a"]]), Is.EqualTo(0.5));
        Assert.That(TextScores.TokenAccuracy<int>([[1, 2, 9, 9], [1]], [[1, 3, 0, 0], [1, 2]], 0), Is.EqualTo(0.5));
        Assert.That(TextScores.TokenAccuracy<int>([[1, 2, 0]], [[1, 3, 0]]), Is.EqualTo(2 / 3.0));
    });

    [Test]
    public void Mistakes_are_named() => Assert.Multiple(() =>
    {
        Refused(() => TextScores.Bleu(["a"], ["a", "b"]), "There are 1 hypotheses, but 2 references");
        Refused(() => TextScores.Bleu([], Array.Empty<string>()), "There are no hypotheses");
        Refused(() => TextScores.Bleu(["a"], ["a"], tokenize: "ja-mecab"), "tokenize must be");
        Refused(() => TextScores.Bleu(["a"], ["a"], smoothMethod: "good"), "smoothMethod must be");
        Refused(() => TextScores.Bleu(["a"], ["a"], smoothValue: -1), "smoothValue");
        Refused(() => TextScores.Bleu(["a", "b"], [["a"], []]), "references[1] is missing");
        Refused(() => TextScores.ChrF(["a"], ["a"], charOrder: 0), "charOrder");
        Refused(() => TextScores.ChrF(["a", null!], ["a", "b"]), "hypotheses[1] is missing");
        Refused(() => TextScores.WordErrorRate(["a"], [" "]), "No reference has a token");
        Refused(() => TextScores.CharacterErrorRate(["a"], ["b"], "byte"), "unit must be");
        Refused(() => TextScores.TokenAccuracy<int>([[1]], [[0]], 0), "No token counts");
        Refused(() => TextScores.ExactMatch(["a", null!], ["a", "b"]), "hypotheses[1] is null");
    });

    private static void Refused(Action act, string message) =>
        Assert.That(() => act(), Throws.ArgumentException.With.Message.Contains(message));
}
