using System.Text;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Shapes;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>What sessions of graphs and of attention refuse, word for word.</summary>
[TestFixture]
public sealed class GraphSessionErrorTests
{
    private static readonly Shape AnyLength = ((int?)null, 4);

    private static readonly NDArray Memory = GivenOnceTests.Random(3, 2, 6, 4);

    [Test]
    public void Attention_that_is_not_causal()
    {
        RefusesToOpen(
            Line(new SelfAttention(3, name: "look")),
            "SelfAttention 'look' of model 'm' cannot work step by step: a step looks at the steps behind it too. "
            + "Set useCausalMask: true.");
        RefusesToOpen(
            Graph(x => new MultiHeadAttention(2, 3, name: "look").Call(x, x)),
            "MultiHeadAttention 'look' of model 'm' cannot work step by step: a query looks at all steps of the values. "
            + "Set useCausalMask: true, or give the values once, at the start of a session.");
        RefusesToOpen(
            Graph(x => new Attention(useCausalMask: true, returnAttentionScores: true, name: "look").Call(x, x)),
            "Attention 'look' of model 'm' cannot work step by step: it gives a score for every step so far, which are more "
            + "at each "
            + "step. Set returnAttentionScores: false.");
        RefusesToOpen(
            Line(new TransformerEncoder(4, 2, 8, name: "block")),
            "MultiHeadAttention 'block/attention' of model 'm' cannot work step by step: a query looks at all steps of the "
            + "values. "
            + "Set useCausalMask: true, or give the values once, at the start of a session.");
        RefusesToOpen(
            Line(new Residual(new SelfAttention(3, name: "look"), name: "around")),
            "Residual 'around' of model 'm' cannot work step by step: SelfAttention 'look' inside cannot, because a step "
            + "looks at the "
            + "steps behind it too. Set useCausalMask: true.");
    }

    [Test]
    public void Attention_that_cannot_look_at_what_was_given_once()
    {
        const string Sliding = "the values are given once";
        Refuses<NotSupportedException>(
            () => Crossed(new MultiHeadAttention(2, 3, useCausalMask: true, name: "look")).OpenSession(start: Given()),
            "MultiHeadAttention 'look' of model 'm' cannot work step by step: a query looks at as many steps of the values as "
            + "have "
            + $"come, but {Sliding}. Set useCausalMask: false.");
        Refuses<NotSupportedException>(
            () => Crossed(new MultiHeadAttention(2, 3, slidingWindow: 2, name: "look")).OpenSession(start: Given()),
            "MultiHeadAttention 'look' of model 'm' cannot work step by step: a query looks at the values around its own "
            + "step, but "
            + $"{Sliding}. Leave slidingWindow out.");
        Refuses<NotSupportedException>(
            () => Crossed(new AdditiveAttention(name: "look"), turned: true).OpenSession(start: Given()),
            "AdditiveAttention 'look' of model 'm' cannot work step by step: its query is given once, but its values come "
            + "step by "
            + "step. Give the query step by step.");
        var x = new Input(AnyLength, name: "x");
        var memory = new Input(AnyLength, name: "memory");
        var mixed = new Model([x, memory], new Attention(name: "look").Call(x, memory, x), name: "m");
        Refuses<NotSupportedException>(
            () => mixed.OpenSession(start: Given()),
            "Attention 'look' of model 'm' cannot work step by step: of its values and keys only one is given once. "
            + "Give both once, or both step by step.");
    }

    [Test]
    public void A_mask_of_pairs()
    {
        var x = new Input((5, 4), name: "x");
        var pairs = new Input((5, 5), name: "pairs");
        var look = new MultiHeadAttention(2, 3, useCausalMask: true, name: "look");
        var model = new Model([x, pairs], look.Call(x, x, x, pairs), name: "m");
        Refuses<NotSupportedException>(
            () => model.OpenSession(),
            "MultiHeadAttention 'look' of model 'm' cannot work step by step: it takes a mask of pairs of steps. Leave the "
            + "mask out.");
    }

    [Test]
    public void Sequences_that_are_given_once_beside_steps()
    {
        var x = new Input(AnyLength, name: "x");
        var memory = new Input(AnyLength, name: "memory");
        var model = new Model([x, memory], new Add(name: "sum").Call(x, memory), name: "m");
        Refuses<NotSupportedException>(
            () => model.OpenSession(start: Given()),
            "Add 'sum' of model 'm' cannot work step by step: it reads a sequence that is given once beside what comes step "
            + "by step, "
            + "which only attention can. Give both step by step, or use Predict on whole sequences.");
    }

