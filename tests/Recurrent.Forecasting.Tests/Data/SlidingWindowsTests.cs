using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class SlidingWindowsTests
{
    [Test]
    public void Inputs_come_before_their_targets()
    {
        var windows = SlidingWindows.Create(new double[] { 0, 1, 2, 3, 4, 5 }, lookback: 3, horizon: 2);
        Assert.Multiple(() =>
        {
            Assert.That(windows.X.Shape, Is.EqualTo(new[] { 2, 3, 1 }));
            Assert.That(windows.X.Values, Is.EqualTo(new[] { 0, 1, 2, 1, 2, 3 }));
            Assert.That(windows.Y.Shape, Is.EqualTo(new[] { 2, 2 }));
            Assert.That(windows.Y.Values, Is.EqualTo(new[] { 3, 4, 4, 5 }));
            Assert.That(windows.Ends, Is.EqualTo(new[] { 2, 3 }));
        });
    }

    [Test]
    public void Several_features_and_a_target_of_its_own()
    {
        double[,] features = { { 0, 10 }, { 1, 11 }, { 2, 12 }, { 3, 13 } };
        (NDArray x, NDArray y) = SlidingWindows.Create(features, lookback: 2, horizon: 1, target: new double[] { 5, 6, 7, 8 });
        Assert.Multiple(() =>
        {
            Assert.That(x.Shape, Is.EqualTo(new[] { 2, 2, 2 }));
            Assert.That(x.Values, Is.EqualTo(new[] { 0, 10, 1, 11, 1, 11, 2, 12 }));
            Assert.That(y.Values, Is.EqualTo(new[] { 7, 8 }));
        });
    }

    [Test]
    public void Without_a_target_the_first_feature_is_forecast()
    {
        double[,] features = { { 0, 10 }, { 1, 11 }, { 2, 12 } };
        Assert.That(SlidingWindows.Create(features, 1, 2).Y.Values, Is.EqualTo(new[] { 1, 2 }));
    }

    [TestCase(10, 3, 2, 1, 6)]
    [TestCase(10, 3, 2, 2, 3)]
    [TestCase(10, 3, 2, 5, 2)]
    [TestCase(10, 3, 2, 6, 1)]
    [TestCase(5, 3, 2, 1, 1)]
    public void As_many_windows_as_fit(int time, int lookback, int horizon, int stride, int count) => Assert.That(
        SlidingWindows.Create(new double[time], lookback, horizon, stride).Ends, Has.Count.EqualTo(count));

    [Test]
    public void The_last_window_ends_with_the_series()
    {
        NDArray last = SlidingWindows.Last(new double[,] { { 0, 10 }, { 1, 11 }, { 2, 12 } }, lookback: 2);
        Assert.That(last.Shape, Is.EqualTo(new[] { 1, 2, 2 }));
        Assert.That(last.Values, Is.EqualTo(new[] { 1, 11, 2, 12 }));
    }

    [Test]
    public void Everything_that_is_wrong_is_said_at_once() => Assert.Multiple(() =>
    {
        Assert.That(
            () => SlidingWindows.Create(new double[9], lookback: 0, horizon: -1, stride: 0),
            Throws.ArgumentException.With.Message.Contains("lookback must be at least 1").And.Message.Contains(
            "horizon must").And.Message.Contains("stride must"));
        Assert.That(
            () => SlidingWindows.Create(new double[9], lookback: 8, horizon: 2),
            Throws.ArgumentException.With.Message.Contains("a series of 9 steps holds no window of 8 + 2 steps"));
        Assert.That(
            () => SlidingWindows.Create(new double[9], 2, 2, target: new double[8]),
            Throws.ArgumentException.With.Message.Contains("9 steps, but the target has 8"));
        Assert.That(() => SlidingWindows.Last(new double[9], 10),
            Throws.ArgumentException.With.Message.Contains("shorter than a window of 10"));
        Assert.That(() => SlidingWindows.Create(new double[2, 2, 2], 1, 1),
            Throws.ArgumentException.With.Message.Contains("rank is 3"));
    });
}
