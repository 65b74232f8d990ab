using System.Globalization;
using Recurrent.Random;

namespace Recurrent.Text;

/// <summary>A long text as arrays: what comes in, and one token later what is to come out.</summary>
internal sealed class TextWindows
{
    private readonly int[] ids;
    private readonly int steps;
    private readonly ulong seed;
    private readonly int batchSize;

    /// <summary>Cuts a text.</summary>
    /// <param name="ids">Its tokens.</param>
    /// <param name="batchSize">Rows of a batch.</param>
    /// <param name="steps">Tokens of a window.</param>
    /// <param name="carried">Whether rows are long pieces of the text, or windows at random places.</param>
    /// <param name="seed">Where the places come from.</param>
    /// <exception cref="ArgumentException">The text is too short.</exception>
    public TextWindows(int[] ids, int batchSize, int steps, bool carried, ulong seed)
    {
        this.ids = ids;
        this.seed = seed;
        this.batchSize = batchSize;
        int rows = carried ? batchSize : (ids.Length - 1) / steps;
        this.steps = carried ? (ids.Length - 1) / batchSize : steps;
        if (rows < 1 || this.steps < 1)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The text has {ids.Length} tokens, which are too few: "
                + $"{(carried ? $"{batchSize} pieces side by side" : "a window")} "
                + $"{(carried ? "and one token more" : $"of {steps} and one more")} are needed. Give a longer text, or a smaller "
                + $"{(carried ? "batchSize" : "steps")}."));
        }

        X = new NDArray(rows, this.steps);
        Y = new NDArray(rows, this.steps, 1);
        for (int row = 0; row < rows; row++)
        {
            Write(row, row * this.steps);
        }
    }

    public NDArray X { get; }

    public NDArray Y { get; }

    /// <summary>Writes windows at random places to the rows of a batch: of each update others, however often training was
    /// broken off before it.</summary>
    /// <param name="samples">The rows.</param>
    /// <param name="update">Which update of the model they are for.</param>
    public void Prepare(ReadOnlyMemory<int> samples, long update)
    {
        ulong drawn = (ulong)update * (ulong)batchSize;
        foreach (int row in samples.Span)
        {
            var random = new SeededRandom(SeededRandom.Key(seed ^ 0x57494E444F57UL, drawn++));
            Write(row, random.NextInt(ids.Length - steps));
        }
    }

    private void Write(int row, int start)
    {
        for (int t = 0; t < steps; t++)
        {
            X.Values[(row * steps) + t] = ids[start + t];
            Y.Values[(row * steps) + t] = ids[start + t + 1];
        }
    }
}
