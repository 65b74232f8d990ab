using Recurrent.Random;
using Recurrent.Streaming;

namespace Recurrent.Text;

/// <summary>
/// Before each update, lets the decoder write some of the tokens that it will read: step by step, with the weights it has then.
/// </summary>
internal sealed class ScheduledSampling(Seq2Seq owner, SequencePairs pairs, TeacherForcing schedule)
{
    private readonly NDArray[] gold = [.. pairs.Inputs.Select(input => new NDArray(input.Shape, [.. input.Values]))];

    private readonly int[] never = owner.NeverWritten;

    /// <summary>Writes the inputs of the samples of a batch.</summary>
    public void Prepare(ReadOnlyMemory<int> batch)
    {
        long update = owner.TrainingModel.Progress.Steps;
        double ratio = schedule.Ratio(update);
        int[] samples = batch.ToArray();
        foreach (int sample in samples)
        {
            gold[sample].Values.CopyTo(pairs.Inputs[sample].Values, 0);
        }

        if (ratio < 1)
        {
            Write(samples, ratio, SeededRandom.Key((ulong)owner.TrainingModel.Seed ^ 0x5343484544UL, (ulong)update));
        }
    }

    private void Write(int[] samples, double ratio, ulong key)
    {
        object[] encoded = owner.EncoderModel.PredictOutputs(
            new RaggedSequences(samples.Select(sample => pairs.Sources[sample])), samples.Length, default);
        int steps = samples.Max(sample => pairs.Inputs[sample].Size);
        StreamingSession session = owner.DecoderModel.OpenSession(
            samples.Length, owner.Parts.Start(encoded), capacity: steps);
        int count = session.OutputFeatures;
        for (int t = 0; t + 1 < steps; t++)
        {
            Span<Real> input = session.Input(0);
            for (int i = 0; i < samples.Length; i++)
            {
                Real[] own = pairs.Inputs[samples[i]].Values;
                input[i] = own[Math.Min(t, own.Length - 1)];
            }

            session.Advance();
            ReadOnlySpan<Real> scores = session.Output(0);
            for (int i = 0; i < samples.Length; i++)
            {
                Real[] own = pairs.Inputs[samples[i]].Values;
                double coin = new SeededRandom(
                    SeededRandom.Key(SeededRandom.Key(key, (ulong)samples[i]), (ulong)t)).NextDouble();
                if (t + 1 < own.Length && coin >= ratio)
                {
                    own[t + 1] = MostLikely(scores.Slice(i * count, count));
                }
            }
        }
    }

    /// <summary>The token that decoding would write: none of those that are never written, and of equal ones the first.</summary>
    private int MostLikely(ReadOnlySpan<Real> scores)
    {
        int best = -1;
        for (int token = 0; token < scores.Length; token++)
        {
            if ((best < 0 || scores[token] > scores[best]) && !never.Contains(token))
            {
                best = token;
            }
        }

        return best;
    }
}
