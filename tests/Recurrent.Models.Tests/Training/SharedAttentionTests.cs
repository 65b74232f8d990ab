using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Heads of attention and its projections that several threads share, where few samples are predicted.</summary>
[TestFixture]
public sealed class SharedAttentionTests
{
    private const int Steps = 70;
    private const int Features = 48;

    [Test]
    public void Predictions_have_the_same_bits_on_any_number_of_threads(
        [Values(1, 2)] int samples, [Values(1, 3, 6)] int keyHeads, [Values] bool masked)
    {
        float[] expected = Predict(samples, keyHeads, masked, threads: 1);
        Assert.That(expected, Has.Some.Not.Zero);
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.That(Predict(samples, keyHeads, masked, threads), Is.EqualTo(expected));
        }
    }

    private static float[] Predict(int samples, int keyHeads, bool masked, int threads)
    {
        Symbol x = new Input((Steps, Features)).Output;
        Symbol seen = masked ? new Masking().Call(x) : x;
        Symbol y = new GroupedQueryAttention(16, numQueryHeads: 6, numKeyValueHeads: keyHeads).Call(seen, seen);
        var model = new Model(x, y, seed: 4) { MaxDegreeOfParallelism = threads };
        var data = new NDArray(samples, Steps, Features);
        for (int i = 0; i < data.Values.Length; i++)
        {
            // The last steps of each sample are padding.
            data.Values[i] = i / Features % Steps < 60 ? MathF.Sin(i) : 0;
        }

        return model.Predict(data).Values;
    }
}
