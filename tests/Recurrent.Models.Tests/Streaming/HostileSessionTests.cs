using System.Text;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Shapes;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>A file of a session gets room for as many sequences as it may ask for, and none before that is known.</summary>
[TestFixture]
public sealed class HostileSessionTests
{
    private static readonly Shape OneFeature = ((int?)null, 1);

    [TestCase(65_536)]
    [TestCase(107_000)]
    [TestCase(int.MaxValue)]
    public void Without_states_a_few_bytes_get_no_gigabytes(int sequences)
    {
        var model = new Sequential([new Dense(20_000, inputShape: OneFeature), new Dense(1)], name: "wide");
        string text = Saved(model.OpenSession())
            .Replace("\"sequences\":1", $"\"sequences\":{sequences}", StringComparison.Ordinal);
        RefusedAtOnce(model, text, null);
    }

    [Test]
    public void A_narrow_state_vouches_for_no_wide_layer()
    {
        var model = new Sequential([new LSTM(1, inputShape: OneFeature), new Dense(1000), new Dense(1)], name: "fan");
        string text = Saved(model.OpenSession(200));

        ModelFormatException refusal = RefusedAtOnce(model, text, new ReadLimits { MaxSessionValues = 100_000 });

        Assert.That(refusal.Message, Is.EqualTo(
            "sequences: a session of model 'fan' works in 2011 numbers for each sequence, so the file may ask for 49 "
            + "sequences, and it asks for 200. If you trust it, raise ReadLimits.MaxSessionValues."));
        Assert.That(Resume(model, text, new ReadLimits { MaxSessionValues = 2011 * 200 }).Sequences, Is.EqualTo(200));
        Assert.That(() => Resume(model, text, new ReadLimits { MaxSessionValues = (2011 * 200) - 1 }),
            Throws.TypeOf<ModelFormatException>());
    }

    [Test]
    public void What_a_session_of_small_layers_has_saved_is_read_again()
    {
        var none = new ReadLimits { MaxSessionValues = 0 };
        var stateless = new Sequential([new Dense(2, inputShape: OneFeature)]);
        Assert.That(Resume(stateless, Saved(stateless.OpenSession(200_000)), null).Sequences, Is.EqualTo(200_000));
        Assert.That(Resume(stateless, Saved(stateless.OpenSession()), none).Sequences, Is.EqualTo(1));

        var recurrent = new Sequential([new LSTM(8, returnSequences: true, inputShape: OneFeature), new GRU(8), new Dense(1)]);
        Assert.That(Resume(recurrent, Saved(recurrent.OpenSession(500)), none).Sequences, Is.EqualTo(500));
    }

    [Test]
    public void What_is_counted_is_what_is_taken()
    {
        const int Sequences = 500;
        foreach (Layer layer in (Layer[])
            [
                new Dense(300, inputShape: OneFeature), new SimpleRNN(300, inputShape: OneFeature),
                    new LSTM(300, inputShape: OneFeature),
                new GRU(300, inputShape: OneFeature),
                    new RNN(new StackedRNNCells([new LSTMCell(100), new GRUCell(100)]), inputShape: OneFeature),
                new Dilated(new LSTM(30, returnSequences: true), 10, inputShape: OneFeature),
                    new SLSTM(300, inputShape: OneFeature),
            ])
        {
            var model = new Sequential([layer]);
            long counted = Streams.Streamed(model.Network, () => model.Network).ValuesPerSequence * Sequences * sizeof(Real);
            model.OpenSession();
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.OpenSession(Sequences);
            double ratio = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)counted;
            TestContext.Out.WriteLine($"{layer.Introduction}: {ratio:F2} of what is counted");
            Assert.That(ratio, Is.InRange(0.5, 2), layer.Introduction);
        }
    }

    private static ModelFormatException RefusedAtOnce(Sequential model, string text, ReadLimits? limits)
    {
        Assert.That(() => Resume(model, text, limits), Throws.TypeOf<ModelFormatException>());
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => Resume(model, text, limits))!;
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        return refusal;
    }

    private static StreamingSession Resume(Sequential model, string text, ReadLimits? limits) =>
        model.ResumeSession(new MemoryStream(Encoding.UTF8.GetBytes(text)), limits);

    private static string Saved(StreamingSession session)
    {
        using var stream = new MemoryStream();
        session.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
