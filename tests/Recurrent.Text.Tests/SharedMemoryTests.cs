using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Text.Tests;

/// <summary>Beams look at what their source was given once in one place; it counts as if each had it for itself.</summary>
[TestFixture]
public sealed class SharedMemoryTests
{
    private const int Tokens = 5;
    private const int End = 4;
    private const int Steps = 6;

    private static readonly Dictionary<string, Func<(Symbol X, Symbol Memory, Symbol Topic), Symbol>> All = new()
    {
        ["attention"] = given => Joined(new GRU(7, returnSequences: true).Call(given.X), given.Memory, new Attention()),
        ["attention with a scale"] = given =>
            Joined(new LSTM(7, returnSequences: true).Call(given.X), given.Memory, new Attention(useScale: true)),
        ["additive"] = given => Joined(new GRU(7, returnSequences: true).Call(given.X), given.Memory, new AdditiveAttention()),
        ["heads"] = given => new MultiHeadAttention(2, 3).Call(new GRU(6, returnSequences: true).Call(given.X), given.Memory)[0],
        ["shared heads"] = given =>
            new GroupedQueryAttention(3, 4, 2).Call(new GRU(6, returnSequences: true).Call(given.X), given.Memory)[0],
        ["memory made of it"] = given => Joined(
            new GRU(7, returnSequences: true).Call(given.X),
            new Bidirectional(new GRU(3, returnSequences: true)).Call(given.Memory),
            new Attention(),
            new Dense(7)),
        ["states made of it"] = given => Joined(
            new LSTM(7, returnSequences: true).Call(
                given.X, initialState: [new Dense(7, "tanh").Call(given.Topic), new Dense(7).Call(given.Topic)])[0],
            given.Memory,
            new Attention()),
        ["two layers and zoneout"] = given => Joined(
            new RNN(new RecurrentCell[] { new LSTMCell(5), new ZoneoutCell(new GRUCell(7), 0.2, 0.1) }, returnSequences: true)
                .Call(given.X)[0],
            given.Memory,
            new Attention()),
        ["transformer"] = given =>
            new TransformerDecoder(6, 2, 8).Call(new Dense(6).Call(given.X), new Dense(6).Call(given.Memory)),
        ["own attention beside it"] = given => Joined(
            new SelfAttention(7, useCausalMask: true).Call(new GRU(7, returnSequences: true).Call(given.X)),
            given.Memory,
            new Attention(),
            new Dense(7)),
    };

    private static IEnumerable<string> Names => All.Keys;

    [Test]
    public void Beams_have_the_bits_that_they_have_alone(
        [ValueSource(nameof(Names))] string name, [Values(false, true)] bool ragged, [Values(1, 3, 70)] int width)
    {
        Model model = Create(name);
        var decoder = new SequenceDecoder(model, End);
        const int Count = 9;
        foreach (ulong seed in (ulong[])[1, 2])
        {
            // The second time it goes on with the room of the first.
            (RaggedSequences memory, NDArray topic) = Given(Count, ragged, seed);
            var how = new BeamSearch(width, best: Math.Min(3, width), maxLength: 9);
            int[][] prompts = [.. Enumerable.Range(0, Count).Select(i => new[] { i % End })];
            var together = decoder.Decode(prompts, how, Start(model, memory, topic, Enumerable.Range(0, Count)));
            for (int i = 0; i < Count; i++)
            {
                var alone = new SequenceDecoder(model, End).Decode([prompts[i]], how, Start(model, memory, topic, [i]))[0];
                Assert.That(Text(together[i]), Is.EqualTo(Text(alone)), $"{seed}, {i}");
                RequireProbabilities(model, prompts[i][0], memory[i], topic[i], together[i]);
            }
        }
    }

