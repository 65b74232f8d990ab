using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>How a sequence is written token by token: <see cref="GreedyDecoding"/>, <see cref="SamplingDecoding"/> or
/// <see cref="BeamSearch"/>. The same objects serve language models, <c>Seq2Seq</c> and any model that steps.</summary>
public abstract class Decoding
{
    /// <summary>The greatest length where neither the decoding nor the model says one.</summary>
    internal const int DefaultMaxLength = 256;

    private protected Decoding(OptionCheck check, int minLength, int? maxLength, double repetitionPenalty, TokenRule? allow)
    {
        check
            .Require(minLength >= 0, FormattableString.Invariant($"minLength must be at least 0, but is {minLength}"),
                "minLength")
            .Require(maxLength is null or >= 1, FormattableString.Invariant($"maxLength must be at least 1, but is {maxLength}"),
                "maxLength")
            .Require(maxLength is null || minLength <= maxLength, FormattableString.Invariant(
                $"minLength must not be above maxLength, but they are {minLength} and {maxLength}"), "minLength")
            .Above("repetitionPenalty", repetitionPenalty, 0)
            .ThrowIfAny();
        MinLength = minLength;
        MaxLength = maxLength;
        RepetitionPenalty = repetitionPenalty;
        Allow = allow;
    }

    /// <summary>How many tokens there are at least before the end token.</summary>
    public int MinLength { get; }

    /// <summary>How many tokens there are at most, without the end token; null leaves it to the model.</summary>
    public int? MaxLength { get; }

    /// <summary>What the log-probability of a token that has come already is multiplied by; 1 changes nothing.</summary>
    public double RepetitionPenalty { get; }

    /// <summary>Which tokens may come next; null allows all.</summary>
    public TokenRule? Allow { get; }

    /// <summary>How many sequences side by side one source takes.</summary>
    internal abstract int Width { get; }

    /// <summary>Writes a continuation of each of the sequences of a run.</summary>
    /// <returns>For each source its results, the best one first.</returns>
    internal abstract DecodedSequence[][] Run(DecoderRun run);
}
