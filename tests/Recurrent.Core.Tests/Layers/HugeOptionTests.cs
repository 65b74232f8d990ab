using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Metrics;
using Recurrent.Parameters;
using Recurrent.Regularizers;

namespace Recurrent.Tests.Layers;

/// <summary>Sizes and numbers far too large are refused in words, with the sizes and a way out, before room is made.</summary>
public sealed class HugeOptionTests
{
    private static IEnumerable<TestCaseData> Calls
    {
        get
        {
            TestCaseData Case(string name, Action call) => new TestCaseData(call).SetArgDisplayNames(name);
            yield return Case("parameter", () => _ = new Parameter("w", [65536, 65536]));
            yield return Case("parameter of three axes", () => _ = new Parameter("w", [65536, 65536, 65536, 65536]));
            yield return Case("dense", () => new Dense(int.MaxValue).Build(100, 0));
            yield return Case("lstm", () => new LSTM(1_000_000_000).Build((10, 3), 0));
            yield return Case("wide gates", () => new LSTM(600_000_000).Build((10, 1), 0));
            yield return Case("gru", () => new GRU(int.MaxValue).Build((10, 3), 0));
            yield return Case("embedding", () => new Embedding(int.MaxValue, 4).Build(10, 0));
            yield return Case("peepholes", () => new PeepholeLSTM(40_000).Build((10, 3), 0));
            yield return Case("convolution", () => new ConvLSTM1D(4, 3, dilationRate: int.MaxValue).Build(new(5, 20, 2), 0));
            yield return Case("thresholds", () => _ = new AUC(2_000_000_000));
            yield return Case("constant", () => _ = new Constant(1e39));
            yield return Case("normal", () => _ = new RandomNormal(stddev: 1e300));
            yield return Case("penalty", () => _ = new L2(1e39));
        }
    }

    [TestCaseSource(nameof(Calls))]
    public void Huge_options_are_refused_in_words(Action call)
    {
        Exception? exception = Assert.Catch(() => call());
        Assert.That(exception, Is.InstanceOf<ArgumentException>());
        Assert.That(exception!.Message, Has.Length.GreaterThan(40));
    }
}
