using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>
/// Sessions of models with several inputs and outputs, and with inputs that are given once: states, memory, context.
/// </summary>
[TestFixture]
public sealed class GivenOnceTests
{
    private const int Steps = 9;
    private const int Sequences = 3;

    private static readonly NDArray X = Random(1, Sequences, Steps, 2);

    [Test]
    public void A_decoder_carries_the_states_that_begin_it()
    {
        (Model training, Model encoder, Model decoder) = EncoderDecoder();
        NDArray source = Random(2, Sequences, 5, 3);
        Real[] expected = training.Predict([source, X]).Values;
        IReadOnlyList<NDArray> states = encoder.PredictAll(source);

        StreamingSession byName = decoder.OpenSession(start: new() { ["h"] = states[0], ["c"] = states[1] });
        StreamingSession inOrder = decoder.OpenSession(start: [.. states]);
        Assert.That(byName.InputNames, Is.EqualTo((string[])["x"]));
        Assert.That(byName.OutputNames, Is.EqualTo((string[])["y"]));
        Assert.That(byName.State.Names, Is.EqualTo((string[])["decode/hidden", "decode/cell"]));
        Assert.That(byName.State["decode/hidden"].Values, Is.EqualTo(states[0].Values));
        Assert.That(byName.State["decode/cell"].Values, Is.EqualTo(states[1].Values));
        Assert.That(Run(byName, X, 0, Steps), Is.EqualTo(Rows(expected, Steps)));
        Assert.That(Run(inOrder, X, 0, Steps), Is.EqualTo(Rows(expected, Steps)));

        // What the model itself gives as its last states.
        IReadOnlyList<NDArray> last = decoder.PredictAll(new() { ["x"] = X, ["h"] = states[0], ["c"] = states[1] });
        Assert.That(byName.State["decode/hidden"].Values, Is.EqualTo(last[1].Values));
        Assert.That(byName.State["decode/cell"].Values, Is.EqualTo(last[2].Values));

        byName.Reset();
        Assert.That(Run(byName, X, 0, Steps), Is.EqualTo(Rows(expected, Steps)));
    }

    [Test]
    public void The_states_of_a_decoder_are_saved_and_set()
    {
        (_, Model encoder, Model decoder) = EncoderDecoder();
        IReadOnlyList<NDArray> states = encoder.PredictAll(Random(2, Sequences, 5, 3));
        Real[][] expected = Run(decoder.OpenSession(start: [.. states]), X, 0, Steps);
        StreamingSession session = decoder.OpenSession(start: [.. states]);
        Run(session, X, 0, 4);
        using var stream = new MemoryStream();
        session.Save(stream);
        stream.Position = 0;
        Assert.That(Run(decoder.ResumeSession(stream), X, 4, Steps), Is.EqualTo(expected[4..]));
        Assert.That(Run(session.Fork(), X, 4, Steps), Is.EqualTo(expected[4..]));

        // Set as a value, on a session that began with zero.
        StreamingSession other = decoder.OpenSession(Sequences);
        Assert.That(other.State["decode/hidden"].Values, Has.All.Zero);
        other.State = other.State.With("decode/hidden", states[0]).With("decode/cell", states[1]);
        Assert.That(Run(other, X, 0, Steps), Is.EqualTo(expected));
    }

    [Test]
    public void An_encoder_inside_the_model_runs_once()
    {
        (Model training, _, _) = EncoderDecoder();
        NDArray source = Random(2, Sequences, 5, 3);
        StreamingSession session = training.OpenSession(start: new() { ["source"] = source });
        Real[][] expected = Rows(training.Predict([source, X]).Values, Steps);
        Assert.That(Run(session, X, 0, 4), Is.EqualTo(expected[..4]));
        StreamingSession resumed = Saved(session, training);
        Assert.That(Run(resumed, X, 4, Steps), Is.EqualTo(expected[4..]));
        resumed.Reset();
        Assert.That(Run(resumed, X, 0, Steps), Is.EqualTo(expected));
    }

