using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>Dilated layers give their states in a graph, and take them.</summary>
[TestFixture]
public sealed class DilatedGraphTests
{
    private static readonly Shape AnyLength = ((int?)null, 2);

    [TestCase(2, true)]
    [TestCase(3, false)]
    [TestCase(9, true)]
    [TestCase(9, false)]
    public void States_go_from_piece_to_piece(int rate, bool sequences)
    {
        var x = new Input(AnyLength, name: "x");
        var dilated = new Dilated(new LSTM(3, returnSequences: sequences, returnState: true), rate, name: "dilated");
        Symbols first = dilated.Call(x);
        Assert.That(first, Has.Count.EqualTo(sequences ? 3 : 4));
        var whole = new Model(x, first);
        Input[] states = [.. first.Skip(1).Select((state, i) => new Input(state.Shape, name: $"state_{i}"))];
        var piece = new Model(
            [x.Output, .. states.Select(state => state.Output)],
            dilated.Call(x, [.. states.Select(state => state.Output)]));
        Streams.Randomize(whole);
        NDArray data = GivenOnceTests.Random(1, 2, 7, 2);
        IReadOnlyList<NDArray> expected = whole.PredictAll(data);

        // The layer by itself gives the same states.
        RecurrentOutput alone = dilated.Call(data);
        RequireSame(alone.State.Names.Select(name => alone.State[name]), expected.Skip(1));

        IReadOnlyList<NDArray> head = whole.PredictAll(Streams.Prefix(data, 4));
        var rest = new NDArray(2, 3, 2);
        for (int b = 0; b < 2; b++)
        {
            data.Values.AsSpan(((b * 7) + 4) * 2, 6).CopyTo(rest.Values.AsSpan(b * 6));
        }

        IReadOnlyList<NDArray> tail = piece.PredictAll([rest, .. head.Skip(1)]);
        RequireSame(tail.Skip(1), expected.Skip(1));

        // In a session these states are its own.
        StreamingSession session = piece.OpenSession(start: [.. head.Skip(1)]);
        for (int t = 4; t < 7; t++)
        {
            Real[] y = session.Step(Streams.StepOf(data, t)).Values;
            NDArray own = sequences ? Streams.StepOf(expected[0], t) : whole.PredictAll(Streams.Prefix(data, t + 1))[0];
            Assert.That(y, Is.EqualTo(own.Values), $"step {t}");
        }

        RequireSame(session.State.Names.Select(name => session.State[name]), expected.Skip(1));
    }

    [Test]
    public void A_file_keeps_what_is_wired()
    {
        var x = new Input(AnyLength, name: "x");
        Symbols encoded = new Dilated(new GRU(2, returnState: true, returnSequences: true), 2, name: "read").Call(x);
        var write = new Dilated(new GRU(2, returnState: true, returnSequences: true), 2, name: "write");
        Symbols decoded = write.Call(x, encoded[1]);
        var model = new Model(x, [decoded[0], decoded[1]]);
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        Model again = Model.Load(stream);
        NDArray data = GivenOnceTests.Random(1, 2, 5, 2);
        RequireSame(again.PredictAll(data), model.PredictAll(data));
        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
    }

    [Test]
    public void Wrong_states_are_refused()
    {
        var x = new Input(AnyLength);
        Assert.That(
            () => new Dilated(new GRU(2, returnSequences: true), 2, name: "d")
                .Call(x, [new Input(4).Output, new Input(4).Output]),
            Throws.ArgumentException.With.Message.EqualTo(
                "Dilated 'd' has 1 state (hidden), but initialState has 2. Give one symbol for each, in this order."));
        Assert.That(
            () => new Dilated(new GRU(2, returnSequences: true), 2, name: "d").Call(x, new Input(2)),
            Throws.ArgumentException.With.Message.EqualTo(
                "Dilated 'd' expects the state 'hidden' of shape (batch, 4), but in initialState it has shape (batch, 2). "
                + "Its last axis has as many entries as the layer has units."));
        Assert.That(
            () => new Dilated(new Bidirectional(new GRU(2, returnSequences: true)), 2, name: "d").Call(x, new Input(2)),
            Throws.ArgumentException.With.Message.EqualTo(
                "Dilated 'd' has 0 states (), but initialState has 1. Give one symbol for each, in this order."));
    }

    private static void RequireSame(IEnumerable<NDArray> found, IEnumerable<NDArray> expected) =>
        Assert.That(found.Select(own => own.Values), Is.EqualTo(expected.Select(own => own.Values)));
}
