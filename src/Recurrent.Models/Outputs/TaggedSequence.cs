namespace Recurrent.Models;

/// <summary>What a model whose last layer is a CRF finds in one sequence.</summary>
/// <param name="Paths">The best sequences of tags, best first: as many as were asked for, or as there are.</param>
/// <param name="Marginals">The probability of each tag at each step by itself, summed over all sequences: (steps, tags). Masked
/// steps are left out.</param>
public sealed record TaggedSequence(IReadOnlyList<TagPath> Paths, NDArray Marginals)
{
    /// <summary>The tags of the best sequence.</summary>
    public IReadOnlyList<string> Tags => Paths[0].Tags;
}

/// <summary>A sequence of tags.</summary>
/// <param name="Tags">The tag of each step.</param>
/// <param name="Indices">The index of each of them.</param>
/// <param name="LogProbability">The logarithm of its probability among all sequences.</param>
public sealed record TagPath(IReadOnlyList<string> Tags, IReadOnlyList<int> Indices, double LogProbability);
