using Recurrent.Labelling;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Streaming;
using static Recurrent.Tests.Labelling.CTCDecoderTests;

namespace Recurrent.Tests.Labelling;

/// <summary>Decoding as steps come finds what decoding the whole finds.</summary>
[TestFixture]
public sealed class CTCSessionTests
{
    public static IEnumerable<CTCDecoder> Decoders =>
    [
        new(),
        new(mergeRepeated: false, blank: 2),
        new("beam_search", 1),
        new("beam_search", 3, 2),
        new("beam_search", 20, 20, blank: 3),
        new("beam_search", 6, 4, languageModel: Model, languageModelWeight: 0.6, insertionBonus: 0.4, wordBoundary: 1),
        new("beam_search", 6, 6, languageModel: Model, insertionBonus: 1.2),
    ];

    [TestCaseSource(nameof(Decoders))]
    public void It_finds_at_every_step_what_the_decoder_finds_in_what_has_come(CTCDecoder decoder)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            NDArray logits = Logits(40, 5, seed);
            CTCSession session = decoder.OpenSession(5);
            for (int t = 0; t <= 40; t++)
            {
                Assert.That(session.Steps, Is.EqualTo(t));
                Assert.That(TextOf(session.Found()), Is.EqualTo(TextOf(decoder.Decode(logits, [t])[0])));
                if (t < 40)
                {
                    session.Step(logits.Values.AsSpan(t * 5, 5));
                }
            }

