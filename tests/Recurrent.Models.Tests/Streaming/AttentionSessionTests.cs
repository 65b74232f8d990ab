using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>
/// Causal attention step by step: the bits of whole sequences, from keys and values that are kept of every step.
/// </summary>
[TestFixture]
public sealed class AttentionSessionTests
{
    private const int Steps = 40;
    private const int Features = 4;

    private static readonly Shape AnyLength = ((int?)null, Features);

    private static readonly Dictionary<string, Func<Model>> Models = new()
    {
        ["SelfAttention"] = () => Line(new SelfAttention(3, valueUnits: 5, useCausalMask: true)),
        ["SelfAttention, scaled, with dropout"] = () => Line(
            new SelfAttention(3, outputUnits: 2, useScale: true, useCausalMask: true, dropout: 0.4), new Dense(2)),
        ["SelfAttention behind a recurrent layer"] = () => Line(
            new LSTM(6, returnSequences: true), new SelfAttention(3, useCausalMask: true), new GRU(3)),
        ["masked SelfAttention"] = () => Line(new Masking(), new SelfAttention(3, useCausalMask: true), new Dense(2)),
        ["MultiHeadAttention"] = () => Graph(x => new MultiHeadAttention(2, 3, useCausalMask: true).Call(x, x)),
        ["MultiHeadAttention, gated"] = () => Graph(
            x => new MultiHeadAttention(2, 3, valueDim: 5, outputShape: 6, useGate: true, useBias: false, useCausalMask: true)
                .Call(x, x)),
        ["MultiHeadAttention, with keys of their own"] = () => Graph(x => new MultiHeadAttention(2, 3, useCausalMask: true)
            .Call(x, new Dense(3).Call(x), new Dense(5).Call(x))),
        ["masked MultiHeadAttention"] = () => Graph(x => new MultiHeadAttention(2, 3, useCausalMask: true)
            .Call(new Masking().Call(x), new Masking().Call(x))),
        ["MultiHeadAttention that looks back 5 steps"] = () => Graph(
            x => new MultiHeadAttention(2, 3, slidingWindow: 5, useCausalMask: true).Call(x, x)),
        ["MultiHeadAttention that looks back 17 steps"] = () => Graph(
            x => new MultiHeadAttention(2, 3, slidingWindow: 17, useCausalMask: true).Call(x, x)),
        ["MultiHeadAttention that looks at its own step"] = () => Graph(
            x => new MultiHeadAttention(2, 3, slidingWindow: 1, useCausalMask: true).Call(x, x)),
        ["GroupedQueryAttention"] = () => Graph(x => new GroupedQueryAttention(3, 4, 2, useCausalMask: true).Call(x, x)),
        ["Attention"] = () => Graph(x => new Attention(useScale: true, useCausalMask: true).Call(x, x)),
        ["Attention, concat"] = () => Graph(
            x => new Attention(scoreMode: AttentionScoreMode.Concat, useCausalMask: true).Call(x, new Dense(5).Call(x), x)),
        ["AdditiveAttention"] = () => Graph(x => new AdditiveAttention(useCausalMask: true, dropout: 0.3).Call(x, x)),
        ["masked Attention"] = () => Graph(x => new Attention(useCausalMask: true)
            .Call(new Masking().Call(x), new Masking().Call(x))),
        ["a layer that is used twice"] = () =>
        {
            var shared = new MultiHeadAttention(2, 2, outputShape: Features, useCausalMask: true);
            return Graph(x => shared.Call(shared.Call(x, x), x));
        },
        ["positions"] = () => Line(
            new PositionalEncoding(), new RotaryEmbedding(), new PositionalEmbedding(Steps),
            new SelfAttention(3, useCausalMask: true)),
        ["TransformerEncoder"] = () => Line(
            new PositionalEncoding(), Block("a", normalizeFirst: false), Block("b", normalizeFirst: true), new Dense(2)),
        ["TransformerDecoder"] = () => Line(
            new TransformerDecoder(Features, 2, 8, encoderFeatures: 0, name: "decoder"), new Dense(3, "softmax")),
        ["ids"] = () => new Sequential(
            [new Embedding(7, 4, maskZero: true, inputShape: new Shape([null])), Block("a", false), new Dense(2)]),
        ["a residual block"] = () => Line(
            new Residual(new SelfAttention(3, useCausalMask: true)), new Residual(Inner()), new Dense(2)),
        ["the mean of what attention has given"] = () => Line(
            new SelfAttention(3, useCausalMask: true), new GlobalAveragePooling1D(), new Dense(2)),
        ["the largest of masked steps"] = () => Line(
            new Masking(), new GRU(3, returnSequences: true), new GlobalMaxPooling1D()),
        ["the mean of masked steps"] = () => Line(new Masking(), new GlobalAveragePooling1D(), new Dense(2)),
        ["a convolution behind attention"] = () => Line(
            new SelfAttention(3, useCausalMask: true), new Conv1D(3, 3, padding: "causal", dilationRate: 2), new LSTM(2)),
    };

