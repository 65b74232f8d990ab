using System.Text;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

[TestFixture]
public sealed class SessionStateTests
{
    private const int Steps = 12;
    private const int Middle = 5;

    private static readonly NDArray X = Streams.Sequences(2, Steps, 1);

    private Sequential model = null!;
    private StreamingSession session = null!;
    private Real[][] expected = null!;

    [SetUp]
    public void RunToTheMiddle()
    {
        model = Model();
        expected = Streams.Run(model.OpenSession(2), X, 0, Steps);
        session = model.OpenSession(2);
        Streams.Run(session, X, 0, Middle);
    }

    [Test]
    public void A_fork_goes_on_alone()
    {
        StreamingSession fork = session.Fork();
        Assert.That(fork.Steps, Is.EqualTo(Middle));
        Streams.Run(session, Streams.Sequences(2, 3, 1, seed: 9), 0, 3);
        Assert.That(Streams.Run(fork, X, Middle, Steps), Is.EqualTo(expected[Middle..]));

        // Nor does it disturb the session it comes from.
        StreamingSession other = model.OpenSession(2);
        Streams.Run(other, X, 0, Middle);
        Streams.Run(other.Fork(), Streams.Sequences(2, 4, 1, seed: 9), 0, 4);
        Assert.That(Streams.Run(other, X, Middle, Steps), Is.EqualTo(expected[Middle..]));
    }

    [Test]
    public void A_fork_before_the_first_step_and_right_after_a_fork()
    {
        StreamingSession first = model.OpenSession(2).Fork().Fork();
        Assert.That(Streams.Run(first, X, 0, Steps), Is.EqualTo(expected));
        Assert.That(Streams.Run(session.Fork().Fork(), X, Middle, Steps), Is.EqualTo(expected[Middle..]));
    }

    [Test]
    public void A_reset_session_is_a_new_one()
    {
        session.Reset();
        Assert.That(session.Steps, Is.Zero);
        Assert.That(Streams.Run(session, X, 0, Steps), Is.EqualTo(expected));
    }

    [Test]
    public void A_state_is_a_value()
    {
        ModelState state = session.State;
        Assert.That(state.Names, Is.EqualTo((string[])["lstm/hidden", "lstm/cell", "gru/hidden"]));
        Assert.That(state["lstm/cell"].Shape, Is.EqualTo((int[])[2, 4]));
        Assert.That(state.Steps, Is.EqualTo(Middle));
        Assert.That(state.Sequences, Is.EqualTo(2));
        Real[] before = state["gru/hidden"].Values;
        state["gru/hidden"].Values[0] = 100;
        for (int i = 0; i < 2; i++)
        {
            Assert.That(Streams.Run(session, X, Middle, Steps), Is.EqualTo(expected[Middle..]));
            Assert.That(state["gru/hidden"].Values, Is.EqualTo(before));
            session.State = state;
        }

        Assert.That(() => state["lstm"], Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo(
            "There is no state 'lstm'. There are: lstm/hidden, lstm/cell, gru/hidden."));
    }