    [Test]
    public void Inputs_that_do_not_come_step_by_step()
    {
        var x = new Input(AnyLength, name: "x");
        var place = new Input(3, name: "place");
        Symbol h = new LSTM(3).Call(x);
        var model = new Model([x, place], new Add().Call(h, place), name: "m");
        Refuses<NotSupportedException>(
            () => model.OpenSession(),
            "Input 'place' of model 'm' takes samples of shape (batch, 3), which do not come step by step as (batch, timesteps, "
            + "features). Give it once, when the session is opened: start: new() { [\"place\"] = … }.");
        Refuses<NotSupportedException>(
            () => model.OpenSession(start: new() { ["x"] = Memory, ["place"] = new NDArray(2, 3) }),
            "All inputs of model 'm' are given once (x, place), so there is nothing to step. Leave out the one that comes "
            + "step by "
            + "step, or use Predict.");
        var encoder = new Model(x, new Model(x, h).Call(x), name: "e");
        Assert.That(encoder.OpenSession().OutputNames, Has.Count.EqualTo(1));
        var (_, s, c) = new LSTM(3, returnState: true, name: "own").Call(x, [place.Output, new Input(3, name: "cell").Output]);
        var nothing = new Model([x.Output, place.Output, c.Node.Inputs[2]], [s, c], name: "m");
        Refuses<NotSupportedException>(
            () => nothing.OpenSession(),
            "No output of model 'm' follows from a step but states, so a session of it gives nothing. Use Predict, or add an "
            + "output.");
    }

    [Test]
    public void A_start_that_does_not_fit()
    {
        (_, _, Model decoder) = GivenOnceTests.EncoderDecoder();
        decoder.OpenSession(start: [new NDArray(2, 4), new NDArray(2, 4)]);
        Refuses<ArgumentException>(
            () => decoder.OpenSession(start: new() { ["hh"] = new NDArray(2, 4) }),
            $"start names 'hh', but the inputs of model '{decoder.Name}' are x, h, c. Did you mean 'h'?");
        Refuses<ArgumentException>(
            () => decoder.OpenSession(start: new NDArray(2, 4)),
            $"start has 1 part without names, which are states to begin with, and model '{decoder.Name}' has 2 such inputs "
            + "(h, c). "
            + "Give what is given once by name: new() { [\"c\"] = … }.");
        Refuses<ArgumentException>(
            () => decoder.OpenSession(start: new() { ["h"] = new NDArray(2, 5) }),
            "Input 'h' expects input of rank 2 with shape (batch, 4), but start[\"h\"] has shape (2, 5).");
        Refuses<ArgumentException>(
            () => decoder.OpenSession(start: [new NDArray(2, 4), new NDArray(3, 4)]),
            "start[\"c\"] has 3 rows, but the session holds 2 sequences. Give one row for each sequence.");
        Refuses<ArgumentException>(
            () => decoder.OpenSession(5, start: [new NDArray(2, 4), new NDArray(2, 4)]),
            "start[\"h\"] has 2 rows, but the session holds 5 sequences. Give one row for each sequence.");
        var spoiled = new NDArray(1, 4);
        spoiled.Values[2] = Real.NaN;
        Refuses<ArgumentException>(() => decoder.OpenSession(start: new() { ["h"] = spoiled }), "start[\"h\"] holds NaN");
        Refuses<ArgumentException>(
            () => decoder.OpenSession(capacity: -1, maxSteps: 0),
            "OpenSession: capacity must be at least 0, but is -1; maxSteps must be at least 1, but is 0.");
    }

