using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Serialization;
using Recurrent.Streaming;

namespace Recurrent.Text.Tests;

/// <summary>Texts from texts: any layers, training, decoding, alignment and files, of one object.</summary>
[TestFixture]
public sealed class Seq2SeqTests
{
    private static readonly CharacterTokenizer Letters = new(["a", "b", "c", "d"]);

    private static readonly Dictionary<string, Func<Seq2Seq>> All = new()
    {
        ["LSTM, Luong"] = () => Seq2Seq.Recurrent(Letters, Letters, 16, embeddingDim: 8, maxLength: 20),
        ["GRU, no attention"] = () => Seq2Seq.Recurrent(
            Letters, Letters, 16, bidirectional: false, attention: SequenceAttention.None, cell: units => new GRUCell(units),
            embeddingDim: 8, maxLength: 20),
        ["two layers, Bahdanau, dropout"] = () => Seq2Seq.Recurrent(
            Letters, Letters, 12, layers: 2, attention: SequenceAttention.Bahdanau, dropout: 0.1, embeddingDim: 8, maxLength: 20),
        ["dot, peephole cells"] = () => Seq2Seq.Recurrent(
            Letters, Letters, 12, attention: SequenceAttention.LuongDot, cell: units => new PeepholeLSTMCell(units),
            embeddingDim: 8, maxLength: 20),
        ["different layers"] = () => new Seq2Seq(
            Letters, Letters,
            [
                new Bidirectional(new GRU(5, returnSequences: true, returnState: true)),
                new LSTM(7, returnSequences: true, returnState: true),
            ],
            [new SimpleRNN(9, returnSequences: true), new LSTM(6, returnSequences: true), new MinGRU(8, returnSequences: true)],
            embeddingDim: 8, maxLength: 20),
        ["transformer"] = () => Seq2Seq.Transformer(Letters, Letters, 16, 2, 24, maxLength: 20),
    };

    private static IEnumerable<string> Names => All.Keys;

    [Test]
    public void Sessions_write_what_whole_sequences_say([ValueSource(nameof(Names))] string name)
    {
        Seq2Seq model = Create(name);
        string[] sources = ["abc", "d", "ddcab", "ba", "aaaaaaaaaa"];
        var found = model.Decode(
            [.. sources.Select(text => Letters.Encode(text, addEnd: true))], new GreedyDecoding(maxLength: 9));
        for (int i = 0; i < sources.Length; i++)
        {
            int[] source = Letters.Encode(sources[i], addEnd: true);
            List<int> written = [Letters.StartId!.Value];
            bool ended = false;
            while (written.Count < 10 && !ended)
            {
                NDArray logits = model.TrainingModel.Predict(
                    [((NDArray)source).Reshape(1, source.Length), ((NDArray)written.ToArray()).Reshape(1, written.Count)]);
                Real[] last = logits.Values[^Letters.VocabularySize..];
                last[Letters.PadId!.Value] = Real.NegativeInfinity;
                last[Letters.StartId!.Value] = Real.NegativeInfinity;
                last[Letters.UnknownId!.Value] = Real.NegativeInfinity;
                int next = Array.IndexOf(last, last.Max());
                ended = next == Letters.EndId;
                written.Add(next);
            }

            Assert.That(found[i][0].Tokens, Is.EqualTo(written.Skip(1).Where(token => token != Letters.EndId)), sources[i]);
            Assert.That(found[i][0].Ended, Is.EqualTo(ended));
        }
    }

    [Test]
    public void Company_and_threads_change_no_bit([ValueSource(nameof(Names))] string name)
    {
        Seq2Seq model = Create(name);
        string[] sources = ["abc", "d", "ddcab", "ba", "aaaaaaaaaa"];
        foreach (Decoding how in (Decoding[])[
            new GreedyDecoding(maxLength: 12), new SamplingDecoding(samples: 2, maxLength: 12),
            new BeamSearch(3, best: 3, maxLength: 12), new BeamSearch(4, groups: 2, best: 2, maxLength: 12)])
        {
            string[] together = Texts(sources);
            for (int i = 0; i < sources.Length; i++)
            {
                Assert.That(Texts([sources[i]])[0], Is.EqualTo(together[i]));
            }

            model.EncoderModel.MaxDegreeOfParallelism = 1;
            Assert.That(Texts([.. sources.Reverse()]), Is.EqualTo(together.Reverse()));

            string[] Texts(string[] texts) => [.. model.TranslateAll(texts, how).Select(all => string.Join(
                '|', all.Select(own => FormattableString.Invariant($"{own.Text} {own.Score:R}"))))];
        }
    }

