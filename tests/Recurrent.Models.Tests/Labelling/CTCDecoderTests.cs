using Recurrent.Labelling;
using Recurrent.Losses;
using Recurrent.Random;

namespace Recurrent.Tests.Labelling;

/// <summary>CTC decoding against Keras's numbers and against the sum over all alignments.</summary>
[TestFixture]
public sealed class CTCDecoderTests
{
    // keras/src/ops/nn_test.py, test_ctc_decode: inputs, sequence lengths and what Keras expects of itself.
    private static readonly NDArray Keras = new float[,,]
    {
        { { 0.1f, 0.4f, 0.2f, 0.4f }, { 0.3f, -0.3f, 0.4f, 0.2f }, { 0.3f, 0.2f, 0.4f, 0.3f } },
        { { 0.7f, 0.4f, 0.3f, 0.2f }, { 0.3f, 0.3f, 0.4f, 0.1f }, { 0.6f, -0.1f, 0.1f, 0.5f } },
        { { 0.1f, 0.4f, 0.2f, 0.7f }, { 0.3f, 0.3f, -0.2f, 0.7f }, { 0.3f, 0.2f, 0.4f, 0.1f } },
    };

    private static readonly int[] Lengths = [3, 3, 1];

    [TestCase(true, "1 2|2|3")]
    [TestCase(false, "1 2 2|2|3")]
    public void Greedy_is_Keras_s(bool mergeRepeated, string expected)
    {
        IReadOnlyList<CTCDecoding> found = new CTCDecoder(mergeRepeated: mergeRepeated).Decode(Keras, Lengths);
        Assert.That(string.Join("|", found.Select(each => string.Join(" ", each.Labels))), Is.EqualTo(expected));
        Assert.That(found.Select(each => each.Paths[0].Score), Is.EqualTo(new[] { -1.2, -1.7, -0.7 }).Within(1e-6));
    }

    [Test]
    public void The_beam_is_Keras_s()
    {
        var decoder = new CTCDecoder("beam_search", beamWidth: 4, topPaths: 2);
        (NDArray labels, NDArray scores) = CTCDecoding.ToArrays(decoder.Decode(Keras, Lengths), 2, 3);
        Assert.That(labels.Shape, Is.EqualTo(new[] { 2, 3, 3 }));
        Assert.That(labels.Values, Is.EqualTo(new float[] { 1, 2, -1, 2, -1, -1, 3, -1, -1, 2, -1, -1, 3, -1, -1, 1, -1, -1 }));
        Assert.That(scores.Values,
            Is.EqualTo(new[] { -2.426537f, -2.435596f, -2.127681f, -2.182338f, -1.063386f, -1.363386f }).Within(1e-5));
    }

    [Test]
    public void A_beam_that_is_wide_enough_is_exhaustive([Values(1, 2, 4)] int steps, [Values(0, 1, 2)] int blank,
        [Values(1, 2, 3)] int seed)
    {
        NDArray logits = Logits(steps, 3, seed);
        Dictionary<string, double> all = Alignments(logits, blank);
        IReadOnlyList<CTCPath> found = new CTCDecoder("beam_search", 1000, 1000, blank: blank).Decode(logits)[0].Paths;
        Assert.That(found, Has.Count.EqualTo(all.Count));
        Assert.That(found.Select(path => path.Score), Is.Ordered.Descending);
        foreach (CTCPath path in found)
        {
            Assert.That(Math.Exp(path.LogProbability), Is.EqualTo(all[string.Join(",", path.Labels)]).Within(1e-9));
        }

        Assert.That(all[string.Join(",", found[0].Labels)], Is.EqualTo(all.Values.Max()).Within(1e-12));
    }

    [Test]
    public void Its_probabilities_are_those_of_the_loss()
    {
        NDArray logits = Logits(5, 4, 9);
        foreach (CTCPath path in new CTCDecoder("beam_search", 5000, 200).Decode(logits)[0].Paths.Where(path =>
            path.Labels.Count > 0))
        {
            float[] target = [.. path.Labels.Select(label => (float)label)];
            var loss = new CTC();
            var batch = new LossBatch
            {
                Targets = target,
                TargetRows = target.Length,
                Predictions = logits.Values,
                SampleShape = (5, 4),
                Samples = 1,
                Scratch = new double[loss.ScratchLength(1, 5, 4, target.Length)],
            };
            Assert.That(-path.LogProbability, Is.EqualTo(loss.Evaluate(batch, [])).Within(1e-5));
        }
    }

