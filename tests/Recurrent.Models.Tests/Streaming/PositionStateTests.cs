using System.Text;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>Positions are a state: they go on in forks, files, pieces of sequences and truncated training.</summary>
[TestFixture]
public sealed class PositionStateTests
{
    private const int Steps = 12;

    private static readonly NDArray X = Streams.Sequences(2, Steps, 4);

    [TestCase("encoding")]
    [TestCase("embedding")]
    [TestCase("rotary")]
    public void Positions_go_on_with_the_state(string kind)
    {
        Sequential model = Model(kind);
        NDArray whole = model.Predict(X);
        StreamingSession session = model.OpenSession(2);
        Streams.Run(session, X, 0, 5);
        Assert.That(session.State.Names, Does.Contain($"{kind}/position"));
        Assert.That(session.State[$"{kind}/position"].Values, Is.EqualTo((Real[])[5, 5]));
        Assert.That(Streams.Run(session.Fork(), X, 5, Steps), Is.EqualTo(Rows(whole)[5..]));
        using var stream = new MemoryStream();
        session.Save(stream);
        stream.Position = 0;
        Assert.That(Streams.Run(model.ResumeSession(stream), X, 5, Steps), Is.EqualTo(Rows(whole)[5..]));

        // A file of the time before positions were a state: as many as there were steps.
        string text = Encoding.UTF8.GetString(stream.ToArray());
        int from = text.IndexOf($"{{\"name\":\"{kind}/position\"", StringComparison.Ordinal);
        string old = text.Remove(from, text.IndexOf('}', from) + 2 - from);
        Assert.That(old, Does.Not.Contain("position\""));
        var bytes = new MemoryStream(Encoding.UTF8.GetBytes(old));
        Assert.That(Streams.Run(model.ResumeSession(bytes), X, 5, Steps), Is.EqualTo(Rows(whole)[5..]));
        bytes.Position = 0;
        Assert.That(Streams.Run(model.OpenSession(ModelState.Load(bytes)), X, 5, Steps), Is.EqualTo(Rows(whole)[5..]));

        // In pieces.
        (NDArray head, ModelState state) = model.PredictWithState(Streams.Prefix(X, 7));
        Assert.That(Rows(head), Is.EqualTo(Rows(whole)[..7]));
        var rest = new NDArray(2, Steps - 7, 4);
        for (int b = 0; b < 2; b++)
        {
            X.Values.AsSpan(((b * Steps) + 7) * 4, (Steps - 7) * 4).CopyTo(rest.Values.AsSpan(b * (Steps - 7) * 4));
        }

        Assert.That(Rows(model.PredictWithState(rest, state).Output), Is.EqualTo(Rows(whole)[7..]));
    }

    [TestCase("encoding")]
    [TestCase("embedding")]
    [TestCase("rotary")]
    public void Sequences_may_stand_at_different_positions(string kind)
    {
        Sequential model = Model(kind);
        Real[][] expected = Streams.Run(model.OpenSession(2), X, 0, Steps);
        StreamingSession session = model.OpenSession(2);
        ModelState late = Advanced(7).State;
        ModelState early = Advanced(3).State;
        var joined = early;
        foreach (string name in early.Names)
        {
            NDArray value = early[name];
            int size = value.Size / 2;
            late[name].Values.AsSpan(size, size).CopyTo(value.Values.AsSpan(size));
            joined = joined.With(name, value);
        }

        session.State = joined;
        for (int t = 0; t < 4; t++)
        {
            var step = new NDArray(2, 4);
            for (int i = 0; i < 4; i++)
            {
                step[0, i] = X[0, 3 + t, i];
                step[1, i] = X[1, 7 + t, i];
            }

            Real[] y = session.Step(step).Values;
            int width = y.Length / 2;
            Assert.That(y[..width], Is.EqualTo(expected[3 + t][..width]));
            Assert.That(y[width..], Is.EqualTo(expected[7 + t][width..]));
        }

        StreamingSession Advanced(int steps)
        {
            StreamingSession own = model.OpenSession(2);
            Streams.Run(own, X, 0, steps);
            return own;
        }
    }

    [Test]
    public void Truncated_training_goes_on_with_positions()
    {
        // The table's rows are trained at the positions that pieces have in the whole, each once.
        var model = new Sequential([new PositionalEmbedding(Steps, "zeros", inputShape: (Steps, 4))]);
        model.Compile("sgd", "mse");
        NDArray y = GivenOnceTests.Random(5, 2, Steps, 4);
        model.Fit(X, y, epochs: 1, batchSize: 2, truncatedSteps: 5, verbose: 0);
        NDArray table = model.GetWeights()[0];
        for (int t = 0; t < Steps; t++)
        {
            Assert.That(Enumerable.Range(0, 4).Select(i => table[t, i]), Has.Some.Not.Zero, $"position {t}");
        }
    }

    private static Sequential Model(string kind)
    {
        Layer layer = kind switch
        {
            "encoding" => new PositionalEncoding(name: kind),
            "embedding" => new PositionalEmbedding(Steps, name: kind),
            _ => new RotaryEmbedding(name: kind),
        };
        var model = new Sequential([layer, new GRU(3, returnSequences: true)]);
        model.Build(new Shape(null, 4));
        return Streams.WithRandomWeights(model);
    }

    private static Real[][] Rows(NDArray whole) =>
        [.. Enumerable.Range(0, whole.Shape[1]).Select(t => Streams.StepOf(whole, t).Values)];
}