    [Test]
    public void It_is_saved_with_its_tokenizers_and_trains_on([ValueSource(nameof(Names))] string name)
    {
        Seq2Seq model = Create(name);
        model.Compile("adam");
        model.Fit((string[])["ab", "cd", "abcd"], ["ba", "dc", "dcba"], epochs: 2, verbose: 0);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Seq2Seq again = Seq2Seq.Load(file);
        string[] sources = ["abc", "d", "ddcab"];
        Assert.That(again.Translate(sources), Is.EqualTo(model.Translate(sources)));
        Assert.That(again.Translate(sources, new BeamSearch()), Is.EqualTo(model.Translate(sources, new BeamSearch())));
        model.Fit((string[])["ab", "cd", "abcd"], ["ba", "dc", "dcba"], epochs: 4, verbose: 0);
        again.Fit((string[])["ab", "cd", "abcd"], ["ba", "dc", "dcba"], epochs: 4, verbose: 0);
        Assert.That(
            again.TrainingModel.GetWeights().SelectMany(weight => weight.Values),
            Is.EqualTo(model.TrainingModel.GetWeights().SelectMany(weight => weight.Values)));
    }

    [Test]
    public void It_learns_to_turn_words_round([Values("LSTM, Luong", "two layers, Bahdanau, dropout", "transformer")] string name)
    {
        Seq2Seq model = All[name]();
        (string[] sources, string[] targets) = Reversed(name == "transformer" ? 2000 : 600, 1);
        model.Compile(new Adam(name == "transformer" ? 0.005 : 0.01, globalClipNorm: 1));
        model.Fit(sources, targets, epochs: name == "transformer" ? 14 : 12, verbose: 0);
        (string[] test, string[] expected) = Reversed(100, 2);
        string[] found = model.Translate(test);
        Assert.That(found.Zip(expected).Count(pair => pair.First == pair.Second), Is.GreaterThan(80));

        Alignment alignment = model.Align("abcd");
        Assert.That(alignment.Weights.Shape, Is.EqualTo((int[])[alignment.Target.Count, 5]));
        for (int row = 0; row < alignment.Target.Count; row++)
        {
            Assert.That(Enumerable.Range(0, 5).Sum(column => alignment.Weights[row, column]), Is.EqualTo(1).Within(1e-4));
        }

        Assert.That(alignment.ToHtml(), Does.Contain("abcd[END] → dcba[END]"));
    }

    [Test]
    public void Scheduled_sampling_gives_the_decoder_its_own_tokens()
    {
        // With nothing of the target, what is trained on is what greedy decoding writes.
        Seq2Seq model = Create("LSTM, Luong");
        model.Compile(new SGD(0));
        (string[] sources, string[] targets) = Reversed(40, 3);
        int updates = 0;
        model.Fit(sources, targets, batchSize: 8, verbose: 0, teacherForcing: TeacherForcing.Schedule(update =>
        {
            Assert.That(update, Is.EqualTo(updates++));
            return 0.5;
        }));
        Assert.That(updates, Is.EqualTo(5));

        double always = Loss(TeacherForcing.Linear(1, 1, 1));
        Assert.That(always, Is.EqualTo(Loss(TeacherForcing.Always)).Within(1e-6));
        Assert.That(Loss(TeacherForcing.Linear(0, 0, 1)), Is.Not.EqualTo(always).Within(1e-4));

        double Loss(TeacherForcing forcing) => model.Fit(
            sources, targets, epochs: (int)model.TrainingModel.Progress.Epochs + 1, batchSize: 8, teacherForcing: forcing,
            verbose: 0)
            .Metrics["loss"][0];
    }

