using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>The common mistakes, word for word; after each of them the session is where it was.</summary>
[TestFixture]
public sealed class SessionErrorTests
{
    private static readonly Shape AnyLength = ((int?)null, 2);

    private Sequential model = null!;
    private StreamingSession session = null!;

    [SetUp]
    public void Open()
    {
        model = Streams.WithRandomWeights(new([new LSTM(4, inputShape: AnyLength), new Dense(3)]));
        session = model.OpenSession(2);
    }

    [Test]
    public void A_model_that_is_not_built() => Refuses<InvalidOperationException>(
        () => new Sequential([new LSTM(4), new Dense(1)]).OpenSession(),
        "Model 'sequential' is not built: its input shape is not known. Give the first layer an inputShape, call Build, or "
        + "call Fit.");

    [Test]
    public void Layers_that_cannot_work_step_by_step()
    {
        Refuses<NotSupportedException>(
            () => Opened(new LSTM(4, goBackwards: true, name: "reader")),
            "LSTM 'reader' of model 'sequential' cannot work step by step: it reads the sequence from its end. Set "
            + "goBackwards: false.");
        Refuses<NotSupportedException>(
            () => Opened(new GRU(4), new Flatten()),
            "Flatten 'flatten' of model 'sequential' cannot work step by step: it needs all steps of a sequence at once. Use "
            + "Predict on whole sequences.");
        Refuses<NotSupportedException>(
            () => Opened(new GRU(4), new RepeatVector(3), new GRU(2)),
            "RepeatVector 'repeat_vector' of model 'sequential' cannot work step by step: it makes a sequence of what the "
            + "layers before it give at the last step. Use Predict on whole sequences.");
        Refuses<NotSupportedException>(
            () => Opened(new TimeDistributed(new Flatten())),
            "TimeDistributed 'time_distributed' of model 'sequential' cannot work step by step: Flatten 'flatten' inside "
            + "cannot, because it needs all steps of a sequence at once. Use Predict on whole sequences.");
    }

    [Test]
    public void Convolutions_and_pools_that_need_several_steps()
    {
        const string Conv = "Conv1D 'conv1d' of model 'sequential' cannot work step by step: ";
        Refuses<NotSupportedException>(
            () => Opened(new Conv1D(2, 3)), Conv + "its output has fewer steps than its input. Use Predict on whole sequences.");
        Refuses<NotSupportedException>(
            () => Opened(new Conv1D(2, 3, padding: "same")),
            Conv + "it sees steps that are still to come. Set padding: \"causal\", or give it whole sequences.");
        Refuses<NotSupportedException>(
            () => Opened(new Conv1D(2, 3, 2, "causal")),
            Conv + "its output has fewer steps than its input. Use Predict on whole sequences.");
        Refuses<NotSupportedException>(
            () => new Sequential([new Conv1D(2, 3, 1, "causal", "channels_first", inputShape: (2, 5))]).OpenSession(),
            Conv + "its samples have their steps on the last axis. Set dataFormat: \"channels_last\".");
        Refuses<NotSupportedException>(
            () => Opened(new Conv1DTranspose(2, 3)),
            "Conv1DTranspose 'conv1d_transpose' of model 'sequential' cannot work step by step: its output has steps that "
            + "several steps of "
            + "the input add to. Use Predict on whole sequences.");
        Refuses<NotSupportedException>(
            () => Opened(new MaxPooling1D()),
            "MaxPooling1D 'max_pooling1d' of model 'sequential' cannot work step by step: it needs several steps of a sequence "
            + "at once. "
            + "Use Predict on whole sequences.");
    }