            session.Reset();
            session.Run(new NDArray([40, 5], logits.Values));
            Assert.That(TextOf(session.Found()), Is.EqualTo(TextOf(decoder.Decode(logits)[0])));
        }
    }

    [TestCaseSource(nameof(Decoders))]
    public void What_is_settled_does_not_change(CTCDecoder decoder)
    {
        NDArray logits = Logits(300, 5, 11);
        CTCSession session = decoder.OpenSession(5);
        List<int> settled = [];
        for (int t = 0; t < 300; t++)
        {
            session.Step(logits.Values.AsSpan(t * 5, 5));
            IReadOnlyList<int> labels = session.Labels;
            Assert.That(session.Settled, Is.InRange(settled.Count, labels.Count));
            Assert.That(labels.Take(settled.Count), Is.EqualTo(settled));
            settled = [.. labels.Take(session.Settled)];
        }

        Assert.That(settled, Has.Count.GreaterThan(50));
        foreach (CTCPath path in session.Found().Paths)
        {
            Assert.That(path.Labels.Take(settled.Count), Is.EqualTo(settled));
        }
    }

    [TestCaseSource(nameof(Decoders))]
    public void A_fork_goes_on_by_itself(CTCDecoder decoder)
    {
        NDArray logits = Logits(30, 5, 5);
        NDArray other = Logits(30, 5, 6);
        CTCSession session = decoder.OpenSession(5);
        session.Run(new NDArray([30, 5], logits.Values));
        CTCSession fork = session.Fork();
        string before = TextOf(session.Found());
        fork.Run(new NDArray([30, 5], other.Values));
        Assert.That(TextOf(session.Found()), Is.EqualTo(before));
        session.Run(new NDArray([30, 5], other.Values));
        Assert.That(TextOf(fork.Found()), Is.EqualTo(TextOf(session.Found())));
        Assert.That(fork.Steps, Is.EqualTo(60));
        Assert.That(TextOf(fork.Found()),
            Is.EqualTo(TextOf(decoder.Decode(new NDArray([1, 60, 5], [.. logits.Values, .. other.Values]))[0])));
    }

    [Test]
    public void A_step_allocates_nothing_but_room_for_labels([Values("greedy", "beam_search")] string strategy)
    {
        // A label in about two and a half steps, so that the lists of labels, which double, have room for 200 steps more; and
        // a beam of one, in which all labels are settled.
        CTCSession session = new CTCDecoder(strategy, beamWidth: 1).OpenSession(5);
        NDArray logits = Logits(3200, 5, 4);
        for (int t = 0; t < 3200; t++)
        {
            logits[0, t, t / 2 * 3 % 5] += 20;
        }

        session.Run(new NDArray([3000, 5], logits.Values[..15000]));
        Assert.That(session.Settled, Is.InRange(1100, 1300));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 3000; t < 3200; t++)
        {
            session.Step(logits.Values.AsSpan(t * 5, 5));
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void An_early_doubt_that_stays_costs_room_for_its_labels_alone()
    {
        // Two classes are equal at first and nothing after decides between them, so that nothing settles.
        const int Classes = 500;
        CTCSession session = new CTCDecoder("beam_search", beamWidth: 2, topPaths: 2).OpenSession(Classes);
        float[] step = new float[Classes];
        (step[1], step[2]) = (30, 30);
        session.Step(step);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 2000; t++)
        {
            Array.Clear(step);
            step[t % 2 == 0 ? 0 : 3 + (t % 400)] = 60;
            session.Step(step);
        }

        Assert.That(session.Settled, Is.Zero);
        Assert.That(session.Found().Paths.Select(path => path.Labels[0]), Is.EquivalentTo(new[] { 1, 2 }));
        Assert.That(session.Labels, Has.Count.EqualTo(1001));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2 * 1000 * 400));
    }

    [Test]
    public void It_reads_a_model_s_session_as_the_decoder_reads_its_prediction()
    {
        var model = new Sequential([new GRU(6, returnSequences: true, inputShape: ((int?)null, 3)), new Dense(5)]);
        NDArray x = new([1, 25, 3], Logits(25, 3, 2).Values);
        var decoder = new CTCDecoder("beam_search", 5, 5);
        StreamingSession frames = model.OpenSession();
        CTCSession labels = decoder.OpenSession(5);
        for (int t = 0; t < 25; t++)
        {
            labels.Step(frames.Step(x.Values[(3 * t)..(3 * (t + 1))]));
        }

        Assert.That(TextOf(labels.Found()), Is.EqualTo(TextOf(decoder.Decode(model.Predict(x))[0])));
    }

    [Test]
    public void What_breaks_off_in_a_language_model_is_not_gone_on_with()
    {
        bool fails = false;
        var decoder = new CTCDecoder("beam_search", 4, languageModel: (_, _) => fails ? double.NaN : -1);
        CTCSession session = decoder.OpenSession(3);
        session.Step(1, 2, 3);
        CTCSession before = session.Fork();
        fails = true;
        Assert.That(() => session.Step(3, 2, 1), Throws.ArgumentException.With.Message.Contains("NaN or +∞"));
        fails = false;
        Assert.That(() => session.Step(3, 2, 1), Throws.InvalidOperationException.With.Message.Contains("Call Reset"));
        before.Step(3, 2, 1);
        session.Reset();
        session.Run(new float[,] { { 1, 2, 3 }, { 3, 2, 1 } });
        Assert.That(TextOf(session.Found()), Is.EqualTo(TextOf(before.Found())));
    }

    [Test]
    public void What_does_not_fit_is_refused()
    {
        CTCSession session = new CTCDecoder("beam_search", 4).OpenSession(3);
        session.Step(1, 2, 3);
        Assert.That(() => session.Step(1, 2), Throws.ArgumentException.With.Message.StartsWith(
            "CTCSession: a step has 3 outputs, one for each class, but 2 are given."));
        Assert.That(() => session.Step(1, float.NaN, 2), Throws.ArgumentException.With.Message.StartsWith(
            "CTCSession: there is the output NaN at step 1, class 1."));
        Assert.That(() => session.Run(new NDArray(2, 4)), Throws.ArgumentException.With.Message.StartsWith(
            "CTCSession expects outputs of shape (timesteps, 3), or (3) of one step, but they have shape (2, 4)."));
        Assert.That(session.Steps, Is.EqualTo(1));
        Assert.That(() => new CTCDecoder(blank: 4).OpenSession(4), Throws.ArgumentException.With.Message.StartsWith(
            "CTCDecoder: blank and wordBoundary must be among the 4 classes of the outputs, 0 to 3."));
    }

    private static double Model(ReadOnlySpan<int> prefix, int next)
    {
        double sum = next < 0 ? -0.2 : -0.7;
        for (int i = 0; i < prefix.Length; i++)
        {
            sum -= 0.01 * ((prefix[i] + i + next) % 5);
        }

        return sum;
    }

    private static NDArray Logits(int steps, int classes, ulong seed)
    {
        var random = new SeededRandom(seed);
        var logits = new NDArray(1, steps, classes);
        foreach (ref float value in logits.Values.AsSpan())
        {
            value = (float)(2.5 * random.NextNormal());
        }

        return logits;
    }
}
