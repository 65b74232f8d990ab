namespace Recurrent.Tests;

/// <summary>Pairs for comparison: unlike <c>Zip</c>, which ends with the shorter list, none of either may be missing.</summary>
internal static class Pairing
{
    /// <summary>The pairs of two lists, which must be equally long.</summary>
    internal static IEnumerable<(TFirst First, TSecond Second)> PairedWith<TFirst, TSecond>(
        this IEnumerable<TFirst> first, IEnumerable<TSecond> second)
    {
        TFirst[] firsts = [.. first];
        TSecond[] seconds = [.. second];
        Assert.That(firsts, Has.Length.EqualTo(seconds.Length), "as many of one as of the other");
        return firsts.Zip(seconds);
    }
}
