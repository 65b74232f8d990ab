using Recurrent.Random;

namespace Recurrent.Examples.AddingProblem;

/// <summary>
/// The adding problem (Hochreiter and Schmidhuber 1997): each step shows a number from 0 to 1 and a mark. Two steps are marked,
/// one in each half; the answer, asked for at the end, is the sum of their numbers.
/// </summary>
/// <param name="X">Numbers and marks, shape (sequences, steps, 2).</param>
/// <param name="Y">Sums, shape (sequences, 1).</param>
internal sealed record AddingSequences(NDArray X, NDArray Y)
{
    /// <summary>Mean squared error of always answering 1: the variance of a sum of two numbers uniform on [0, 1).</summary>
    internal const double Ignorance = 1.0 / 6;

    internal static AddingSequences Draw(int count, int steps, ref SeededRandom random)
    {
        var x = new NDArray(count, steps, 2);
        var y = new NDArray(count, 1);
        for (int i = 0; i < count; i++)
        {
            for (int t = 0; t < steps; t++)
            {
                x[i, t, 0] = (float)random.NextDouble();
            }

            int half = steps / 2;
            int first = random.NextInt(half);
            int second = half + random.NextInt(steps - half);
            x[i, first, 1] = 1;
            x[i, second, 1] = 1;
            y[i, 0] = x[i, first, 0] + x[i, second, 0];
        }

        return new(x, y);
    }
}
