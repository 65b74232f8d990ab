using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.States;
using Recurrent.Streaming;
using Recurrent.Tests.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>The states of dilated layers: of as many steps as the rate, taken and given back wherever a sequence is cut.</summary>
[TestFixture]
public sealed class DilatedStateTests
{
    private const int Samples = 3;
    private const int Steps = 11;

    private static readonly NDArray X = new([Samples, Steps, 2], [.. Enumerable.Range(0, Samples * Steps * 2).Select(i => (Real)Math.Sin(1.7 * i))]);

    [Test]
    public void Pieces_give_the_bits_of_the_whole([Values(1, 2, 3, 4, 20)] int rate, [Values(1, 2, 3, 5, 10)] int cut, [Values] bool sequences)
    {
        Sequential model = Model(rate, sequences);
        (NDArray first, ModelState state) = model.PredictWithState(Piece(X, 0, cut), batchSize: 2);
        (NDArray second, ModelState end) = model.PredictWithState(Piece(X, cut, Steps - cut), state);
        NDArray whole = model.Predict(X);
        Assert.That(second.Values, Is.EqualTo(sequences ? Piece(whole, cut, Steps - cut).Values : whole.Values));
        Assert.That(first.Values, Is.EqualTo(sequences ? Piece(whole, 0, cut).Values : model.Predict(Piece(X, 0, cut)).Values));
        ModelState all = model.PredictWithState(X).State;
        Assert.That(end.Names, Is.EqualTo(all.Names));
        foreach (string name in all.Names)
        {
            Assert.That(end[name].Values, Is.EqualTo(all[name].Values), name);
        }
    }

    /// <summary>h_t = x_t + h_(t−3)/2: after 1, 2, 4, 8 the next three steps go on from 2, 4 and 8 + 1/2.</summary>
    [Test]
    public void The_first_of_the_states_is_that_from_which_the_next_step_goes_on()
    {
        var model = new Sequential([new Dilated(new SimpleRNN(1, "linear", returnSequences: true), 3, inputShape: (null, 1))]);
        model.SetWeights([new NDArray([1, 1], [1]), new NDArray([1, 1], [(Real)0.5]), new NDArray([1], [0])]);
        (_, ModelState state) = model.PredictWithState(new NDArray([1, 4, 1], [1, 2, 4, 8]));
        Assert.That(state["dilated/hidden"].Values, Is.EqualTo((Real[])[2, 4, (Real)8.5]));
        Assert.That(model.PredictWithState(new NDArray([1, 1, 1], [1]), state).Output.Values, Is.EqualTo((Real[])[2]));
    }

    [Test]
    public void Stateful_layers_go_on_from_batch_to_batch()
    {
        var model = new Sequential([new Dilated(new LSTM(3, stateful: true, returnSequences: true), 4, inputShape: (null, 2)), new GRU(2, returnSequences: true, stateful: true)], seed: 1);
        NDArray whole = model.Predict(X);
        model.ResetStates();
        Assert.That(model.Predict(Piece(X, 0, 3)).Values, Is.EqualTo(Piece(whole, 0, 3).Values));
        Assert.That(model.Predict(Piece(X, 3, 1)).Values, Is.EqualTo(Piece(whole, 3, 1).Values));
        Assert.That(model.Predict(Piece(X, 4, 7)).Values, Is.EqualTo(Piece(whole, 4, 7).Values));
        Assert.That(model.Predict(X).Values, Is.Not.EqualTo(whole.Values), "it goes on");
        model.ResetStates();
        Assert.That(model.Predict(X).Values, Is.EqualTo(whole.Values));
    }

    [Test]
    public void A_session_is_saved_forked_and_resumed_in_the_middle()
    {
        Sequential model = Model(3, sequences: false);
        NDArray x = Streams.Sequences(2, Steps, 2);
        StreamingSession session = model.OpenSession(2);
        Streams.Run(session, x, 0, 4);
        ModelState state = session.State;
        StreamingSession fork = session.Fork();
        using var file = new MemoryStream();
        state.Save(file);
        file.Position = 0;
        StreamingSession resumed = model.OpenSession(2);
        resumed.State = ModelState.Load(file);
        Real[][] expected = Streams.Run(session, x, 4, Steps);
        Assert.That(Streams.Run(fork, x, 4, Steps), Is.EqualTo(expected));
        Assert.That(Streams.Run(resumed, x, 4, Steps), Is.EqualTo(expected));
        Assert.That(expected[^1], Is.EqualTo(model.Predict(x).Values));
    }