    [Test]
    public void Every_step_has_the_bits_that_Predict_gives([ValueSource(nameof(Names))] string name, [Values(1, 3)] int sequences)
    {
        Model model = Create(name);
        NDArray x = Input(model, sequences);
        StreamingSession session = model.OpenSession(sequences);
        bool atEveryStep = model.OutputShape!.Rank == 2;
        NDArray? whole = atEveryStep ? model.Predict(x) : null;
        for (int t = 0; t < Steps; t++)
        {
            NDArray y = session.Step(StepOf(x, t));
            NDArray expected = whole is not null ? Streams.StepOf(whole, t) : model.Predict(Streams.Prefix(x, t + 1));
            Assert.That(y.Values, Is.EqualTo(expected.Values), $"step {t}");
        }
    }

    [Test]
    public void A_session_is_forked_and_saved_anywhere([ValueSource(nameof(Names))] string name)
    {
        Model model = Create(name);
        NDArray x = Input(model, 2);
        Real[][] expected = Run(model.OpenSession(2), x, 0, Steps);
        foreach (int middle in (int[])[0, 1, 15, 16, 17, 33])
        {
            StreamingSession session = model.OpenSession(2, capacity: middle);
            Run(session, x, 0, middle);
            StreamingSession fork = session.Fork();
            Run(session, Input(model, 2), 0, 5);
            Assert.That(Run(fork.Fork(), x, middle, Steps), Is.EqualTo(expected[middle..]), $"forked at {middle}");

            using var stream = new MemoryStream();
            fork.Save(stream);
            stream.Position = 0;
            StreamingSession resumed = Create(name).ResumeSession(stream);
            Assert.That(resumed.Steps, Is.EqualTo(middle));
            Assert.That(Run(resumed, x, middle, Steps), Is.EqualTo(expected[middle..]), $"resumed at {middle}");

            stream.Position = 0;
            ModelState state = ModelState.Load(stream);
            Assert.That(Run(model.OpenSession(state), x, middle, Steps), Is.EqualTo(expected[middle..]), $"opened at {middle}");
            session.Reset();
            Assert.That(Run(session, x, 0, Steps), Is.EqualTo(expected), $"reset after {middle}");
        }
    }

