using System.Text;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Serialization;
using Recurrent.States;
using Recurrent.Tests;

namespace Recurrent.Text.Tests;

/// <summary>Language models: what they learn, what they say of texts, and what they write, whole or token by token.</summary>
[TestFixture]
public sealed class LanguageModelTests
{
    private const string Rhyme = "the cat sat on the mat, the rat sat on the cat. ";
    private static readonly CharacterTokenizer Plain = CharacterTokenizer.Learn([Rhyme], SpecialTokens.None);
    private static readonly CharacterTokenizer Marked = CharacterTokenizer.Learn([Rhyme]);
    private static readonly WordTokenizer Words = WordTokenizer.Learn([Rhyme]);

    private static readonly Dictionary<string, Func<LanguageModel>> All = new()
    {
        ["LSTM"] = () => LanguageModel.Recurrent(Plain, 16, embeddingDim: 6),
        ["two GRUs, tied"] = () => LanguageModel.Recurrent(
            Marked, 12, 2, embeddingDim: 8, tied: true, dropout: 0.1, cell: units => new GRUCell(units)),
        ["tied, as wide as the table"] = () => LanguageModel.Recurrent(Plain, 12, embeddingDim: 12, tied: true),
        ["words"] = () => LanguageModel.Recurrent(Words, 12, embeddingDim: 6),
        ["transformer"] = () => LanguageModel.Transformer(Marked, 12, 2, 16, 1),
        ["transformer, tied"] = () => LanguageModel.Transformer(Plain, 12, 2, 16, 2, tied: true),
        ["one-hot and softmax"] = () => new LanguageModel(Plain, new Sequential(
            [
                new LSTM(8, returnSequences: true, inputShape: (null, Plain.VocabularySize)),
                new Dense(Plain.VocabularySize, "softmax"),
            ])),
    };

    private static IEnumerable<string> Names => All.Keys;

    [Test]
    public void Texts_come_whole_or_token_by_token([ValueSource(nameof(Names))] string name)
    {
        LanguageModel model = Create(name);
        foreach (Decoding how in (Decoding[])[
            new GreedyDecoding(maxLength: 30), new SamplingDecoding(0.9, topK: 8, topP: 0.95, maxLength: 30, seed: 5),
            new SamplingDecoding(repetitionPenalty: 1.4, minLength: 10, maxLength: 30,
                allow: (_, soFar, token) => token % 5 != 4)])
        {
            string whole = model.Generate("the cat", how);
            Assert.That(Async(model.GenerateAsync("the cat", how)), Is.EqualTo(whole));
            Assert.That(model.GenerateAll(["sat on", "the cat", "the"], how)[1][0].Text, Is.EqualTo(whole));
            TextGenerator writer = model.OpenGenerator(how);
            writer.Read("the cat");
            var text = new StringBuilder();
            for (int i = 0; i < 30 && writer.Next() is { } part; i++)
            {
                text.Append(part);
            }

            Assert.That(text.Append(writer.Finish()).ToString(), Is.EqualTo(whole));
        }
    }

    [Test]
    public void A_text_is_as_likely_as_its_whole_sequence_says([ValueSource(nameof(Names))] string name)
    {
        LanguageModel model = Create(name);
        string text = string.Concat(Enumerable.Repeat(Rhyme, 8));
        LanguageScore score = model.Evaluate(text);
        int[] ids = model.Tokenizer.Encode(text, addStart: model.Tokenizer.StartId is not null);
        double expected = Nats(model, ids);
        Assert.That(score.Nats, Is.EqualTo(expected).Within(1e-5 * expected));
        Assert.That(score.Tokens, Is.EqualTo(ids.Length - 1));
        Assert.That(score.Perplexity, Is.EqualTo(Math.Exp(expected / score.Tokens)).Within(1e-3));
        Assert.That(score.BitsPerCharacter, Is.EqualTo(expected / Math.Log(2) / score.Characters).Within(1e-4));

        int[] plain = model.Tokenizer.Encode(text);
        LanguageScore windows = model.Evaluate(text, steps: 20);
        expected = Enumerable.Range(0, (plain.Length - 1) / 20).Sum(i => Nats(model, plain[(i * 20)..((i * 20) + 21)]));
        Assert.That(windows.Nats, Is.EqualTo(expected).Within(1e-5 * expected));
        Assert.That(windows.Tokens, Is.EqualTo((plain.Length - 1) / 20 * 20));
    }