    [TestCase("TransformerDecoder")]
    [TestCase("Attention")]
    [TestCase("AdditiveAttention")]
    [TestCase("MultiHeadAttention")]
    [TestCase("GroupedQueryAttention")]
    [TestCase("keys of their own")]
    public void Cross_attention_looks_at_what_was_given_once(string kind)
    {
        Model model = Crossed(kind);
        NDArray memory = Random(3, Sequences, 6, 4);
        NDArray x = Random(4, Sequences, Steps, 4);
        Real[][] expected = Rows(model.Predict([x, memory]).Values, Steps);
        StreamingSession session = model.OpenSession(start: new() { ["memory"] = memory });
        Assert.That(Run(session, x, 0, 5), Is.EqualTo(expected[..5]));
        Assert.That(session.State["memory"].Values, Is.EqualTo(memory.Values));
        Assert.That(Run(session.Fork(), x, 5, Steps), Is.EqualTo(expected[5..]));
        Assert.That(Run(Saved(session, model), x, 5, Steps), Is.EqualTo(expected[5..]));

        // A state of other memory brings it along.
        StreamingSession other = model.OpenSession(start: new() { ["memory"] = Random(5, Sequences, 2, 4) });
        Run(other, x, 0, 2);
        other.State = session.State;
        Assert.That(Run(other, x, 5, Steps), Is.EqualTo(expected[5..]));
        other.Reset();
        Assert.That(Run(other, x, 0, Steps), Is.EqualTo(expected));
    }

    // As the beginnings of a beam do, which share a row of what is given.
    [TestCase("TransformerDecoder")]
    [TestCase("MultiHeadAttention")]
    public void Sequences_that_share_a_row_take_a_state_of_other_rows(string kind)
    {
        Model model = Crossed(kind);
        NDArray memory = Random(3, Sequences, 6, 4);
        NDArray x = Random(4, Sequences, Steps, 4);
        Real[][] expected = Rows(model.Predict([x, memory]).Values, Steps);
        StreamingSession own = model.OpenSession(start: new() { ["memory"] = memory });
        Run(own, x, 0, 5);
        StreamingSession shared = model.OpenSession(
            1, new() { ["memory"] = Random(5, 1, 6, 4) }, width: Sequences, capacity: 0, idle: null);
        Run(shared, x, 0, 3);
        ModelState before = shared.State;
        Real[][] on = Run(shared, x, 3, Steps);
        shared.State = before;
        Assert.That(Run(shared, x, 3, Steps), Is.EqualTo(on), "its own state leaves the rows as they are");
        shared.State = own.State;
        Assert.That(Run(shared, x, 5, Steps), Is.EqualTo(expected[5..]));
        shared.Reset();
        Assert.That(Run(shared, x, 0, Steps), Is.EqualTo(expected));
    }

    [TestCase("TransformerDecoder")]
    [TestCase("MultiHeadAttention")]
    [TestCase("Attention")]
    public void Memory_may_be_of_unequal_length(string kind)
    {
        Model model = Crossed(kind);
        NDArray[] memory = [Random(3, 6, 4), Random(4, 2, 4), Random(5, 4, 4)];
        NDArray x = Random(6, Sequences, Steps, 4);
        StreamingSession session = model.OpenSession(start: new() { ["memory"] = memory });
        Real[][] found = Run(session, x, 0, 4);
        found = [.. found, .. Run(Saved(session, model), x, 4, Steps)];
        Assert.That(session.State["memory/steps"].Values, Is.EqualTo((Real[])[6, 2, 4]));
        for (int b = 0; b < Sequences; b++)
        {
            Real[] alone = model.Predict([x.Slice(b, 1), memory[b].Reshape([1, .. memory[b].Shape])]).Values;
            int width = alone.Length / Steps;
            for (int t = 0; t < Steps; t++)
            {
                Real[] own = found[t][(b * width)..((b + 1) * width)];
                Assert.That(own, Is.EqualTo(alone[(t * width)..((t + 1) * width)]).Within(1e-6));
            }
        }
    }

