using System.Text;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>The state of a model as a value: taken, kept, saved, given back, and never seen by another caller.</summary>
[TestFixture]
public sealed class ModelStateTests
{
    private const int Samples = 5;
    private const int Steps = 8;

    private static readonly NDArray X = new(
        [Samples, Steps, 2], [.. Enumerable.Range(0, Samples * Steps * 2).Select(i => MathF.Sin(0.7f * i))]);

    [Test]
    public void In_pieces_a_model_trained_without_state_gives_the_bits_that_it_gives_whole([Values(1, 2, 3)] int threads)
    {
        Sequential model = Model();
        model.MaxDegreeOfParallelism = threads;
        model.Compile("adam", "mse");
        model.Fit(X, Targets(X), epochs: 2, verbose: Verbosity.Silent);

        float[] whole = model.Predict(X).Values;
        (NDArray first, ModelState state) = model.PredictWithState(Piece(X, 0, 3), batchSize: 1);
        (NDArray rest, ModelState end) = model.PredictWithState(Piece(X, 3, 5), state, batchSize: 2);
        Assert.That(Joined(first, rest), Is.EqualTo(whole));
        Assert.That((state.Steps, end.Steps, end.Sequences), Is.EqualTo((3L, 8L, Samples)));

        (_, ModelState all) = model.PredictWithState(X);
        Assert.That(end.Names, Is.EqualTo((string[])["lstm/hidden", "lstm/cell", "gru/hidden"]));
        foreach (string name in end.Names)
        {
            Assert.That(end[name].Values, Is.EqualTo(all[name].Values), name);
        }
    }

    [Test]
    public void Any_number_of_sequences_goes_on_from_a_state_of_its_own()
    {
        Sequential model = Model();
        foreach (int samples in (int[])[1, 4])
        {
            (_, ModelState state) = model.PredictWithState(Piece(X, 0, 3).Slice(0, samples));
            NDArray rest = model.PredictWithState(Piece(X, 3, 5).Slice(0, samples), state).Output;
            Assert.That(rest.Values, Is.EqualTo(Piece(model.Predict(X), 3, 5).Slice(0, samples).Values));
        }
    }

    [Test]
    public void A_session_goes_on_from_a_state_of_PredictWithState_and_the_other_way_round()
    {
        Sequential model = Model();
        (_, ModelState state) = model.PredictWithState(Piece(X, 0, 3));
        StreamingSession session = model.OpenSession(Samples);
        session.State = state;
        session.Step(Piece(X, 3, 1).Reshape(Samples, 2));
        Assert.That(session.Steps, Is.EqualTo(4));
        Assert.That(
            model.PredictWithState(Piece(X, 4, 4), session.State).Output.Values,
                Is.EqualTo(Piece(model.Predict(X), 4, 4).Values));
    }

    [Test]
    public void A_state_is_saved_and_read_again()
    {
        Sequential model = Model();
        (_, ModelState state) = model.PredictWithState(Piece(X, 0, 3));
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-state-{Environment.ProcessId}.json");
        try
        {
            state.Save(path);
            ModelState again = ModelState.Load(path);
            Assert.That((again.Steps, again.Sequences), Is.EqualTo((3L, Samples)));
            Assert.That(
                Model().PredictWithState(Piece(X, 3, 5), again).Output.Values, Is.EqualTo(Piece(model.Predict(X), 3, 5).Values));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_state_read_from_a_file_is_not_trusted()
    {
        Sequential model = Model();
        using var stream = new MemoryStream();
        model.ZeroState(2).Save(stream);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.That(
            () => Load(text.Replace("\"sequences\":2", "\"sequences\":3", StringComparison.Ordinal)),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            "states[0]: expected the shape (sequences, size) with 3 sequences, but this is 'lstm/hidden' of shape (2, 4)."));
        ModelState renamed = Load(text.Replace("lstm/cell", "lstm/sell", StringComparison.Ordinal));
        Refuses(
            () => model.PredictWithState(X.Slice(0, 2), renamed),
            "The state has [lstm/hidden (4), lstm/sell (4), gru/hidden (3)], but the layers of model 'sequential' have "
            + "[lstm/hidden (4), lstm/cell (4), gru/hidden (3)]. Use a state that this model has given.");

        static ModelState Load(string text)
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return ModelState.Load(stream);
        }
    }