    [Test]
    public void Steps_that_do_not_fit()
    {
        Model model = GivenOnceTests.Several();
        StreamingSession session = model.OpenSession(2);
        Refuses<InvalidOperationException>(
            () => session.Step(1, 2),
            $"A step of model '{model.Name}' takes 2 inputs (a, b) and gives 2 outputs (sum, price). Use StepAll, or write to "
            + "Input(name), call Advance and read Output(name).");
        Refuses<ArgumentException>(
            () => session.StepAll(new NDArray(2, 2)),
            $"A step of model '{model.Name}' takes 2 inputs (a, b), but 1 came. Give an array for each, in this order or by "
            + "name.");
        Refuses<ArgumentException>(
            () => session.StepAll(new NDArray(2, 2), new NDArray(2, 3)),
            "A step for the input 'b' has shape (sequences, features) = (2, 1), but x[1] has shape (2, 3). Give one row of "
            + "features "
            + "for each sequence, without an axis for time.");
        Refuses<ArgumentException>(
            () => session.StepAll(new Dictionary<string, NDArray> { ["a"] = new NDArray(2, 2), ["bb"] = new NDArray(2, 1) }),
            $"A step of model '{model.Name}' has no input 'bb'. It has 2 inputs (a, b). Did you mean 'b'?");
        Refuses<ArgumentException>(
            () => session.StepAll(new Dictionary<string, NDArray> { ["a"] = new NDArray(2, 2) }),
            $"x has nothing for the input 'b' of model '{model.Name}'. A step takes 2 inputs (a, b).");
        Refuses<InvalidOperationException>(
            () => session.Output("sum"),
            $"This session of model '{model.Name}' has not taken a step yet, so there is no output. Write its inputs and call "
            + "Advance.");
        session.Input("a")[3] = Real.NaN;
        Refuses<ArgumentException>(
            session.Advance,
            "Input(\"a\") holds NaN at index 3, feature 1 of sequence 1. Fill missing values first; the step was not taken.");
        Refuses<ArgumentException>(
            () => session.RunAll(new NDArray(2, 3, 2), new NDArray(2, 4, 1)),
            "The input 'a' has 3 steps, but 'b' has 4. Give as many steps of each.");
        Refuses<ArgumentException>(
            () => session.RunAll(new NDArray(2, 3, 2), new NDArray(1, 3, 1)),
            "Steps for the input 'b' have shape (sequences, steps, features), with 2 sequences of 1 features, but x[1] has shape "
            + "(1, 3, 1).");
        var spoiled = new NDArray(2, 3, 2);
        spoiled[1, 2, 0] = Real.PositiveInfinity;
        Refuses<ArgumentException>(
            () => session.RunAll(spoiled, new NDArray(2, 3, 1)),
            "x[0] holds an infinite value in feature 0 of sequence 1 at step 2. Fill missing values first; no step was taken.");
        Assert.That(session.Steps, Is.Zero);
    }

    [Test]
    public void Steps_beyond_the_last()
    {
        Model model = Line(new SelfAttention(3, useCausalMask: true));
        StreamingSession session = model.OpenSession(maxSteps: 3);
        session.Run(new NDArray(1, 2, 4));
        Refuses<InvalidOperationException>(
            () => session.Run(new NDArray(1, 2, 4)),
            "This session of model 'm' takes 3 steps (maxSteps) and has taken 2. Call Reset, or open one with a greater "
            + "maxSteps; no "
            + "step was taken.");
        session.Step(1, 2, 3, 4);
        Refuses<InvalidOperationException>(
            () => session.Step(1, 2, 3, 4),
            "This session of model 'm' takes 3 steps (maxSteps) and has taken 3. Call Reset, or open one with a greater "
            + "maxSteps; no "
            + "step was taken.");
        session.Reset();
        session.Step(1, 2, 3, 4);

        StreamingSession learned = Line(new LSTM(4, returnSequences: true), new PositionalEmbedding(2, name: "at")).OpenSession();
        Real[] first = learned.Step(1, 2, 3, 4);
        learned.Step(1, 2, 3, 4);
        ModelState state = learned.State;
        Refuses<InvalidOperationException>(
            () => learned.Step(1, 2, 3, 4),
            "PositionalEmbedding 'at' of model 'm' knows 2 positions, but the sequence goes on beyond them. Reset the "
            + "session, or give "
            + "a greater sequenceLength; no step was taken.");
        Assert.That(learned.State["lstm/hidden"].Values, Is.EqualTo(state["lstm/hidden"].Values));
        learned.Reset();
        Assert.That(learned.Step(1, 2, 3, 4), Is.EqualTo(first));
    }