    [Test]
    public void Samples_that_are_not_sequences()
    {
        Refuses<NotSupportedException>(
            () => new Sequential([new Dense(2, inputShape: 3)]).OpenSession(),
            "A session feeds sequences of vectors step by step, but model 'sequential' takes samples of shape (batch, 3), not "
            + "(batch, timesteps, features). Use Predict.");
        Refuses<NotSupportedException>(
            () => new Sequential([new TimeDistributed(new LSTM(2), inputShape: (4, 3, 2))]).OpenSession(),
            "A session feeds sequences of vectors step by step, but model 'sequential' takes samples of shape (batch, 4, 3, "
            + "2), not (batch, timesteps, features). Use Predict.");
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void A_number_of_sequences_that_no_session_holds(int sequences) => Refuses<ArgumentOutOfRangeException>(
        () => model.OpenSession(sequences), "A session of model 'sequential' holds from 1 to 134217724 sequences.");

    [Test]
    public void So_many_sequences_that_a_cell_s_gates_fit_in_no_array()
    {
        var wide = new Sequential([new JordanRNN(4096, outputs: 1, inputShape: ((int?)null, 1))]);
        Refuses<ArgumentOutOfRangeException>(() => wide.OpenSession(1_048_577),
            "A session of model 'sequential' holds from 1 to 524287 sequences.");
        var stacked =
            new Sequential([new RNN(new StackedRNNCells([new LSTMCell(2), new LSTMCell(500)]), inputShape: ((int?)null, 1))]);
        Refuses<ArgumentOutOfRangeException>(() => stacked.OpenSession(1_073_742),
            "A session of model 'sequential' holds from 1 to 1073741 sequences.");
    }

    [Test]
    public void A_wrong_number_of_features()
    {
        RefusesStep(
            () => session.Step(1, 2, 3),
            "LSTM 'lstm' expects 4 values at a step (sequences · features = 2 · 2), but x has 3. Give the features of one "
            + "step, one sequence after the other.");
        RefusesStep(
            () => session.Step(new Real[8], new Real[6]),
            "LSTM 'lstm' expects 4 values at a step (sequences · features = 2 · 2), but x has 8. Give one step at a time.");
        RefusesStep(
            () => session.Step(new Real[4], new Real[5]),
            "Dense 'dense' gives 6 values at a step (sequences · features = 2 · 3), but y has room for 5.");
        RefusesStep(
            () => session.Step(new NDArray(2, 5, 2)),
            "A step for LSTM 'lstm' has shape (sequences, features) = (2, 2), but x has shape (2, 5, 2). Give one row of "
            + "features for each sequence, without an axis for time.");
    }

    [Test]
    public void Missing_values()
    {
        RefusesStep(
            () => session.Step(0, 1, Real.NaN, 3),
            "x holds NaN at index 2, feature 0 of sequence 1. Fill missing values first; the step was not taken.");
        RefusesStep(
            () => session.Step(0, Real.NegativeInfinity, 0, 3),
            "x holds an infinite value at index 1, feature 1 of sequence 0. Fill missing values first; the step was not taken.");
    }

    [Test]
    public void Layers_that_come_or_go_while_a_session_is_open()
    {
        const string Message =
            "The layers of model 'sequential' have changed since this session was opened. Open another session.";
        model.Add(new Activation("tanh"));
        Refuses<InvalidOperationException>(() => session.Step(1, 2, 3, 4), Message);
        model.Pop();
        Assert.That(session.Step(1, 2, 3, 4), Has.Length.EqualTo(6));
        model.Pop();
        model.Add(new Dense(3));
        Refuses<InvalidOperationException>(() => session.Step(1, 2, 3, 4), Message);
    }

    [Test]
    public void Layers_in_the_places_of_others()
    {
        Network now = Layers();
        var streamed = Streams.Streamed(now, () => now);
        streamed.Prepare();
        now = Layers();
        Refuses<InvalidOperationException>(
            streamed.Prepare,
            "The layers of model 'm' have changed since this session was opened. Open another session.");

        static Network Layers() =>
            new Sequential([new LSTM(4, returnSequences: true, inputShape: AnyLength), new GRU(3), new Dense(2)]).Network;
    }

    [Test]
    public void A_state_that_is_not_finite_is_not_saved()
    {
        Sequential diverged = new([new SimpleRNN(2, "linear", inputShape: AnyLength)]);
        diverged.SetWeights(
            [.. diverged.GetWeights().Select(w => new NDArray(w.Shape, [.. w.Values.Select(_ => Real.MaxValue)]))]);
        StreamingSession broken = diverged.OpenSession();
        broken.Step(Real.MaxValue, Real.MaxValue);
        using var stream = new MemoryStream();
        Refuses<InvalidOperationException>(
            () => broken.Save(stream),
            "The state 'simple_rnn/hidden' holds a number that is not finite: the model has diverged, and such a state is "
            + "not saved.");
    }

    private static StreamingSession Opened(params Layer[] layers)
    {
        var model = new Sequential(layers);
        model.Build((4, 2));
        return model.OpenSession();
    }

    private void RefusesStep(Action step, string message)
    {
        session.Step(1, 2, 3, 4);
        StreamingSession untouched = session.Fork();
        Refuses<ArgumentException>(step, message);
        Assert.That(session.Steps, Is.EqualTo(untouched.Steps));
        Assert.That(session.Step(4, 3, 2, 1), Is.EqualTo(untouched.Step(4, 3, 2, 1)));
    }

    private static void Refuses<TException>(Action action, string message)
        where TException : Exception
    {
        TException? exception = Assert.Catch<TException>(() => action());
        Assert.That(exception!.Message, Does.StartWith(message));
    }
}