    [Test]
    public void A_language_model_and_words_change_what_is_best([Values(0.0, 0.7)] double weight, [Values(0.0, 1.5)] double bonus,
        [Values] bool words)
    {
        NDArray logits = Logits(4, 3, 5);
        int? boundary = words ? 2 : null;
        Dictionary<string, double> expected = [];
        foreach ((string key, double probability) in Alignments(logits, 0))
        {
            int[] labels = key.Length == 0 ? [] : [.. key.Split(',').Select(int.Parse)];
            double score = Math.Log(probability);
            for (int i = 0; i <= labels.Length; i++)
            {
                score += weight * Model(labels.AsSpan(0, i), i < labels.Length ? labels[i] : -1);
            }

            score += bonus * (words ? string.Concat(labels).Split('2', StringSplitOptions.RemoveEmptyEntries).Length
                : labels.Length);
            expected[key] = score;
        }

        IReadOnlyList<CTCPath> found = new CTCDecoder("beam_search", 1000, 1000, languageModel: Model,
            languageModelWeight: weight,
            insertionBonus: bonus, wordBoundary: boundary).Decode(logits)[0].Paths;
        Assert.That(found, Has.Count.EqualTo(expected.Count));
        Assert.That(found.Select(path => path.Score), Is.Ordered.Descending);
        foreach (CTCPath path in found)
        {
            Assert.That(path.Score, Is.EqualTo(expected[string.Join(",", path.Labels)]).Within(1e-6));
        }

        static double Model(ReadOnlySpan<int> prefix, int next) =>
            next < 0 ? -0.3 * prefix.Length : -0.5 - (prefix.Length > 0 && prefix[^1] == next ? 2 : 0) - (0.1 * next);
    }

    [Test]
    public void A_language_model_without_weight_says_nothing_and_one_below_0_forbids_nothing()
    {
        static double Forbids(ReadOnlySpan<int> prefix, int next) => next == 1 ? double.NegativeInfinity : -1;
        NDArray logits = Logits(4, 3, 5);
        Assert.That(
            new CTCDecoder("beam_search", 50, 50, languageModel: Forbids, languageModelWeight: 0).Decode(logits)[0].Paths.Select(
                path => path.Score),
            Is.EqualTo(new CTCDecoder("beam_search", 50, 50).Decode(logits)[0].Paths.Select(path => path.Score)));
        Assert.That(
            new CTCDecoder("beam_search", 50, 50, languageModel: Forbids).Decode(logits)[0].Paths.SelectMany(path => path.Labels),
            Has.None.EqualTo(1));
        Assert.That(
            () => new CTCDecoder("beam_search", 50, languageModel: Forbids, languageModelWeight: -1).Decode(logits),
            Throws.ArgumentException.With.Message.Contains("languageModelWeight is below 0"));
    }

    [Test]
    public void A_beam_of_one_of_clear_outputs_is_greedy()
    {
        NDArray logits = Logits(12, 5, 3);
        for (int t = 0; t < 12; t++)
        {
            logits[0, t, (t / 2 * 3) % 5] += 20;
        }

        Assert.That(new CTCDecoder("beam_search", 1).Decode(logits)[0].Labels, Is.EqualTo(new CTCDecoder()
            .Decode(logits)[0].Labels));
    }

    [Test]
    public void Lengths_leave_the_rest_out_and_ragged_outputs_are_the_same()
    {
        NDArray logits = Logits(6, 3, 4);
        NDArray first = new([4, 3], [.. logits.Values[..12]]);
        foreach (string strategy in new[] { "greedy", "beam_search" })
        {
            var decoder = new CTCDecoder(strategy);
            CTCPath cut = decoder.Decode(logits, [4])[0].Paths[0];
            CTCPath ragged = decoder.Decode(new RaggedSequences([first, first]))[1].Paths[0];
            Assert.That(ragged.Labels, Is.EqualTo(cut.Labels));
            Assert.That(ragged.Score, Is.EqualTo(cut.Score));
            Assert.That(decoder.Decode(logits, [0])[0].Labels, Is.Empty);
        }
    }

    [Test]
    public void A_mask_leaves_steps_out_wherever_they_stand()
    {
        NDArray logits = Logits(6, 3, 8);
        float[] mask = [0, 1, 1, 0, 1, 0];
        NDArray rest = new([1, 3, 3], [.. logits.Values[3..9], .. logits.Values[12..15]]);
        NDArray unread = new([1, 6, 3], [.. logits.Values]);
        unread[0, 3, 1] = float.NaN;
        foreach (string strategy in new[] { "greedy", "beam_search" })
        {
            var decoder = new CTCDecoder(strategy);
            CTCPath expected = decoder.Decode(rest)[0].Paths[0];
            CTCPath found = decoder.Decode(unread, mask: new NDArray([1, 6], mask))[0].Paths[0];
            Assert.That((found.Labels, found.Score, found.LogProbability),
                Is.EqualTo((expected.Labels, expected.Score, expected.LogProbability)));
            Assert.That(decoder.Decode(logits, [3], new NDArray([1, 6], mask))[0].Paths[0].Labels,
                Is.EqualTo(decoder.Decode(rest, [2])[0].Labels));
            Assert.That(decoder.Decode(logits, mask: new NDArray(1, 6))[0].Labels, Is.Empty);
        }
    }