    [Test]
    public void A_saved_session_goes_on_where_it_was()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-session-{Environment.ProcessId}.json");
        try
        {
            session.Save(path);
            StreamingSession resumed = Model().ResumeSession(path);
            Assert.That(resumed.Steps, Is.EqualTo(Middle));
            Assert.That(Streams.Run(resumed, X, Middle, Steps), Is.EqualTo(expected[Middle..]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_session_is_saved_before_its_first_step_and_right_after_it_was_resumed()
    {
        using var stream = new MemoryStream();
        model.OpenSession(2).Save(stream);
        stream.Position = 0;
        Assert.That(Streams.Run(model.ResumeSession(stream), X, 0, Steps), Is.EqualTo(expected));

        StreamingSession resumed = model.ResumeSession(Stream(Saved(session)));
        Assert.That(Saved(resumed), Is.EqualTo(Saved(session)));
        Assert.That(Streams.Run(resumed, X, Middle, Steps), Is.EqualTo(expected[Middle..]));
    }

    [TestCase("", "The document is empty", TestName = "{m}(nothing)")]
    [TestCase("{", "the document ends too early", TestName = "{m}(half)")]
    [TestCase("[]", "expected an object, but this is a list.", TestName = "{m}(list)")]
    [TestCase("{}", "the key 'format' is missing.", TestName = "{m}(empty)")]
    [TestCase("""{"format":"recurrent-model"}""", "format: the format is 'recurrent-model', not 'recurrent-session'.",
        TestName = "{m}(model)")]
    public void Content_that_is_no_session_is_refused(string text, string message) => Assert.That(
        () => model.ResumeSession(Stream(text)),
        Throws.TypeOf<ModelFormatException>().With.Message.Contains(message).IgnoreCase);

    [TestCase("\"format_version\":1", "\"format_version\":2", "format_version: the file is of version 2 of the format, and "
        + "this library knows version 1. Use a newer library.")]
    [TestCase("\"sequences\":2", "\"sequences\":3", "states[0]: expected 'lstm/hidden' of shape (3, 4), but this is "
        + "'lstm/hidden' of shape (2, 4).")]
    [TestCase("\"sequences\":2", "\"sequences\":0", "sequences: expected a whole number from 1 to 2147483647, but this is the "
        + "number 0.")]
    [TestCase("\"steps\":5", "\"steps\":-1", "steps: expected a whole number from 0 to 9007199254740992, but this is the "
        + "number -1.")]
    [TestCase("\"steps\":5", "\"steps\":9007199254740993", "steps: expected a whole number from 0 to 9007199254740992, but "
        + "this is the number 9007199254740993.")]
    [TestCase("\"steps\":5", "\"steps\":9223372036854775807", "steps: expected a whole number from 0 to 9007199254740992, but "
        + "this is the number 9223372036854775807.")]
    [TestCase("lstm/cell", "lstm/cello", "states[1]: expected 'lstm/cell' of shape (2, 4), but this is 'lstm/cello' of "
        + "shape (2, 4).")]
    [TestCase("\"steps\"", "\"step\"", "step: there is no such key here. Did you mean 'steps'? Valid keys: format, "
        + "format_version, dtype, layers, sequences, steps, states.")]
    [TestCase("[2,4]", "[2,5]", "states[0].data: 32 bytes in base64 are not the 10 numbers of 4 bytes that the shape asks for.")]
    public void A_broken_file_is_refused(string from, string to, string message)
    {
        string text = Saved(session).Replace(from, to, StringComparison.Ordinal);
        Assert.That(() => model.ResumeSession(Stream(text)), Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(message));
    }

    [Test]
    public void The_state_of_another_model_is_refused()
    {
        Sequential other = new([new LSTM(4, returnSequences: true, inputShape: ((int?)null, 1)), new GRU(5), new Dense(1)]);
        Assert.That(() => other.ResumeSession(Stream(Saved(session))), Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            "layers[1]: the state is that of another model: it has 'GRU 'gru', 4 -> 3' here, and model 'sequential' has 'GRU "
            + "'gru', 4 -> 5'. Resume it with the model it was saved from."));
        Assert.That(() => other.OpenSession(2).State = session.State, Throws.ArgumentException.With.Message.StartsWith(
            "The state is of a model with the layers [LSTM 'lstm', 1 -> 4; GRU 'gru', 4 -> 3; Dense 'dense', 3 -> 2], but "
            + "model 'sequential' has [LSTM 'lstm', 1 -> 4; GRU 'gru', 4 -> 5; Dense 'dense', 5 -> 1]. Use it with the model "
            + "it was taken from."));
        Assert.That(() => model.OpenSession(3).State = session.State, Throws.ArgumentException.With.Message.StartsWith(
            "The state is of 2 sequences, but the session holds 3. Open one with OpenSession(sequences: 2)."));
    }

    [Test]
    public void Cut_or_changed_anywhere_a_file_fails_in_one_way()
    {
        string text = Saved(session);
        for (int i = 0; i < text.Length; i++)
        {
            foreach (string broken in (string[])[text[..i], text.Remove(i, 1), text[..i] + '"' + text[(i + 1)..],
                text[..i] + '9' + text[(i + 1)..]])
            {
                try
                {
                    model.ResumeSession(Stream(broken));
                }
                catch (ModelFormatException)
                {
                    // The one failure there is.
                }
            }
        }

        Assert.Pass();
    }

    private static Sequential Model() => Streams.WithRandomWeights(
        new([new LSTM(4, returnSequences: true, inputShape: ((int?)null, 1)), new GRU(3), new Dense(2)]));

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Saved(StreamingSession session)
    {
        using var stream = new MemoryStream();
        session.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
