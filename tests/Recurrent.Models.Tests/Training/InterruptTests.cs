using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Shapes;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>Callers that are interrupted in the middle of their work: what they leave behind disturbs nobody.</summary>
[TestFixture]
public sealed class InterruptTests
{
    [Test]
    public void Interrupted_predictions_are_right_or_not_there_at_all()
    {
        var model = new Sequential([
            new Input((12, 3)), new LSTM(20, returnSequences: true), new LayerNormLSTM(16), new Dense(2)])
        { MaxDegreeOfParallelism = 3 };
        NDArray x = new([24, 12, 3], [.. Enumerable.Range(0, 24 * 12 * 3).Select(i => MathF.Sin(i))]);
        float[] expected = model.Predict(x).Values;
        int wrong = 0;
        int right = 0;
        int other = 0;
        bool stop = false;
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(caller => new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                try
                {
                    bool same = model.Predict(x, batchSize: 1 + caller).Values.AsSpan().SequenceEqual(expected);
                    Interlocked.Increment(ref same ? ref right : ref wrong);
                }
                catch (ThreadInterruptedException)
                {
                    // Told so, and without a result.
                }
                catch (Exception)
                {
                    Interlocked.Increment(ref other);
                }
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        for (int i = 0; i < 500; i++)
        {
            callers[i % callers.Length].Interrupt();
            Thread.Sleep(i % 4 == 0 ? 1 : 0);
        }

        Volatile.Write(ref stop, true);
        Array.ForEach(callers, caller => caller.Join());
        Assert.Multiple(() =>
        {
            Assert.That(wrong, Is.Zero);
            Assert.That(other, Is.Zero);
            Assert.That(right, Is.Positive);
            Assert.That(model.Predict(x).Values, Is.EqualTo(expected));
        });
    }

    [Test]
    public void A_session_whose_step_broke_off_says_so_until_it_has_a_state_again()
    {
        var last = new Breaking();
        var model =
            new Sequential([new Input((null, 2)), new GRU(4, returnSequences: true), last, new GRU(3, returnSequences: true)]);
        StreamingSession session = model.OpenSession();
        float[] first = session.Step(1, 2);
        ModelState before = session.State;
        last.Breaks = true;
        Assert.That(() => session.Step(3, 4), Throws.TypeOf<NotFiniteNumberException>());
        last.Breaks = false;
        Assert.Multiple(() =>
        {
            Assert.That(() => session.Step(3, 4),
                Throws.InvalidOperationException.With.Message.Contains("broke off").And.Message.Contains("Reset"));
            Assert.That(() => session.State, Throws.InvalidOperationException);
            Assert.That(() => session.Fork(), Throws.InvalidOperationException);
        });
        session.State = before;
        float[] second = session.Step(3, 4);
        session.Reset();
        Assert.That(session.Step(1, 2), Is.EqualTo(first));
        Assert.That(session.Step(3, 4), Is.EqualTo(second));
    }

    private sealed class Breaking() : UnaryLayer<Breaking.Plain>(null, true, null)
    {
        public bool Breaks { get; set; }

        public override string ClassName => "Breaking";

        public override Obstacle? StreamingObstacle => null;

        public override Shape ComputeOutputShape(Shape input) => input;

        public override Config GetConfig() => StartConfig();

        protected override Plain NewPass(PassOptions options) => new Plain(this, options);

        protected override SequenceBatch Forward(Plain pass, SequenceBatch input) => Breaks ? throw new NotFiniteNumberException()
            : input;

        protected override DenseMatrix? Backward(Plain pass, DenseMatrix outputGradient) => outputGradient;

        internal sealed class Plain(Layer layer, PassOptions options) : Pass(layer, options);
    }
}
