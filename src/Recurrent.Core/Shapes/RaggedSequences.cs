using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Recurrent;

/// <summary>
/// Sequences of unequal length, one array for each sample: (timesteps, features) or, for ids, (timesteps). What a model takes and
/// gives where samples do not fit in one <see cref="NDArray"/>. Also targets and weights, one array for each sample.
/// </summary>
/// <remarks>
/// It converts implicitly from lists of arrays, from lists of ids (<c>int[][]</c>), and from arrays whose first axis counts
/// samples. Arrays that are given are not copied; they must not change while a model works on them.
/// </remarks>
/// <example><code>
/// int[][] sentences = [[4, 8, 1], [7], [2, 2, 5, 9]];
/// model.Fit(sentences, new float[] { 1, 0, 1 });
/// NDArray scores = model.Predict(sentences).Stack();
/// </code></example>
[CollectionBuilder(typeof(RaggedSequences), nameof(Create))]
public sealed class RaggedSequences : IReadOnlyList<NDArray>
{
    private readonly NDArray[] items;
    private readonly NDArray? stacked;

    /// <summary>Takes a list of sequences.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <exception cref="ArgumentException">One is null.</exception>
    public RaggedSequences(IEnumerable<NDArray> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        items = [.. sequences];
        int missing = Array.FindIndex(items, item => item is null);
        if (missing >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"sequences[{missing}] is null."), nameof(sequences));
        }
    }

    private RaggedSequences(NDArray stacked)
    {
        ArgumentNullException.ThrowIfNull(stacked);
        if (stacked.Rank == 0)
        {
            throw new ArgumentException("An array without axes holds no samples: its first axis must count them.",
                nameof(stacked));
        }

        this.stacked = stacked;
        int[] rest = [.. stacked.Shape.Skip(1)];
        items = [.. Enumerable.Range(0, stacked.Shape[0]).Select(i => new NDArray(rest, stacked.Slice(i, 1).Values))];
    }

    /// <summary>Number of sequences.</summary>
    public int Count => items.Length;

    /// <summary>One sequence.</summary>
    /// <param name="index">Which one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sequence.</exception>
    public NDArray this[int index] => (uint)index < (uint)items.Length
        ? items[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index,
            $"There are {items.Length} sequences, and none at {index}.");

    /// <summary>Takes a list of sequences.</summary>
    /// <param name="sequences">The sequences.</param>
    public static implicit operator RaggedSequences(NDArray[] sequences) => new(sequences);

    /// <summary>Takes a list of sequences.</summary>
    /// <param name="sequences">The sequences.</param>
    public static implicit operator RaggedSequences(List<NDArray> sequences) => new(sequences);

    /// <summary>Takes sequences of ids.</summary>
    /// <param name="sequences">The ids of each sequence.</param>
    public static implicit operator RaggedSequences(int[][] sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return new(sequences.Select(ids => ids is null ? null! : (NDArray)ids));
    }

    /// <summary>Takes an array whose first axis counts samples.</summary>
    /// <param name="samples">The samples.</param>
    public static implicit operator RaggedSequences(NDArray samples) => new(samples);

    /// <summary>Takes one number for each sample.</summary>
    /// <param name="samples">The numbers.</param>
    public static implicit operator RaggedSequences(float[] samples) => new((NDArray)samples);

    /// <summary>Takes one number for each sample.</summary>
    /// <param name="samples">The numbers.</param>
    public static implicit operator RaggedSequences(double[] samples) => new((NDArray)samples);

    /// <summary>Takes one number for each sample.</summary>
    /// <param name="samples">The numbers.</param>
    public static implicit operator RaggedSequences(int[] samples) => new((NDArray)samples);

    /// <summary>Takes a matrix whose rows are samples.</summary>
    /// <param name="samples">The samples.</param>
    public static implicit operator RaggedSequences(float[,] samples) => new((NDArray)samples);

    /// <summary>Takes a matrix whose rows are samples.</summary>
    /// <param name="samples">The samples.</param>
    public static implicit operator RaggedSequences(double[,] samples) => new((NDArray)samples);

    /// <summary>Takes a list of sequences that is written down.</summary>
    /// <param name="sequences">The sequences.</param>
    public static RaggedSequences Create(ReadOnlySpan<NDArray> sequences) => new(sequences.ToArray());

    /// <summary>All of them as one array, whose first axis counts them; for outputs that are vectors.</summary>
    /// <exception cref="InvalidOperationException">They differ in shape, or there are none.</exception>
    public NDArray Stack()
    {
        if (stacked is not null)
        {
            return stacked;
        }

        if (items.Length == 0)
        {
            throw new InvalidOperationException("There is no sequence to stack.");
        }

        int other = Array.FindIndex(items, item => !item.Shape.SequenceEqual(items[0].Shape));
        if (other >= 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Sequence {other} has shape {NDArray.Describe(items[other].Shape)}, but sequence 0 has shape "
                + $"{NDArray.Describe(items[0].Shape)}: they do not stack. Take them one by one, or pad them."));
        }

        return NDArray.Stack(items);
    }

    /// <inheritdoc/>
    public IEnumerator<NDArray> GetEnumerator() => ((IEnumerable<NDArray>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
