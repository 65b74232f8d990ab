using Recurrent.Activations;

namespace Recurrent.Tests.Activations;

/// <summary>Every activation, forward and backward, over the whole range.</summary>
public sealed class ActivationRangeTests
{
    private static readonly Real[] Sizes =
        [0, 1e-45f, 1e-38f, 1e-20f, 1e-7f, 1, 19.9f, 20.1f, 88, 104, 1e4f, 1e19f, 1e20f, 1e30f, 3e38f];

    private static IEnumerable<string> Names => ActivationNames.Registry.Names;

    [TestCaseSource(nameof(Names))]
    public void Finite_arguments_give_numbers(string name)
    {
        ActivationFunction function = ActivationNames.Registry.Create(name);
        foreach (Real x in Sizes.SelectMany(size => new[] { size, -size }))
        {
            foreach (int rows in new[] { 1, 3 })
            {
                Real[] column = rows == 1 ? [x] : [x, 1, -x];
                var y = new Real[rows];
                Real[] dy = [.. Enumerable.Repeat((Real)1, rows)];
                function.Forward(column, y, rows);
                function.Backward(column, y, dy, dy, rows);
                bool grows = name is "exponential" || (name is "selu" or "log_softmax" && Math.Abs(x) > 1e38);
                Assert.That(y, grows ? Has.None.NaN : Is.All.Matches<Real>(Real.IsFinite), $"f({x}), {rows} rows");
                Assert.That(dy, grows ? Has.None.NaN : Is.All.Matches<Real>(Real.IsFinite), $"f'({x}), {rows} rows");
            }
        }
    }

    [Test]
    public void Sparsemax_bears_many_large_entries()
    {
        Real[] x = [(Real)3e38, .. Enumerable.Repeat((Real)(-1e38), 20)];
        var y = new Real[x.Length];
        new Sparsemax().Forward(x, y, x.Length);
        Assert.That(y, Is.EqualTo(new Real[] { 1 }.Concat(new Real[20])));
    }
}