    [Test]
    public void Many_steps_at_once_give_what_they_give_one_by_one([ValueSource(nameof(Names))] string name)
    {
        Model model = Create(name);
        NDArray x = Input(model, 3);
        Real[][] expected = Run(model.OpenSession(3), x, 0, Steps);
        StreamingSession session = model.OpenSession(3);
        Run(session, x, 0, 3);
        RequireSame(session.Run(Part(x, 3, 20)), expected, 3, 20);
        Assert.That(session.Steps, Is.EqualTo(20));
        Assert.That(Run(session, x, 20, 23), Is.EqualTo(expected[20..23]));
        RequireSame(session.Run(Part(x, 23, Steps)), expected, 23, Steps);

        // Without a session, piece by piece, and some sequences at a time.
        (NDArray first, ModelState state) = model.PredictWithState(Part(x, 0, 18), batchSize: 2);
        RequireSame(first, expected, 0, 18);
        (NDArray second, state) = model.PredictWithState(Part(x, 18, 30), state);
        RequireSame(second, expected, 18, 30);
        Assert.That(state.Steps, Is.EqualTo(30));
        Assert.That(Run(model.OpenSession(state), x, 30, Steps), Is.EqualTo(expected[30..]));
        (first, _) = model.PredictWithState(Part(x, 0, 5), model.ZeroState(3));
        RequireSame(first, expected, 0, 5);
    }

    [Test]
    public void Sequences_of_a_state_are_chosen_as_in_a_beam_search([ValueSource(nameof(Names))] string name)
    {
        Model model = Create(name);
        NDArray x = Input(model, 3);
        StreamingSession session = model.OpenSession(3);
        Run(session, x, 0, 9);
        ModelState chosen = session.State.Select(2, 0, 2, 1);
        Assert.That(chosen.Sequences, Is.EqualTo(4));
        StreamingSession beams = model.OpenSession(chosen);
        for (int t = 9; t < 20; t++)
        {
            Real[] y = session.Step(StepOf(x, t)).Values;
            NDArray step = StepOf(x, t);
            int features = step.Size / 3;
            var own = new NDArray(4, features);
            int[] order = [2, 0, 2, 1];
            for (int i = 0; i < 4; i++)
            {
                step.Values.AsSpan(order[i] * features, features).CopyTo(own.Values.AsSpan(i * features));
            }

            Real[] beam = beams.Step(own).Values;
            int width = y.Length / 3;
            for (int i = 0; i < 4; i++)
            {
                Assert.That(beam[(i * width)..((i + 1) * width)], Is.EqualTo(y[(order[i] * width)..((order[i] + 1) * width)]));
            }
        }
    }

    [Test]
    public void Sequences_go_on_from_one_another_in_place([ValueSource(nameof(Names))] string name)
    {
        Model model = Create(name);
        NDArray x = Input(model, 3);
        StreamingSession session = model.OpenSession(3);
        Run(session, x, 0, 20);
        StreamingSession expected = session.Fork();
        foreach (int[] order in (int[][])[[2, 0, 2], [0, 1, 2], [1, 1, 0]])
        {
            expected.State = expected.State.Select(order);
            session.Reorder(order);
            Assert.That(Run(session, x, 20, 24), Is.EqualTo(Run(expected, x, 20, 24)));
        }
    }

    [Test]
    [NonParallelizable]
    public void A_step_allocates_nothing_where_there_is_room([ValueSource(nameof(Names))] string name)
    {
        Model model = Create(name);
        StreamingSession session = model.OpenSession(2, capacity: 400);
        var x = new Real[2 * session.InputFeatures];
        var y = new Real[2 * session.OutputFeatures];
        int most = name == "positions" ? Steps / 2 : 200;
        long least = Allocation.LeastOf(() =>
        {
            session.Reset();
            for (int t = 0; t < most; t++)
            {
                session.Step(x, y);
            }
        });
        Assert.That(least, Is.Zero);
    }