    [Test]
    public void It_learns_a_text([Values("LSTM", "two GRUs, tied", "tied, as wide as the table")] string name,
        [Values] bool carried)
    {
        LanguageModel model = All[name]();
        model.Compile(new Adam(0.02));
        string text = string.Concat(Enumerable.Repeat(Rhyme, 40));
        double before = model.Evaluate(text).BitsPerCharacter;
        History history = model.Fit(text, epochs: 6, batchSize: 8, steps: 24, carried: carried, verbose: 0);
        Assert.That(before, Is.GreaterThan(3.5));
        Assert.That(model.Evaluate(text).BitsPerCharacter, Is.LessThan(name == "two GRUs, tied" ? 1.6 : 0.9));
        Assert.That(history.Metrics["loss"][^1], Is.LessThan(history.Metrics["loss"][0]));
    }

    [Test]
    public void It_learns_where_texts_end()
    {
        LanguageModel model = LanguageModel.Recurrent(Marked, 16, embeddingDim: 8);
        model.Compile(new Adam(0.02));
        model.Fit((string[])["the cat", "a mat", "the cat"], epochs: 120, verbose: 0);
        Assert.That(model.Generate("t", new GreedyDecoding(maxLength: 40)), Is.EqualTo("he cat"));
        Assert.That(model.Generate(string.Empty, new BeamSearch(3, maxLength: 40)), Is.EqualTo("the cat"));
    }

    [Test]
    public void A_file_holds_tokenizer_and_model([ValueSource(nameof(Names))] string name)
    {
        LanguageModel model = Create(name);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        LanguageModel again = LanguageModel.Load(file);
        var how = new SamplingDecoding(maxLength: 20);
        Assert.That(again.Generate("the", how), Is.EqualTo(model.Generate("the", how)));
        Assert.That(again.Model.ParameterCount, Is.EqualTo(model.Model.ParameterCount));
        string broken = Encoding.UTF8.GetString(file.ToArray())
            .Replace("\"vocabulary\":[", "\"vocabulary\":[\"€\",", StringComparison.Ordinal);
        Assert.That(
            () => LanguageModel.Load(new MemoryStream(Encoding.UTF8.GetBytes(broken))), Throws.TypeOf<ModelFormatException>());
    }

    [Test]
    public void Tied_weights_are_one_table()
    {
        LanguageModel tied = LanguageModel.Recurrent(Plain, 12, embeddingDim: 12, tied: true);
        LanguageModel own = LanguageModel.Recurrent(Plain, 12, embeddingDim: 12);
        Assert.That(own.Model.ParameterCount - tied.Model.ParameterCount, Is.EqualTo(Plain.VocabularySize * 13));
    }

    [Test]
    public void A_generator_goes_on_from_its_state_and_reads_between()
    {
        LanguageModel model = Create("LSTM");
        TextGenerator writer = model.OpenGenerator(new GreedyDecoding());
        writer.Read("the cat ");
        ModelState state = writer.State;
        string first = Next(writer, 10);
        TextGenerator other = model.OpenGenerator(new GreedyDecoding());
        other.State = state;

        // The state has not seen the last token yet.
        other.Read(" ");
        Assert.That(Next(other, 10), Is.EqualTo(first));
        other.Read("sat");
        Assert.That(Next(other, 5), Is.EqualTo(model.Generate("the cat " + first + "sat", new GreedyDecoding(maxLength: 5))));
        other.Reset();
        Assert.That(() => other.Next(), Throws.InvalidOperationException.With.Message.Contains("Read"));
        other.Read("the cat ");
        Assert.That(Next(other, 10), Is.EqualTo(first));
    }

