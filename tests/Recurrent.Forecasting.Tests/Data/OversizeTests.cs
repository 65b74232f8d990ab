using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Tests.Data;

/// <summary>Sizes that no array has are refused before any room is made, with the numbers and a way out.</summary>
[TestFixture]
public sealed class OversizeTests
{
    [TestCase(3_000_000, 1000, 24, "2998977 windows of 1000 steps of 1 feature would hold 2998977000 values")]
    [TestCase(3_000_000, 24, 1000, "2998977 targets of 1000 steps would hold 2998977000 values")]
    [TestCase(1_500_000, 750_000, 1, "750000 windows of 750000 steps of 1 feature would hold 562500000000 values")]
    public void Windows(int steps, int lookback, int horizon, string message) => Assert.That(
        () => SlidingWindows.Create(new NDArray(steps), lookback, horizon),
        Throws.ArgumentException.With.Message.StartsWith(message).And.Message.Contains("larger stride"));

    [Test]
    public void Windows_with_a_larger_stride_fit() =>
        Assert.That(SlidingWindows.Create(new NDArray(300_000), 1000, 24, stride: 1000).X.Shape,
            Is.EqualTo(new[] { 299, 1000, 1 }));

    [Test]
    public void Padding()
    {
        int[][] ids = [[1], [2], [3]];
        Assert.Multiple(() =>
        {
            Assert.That(
                () => PadSequences.Create(ids, maxlen: 1 << 30),
                Throws.ArgumentException.With.Message.StartsWith(
                "3 sequences padded to 1073741824 steps, shape (3, 1073741824), would hold 3221225472 values")
                    .And.Message.Contains("smaller maxlen"));
            Assert.That(() => PadSequences.Create([new NDArray(1, 7)], maxlen: 1 << 30),
                Throws.ArgumentException.With.Message.Contains("shape (1, 1073741824, 7)"));
            Assert.That(() => PadSequences.Create([[16777217]]),
                Throws.ArgumentException.With.Message.StartsWith("Integer 0 is 16777217"));
        });
    }

    [TestCase(1431655766)]
    [TestCase(int.MaxValue)]
    [TestCase(715827883)]
    public void States(int sequences)
    {
        var model = new Sequential([new LSTM(3, inputShape: (4, 2)), new Dense(1)]);
        Assert.That(
            () => model.ZeroState(sequences),
            Throws.ArgumentException.With.Message.Contains($"a state of 3 values for each sample, and there are {sequences}"));
    }

    [Test]
    public void Batches() => Assert.That(
        () => new SequenceBatch(new Shape(1000, 1000), 3000),
        Throws.ArgumentException.With.Message.StartsWith(
        "A batch of 3000 samples of shape (batch, 1000, 1000) would hold 3000000000 values"));

    [Test]
    public void Shapes_of_samples()
    {
        Assert.That(() => new Shape(65536, 65536).Size,
            Throws.ArgumentException.With.Message.StartsWith("A sample of shape (batch, 65536, 65536) has more values"));
        Assert.That(() => new Shape(65536, 65536, 1).Steps, Throws.ArgumentException);
        Assert.That(() => new Sequential([new Input((65536, 65536)), new Flatten()]),
            Throws.ArgumentException.With.Message.Contains("has more values"));
        Assert.That(new Shape(46340, 46340).Size, Is.EqualTo(46340 * 46340));
    }

    [Test]
    public void Places_that_are_not_there() => Assert.Multiple(() =>
    {
        var series = new TimeSeries("a", [1]);
        Assert.That(() => series[1],
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Series 'a' has 1 values, and none at 1"));
        Assert.That(() => series[^2], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => series.Slice(1, int.MaxValue),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Places 1 to 2147483648"));
        Assert.That(() => series.HoldOut(1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("takes at least 2"));
        Assert.That(() => new RaggedSequences([new NDArray(2)])[1], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new StackedRNNCells(new LSTMCell(2), null!),
            Throws.ArgumentException.With.Message.StartsWith("cells[1] is null"));
        Assert.That(series.ToString(), Is.EqualTo("a: 1 value"));
    });
}