    [Test]
    public void States_of_another_kind()
    {
        Model model = Line(new SelfAttention(3, useCausalMask: true), new PositionalEncoding(), new LSTM(2));
        StreamingSession session = model.OpenSession();
        session.Step(1, 2, 3, 4);
        ModelState state = session.State;
        Refuses<ArgumentException>(
            () => state.With("self_attention/keys", new NDArray(1, 2, 3)),
            "The state 'self_attention/keys' has shape (1, 1, 3), but value has shape (1, 2, 3). Its first axis counts "
            + "sequences.");
        Refuses<ArgumentException>(
            () => state.Select(0, 1),
            "There is no sequence 1: the state is one of 1, counted from 0.");
        Refuses<ArgumentException>(() => state.Select(), "A state is one of at least one sequence, but none is chosen.");
        Refuses<ArgumentException>(
            () => session.State = state.With("positional_encoding/position", new NDArray([1, 1], [(Real)1.5])),
            "PositionalEncoding 'positional_encoding' expects as its state 'position' whole numbers from 0 to 16777216, the "
            + "steps that "
            + "came before, but one is 1.5.");
        Assert.That(session.Steps, Is.EqualTo(1));
    }

    [TestCase("\"name\":\"self_attention/values\",\"shape\":[1,3,3]", "\"name\":\"self_attention/values\",\"shape\":[1,1,9]",
        "states[1]: expected 'self_attention/values' of shape (1, steps, 3), but this is 'self_attention/values' of shape (1, "
        + "1, 9).")]
    [TestCase("self_attention/values", "self_attention/valued",
        "states[1]: expected 'lstm/hidden' of shape (1, 2), but this is 'self_attention/valued' of shape (1, "
        + "3, 3).")]
    [TestCase("\"name\":\"self_attention/mask\",\"shape\":[1,3,1]", "\"name\":\"self_attention/mask\",\"shape\":[1,1,3]",
        "states[2]: expected 'self_attention/mask' of shape (1, steps, 1), but this is 'self_attention/mask' of shape (1, 1, "
        + "3).")]
    public void Files_of_another_kind(string from, string to, string message)
    {
        Model model = Line(new SelfAttention(3, useCausalMask: true), new PositionalEncoding(), new LSTM(2));
        StreamingSession session = model.OpenSession();
        session.Run(new NDArray(1, 3, 4));
        using var stream = new MemoryStream();
        session.Save(stream);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.That(text, Does.Contain(from));
        string broken = text.Replace(from, to, StringComparison.Ordinal);
        Assert.That(
            () => model.ResumeSession(new MemoryStream(Encoding.UTF8.GetBytes(broken))),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Cut_or_changed_anywhere_a_file_fails_in_one_way()
    {
        Model model = GivenOnceTests.Crossed("TransformerDecoder");
        NDArray[] memory = [Memory.Slice(0, 1).Reshape(6, 4), new NDArray(2, 4)];
        StreamingSession session = model.OpenSession(start: new() { ["memory"] = memory });
        session.Step(new NDArray(2, 4));
        using var stream = new MemoryStream();
        session.Save(stream);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        for (int i = 0; i < text.Length; i += 3)
        {
            string head = text[..i];
            string tail = text[(i + 1)..];
            foreach (string broken in (string[])[head, head + tail, $"{head}\"{tail}", $"{head}9{tail}"])
            {
                try
                {
                    model.ResumeSession(new MemoryStream(Encoding.UTF8.GetBytes(broken)));
                }
                catch (ModelFormatException)
                {
                    // The one failure there is.
                }
            }
        }

        Assert.Pass();
    }

    private static ModelData Given() => new() { ["memory"] = Memory };

    private static Model Crossed(Layer layer, bool turned = false)
    {
        var x = new Input(AnyLength, name: "x");
        var memory = new Input(AnyLength, name: "memory");
        return new([x, memory], turned ? layer.Call(memory, x) : layer.Call(x, memory), name: "m");
    }

    private static Sequential Line(params Layer[] layers)
    {
        var model = new Sequential(layers, name: "m");
        model.Build(AnyLength);
        return model;
    }

    private static Model Graph(Func<Symbol, Symbols> call)
    {
        var x = new Input(AnyLength, name: "x");
        return new(x, call(x), name: "m");
    }

    private static void RefusesToOpen(Model model, string message) =>
        Refuses<NotSupportedException>(() => model.OpenSession(), message);

    private static void Refuses<TException>(Action action, string message)
        where TException : Exception
    {
        TException? exception = Assert.Catch<TException>(() => action());
        Assert.That(exception!.Message, Does.StartWith(message));
    }
}
