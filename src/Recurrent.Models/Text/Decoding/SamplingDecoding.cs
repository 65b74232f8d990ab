using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Draws each token: <c>p'(y) ∝ p(y)^(1/temperature)</c> among the tokens that the cuts leave.</summary>
/// <remarks>
/// Tokens are cut by <c>topK</c> first (Fan et al., 2018), then by <c>topP</c>, the smallest set of the most likely ones whose
/// probabilities reach it (nucleus sampling: Holtzman et al., 2020), both after the temperature. Draws follow from the seed,
/// the sequence's own prompt or source, the number of the sample and the step, so a sequence gets the same tokens whatever
/// else is in its batch, on any number of threads.
/// </remarks>
public sealed class SamplingDecoding : Decoding
{
    /// <summary>Creates it.</summary>
    /// <param name="temperature">Above 1 flatter, below 1 sharper; above 0, default 1.</param>
    /// <param name="topK">Only so many of the most likely tokens are drawn from; null (the default) is all.</param>
    /// <param name="topP">Only the most likely tokens that together have this probability are drawn from, above 0 and at most
    /// 1;
    /// default 1, all.</param>
    /// <param name="samples">How many sequences are drawn for each prompt or source; default 1.</param>
    /// <param name="minLength">The least number of tokens; default 0.</param>
    /// <param name="maxLength">The greatest number of tokens, without the end token; null (the default): what the model allows,
    /// or 256.</param>
    /// <param name="repetitionPenalty">See <see cref="GreedyDecoding"/>; default 1.</param>
    /// <param name="seed">Where the draws come from; default 0.</param>
    /// <param name="allow">Which tokens may come next; null (the default) allows all.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SamplingDecoding(
        double temperature = 1,
        int? topK = null,
        double topP = 1,
        int samples = 1,
        int minLength = 0,
        int? maxLength = null,
        double repetitionPenalty = 1,
        int seed = 0,
        TokenRule? allow = null)
        : base(
            new OptionCheck(nameof(SamplingDecoding))
                .Above(nameof(temperature), temperature, 0)
                .Positive(nameof(topK), topK ?? 1)
                .Require(topP is > 0 and <= 1, FormattableString.Invariant(
                    $"topP must be above 0 and at most 1, but is {topP}"), nameof(topP))
                .Positive(nameof(samples), samples),
            minLength, maxLength, repetitionPenalty, allow)
    {
        Temperature = temperature;
        TopK = topK;
        TopP = topP;
        Samples = samples;
        Seed = seed;
    }

    /// <summary>Above 1 flatter, below 1 sharper.</summary>
    public double Temperature { get; }

    /// <summary>How many of the most likely tokens are drawn from; null is all.</summary>
    public int? TopK { get; }

    /// <summary>How much probability the tokens that are drawn from have together.</summary>
    public double TopP { get; }

    /// <summary>How many sequences are drawn for each prompt or source.</summary>
    public int Samples { get; }

    /// <summary>Where the draws come from.</summary>
    public int Seed { get; }

    internal override int Width => Samples;

    internal override DecodedSequence[][] Run(DecoderRun run) =>
        SingleRun.Of(run, this, (scores, row, step) => Draw(scores, StreamOf(run.KeyOf(row / Samples), row % Samples), step));

    /// <summary>The stream of random numbers of one sample of one source.</summary>
    internal ulong StreamOf(ulong source, int sample) =>
        SeededRandom.Key(SeededRandom.Key((ulong)Seed, source), (ulong)sample);

    /// <summary>Draws a token.</summary>
    internal int Draw(TokenScores scores, ulong stream, int step) =>
        scores.Draw(Temperature, TopK, TopP, new SeededRandom(SeededRandom.Key(stream, (ulong)step)).NextDouble());
}
