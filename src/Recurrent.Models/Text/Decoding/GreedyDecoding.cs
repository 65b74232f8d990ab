using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Takes the most likely token at each step: <c>y_t = argmax p(y | y_1 … y_{t−1})</c>; of equally likely ones the
/// first.
/// </summary>
public sealed class GreedyDecoding : Decoding
{
    /// <summary>Creates it.</summary>
    /// <param name="minLength">The least number of tokens; default 0.</param>
    /// <param name="maxLength">The greatest number of tokens, without the end token; null (the default): what the model allows,
    /// or 256.</param>
    /// <param name="repetitionPenalty">
    /// What the log-probability of a token that has come already (in the prompt too) is multiplied by: above 1 it becomes less
    /// likely; default 1, which changes nothing (Keskar et al., "CTRL", 2019, here on log-probabilities, so that it does not
    /// depend on a constant in the logits).
    /// </param>
    /// <param name="allow">Which tokens may come next; null (the default) allows all.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public GreedyDecoding(int minLength = 0, int? maxLength = null, double repetitionPenalty = 1, TokenRule? allow = null)
        : base(new OptionCheck(nameof(GreedyDecoding)), minLength, maxLength, repetitionPenalty, allow)
    {
    }

    internal override int Width => 1;

    internal override DecodedSequence[][] Run(DecoderRun run) => SingleRun.Of(run, this, (scores, _, _) => scores.MostLikely());
}