    [Test]
    public void A_context_stands_beside_every_step()
    {
        var x = new Input(((int?)null, 2), name: "x");
        var place = new Input(3, name: "place");
        Symbol h = new LSTM(4).Call(x);
        var model = new Model([x, place], new Dense(2, name: "y").Call(new Concatenate().Call(h, new Dense(3).Call(place))));
        Streams.Randomize(model);
        NDArray places = Random(7, Sequences, 3);
        StreamingSession session = model.OpenSession(start: new() { ["place"] = places });
        for (int t = 0; t < Steps; t++)
        {
            NDArray expected = model.Predict([Streams.Prefix(X, t + 1), places]);
            Assert.That(session.Step(Streams.StepOf(X, t)).Values, Is.EqualTo(expected.Values));
        }
    }

    [Test]
    public void Several_inputs_and_outputs_in_order_by_name_and_without_allocation()
    {
        Model model = Several();
        NDArray second = Random(8, Sequences, Steps, 1);
        IReadOnlyList<NDArray> whole = model.PredictAll([X, second]);
        StreamingSession[] sessions = [.. Enumerable.Range(0, 3).Select(_ => model.OpenSession(Sequences))];
        Assert.That(sessions[0].InputNames, Is.EqualTo((string[])["a", "b"]));
        Assert.That(sessions[0].OutputNames, Is.EqualTo((string[])["sum", "price"]));
        for (int t = 0; t < Steps; t++)
        {
            NDArray a = Streams.StepOf(X, t);
            NDArray b = Streams.StepOf(second, t);
            IReadOnlyList<NDArray> inOrder = sessions[0].StepAll(a, b);
            IReadOnlyList<NDArray> byName = sessions[1].StepAll(new Dictionary<string, NDArray> { ["b"] = b, ["a"] = a });
            a.Values.CopyTo(sessions[2].Input("a"));
            b.Values.CopyTo(sessions[2].Input(1));
            sessions[2].Advance();
            for (int i = 0; i < 2; i++)
            {
                Assert.That(inOrder[i].Values, Is.EqualTo(Streams.StepOf(whole[i], t).Values));
                Assert.That(inOrder[i].Shape, Is.EqualTo((int[])[Sequences, i == 0 ? 4 : 1]));
                Assert.That(byName[i].Values, Is.EqualTo(inOrder[i].Values));
                Assert.That(sessions[2].Output(i).ToArray(), Is.EqualTo(inOrder[i].Values));
            }

            Assert.That(sessions[2].Output("price").ToArray(), Is.EqualTo(inOrder[1].Values));
        }
    }

