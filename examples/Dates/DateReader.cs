using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Optimizers;
using Recurrent.Text;

namespace Recurrent.Examples.Dates;

/// <summary>
/// A network that reads a written date and writes its eight digits, one after the other. With attention it looks at the letters
/// while it writes, else it knows what the encoder knows at the end of the text.
/// </summary>
internal sealed class DateReader
{
    private const int BatchSize = 32;
    private static readonly CharacterTokenizer Letters = new(WrittenDate.Letters.Select(letter => letter.ToString()));
    private static readonly CharacterTokenizer Digits = new(Enumerable.Range(0, 10).Select(digit => $"{digit}"));
    private readonly Seq2Seq reader;

    internal DateReader(int units, bool attention, int seed) => reader = Seq2Seq.Recurrent(
        Letters,
        Digits,
        2 * units,
        attention: attention ? SequenceAttention.Luong : SequenceAttention.None,
        cell: size => new GRUCell(size),
        embeddingDim: 24,
        maxLength: WrittenDate.Asked.Length,
        seed: seed);

    /// <summary>Number of weights.</summary>
    internal long Weights => reader.TrainingModel.ParameterCount;

    /// <summary>Trains on dates.</summary>
    internal void Train(WrittenDate[] dates, int epochs)
    {
        int updates = epochs * ((dates.Length + BatchSize - 1) / BatchSize);
        reader.Compile(new Adam(new CosineDecay(0.004, updates), globalClipNorm: 1));
        reader.Fit(
            [.. dates.Select(date => date.Text)],
            [.. dates.Select(date => date.Answer)],
            epochs,
            BatchSize,
            verbose: Verbosity.Silent);
    }

    /// <summary>The digits that the network writes, for each date.</summary>
    internal string[] Answer(WrittenDate[] dates) => reader.Translate([.. dates.Select(date => date.Text)]);

    /// <summary>How much was looked at each letter when a digit was written, shape (dates, 8, letters).</summary>
    internal NDArray Look(WrittenDate[] dates)
    {
        var scores = new NDArray(dates.Length, WrittenDate.Asked.Length, WrittenDate.Steps);
        for (int i = 0; i < dates.Length; i++)
        {
            NDArray weights = reader.Align(dates[i].Text, dates[i].Answer).Weights;
            for (int digit = 0; digit < WrittenDate.Asked.Length; digit++)
            {
                for (int letter = 0; letter < dates[i].Text.Length; letter++)
                {
                    scores[i, digit, letter] = weights[digit, letter];
                }
            }
        }

        return scores;
    }
}