    [Test]
    public void The_inputs_of_a_free_decoder_are_its_own_words()
    {
        Seq2Seq model = Create("two layers, Bahdanau, dropout");
        model.Compile(new SGD(0));
        string[] sources = ["abcd", "dd", "c"];
        string[] targets = ["dcba", "dd", "c"];
        SequencePairs pairs = SequencePairs.Of(
            Letters.EncodeAll(sources, addEnd: true), Letters.EncodeAll(targets, addStart: true, addEnd: true), Letters,
            Letters, 20);
        new ScheduledSampling(model, pairs, TeacherForcing.Linear(0, 0, 1)).Prepare(new[] { 2, 0, 1 });
        for (int i = 0; i < 3; i++)
        {
            // Token by token, from sessions of one.
            object[] encoded = model.EncoderModel.PredictOutputs(new RaggedSequences([pairs.Sources[i]]), 1, default);
            StreamingSession session = model.DecoderModel.OpenSession(1, model.Parts.Start(encoded));
            Real token = Letters.StartId!.Value;
            foreach (Real input in pairs.Inputs[i].Values)
            {
                Assert.That(input, Is.EqualTo(token));
                Real[] scores = session.Step([token]);
                token = Array.IndexOf(scores, scores.Max());
            }
        }
    }

    [Test]
    public void A_callback_of_training_may_write()
    {
        Seq2Seq model = Create("LSTM, Luong");
        model.DecoderModel.MaxDegreeOfParallelism = 3;
        model.Compile("adam");
        (string[] sources, string[] targets) = Reversed(40, 5);
        var written = new List<string[]>();
        model.Fit(sources, targets, epochs: 2, verbose: 0, callbacks:
            [new LambdaCallback(onEpochEnd: (_, _, _) =>
                written.Add(model.Translate(sources[..7], new BeamSearch(2, maxLength: 8))))]);
        Assert.That(written, Has.Count.EqualTo(2));
        Assert.That(written[1], Is.EqualTo(model.Translate(sources[..7], new BeamSearch(2, maxLength: 8))));
    }

    [Test]
    public void Schedules_fall_as_they_say() => Assert.Multiple(() =>
    {
        Assert.That(TeacherForcing.Linear(1, 0.5, 10).Ratio(5), Is.EqualTo(0.75));
        Assert.That(TeacherForcing.Linear(1, 0.5, 10).Ratio(50), Is.EqualTo(0.5));
        Assert.That(TeacherForcing.Exponential(0.9).Ratio(3), Is.EqualTo(0.729).Within(1e-12));
        Assert.That(TeacherForcing.InverseSigmoid(10).Ratio(0), Is.EqualTo(10.0 / 11).Within(1e-12));
        Assert.That(() => TeacherForcing.Linear(2, -1, 0), Throws.ArgumentException.With.Message.Contains("from")
            .And.Message.Contains("to ").And.Message.Contains("updates"));
    });

    [Test]
    public void What_is_wrong_is_named_with_sample_and_place()
    {
        Seq2Seq model = Create("LSTM, Luong");
        model.Compile("adam");
        int[] good = Letters.Encode("ab", addStart: true, addEnd: true);
        var strict = new CharacterTokenizer(["a", "b"], new SpecialTokens(Unknown: null));
        Assert.Multiple(() =>
        {
            Refused(() => model.Fit((string[])["ab", ""], ["a", "b"]), "sources[1] is empty");
            Refused(() => model.Fit((string[])["ab", "b"], ["a", ""]), "targets[1] is empty");
            Refused(() => model.Fit((string[])["ab"], ["a", "b"]), "1 sources and 2 targets");
            Refused(() => model.Fit((string[])["a", "b"], ["a", new string('a', 21)]), "targets[1] has 21 tokens", "allows 20");
            Refused(() => model.Fit((int[][])[[4], [5]], [good, [4, 5]]), "targets[1] does not begin with the start token "
                + "2", "place 0");
            Refused(() => model.Fit((int[][])[[4], [5]], [good, good[..^1]]), "targets[1] does not end with the end token "
                + "3", "place 2");
            Refused(() => model.Fit((int[][])[[4], [5]], [good, [2, 4, 3, 4, 3]]), "targets[1]", "place 2, inside");
            Refused(() => model.Fit((int[][])[[4], [5, 9]], [good, good]), "sources[1] has the token 9 at place 1");
            Refused(() => model.Translate(["a", ""]), "sources[1] is empty");
            Refused(() => model.Translate(["a", "b\ud800"]), "1");
            Refused(() => model.Translate("a", new GreedyDecoding(maxLength: 21)), "allows 20");
            Refused(() => Seq2Seq.Recurrent(strict, strict).Translate(["ab", "abc"]), "'c'");
            var bare = new CharacterTokenizer(["a"], SpecialTokens.None);
            Refused(() => Seq2Seq.Recurrent(Letters, bare, units: 3), "start", "end", "even");
            Refused(() => new Seq2Seq(Letters, Letters, [new LSTM(4)], [new LSTM(4, returnSequences: true)]),
                "encoder", "returnSequences: true", "returnState: true");
            Refused(
                () => new Seq2Seq(Letters, Letters, [new Dense(4)], [new LSTM(4, returnSequences: true)]),
                "no recurrent layer");
        });
        Assert.That(
            () => Create("GRU, no attention").Align("ab"),
            Throws.InvalidOperationException.With.Message.Contains("no attention"));

        static void Refused(Action action, params string[] words)
        {
            Exception? exception = Assert.Catch<ArgumentException>(() => action());
            foreach (string word in words)
            {
                Assert.That(exception!.Message, Does.Contain(word));
            }
        }
    }