    [Test]
    public void The_state_of_one_layer_can_be_taken_and_replaced()
    {
        Sequential model = Model();
        var encoder = new LSTM(4, returnState: true);
        RecurrentState meaning = encoder.Call(X).State;
        ModelState state = model.ZeroState(Samples).With("lstm", meaning);
        Assert.That(((LSTMState)state.Of("lstm")).Cell.Values, Is.EqualTo(meaning["cell"].Values));
        Assert.That(state.Of("gru")["hidden"].Values, Is.All.Zero);
        Assert.That(meaning["cell"].Values, Has.None.Zero);
        Assert.That(model.PredictWithState(X, state).Output.Values, Is.Not.EqualTo(model.Predict(X).Values));

        Refuses(() => state.With("gru", meaning), "Layer 'gru' has 1 state (hidden), but state has 2 states (hidden, cell). "
            + "Give a state that this layer's call has returned, or one with these names.");
        Assert.That(
            () => state.Of("dense"),
            Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo(
            "There is no layer 'dense' with a state. There are: lstm, gru."));
    }

    [Test]
    public void Callers_on_many_threads_see_their_own_states_only()
    {
        Sequential model = Model();
        ModelState[] states =
            [.. Enumerable.Range(0, Samples).Select(i => model.PredictWithState(Piece(X, 0, 3).Slice(i, 1)).State)];
        NDArray rest = Piece(X, 3, 5);
        float[][] expected = [.. states.Select((state, i) => model.PredictWithState(rest.Slice(i, 1), state).Output.Values)];
        Parallel.For(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int own = i % Samples;
            Assert.That(model.PredictWithState(rest.Slice(own, 1), states[own]).Output.Values, Is.EqualTo(expected[own]));
        });
        Assert.That(expected[0], Is.Not.EqualTo(expected[1]));
    }

    [Test]
    public void What_a_stateful_model_carries_is_neither_read_nor_changed()
    {
        Sequential model = Model(stateful: true);
        float[] whole = Model().Predict(X).Values;
        float[] first = model.Predict(Piece(X, 0, 3)).Values;
        Assert.That(model.PredictWithState(X).Output.Values, Is.EqualTo(whole));
        float[] rest = model.Predict(Piece(X, 3, 5)).Values;
        Assert.That(Joined(new([Samples, 3, 1], first), new([Samples, 5, 1], rest)), Is.EqualTo(whole));
    }

    [Test]
    public void States_that_do_not_fit_are_refused()
    {
        Sequential model = Model();
        Refuses(
            () => model.PredictWithState(X, model.ZeroState(2)),
            "The state is of 2 sequences, but x has 5. Give one row of x for each sequence, in the same order.");
        Sequential other = new([new LSTM(2, inputShape: (Steps, 2)), new Dense(1)]);
        Refuses(
            () => other.PredictWithState(X, model.ZeroState(5)),
            "The state is of a model with the layers [LSTM 'lstm', 2 -> 4; GRU 'gru', 4 -> 3; Dense 'dense', 3 -> 1], but "
            + "model 'sequential' has [LSTM 'lstm', 2 -> 2; Dense 'dense', 2 -> 1]. Use it with the model it was taken from.");
        Refuses(() => model.ZeroState(0), "ZeroState: sequences must be at least 1, but is 0.");
        Refuses(() => model.PredictWithState(X, batchSize: 0), "PredictWithState: batchSize must be at least 1, but is 0.");
    }

    [Test]
    public void A_layer_with_two_outputs_cannot_stand_in_a_Sequential()
    {
        Refuses(
            () => new Sequential([new LSTM(3, returnState: true, name: "reader")]),
            "LSTM 'reader' cannot stand in a Sequential: with returnState: true it gives its state beside its output, and one "
            + "output is passed on. " +
            "Set returnState: false; layer.Call(x) gives the state of a layer by itself. PredictWithState gives the states of "
            + "all layers.");
        Refuses(
            () => new Sequential([new Bidirectional(new LSTM(3), mergeMode: null, name: "both")]),
            "Bidirectional 'both' cannot stand in a Sequential: with mergeMode: null it gives two outputs, and one is "
            + "passed on. " +
            "Choose 'concat', 'sum', 'mul' or 'ave', or call the layer itself, layer.Call(x), for both.");
        Refuses(
            () => new TimeDistributed(new GRU(3, returnState: true)),
            "TimeDistributed: the wrapped GRU must give one output: with returnState: true it gives its state beside its "
            + "output, and one output is passed on. " +
            "Set returnState: false; layer.Call(x) gives the state of a layer by itself.");
    }

    [Test]
    public void A_stateful_Bidirectional_carries_the_states_of_both_layers()
    {
        Sequential model =
            new([new Bidirectional(new GRU(3, returnSequences: true, stateful: true), inputShape: ((int?)null, 2))]);
        var alone = new Bidirectional(new GRU(3, returnSequences: true, returnState: true));
        alone.Call(X);
        foreach ((Recurrent.Parameters.Parameter from, Recurrent.Parameters.Parameter to) in model.Layers[
            0].Parameters.Zip(alone.Parameters))
        {
            from.Values.CopyTo(to.Values);
            to.MarkChanged();
        }

        RecurrentOutput first = alone.Call(X);
        Assert.That(model.Predict(X).Values, Is.EqualTo(first.Output.Values));
        Assert.That(model.Predict(X).Values, Is.EqualTo(alone.Call(X, first.State).Output.Values));
        Refuses(
            () => model.Predict(X.Slice(0, 2)),
            "Model 'sequential' is stateful and holds the states of 5 samples, but the batch has 2. Call ResetStates first, or "
            + "keep the batch size.");
    }

    internal static NDArray Piece(NDArray x, int first, int count)
    {
        var piece = new NDArray(x.Shape[0], count, x.Shape[2]);
        int row = x.Shape[2];
        for (int b = 0; b < x.Shape[0]; b++)
        {
            x.Values.AsSpan(((b * x.Shape[1]) + first) * row, count * row).CopyTo(piece.Values.AsSpan(b * count * row));
        }

        return piece;
    }

    private static Sequential Model(bool stateful = false) => new(
    [
        new LSTM(4, returnSequences: true, stateful: stateful, inputShape: ((int?)null, 2)),
        new GRU(3, returnSequences: true, stateful: stateful),
        new Dense(1),
    ]);

    private static NDArray Targets(NDArray x) =>
        new([Samples, Steps, 1], [.. Enumerable.Range(0, Samples * Steps).Select(i => x.Values[2 * i] / 2)]);

    private static float[] Joined(NDArray first, NDArray second) =>
        [.. Enumerable.Range(0, Samples).SelectMany(b => first.Slice(b, 1).Values.Concat(second.Slice(b, 1).Values))];

    private static void Refuses(Func<object> action, string message) => Assert.That(
        () => action(), Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message).Or.Message.StartsWith(
            message + " (Parameter '"));

    [Test]
    public void What_has_no_state_to_go_on_from_is_refused_and_not_forgotten()
    {
        Layer[] layers = [new Dilated(Both(), 3), new Residual(new Dilated(Both(), 3))];
        string[] expected =
        [
            "Dilated 'dilated' of model 'sequential' has no state to take or to give: of the two layers of Bidirectional "
            + "'bidirectional' inside, " +
            "which read in opposite directions, no state can be gone on from. Use Predict on whole sequences.",
            "Residual 'residual' of model 'sequential' has no state to take or to give: that of Dilated 'dilated' inside "
            + "cannot be taken: of the two " +
            "layers of Bidirectional 'bidirectional' inside, which read in opposite directions, no state can be gone on from. "
            + "Use Predict on whole sequences.",
        ];
        static Bidirectional Both() => new(new GRU(1, returnSequences: true));

        for (int i = 0; i < layers.Length; i++)
        {
            var model = new Sequential([layers[i]]);
            model.Build(new((int?)null, 2));
            Assert.That(Assert.Throws<NotSupportedException>(() => model.PredictWithState(X))!.Message, Is.EqualTo(expected[i]));
            Assert.That(Assert.Throws<NotSupportedException>(() => model.ZeroState(1))!.Message, Is.EqualTo(expected[i]));
        }
    }
}