    [Test]
    [NonParallelizable]
    public void A_token_allocates_nothing([Values] bool sampled, [Values] bool cut)
    {
        LanguageModel model = Create("LSTM");
        TextGenerator writer = model.OpenGenerator(
            sampled ? new SamplingDecoding(0.8, cut ? 5 : null, cut ? 0.9 : 1) : new GreedyDecoding());
        writer.Read("the");
        long least = Allocation.LeastOf(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                writer.NextToken();
                writer.Next();
            }
        });
        Assert.That(least, Is.Zero);
    }

    [Test]
    public void What_is_wrong_is_named()
    {
        LanguageModel model = Create("LSTM");
        model.Compile("adam");
        LanguageModel marked = Create("transformer");
        marked.Compile("adam");
        Assert.Multiple(() =>
        {
            Assert.That(() => model.Generate(), Throws.ArgumentException.With.Message.Contains("prompts[0] is empty"));
            Assert.That(() => model.GenerateAll(["the", ""]),
                Throws.ArgumentException.With.Message.Contains("prompts[1] is empty"));
            Assert.That(() => model.Generate("the ćat"), Throws.ArgumentException.With.Message.Contains("'ć'"));
            Assert.That(() => model.Generate("the \ud83d"), Throws.ArgumentException);
            Assert.That(() => Create("one-hot and softmax").Fit(Rhyme),
                Throws.InvalidOperationException.With.Message.Contains("not ids"));
            Assert.That(() => model.Fit((string[])["the"]), Throws.InvalidOperationException.With.Message.Contains(
                "CharacterTokenizer has no start token. Give it one (SpecialTokens), or give Fit one long text."));
            Assert.That(() => model.Fit("the"), Throws.ArgumentException.With.Message.Contains("3 tokens"));
            Assert.That(() => model.Fit("the", carried: false), Throws.ArgumentException.With.Message.Contains("a window of 64"));
            Assert.That(() => model.Evaluate("t"), Throws.ArgumentException.With.Message.Contains("1 tokens"));
            Assert.That(() => marked.Fit((string[])["the", ""]),
                Throws.ArgumentException.With.Message.Contains("texts[1] is empty"));
            Assert.That(() => model.OpenGenerator(new BeamSearch()),
                Throws.ArgumentException.With.Message.Contains("BeamSearch"));
            Assert.That(() => new LanguageModel(Marked, model.Model),
                Throws.ArgumentException.With.Message.Contains("tokenizer has"));
            Assert.That(() => marked.Fit(string.Concat(Enumerable.Repeat(Rhyme, 9)), batchSize: 2),
                Throws.ArgumentException.With.Message.Contains("Set carried: false"));
        });
    }

    private static LanguageModel Create(string name)
    {
        LanguageModel model = All[name]();
        DecodingModels.Randomize(model.Model, 4);
        return model;
    }

    private static string Next(TextGenerator writer, int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(writer.Next());
        }

        return text.ToString();
    }

    private static string Async(IAsyncEnumerable<string> parts)
    {
        return Task.Run(async () =>
        {
            var text = new StringBuilder();
            await foreach (string part in parts)
            {
                text.Append(part);
            }

            return text.ToString();
        }).GetAwaiter().GetResult();
    }

    private static double Nats(LanguageModel model, int[] ids)
    {
        NDArray y = model.Model.Predict(model.Steps.Steps([ids[..^1]], ids.Length - 1));
        int count = model.Tokenizer.VocabularySize;
        double nats = 0;
        for (int t = 0; t + 1 < ids.Length; t++)
        {
            double[] row = [.. y.Values[(t * count)..((t + 1) * count)].Select(value => (double)value)];
            nats -= model.Steps.AreProbabilities ? Math.Log(row[ids[t + 1]])
                : row[ids[t + 1]] - row.Max() - Math.Log(row.Sum(value => Math.Exp(value - row.Max())));
        }

        return nats;
    }
}