    [Test]
    public void What_stands_for_no_text_is_never_written([ValueSource(nameof(Names))] string name)
    {
        // Targets of unknown letters alone, so that nothing is likelier than the token that stands for them.
        Seq2Seq model = All[name]();
        model.Compile(new Adam(0.02));
        model.Fit((string[])["ab", "cd", "abcd"], ["xy", "z", "xyz"], epochs: 20, verbose: 0);
        foreach (Decoding how in (Decoding[])[
            new GreedyDecoding(minLength: 3, maxLength: 8), new BeamSearch(8, best: 8, minLength: 2, maxLength: 4),
            new SamplingDecoding(2, samples: 8, minLength: 2, maxLength: 8)])
        {
            foreach (GeneratedText written in model.TranslateAll(["abc", "dd"], how).SelectMany(all => all))
            {
                Assert.That(written.Decoded.Tokens, Is.Not.Empty);
                Assert.That(written.Decoded.Tokens, Has.None.Matches<int>(Letters.IsSpecial));
            }
        }
    }

    [Test]
    public void A_broken_file_is_refused()
    {
        Seq2Seq model = Create("LSTM, Luong");
        using var file = new MemoryStream();
        model.Save(file);
        string text = System.Text.Encoding.UTF8.GetString(file.ToArray());
        foreach ((string from, string to) in ((string, string)[])[
            ("\"max_length\":20", "\"max_length\":0"), ("\"kind\":\"recurrent\"", "\"kind\":\"other\""),
            ("\"attention\":\"Luong\"", "\"attention\":\"Bahdanau\""), ("\"encoder_1\"]", "\"encoder_2\"]"),
            ("\"embedding_dim\":8", "\"embedding_dim\":-8"),
            ("\"vocabulary\":[\"a\",\"b\",\"c\",\"d\"]", "\"vocabulary\":[\"a\"]")])
        {
            string broken = text.Replace(from, to, StringComparison.Ordinal);
            Assert.That(broken, Is.Not.EqualTo(text), from);
            Assert.That(
                () => Seq2Seq.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(broken))),
                Throws.TypeOf<ModelFormatException>(), to);
        }
    }

    private static Seq2Seq Create(string name)
    {
        Seq2Seq model = All[name]();
        DecodingModels.Randomize(model.TrainingModel, 3);
        return model;
    }

    private static (string[] Sources, string[] Targets) Reversed(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        string[] sources = new string[count];
        for (int i = 0; i < count; i++)
        {
            char[] letters = new char[2 + random.NextInt(4)];
            for (int t = 0; t < letters.Length; t++)
            {
                letters[t] = (char)('a' + random.NextInt(4));
            }

            sources[i] = new string(letters);
        }

        return (sources, [.. sources.Select(text => new string([.. text.Reverse()]))]);
    }
}