    [Test]
    public void A_step_of_a_session_allocates_nothing()
    {
        StreamingSession session = Model(3, sequences: false).OpenSession();
        var x = new Real[2];
        var y = new Real[3];
        for (int i = 0; i < 200; i++)
        {
            session.Step(x, y);
        }

        long least = Enumerable.Range(0, 3).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 500; i++)
            {
                session.Step(x, y);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.That(least, Is.Zero);
    }

    [Test]
    public void A_piece_that_is_masked_throughout_repeats_the_last_output_and_keeps_the_states()
    {
        var model = new Sequential([new Masking(inputShape: (null, 2)), new Dilated(new LSTM(3), 3)], seed: 1);
        (NDArray before, ModelState state) = model.PredictWithState(Piece(X, 0, 5));
        (NDArray after, ModelState end) = model.PredictWithState(new NDArray(Samples, 3, 2), state);
        Assert.That(after.Values, Is.EqualTo(before.Values));
        Assert.That(end["dilated/hidden"].Values, Is.EqualTo(state["dilated/hidden"].Values));
        Assert.That(model.PredictWithState(new NDArray(Samples, 3, 2)).Output.Values, Is.All.Zero, "nobody sees another's last output");
    }

    [Test]
    public void Truncated_training_carries_them([Values(Steps, Steps + 5)] int length)
    {
        var y = new NDArray(Samples, Steps, 3);
        Sequential whole = Model(2, sequences: true);
        Sequential pieces = Model(2, sequences: true);
        Sequential brief = Model(2, sequences: true);
        foreach ((Sequential model, int? steps) in ((Sequential, int?)[])[(whole, null), (pieces, length), (brief, 3)])
        {
            model.Compile("sgd", "mse");
            model.Fit(X, y, epochs: 2, truncatedSteps: steps, shuffle: false, verbose: Verbosity.Silent);
        }

        Assert.That(Weights(pieces), Is.EqualTo(Weights(whole)));
        Assert.That(Weights(brief), Is.Not.EqualTo(Weights(whole)));
    }

    [Test]
    public void A_layer_by_itself_gives_its_state_and_goes_on_from_it()
    {
        var layer = new Dilated(new GRU(3, returnState: true), 3);
        RecurrentOutput first = layer.Call(Piece(X, 0, 4));
        Assert.That(first.State.Names, Is.EqualTo(new[] { "hidden", "last_output" }));
        Assert.That(first.State["hidden"].Shape, Is.EqualTo(new[] { Samples, 9 }));
        Assert.That(layer.Call(Piece(X, 4, 7), first.State).Output.Values, Is.EqualTo(layer.Call(X).Output.Values));
        Assert.That(
            () => new Sequential([new Dilated(new GRU(3, returnState: true), 3)]),
            Throws.ArgumentException.With.Message.Contains("with returnState: true it gives its state beside its output"));
        Assert.That(
            () => layer.Call(X, new RecurrentState(("hidden", new NDArray(Samples, 3)), ("last_output", new NDArray(Samples, 3)))),
            Throws.ArgumentException.With.Message.Contains("expects the state 'hidden' of shape (3, 9) (batch, size), but in initialState it has shape (3, 3)"));
    }

    private static Sequential Model(int rate, bool sequences) => new(
        [
            new Dilated(new LSTM(4, returnSequences: true), rate, inputShape: (null, 2)),
            new Dilated(new GRU(3, returnSequences: sequences), rate + 1),
        ],
        seed: 1);

    private static Real[] Weights(Sequential model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    private static NDArray Piece(NDArray x, int first, int count)
    {
        int features = x.Shape[2];
        var piece = new NDArray(x.Shape[0], count, features);
        for (int sample = 0; sample < x.Shape[0]; sample++)
        {
            x.Values.AsSpan(((sample * x.Shape[1]) + first) * features, count * features).CopyTo(piece.Values.AsSpan(sample * count * features));
        }

        return piece;
    }
}
