using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Follows the most likely beginnings side by side, and takes the best of those that end.</summary>
/// <remarks>
/// <para>
/// At each step every beginning is continued by every token, and the <c>width</c> continuations of greatest
/// <c>Σ log p</c> go on; an end token among them ends its sequence. It stops when <c>width</c> have ended, or earlier where
/// none that goes on can get among the <c>best</c>; at the greatest length the rest is cut. Ended sequences rank before cut
/// ones, then by <c>score = Σ log p / length^lengthPenalty</c>, the end token counted in the length. A width of 1 is greedy
/// decoding; one of at least the number of all sequences is exhaustive search. Of equal continuations the earlier beginning
/// and the smaller token comes first.
/// </para>
/// <para>
/// With <c>groups</c> (diverse beam search: Vijayakumar et al., 2018) the width is split; groups choose one after the other,
/// and each ranks its continuations by <c>Σ log p − diversity · n</c>, where n is how often groups before it chose the same
/// token at this step. Scores are without it. A group in which no token may come is left out.
/// </para>
/// </remarks>
public sealed class BeamSearch : Decoding
{
    /// <summary>Creates it.</summary>
    /// <param name="width">How many beginnings go on; default 4.</param>
    /// <param name="lengthPenalty">The power of the length that scores are divided by: 0 not at all, which favours short
    /// sequences; 1 (the default) ranks by the mean of log p.</param>
    /// <param name="best">How many results there are for each source, at most <paramref name="width"/>, or fewer where no more
    /// are found; default 1.</param>
    /// <param name="groups">Into how many groups the width is split, a divisor of it; default 1.</param>
    /// <param name="diversity">What each choice of the same token by an earlier group costs; at least 0; default 0.5, without
    /// effect where there is one group.</param>
    /// <param name="minLength">The least number of tokens; default 0.</param>
    /// <param name="maxLength">The greatest number of tokens, without the end token; null (the default): what the model allows,
    /// or 256.</param>
    /// <param name="repetitionPenalty">See <see cref="GreedyDecoding"/>; default 1.</param>
    /// <param name="allow">Which tokens may come next; null (the default) allows all.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public BeamSearch(
        int width = 4,
        double lengthPenalty = 1,
        int best = 1,
        int groups = 1,
        double diversity = 0.5,
        int minLength = 0,
        int? maxLength = null,
        double repetitionPenalty = 1,
        TokenRule? allow = null)
        : base(
            new OptionCheck(nameof(BeamSearch))
                .Positive(nameof(width), width)
                .AtLeast(nameof(lengthPenalty), lengthPenalty, 0)
                .Positive(nameof(best), best)
                .Require(best <= Math.Max(1, width), FormattableString.Invariant(
                    $"best must be at most width, {width}, but is {best}"), nameof(best))
                .Positive(nameof(groups), groups)
                .Require(groups < 1 || width < 1 || width % groups == 0, FormattableString.Invariant(
                    $"width must be a multiple of groups, but {width} is none of {groups}"), nameof(groups))
                .AtLeast(nameof(diversity), diversity, 0),
            minLength, maxLength, repetitionPenalty, allow)
    {
        BeamWidth = width;
        LengthPenalty = lengthPenalty;
        Best = best;
        Groups = groups;
        Diversity = diversity;
    }

    /// <summary>How many beginnings go on.</summary>
    public int BeamWidth { get; }

    /// <summary>The power of the length that scores are divided by.</summary>
    public double LengthPenalty { get; }

    /// <summary>How many results there are for each source.</summary>
    public int Best { get; }

    /// <summary>Into how many groups the width is split.</summary>
    public int Groups { get; }

    /// <summary>What each choice of the same token by an earlier group costs.</summary>
    public double Diversity { get; }

    internal override int Width => BeamWidth;

    internal override DecodedSequence[][] Run(DecoderRun run) => new BeamRun(run, this).Run();
}
