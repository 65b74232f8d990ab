using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

[TestFixture]
[NonParallelizable]
public sealed class SharingTests
{
    private const int Features = 2;

    private static Sequential Model(int units = 32) => Streams.WithRandomWeights(new(
    [
        new Masking(inputShape: ((int?)null, Features)), new LSTM(units, returnSequences: true), new Dropout(0.2),
        new GRU(units, returnSequences: true), new GRU(units, "relu", resetAfter: false, returnSequences: true),
        new TimeDistributed(new Dense(4, "softmax")), new SimpleRNN(units), new Dense(1, "sigmoid"), new Activation("tanh"),
    ]));

    [TestCase(1)]
    [TestCase(3)]
    public void A_step_allocates_nothing(int sequences)
    {
        StreamingSession session = Model().OpenSession(sequences);
        var x = new Real[sequences * Features];
        var y = new Real[sequences];
        Steps(session, x, y, 200);
        Assert.That(Allocation.LeastOf(() => Steps(session, x, y, 2000)), Is.Zero);
    }

    [Test]
    public void A_session_costs_its_states_and_a_little_scratch_and_no_weights()
    {
        const int Sessions = 5000;
        const int Units = 64;
        Sequential model = Streams.WithRandomWeights(new([new LSTM(Units, inputShape: ((int?)null, 1)), new Dense(1)]));
        var sessions = new StreamingSession[Sessions];
        var y = new Real[1];
        model.OpenSession().Step(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Sessions; i++)
        {
            sessions[i] = model.OpenSession();
        }

        // The two states, in two blocks each, gates, output and scratch; the weights alone would be 68 kB for each session.
        double each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Sessions;
        TestContext.Out.WriteLine($"{each:F0} bytes a session");
        Assert.That(each, Is.LessThan((14 * Units * sizeof(Real)) + 5600));

        // However many steps follow, it stays at that.
        before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 20; t++)
        {
            Real[] x = [t];
            foreach (StreamingSession session in sessions)
            {
                session.Step(x, y);
            }
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20 * 64));
    }

    [Test]
    public void Sessions_on_eight_threads_do_not_disturb_one_another()
    {
        const int Threads = 8;
        const int Length = 300;
        Sequential model = Model(units: 20);
        NDArray[] inputs = [.. Enumerable.Range(0, Threads).Select(i => Streams.Sequences(1, Length, Features, seed: 10 + i))];
        Real[][][] expected = [.. inputs.Select(x => Streams.Run(model.OpenSession(), x, 0, Length))];

        // The model's panels are stale now: whichever session steps first packs them, and the others wait.
        model.SetWeights(model.GetWeights());
        var found = new Real[Threads][][];
        Thread[] threads = [.. Enumerable.Range(0, Threads)
            .Select(i => new Thread(() => found[i] = Streams.Run(model.OpenSession(), inputs[i], 0, Length)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(found, Is.EqualTo(expected));
    }

    private static void Steps(StreamingSession session, Real[] x, Real[] y, int count)
    {
        for (int t = 0; t < count; t++)
        {
            x.AsSpan().Fill(t % 3);
            session.Step(x, y);
        }
    }
}