    [Test]
    public void What_is_kept_of_each_step_can_be_read()
    {
        Model model = Line(new SelfAttention(3, valueUnits: 5, useCausalMask: true));
        StreamingSession session = model.OpenSession(2);
        Assert.That(session.State["self_attention/keys"].Shape, Is.EqualTo((int[])[2, 0, 3]));
        Run(session, Input(model, 2), 0, 7);
        ModelState state = session.State;
        Assert.That(state.Names, Is.EqualTo((string[])["self_attention/keys", "self_attention/values", "self_attention/mask"]));
        Assert.That(state["self_attention/keys"].Shape, Is.EqualTo((int[])[2, 7, 3]));
        Assert.That(state["self_attention/values"].Shape, Is.EqualTo((int[])[2, 7, 5]));
        Assert.That(state["self_attention/mask"].Values, Has.All.EqualTo(1));

        NDArray other = state["self_attention/mask"];
        Array.Clear(other.Values, 0, 7);
        session.State = state.With("self_attention/mask", other);
        Assert.That(session.State["self_attention/mask"].Values, Is.EqualTo(other.Values));
    }

    [Test]
    public void What_looks_back_a_little_keeps_a_little()
    {
        Model model = Create("MultiHeadAttention that looks back 5 steps");
        StreamingSession session = model.OpenSession();
        for (int t = 0; t < 1000; t++)
        {
            session.Step(1, 2, 3, 4);
        }

        Assert.That(session.State.Names[0], Is.EqualTo("multi_head_attention/keys"));
        Assert.That(session.State["multi_head_attention/keys"].Shape[1], Is.LessThan(20));
    }

    private static IEnumerable<string> Names() => Models.Keys;

    private static Model Create(string name) => Streams.Randomize(Models[name]());

    private static Sequential Line(params Layer[] layers)
    {
        var model = new Sequential(layers);
        model.Build(AnyLength);
        return model;
    }

    private static Model Graph(Func<Symbol, Symbols> call)
    {
        var x = new Input(AnyLength, name: "x");
        return new Model(x, call(x));
    }

    private static Model Inner()
    {
        var x = new Input(AnyLength);
        Symbol h = new MultiHeadAttention(2, 2, useCausalMask: true).Call(x, x);
        return new Model(x, new GRU(Features, returnSequences: true).Call(new PositionalEncoding().Call(h)), name: "inner");
    }

    private static TransformerEncoder Block(string name, bool normalizeFirst) => new(
        Features, 2, 8, dropout: 0.2, normalizeFirst: normalizeFirst, useCausalMask: true, name: name);

    private static NDArray Input(Model model, int sequences)
    {
        if (model.IdCount is not int count)
        {
            return Streams.Sequences(sequences, Steps, Features);
        }

        var ids = new NDArray(sequences, Steps);
        for (int i = 0; i < ids.Size; i++)
        {
            ids.Values[i] = i * 5 % count;
        }

        return ids;
    }

    private static NDArray StepOf(NDArray x, int t)
    {
        if (x.Rank == 3)
        {
            return Streams.StepOf(x, t);
        }

        var ids = new NDArray(x.Shape[0], 1);
        for (int i = 0; i < x.Shape[0]; i++)
        {
            ids.Values[i] = x[i, t];
        }

        return ids;
    }

    private static Real[][] Run(StreamingSession session, NDArray x, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(t => session.Step(StepOf(x, t)).Values)];

    /// <summary>Some steps of all sequences.</summary>
    private static NDArray Part(NDArray x, int from, int to)
    {
        int size = x.Rank == 3 ? x.Shape[2] : 1;
        int steps = x.Shape[1];
        var part = new NDArray([x.Shape[0], to - from, .. x.Shape.Skip(2)]);
        for (int b = 0; b < x.Shape[0]; b++)
        {
            x.Values.AsSpan(((b * steps) + from) * size, (to - from) * size).CopyTo(part.Values.AsSpan(b * (to - from) * size));
        }

        return part;
    }

    private static void RequireSame(NDArray y, Real[][] expected, int from, int to)
    {
        if (y.Rank == 2)
        {
            Assert.That(y.Values, Is.EqualTo(expected[to - 1]));
            return;
        }

        for (int t = from; t < to; t++)
        {
            Assert.That(Streams.StepOf(y, t - from).Values, Is.EqualTo(expected[t]), $"step {t}");
        }
    }
}
