using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Benchmarks;

/// <summary>Writing sequences: G1, greedy for 32 sentences; B1, a beam of 4 for each; and a text, character by
/// character.</summary>
internal static class DecodingBenchmark
{
    /// <summary>Characters of a run.</summary>
    public const int Characters = 20_000;

    /// <summary>G1 or B1: milliseconds for all sentences, encoders included.</summary>
    public static Measurement Measure(string name, int threads, int repeat)
    {
        Sizes sizes = Sizes.Of(name);
        var words = new WordTokenizer(Enumerable.Range(0, sizes.Outputs - 4).Select(word => $"w{word}"));
        Seq2Seq model = Seq2Seq.Recurrent(
            words, words, units: 128, bidirectional: false, attention: SequenceAttention.LuongDot, embeddingDim: sizes.Features);
        foreach (Model part in (Model[])[model.TrainingModel, model.EncoderModel, model.DecoderModel])
        {
            part.MaxDegreeOfParallelism = threads;
        }

        var random = new SeededRandom(1);
        var sources = new int[sizes.Samples][];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = new int[sizes.Steps - sizes.DecoderSteps];
            for (int t = 0; t < sources[i].Length; t++)
            {
                sources[i][t] = 4 + random.NextInt(sizes.Outputs - 4);
            }
        }

        // As many tokens for each, whatever the weights.
        Decoding how = sizes.Beam > 1
            ? new BeamSearch(sizes.Beam, minLength: sizes.DecoderSteps, maxLength: sizes.DecoderSteps)
            : new GreedyDecoding(sizes.DecoderSteps, sizes.DecoderSteps);
        void Run() => model.Decode(sources, how);
        Timing.WarmUp(Run);
        Timing time = Timing.Of(Run, repeat, seconds: 0.5);
        return new(
            "decode", name, threads,
            new("median_ms", time.Median, "ms in the median"),
            new("min_ms", time.Min, "ms at best"),
            new("max_ms", time.Max, "ms at worst"));
    }

    /// <summary>Characters a second of LSTM(128) over 65 characters on one core, sampled, and the bytes that each
    /// allocates.</summary>
    public static Measurement Generation()
    {
        var letters = new CharacterTokenizer(
            Enumerable.Range(0, 65).Select(letter => ((char)(' ' + letter)).ToString()), SpecialTokens.None);
        LanguageModel model = LanguageModel.Recurrent(letters, 128, embeddingDim: 32);
        TextGenerator writer = model.OpenGenerator(new SamplingDecoding(temperature: 0.8));
        writer.Read("A");
        Timing.WarmUp(Run);
        Timing time = Timing.Of(Run, 10);
        return new(
            "decode", "LSTM(128), characters", null,
            new("median_per_second", 1000 * Characters / time.Median, "characters a second in the median"),
            new("best_per_second", 1000 * Characters / time.Min, "characters a second at best"),
            new("bytes_per_character", (double)Memory.Allocated(Run) / Characters, "bytes a character"));

        void Run()
        {
            for (int i = 0; i < Characters; i++)
            {
                writer.NextToken();
            }
        }
    }
}