    [Test]
    public void A_beam_goes_on_from_the_state_of_a_session([ValueSource(nameof(Names))] string name)
    {
        Model model = Create(name);
        (RaggedSequences memory, NDArray topic) = Given(2, ragged: false, 3);
        ModelData start = Start(model, memory, topic, [0, 1]);
        var how = new BeamSearch(3, best: 3, maxLength: 7);
        var expected = new SequenceDecoder(model, End).Decode([[1, 2, 0], [3, 0, 2]], how, start);
        Streaming.StreamingSession session = model.OpenSession(2, start);
        foreach (int[] step in (int[][])[[1, 3], [2, 0]])
        {
            (session.Input(0)[0], session.Input(0)[1]) = (step[0], step[1]);
            session.Advance();
        }

        var got = new SequenceDecoder(model, End).Decode(session.State, [0, 2], how);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(Text(got[i]), Is.EqualTo(Text(expected[i])));
        }
    }

    private static Symbol Joined(Symbol x, Symbol memory, ScoredAttention attention, Dense? before = null)
    {
        Symbol keys = before is null ? new Dense(7).Call(memory) : before.Call(memory);
        return new Concatenate().Call(x, attention.Call(x, keys)[0]);
    }

    private static Model Create(string name)
    {
        var ids = new Input(new Shape([null]), name: "ids");
        var memory = new Input(((int?)null, 5), name: "memory");
        var topic = new Input(4, name: "topic");
        Symbol x = new Embedding(Tokens, 6).Call(ids);
        Symbol y = new Dense(Tokens).Call(All[name]((x, memory, topic)));
        bool usesTopic = name.StartsWith("states", StringComparison.Ordinal);
        var model = new Model(usesTopic ? [ids, memory, topic] : [ids.Output, memory.Output], y);
        var random = new SeededRandom(7);
        model.SetWeights([.. model.GetWeights().Select(weight => new NDArray(
            weight.Shape, [.. weight.Values.Select(_ => (Real)((1.6 * random.NextDouble()) - 0.8))]))]);
        return model;
    }

    private static (RaggedSequences Memory, NDArray Topic) Given(int count, bool ragged, ulong seed)
    {
        var random = new SeededRandom(seed);
        NDArray Numbers(params int[] shape)
        {
            var made = new NDArray(shape);
            for (int i = 0; i < made.Size; i++)
            {
                made.Values[i] = (Real)((4 * random.NextDouble()) - 2);
            }

            return made;
        }

        return (
            new RaggedSequences(Enumerable.Range(0, count).Select(i => Numbers(ragged ? 1 + ((i * 5) % Steps) : Steps, 5))),
            Numbers(count, 4));
    }

    private static ModelData Start(Model model, RaggedSequences memory, NDArray topic, IEnumerable<int> rows)
    {
        int[] own = [.. rows];
        var start = new Dictionary<string, ModelData>
        {
            ["memory"] = new RaggedSequences(own.Select(row => memory[row])),
        };
        if (model.InputNames.Contains("topic"))
        {
            start.Add("topic", NDArray.Stack([.. own.Select(row => topic[row])]));
        }

        return start;
    }

    private static void RequireProbabilities(
        Model model, int prompt, NDArray memory, NDArray topic, IReadOnlyList<DecodedSequence> found)
    {
        foreach (DecodedSequence sequence in found)
        {
            int[] ids = [prompt, .. sequence.Tokens];
            NDArray x = new NDArray([1, ids.Length], [.. ids.Select(id => (Real)id)]);
            NDArray m = memory.Reshape([1, .. memory.Shape]);
            NDArray y = model.InputNames.Contains("topic") ? model.Predict([x, m, topic.Reshape(1, 4)]) : model.Predict([x, m]);
            double log = 0;
            for (int t = 0; t < sequence.Tokens.Count + (sequence.Ended ? 1 : 0); t++)
            {
                Real[] row = [.. Enumerable.Range(0, Tokens).Select(token => y[0, t, token])];
                log += row[t < sequence.Tokens.Count ? sequence.Tokens[t] : End] - Math.Log(row.Sum(value => Math.Exp(value)));
            }

            Assert.That(sequence.LogProbability, Is.EqualTo(log).Within(2e-4));
        }
    }

    private static string Text(IReadOnlyList<DecodedSequence> own) => string.Join("; ", own.Select(sequence =>
        FormattableString.Invariant($"{string.Join(' ', sequence.Tokens)} {sequence.LogProbability:R} {sequence.Ended}")));
}