    [Test]
    public void A_sample_s_numbers_do_not_depend_on_those_beside_it()
    {
        NDArray[] samples = [Logits(9, 4, 21), Logits(9, 4, 22), Logits(9, 4, 23)];
        NDArray batch = new([3, 9, 4], [.. samples.SelectMany(sample => sample.Values)]);
        var decoder = new CTCDecoder("beam_search", 5, 5);
        IReadOnlyList<CTCDecoding> found = decoder.Decode(batch);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(TextOf(found[i]), Is.EqualTo(TextOf(decoder.Decode(samples[i])[0])));
        }
    }

    public static IEnumerable<TestCaseData> Refused =>
    [
        new((Action)(() => _ = new CTCDecoder("best")), "CTCDecoder: strategy must be 'greedy' or 'beam_search', but is 'best'"),
        new((Action)(() => _ = new CTCDecoder("beam_search", 2, 3)), "CTCDecoder: topPaths 3 must not be above beamWidth 2."),
        new((Action)(() => _ = new CTCDecoder(topPaths: 2, insertionBonus: 1)),
            "CTCDecoder: topPaths above 1 needs strategy 'beam_search'; languageModel, insertionBonus and wordBoundary need "
                + "strategy "
            + "'beam_search'."),
        new((Action)(() => _ = new CTCDecoder("beam_search", mergeRepeated: false)),
            "CTCDecoder: mergeRepeated: false is for strategy 'greedy'."),
        new((Action)(() => new CTCDecoder().Decode(new NDArray(2, 3))),
            "CTCDecoder expects outputs of shape (samples, timesteps, classes), but they have shape (2, 3)."),
        new((Action)(() => new CTCDecoder().Decode(new NDArray(2, 3, 4), [3])), "There are 2 samples, but 1 sequenceLengths."),
        new((Action)(() => new CTCDecoder().Decode(new NDArray(2, 3, 4), [3, 4])),
            "sequenceLengths[1] is 4, but a sample has 3 steps: 0 to 3."),
        new((Action)(() => new CTCDecoder(blank: 4).Decode(new NDArray(2, 3, 4))),
            "CTCDecoder: blank and wordBoundary must be among the 4 classes of the outputs, 0 to 3."),
        new((Action)(() => new CTCDecoder().Decode(new float[,,] { { { 0, 1 }, { float.NegativeInfinity, 0 } } })),
            "CTCDecoder: sample 0 has the output -Infinity at step 1, class 0."),
        new((Action)(() => new CTCDecoder().Decode([new NDArray(10, 5), new NDArray(12, 6)])),
            "CTCDecoder expects outputs of the same classes of each sample, but sample 1 has 6 and sample 0 has 5."),
        new((Action)(() => new CTCDecoder().Decode([new NDArray(10, 5), new NDArray(12, 5), new NDArray(5)])),
            "CTCDecoder expects outputs of shape (timesteps, classes) of each sample, but sample 2 has shape (5)."),
        new((Action)(() => new CTCDecoder().Decode(new NDArray(2, 3, 4), mask: new NDArray(2, 4))),
            "CTCDecoder expects a mask of shape (2, 3), (samples, timesteps), but it has shape (2, 4)."),
    ];

    [TestCaseSource(nameof(Refused))]
    public void What_cannot_be_is_refused(Action action, string message) =>
        Assert.That(() => action(), Throws.ArgumentException.With.Message.StartsWith(message));

    internal static string TextOf(CTCDecoding found) => string.Join(
        "|", found.Paths.Select(path => FormattableString.Invariant(
            $"{string.Join(",", path.Labels)} {path.Score:R} {path.LogProbability:R}")));

    private static NDArray Logits(int steps, int classes, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var logits = new NDArray(1, steps, classes);
        foreach (ref float value in logits.Values.AsSpan())
        {
            value = (float)(1.5 * random.NextNormal());
        }

        return logits;
    }

    /// <summary>The probability of each sequence of labels, summed over all alignments.</summary>
    private static Dictionary<string, double> Alignments(NDArray logits, int blank)
    {
        int steps = logits.Shape[1];
        int classes = logits.Shape[2];
        Dictionary<string, double> sums = [];
        for (int index = 0; index < (int)Math.Pow(classes, steps); index++)
        {
            int[] path = [.. Enumerable.Range(0, steps).Select(t => index / (int)Math.Pow(classes, t) % classes)];
            double probability = 1;
            for (int t = 0; t < steps; t++)
            {
                double total = Enumerable.Range(0, classes).Sum(k => Math.Exp(logits[0, t, k]));
                probability *= Math.Exp(logits[0, t, path[t]]) / total;
            }

            string key = string.Join(",", path.Where((k, t) => k != blank && (t == 0 || path[t - 1] != k)));
            sums[key] = sums.GetValueOrDefault(key) + probability;
        }

        return sums;
    }
}
