using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.States;
using Recurrent.Streaming;
using Recurrent.Tests.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>The states of dilated layers: of as many steps as the rate, taken and given back wherever a sequence is
/// cut.</summary>
[TestFixture]
public sealed class DilatedStateTests
{
    private const int Samples = 3;
    private const int Steps = 11;

    private static readonly NDArray X =
        new([Samples, Steps, 2], [.. Enumerable.Range(0, Samples * Steps * 2).Select(i => (Real)Math.Sin(1.7 * i))]);

    [Test]
    public void Pieces_give_the_bits_of_the_whole([Values(1, 2, 3, 4, 20)] int rate, [Values(1, 2, 3, 5, 10)] int cut,
        [Values] bool sequences)
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
        var model = new Sequential([new Dilated(new LSTM(3, stateful: true, returnSequences: true), 4, inputShape: (null, 2)),
            new GRU(2, returnSequences: true, stateful: true)], seed: 1);
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

        long least = Allocation.LeastOf(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                session.Step(x, y);
            }
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
        Assert.That(model.PredictWithState(new NDArray(Samples, 3, 2)).Output.Values, Is.All.Zero,
            "nobody sees another's last output");
    }

    [Test]
    public void A_piece_of_truncated_training_goes_on_from_the_one_before()
    {
        var y = new NDArray(Samples, Steps, 3);
        Sequential model = Model(2, sequences: true);
        Sequential byHand = Model(2, sequences: true, stateful: true);
        Sequential forgetful = Model(2, sequences: true);
        foreach (Sequential each in (Sequential[])[model, byHand, forgetful])
        {
            each.Compile("sgd", "mse");
        }

        model.Fit(X, y, truncatedSteps: 4, batchSize: Samples, shuffle: false, verbose: Verbosity.Silent);
        for (int first = 0; first < Steps; first += 4)
        {
            int count = Math.Min(4, Steps - first);
            byHand.TrainOnBatch(Piece(X, first, count), Piece(y, first, count));
            forgetful.TrainOnBatch(Piece(X, first, count), Piece(y, first, count));
        }

        Assert.That(Weights(model), Is.EqualTo(Weights(byHand)));
        Assert.That(Weights(model), Is.Not.EqualTo(Weights(forgetful)));
    }

    [Test]
    public void Training_from_batch_to_batch_has_the_same_bits_on_any_number_of_threads()
    {
        var random = new Recurrent.Random.SeededRandom(3);
        var x = new NDArray(64, 5, 2);
        foreach (ref Real value in x.Values.AsSpan())
        {
            value = (Real)random.NextNormal();
        }

        Real[][] weights = [.. ((int[])[1, 2, 3]).Select(threads =>
        {
            Sequential model = Model(3, sequences: true, stateful: true);
            model.MaxDegreeOfParallelism = threads;
            model.Compile("sgd", "mse");
            model.Fit(x, new NDArray(64, 5, 3), epochs: 2, batchSize: 32, shuffle: false, verbose: Verbosity.Silent);
            return Weights(model);
        })];
        Assert.That(weights[1], Is.EqualTo(weights[0]));
        Assert.That(weights[2], Is.EqualTo(weights[0]));
    }

    [Test]
    public void Masked_steps_inside_a_piece_are_as_in_the_whole()
    {
        var model = new Sequential([new Masking(inputShape: (null, 2)), new Dilated(new LSTM(3, returnSequences: true), 2),
            new Dense(1)], seed: 1);
        var x = new NDArray([.. X.Shape], [.. X.Values]);
        foreach ((int sample, int t) in ((int, int)[])[(0, 3), (1, 8), (2, 9), (0, 9)])
        {
            x[sample, t, 0] = 0;
            x[sample, t, 1] = 0;
        }

        (NDArray first, ModelState state) = model.PredictWithState(Piece(x, 0, 5));
        NDArray rest = model.PredictWithState(Piece(x, 5, 6), state).Output;
        NDArray whole = model.Predict(x);
        Assert.That(first.Values, Is.EqualTo(Piece(whole, 0, 5).Values));
        Assert.That(rest.Values, Is.EqualTo(Piece(whole, 5, 6).Values));
    }

    [Test]
    public void States_of_more_than_an_array_holds_are_refused()
    {
        var far = new Sequential([new Dilated(new LSTM(2, returnSequences: true), int.MaxValue, "far", inputShape: (null, 1))]);
        far.Build(new((int?)null, 1));
        const string Message = "Dilated 'far' carries the states of rate (2147483647) steps, which for 2 units is more than an "
            + "array can hold. Use a smaller rate.";
        Assert.That(() => far.OpenSession(), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(Message));
        Assert.That(far.Predict(new NDArray(1, 3, 1)).Shape, Is.EqualTo(new[] { 1, 3, 2 }));
        Assert.That(((Dilated)far.Layers[0]).Call(new NDArray(1, 3, 1)).Output.Shape, Is.EqualTo(new[] { 1, 3, 2 }));
        var wide = new Dilated(new GRU(64, returnSequences: true, returnState: true), 65_536, "wide");
        Assert.That(
            () => wide.Call(new NDArray(512, 2, 1)),
            Throws.ArgumentException.With.Message.EqualTo(string.Create(CultureInfo.InvariantCulture,
                $"Dilated 'wide' carries a state of 4194304 values for each sample, and there are 512; an array holds at most "
                + $"{Array.MaxLength}. Give fewer samples at once.")));
    }

    [Test]
    public void States_of_the_wrong_count_or_shape_are_refused()
    {
        var layer = new Dilated(new LSTM(2, returnSequences: true), 3, "three");
        layer.Build(new(5, 1), seed: 1);
        Pass pass = layer.CreatePass(new(new(5, 1), 2, false, false));
        Assert.That(
            () => layer.SetInitialState(pass, [new(6, 2)], 0),
            Throws.ArgumentException.With.Message.EqualTo(
            "Dilated 'three' has 2 states (hidden, cell), but 1 came. Give one matrix for each."));
        Assert.That(
            () => layer.GetFinalState(pass, [new(6, 2), new(2, 2)], 0),
            Throws.ArgumentException.With.Message.StartsWith(
            "Dilated 'three' needs the state 'cell' as a matrix of 6 rows and at least 2 columns"));
        var pointwise = new Residual(new Dense(3), "point");
        pointwise.Build(new(5, 3), seed: 1);
        Assert.That(
            () => pointwise.SetInitialState(pointwise.CreatePass(new(new(5, 3), 2, false, false)), [new(3, 2)], 0),
            Throws.ArgumentException.With.Message.EqualTo(
            "Residual 'point' has 0 states (), but 1 came. Give one matrix for each."));
    }

    [Test]
    public void Truncated_training_with_pieces_as_long_as_the_sequences_is_the_ordinary_training(
    [Values(Steps, Steps + 5)] int length)
    {
        var y = new NDArray(Samples, Steps, 3);
        Sequential whole = Model(2, sequences: true);
        Sequential pieces = Model(2, sequences: true);
        foreach ((Sequential model, int? steps) in ((Sequential, int?)[])[(whole, null), (pieces, length)])
        {
            model.Compile("sgd", "mse");
            model.Fit(X, y, epochs: 2, truncatedSteps: steps, shuffle: false, verbose: Verbosity.Silent);
        }

        Assert.That(Weights(pieces), Is.EqualTo(Weights(whole)));
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
            () => layer.Call(X,
                new RecurrentState(("hidden", new NDArray(Samples, 3)), ("last_output", new NDArray(Samples, 3)))),
            Throws.ArgumentException.With.Message.Contains(
            "expects the state 'hidden' of shape (3, 9) (batch, size), but in initialState it has shape (3, 3)"));
    }

    private static Sequential Model(int rate, bool sequences, bool stateful = false) => new(
        [
            new Dilated(new LSTM(4, returnSequences: true, stateful: stateful), rate, inputShape: (null, 2)),
            new Dilated(new GRU(3, returnSequences: sequences, stateful: stateful), rate + 1),
        ],
        seed: 1);

    private static Real[] Weights(Sequential model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    private static NDArray Piece(NDArray x, int first, int count)
    {
        int features = x.Shape[2];
        var piece = new NDArray(x.Shape[0], count, features);
        for (int sample = 0; sample < x.Shape[0]; sample++)
        {
            x.Values.AsSpan(((sample * x.Shape[1]) + first) * features, count * features)
                .CopyTo(piece.Values.AsSpan(sample * count * features));
        }

        return piece;
    }
}
