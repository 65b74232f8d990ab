using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A layer that works step by step by what it keeps of every step before: a state that grows with the sequence.
/// </summary>
internal interface ICaching
{
    /// <summary>
    /// What each part of a step is called: <c>keys</c>, <c>values</c>, and last <c>mask</c>, 1 where the step holds data.
    /// </summary>
    IReadOnlyList<string> CacheNames { get; }

    /// <summary>Number of values of each part of a step.</summary>
    /// <param name="inputs">Shape of a sample of each input.</param>
    IReadOnlyList<int> CacheSizes(IReadOnlyList<Shape> inputs);

    /// <summary>The input whose steps are kept; where that is given once, nothing is.</summary>
    int CachedInput { get; }

    /// <summary>One of the parts as a continuing pass has it, shape (samples, steps, size).</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="part">Which of them.</param>
    NDArray ReadCache(Pass pass, int part);

    /// <summary>Takes what <see cref="ReadCache"/> has given, in place of what the pass has.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="parts">All parts.</param>
    void WriteCache(Pass pass, ReadOnlySpan<NDArray> parts);

    /// <summary>Gives each sample of a pass what another one has kept: sample i goes on from sample <c>samples[i]</c>.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="samples">For each sample, the one it goes on from.</param>
    void SelectCache(Pass pass, ReadOnlySpan<int> samples);
}