    [Test]
    [NonParallelizable]
    public void Advance_allocates_nothing()
    {
        StreamingSession session = Several().OpenSession();
        Crossed("TransformerDecoder");
        for (int i = 0; i < 300; i++)
        {
            session.Advance();
        }

        long least = Allocation.LeastOf(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                session.Input("a")[1] = i;
                session.Advance();
                _ = session.Output("price")[0];
            }
        });
        Assert.That(least, Is.Zero);
    }

    [Test]
    public void Scores_of_memory_are_an_output_of_their_own()
    {
        var x = new Input(((int?)null, 4), name: "x");
        var memory = new Input(((int?)null, 4), name: "memory");
        Symbols both = new MultiHeadAttention(2, 3, returnAttentionScores: true, name: "look").Call(x, memory);
        var model = new Model([x, memory], both);
        Streams.Randomize(model);
        NDArray given = Random(3, Sequences, 6, 4);
        NDArray steps = Random(4, Sequences, Steps, 4);
        IReadOnlyList<NDArray> whole = model.PredictAll([steps, given]);
        StreamingSession session = model.OpenSession(start: new() { ["memory"] = given });
        for (int t = 0; t < Steps; t++)
        {
            IReadOnlyList<NDArray> y = session.StepAll(Streams.StepOf(steps, t));
            Assert.That(y[0].Values, Is.EqualTo(Streams.StepOf(whole[0], t).Values));
            Assert.That(y[1].Shape, Is.EqualTo((int[])[Sequences, 12]));
            for (int b = 0; b < Sequences; b++)
            {
                for (int head = 0; head < 2; head++)
                {
                    for (int key = 0; key < 6; key++)
                    {
                        Assert.That(y[1][b, (head * 6) + key], Is.EqualTo(whole[1][b, head, t, key]));
                    }
                }
            }
        }
    }

    [Test]
    public void Weights_that_change_are_used_for_what_was_given_once_after_a_reset()
    {
        Model model = Crossed("MultiHeadAttention");
        NDArray memory = Random(3, Sequences, 6, 4);
        NDArray x = Random(4, Sequences, Steps, 4);
        StreamingSession session = model.OpenSession(start: new() { ["memory"] = memory });
        Run(session, x, 0, 3);
        Streams.Randomize(model, seed: 9);
        session.Reset();
        Assert.That(Run(session, x, 0, Steps), Is.EqualTo(Rows(model.Predict([x, memory]).Values, Steps)));
    }

    internal static Model Several()
    {
        var a = new Input(((int?)null, 2), name: "a");
        var b = new Input(((int?)null, 1), name: "b");
        Symbol h = new LSTM(4, returnSequences: true).Call(a);
        Symbol sum = new Add(name: "sum").Call(h, new GRU(4, returnSequences: true).Call(b));
        var model = new Model([a, b], [sum, new Dense(1, name: "price").Call(sum)]);
        return Streams.Randomize(model);
    }

    internal static (Model Training, Model Encoder, Model Decoder) EncoderDecoder()
    {
        var source = new Input(((int?)null, 3), name: "source");
        var (_, forwardH, forwardC, backwardH, backwardC) = new Bidirectional(new LSTM(2, returnState: true)).Call(source);
        Symbol h = new Concatenate().Call(forwardH, backwardH);
        Symbol c = new Concatenate().Call(forwardC, backwardC);
        var encoder = new Model(source, [h, c]);
        var x = new Input(((int?)null, 2), name: "x");
        var lstm = new LSTM(4, returnSequences: true, returnState: true, name: "decode");
        var dense = new Dense(3, name: "y");
        var training = new Model([source, x], dense.Call(lstm.Call(x, initialState: [h, c])[0]));
        var givenH = new Input(4, name: "h");
        var givenC = new Input(4, name: "c");
        Symbols decoded = lstm.Call(x, initialState: [givenH.Output, givenC.Output]);
        var decoder = new Model([x, givenH, givenC], [dense.Call(decoded[0]), decoded[1], decoded[2]]);
        Streams.Randomize(training);
        return (training, encoder, decoder);
    }

    internal static Model Crossed(string kind)
    {
        var x = new Input(((int?)null, 4), name: "x");
        var memory = new Input(((int?)null, 4), name: "memory");
        Symbol e = new Bidirectional(new GRU(2, returnSequences: true)).Call(memory);
        Symbol h = new SelfAttention(3, useCausalMask: true).Call(x);
        Symbol y = kind switch
        {
            "TransformerDecoder" => new TransformerDecoder(4, 2, 8, normalizeFirst: true).Call(h, e),
            "Attention" => new Attention(useScale: true).Call(h, e),
            "AdditiveAttention" => new AdditiveAttention().Call(h, e),
            "MultiHeadAttention" => new MultiHeadAttention(2, 3, useGate: true).Call(h, e),
            "GroupedQueryAttention" => new GroupedQueryAttention(3, 4, 2).Call(h, e),
            _ => new MultiHeadAttention(2, 3).Call(h, e, new Dense(5).Call(e)),
        };
        return Streams.Randomize(new Model([x, memory], new GRU(3, returnSequences: true, name: "y").Call(y)));
    }

    internal static NDArray Random(int seed, params int[] shape)
    {
        var random = new SeededRandom((ulong)seed);
        var array = new NDArray(shape);
        foreach (ref Real value in array.Values.AsSpan())
        {
            value = (Real)random.NextNormal();
        }

        return array;
    }

    private static StreamingSession Saved(StreamingSession session, Model model)
    {
        using var stream = new MemoryStream();
        session.Save(stream);
        stream.Position = 0;
        return model.ResumeSession(stream);
    }

    private static Real[][] Run(StreamingSession session, NDArray x, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(t => session.Step(Streams.StepOf(x, t)).Values)];

    /// <summary>Outputs of whole sequences as those of steps.</summary>
    private static Real[][] Rows(Real[] whole, int steps)
    {
        var array = new NDArray([Sequences, steps, whole.Length / Sequences / steps], whole);
        return [.. Enumerable.Range(0, steps).Select(t => Streams.StepOf(array, t).Values)];
    }
}
