using Recurrent.Models;

namespace Recurrent.Tests;

/// <summary>Weights of models, to the bit.</summary>
internal static class WeightAssert
{
    /// <summary>Requires two models to have the same weights. Faster with large arrays than a constraint.</summary>
    internal static void AreSame(Model model, Model expected)
    {
        IReadOnlyList<NDArray> own = model.GetWeights();
        IReadOnlyList<NDArray> others = expected.GetWeights();
        Assert.That(own, Has.Count.EqualTo(others.Count));
        for (int i = 0; i < own.Count; i++)
        {
            Assert.That(own[i].Values.AsSpan().SequenceEqual(others[i].Values), Is.True, $"array {i}");
        }
    }
}
