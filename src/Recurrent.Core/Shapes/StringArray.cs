using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using Recurrent.Shapes;

namespace Recurrent;

/// <summary>
/// Strings as a model takes them: an array whose first axis counts samples, or samples of unequal length. What an input of
/// the dtype "string" is fed with, and what an inverse lookup gives.
/// </summary>
/// <remarks>
/// It converts implicitly from what people hold: <c>string[]</c>, <c>string[,]</c>, <c>string[][]</c> and lists. Conversions
/// copy. Where the rows of a <c>string[][]</c> differ in length, each is a sample of its own length.
/// </remarks>
/// <example><code>
/// var lookup = new StringLookup(vocabulary: ["red", "green"]);
/// NDArray ids = lookup.Call(["green", "blue"]);   // 2, 0
/// </code></example>
[CollectionBuilder(typeof(StringArray), nameof(Create))]
public sealed class StringArray : IReadOnlyList<string>
{
    private readonly string[] values;
    private readonly int[] shape;
    private readonly int[]? lengths;

    /// <summary>Takes strings in a shape.</summary>
    /// <param name="shape">Length of every axis, slowest first.</param>
    /// <param name="values">The strings in row-major order; copied.</param>
    /// <exception cref="ArgumentException">
    /// Their number is not the product of the axes, one is null, or one has half of a surrogate pair.
    /// </exception>
    public StringArray(IReadOnlyList<int> shape, IEnumerable<string> values)
        : this([.. NotNull(shape)], [.. NotNull(values)], null)
    {
    }

    private StringArray(int[] shape, string[] values, int[]? lengths)
    {
        this.shape = shape;
        this.values = values;
        this.lengths = lengths;
        if (Array.Exists(shape, length => length < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(shape), $"The shape {NDArray.Describe(shape)} has a negative axis.");
        }

        int size = lengths?.Sum() ?? ArraySize.Of("The array", "Use fewer strings.", nameof(shape), shape);
        if (size != values.Length)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Shape {NDArray.Describe(shape)} holds {size} strings, but {values.Length} were given."), nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            RequireText(values[i], i);
        }
    }

    /// <summary>
    /// Length of every axis, slowest first. Where samples are of unequal length, the second axis is that of the longest.
    /// </summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>Number of axes.</summary>
    public int Rank => shape.Length;

    /// <summary>Number of strings.</summary>
    public int Count => values.Length;

    /// <summary>Whether samples are of unequal length.</summary>
    public bool IsRagged => lengths is not null;

    /// <summary>Number of strings of each sample, where they are of unequal length; else null.</summary>
    public IReadOnlyList<int>? Lengths => lengths;

    /// <summary>The strings in row-major order.</summary>
    internal ReadOnlySpan<string> Values => values;

    /// <summary>One string.</summary>
    /// <param name="index">Its place in row-major order.</param>
    public string this[int index] => (uint)index < (uint)values.Length
        ? values[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {values.Length} strings, and none at {index}.");

    /// <summary>One string for each sample.</summary>
    /// <param name="strings">The strings.</param>
    public static implicit operator StringArray(string[] strings) => new([NotNull(strings).Length], [.. strings], null);

    /// <summary>One string for each sample.</summary>
    /// <param name="strings">The strings.</param>
    public static implicit operator StringArray(List<string> strings) => NotNull(strings).ToArray();

    /// <summary>Rows of strings, one row a sample.</summary>
    /// <param name="strings">The strings.</param>
    public static implicit operator StringArray(string[,] strings) =>
        new([NotNull(strings).GetLength(0), strings.GetLength(1)], [.. strings.Cast<string>()], null);

    /// <summary>Rows of strings, one row a sample; they may be of unequal length.</summary>
    /// <param name="rows">The rows.</param>
    public static implicit operator StringArray(string[][] rows)
    {
        int missing = Array.IndexOf(NotNull(rows), null);
        if (missing >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Row {missing} is null. Give each sample its strings."), nameof(rows));
        }

        int[] lengths = [.. rows.Select(row => row.Length)];
        int longest = lengths.DefaultIfEmpty().Max();
        bool alike = Array.TrueForAll(lengths, length => length == longest);
        return new([rows.Length, longest], [.. rows.SelectMany(row => row)], alike ? null : lengths);
    }

    /// <summary>Rows of strings, one row a sample; they may be of unequal length.</summary>
    /// <param name="rows">The rows.</param>
    public static implicit operator StringArray(List<string[]> rows) => NotNull(rows).ToArray();

    /// <summary>One string for each sample; a collection expression <c>["a", "b"]</c> calls it.</summary>
    /// <param name="strings">The strings.</param>
    public static StringArray Create(ReadOnlySpan<string> strings) => strings.ToArray();

    /// <summary>The strings as they follow one another.</summary>
    public string[] ToArray1D() => [.. values];

    /// <summary>The strings in rows and columns.</summary>
    /// <exception cref="InvalidOperationException">The array has another rank than 2, or rows of unequal length.</exception>
    public string[,] ToArray2D()
    {
        if (Rank != 2 || IsRagged)
        {
            throw new InvalidOperationException(
                $"Strings of shape {NDArray.Describe(shape)}{(IsRagged ? ", with rows of unequal length," : string.Empty)} "
                + "are no table. Use ToRows or ToArray1D.");
        }

        var table = new string[shape[0], shape[1]];
        for (int i = 0; i < values.Length; i++)
        {
            table[i / shape[1], i % shape[1]] = values[i];
        }

        return table;
    }

    /// <summary>The strings of each sample, in a row of their own.</summary>
    public string[][] ToRows()
    {
        var rows = new string[Rank == 0 ? 1 : shape[0]][];
        int start = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            int length = lengths?[row] ?? (values.Length / rows.Length);
            rows[row] = values[start..(start + length)];
            start += length;
        }

        return rows;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)values).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The shape and the first few strings.</summary>
    public override string ToString() =>
        $"StringArray {NDArray.Describe(shape)} [{string.Join(", ", values.Take(8))}"
        + (values.Length > 8 ? ", …]" : "]");

    /// <summary>Where a string is, for messages: <c>in row 2 at place 0</c>.</summary>
    internal string Place(int index)
    {
        if (Rank < 2)
        {
            return FormattableString.Invariant($"at {index}");
        }

        if (lengths is null)
        {
            int width = values.Length / shape[0];
            return FormattableString.Invariant($"in row {index / width} at {index % width}");
        }

        int row = 0;
        while (index >= lengths[row])
        {
            index -= lengths[row++];
        }

        return FormattableString.Invariant($"in row {row} at {index}");
    }

    private void RequireText(string? value, int index)
    {
        if (value is null)
        {
            throw new ArgumentException($"The string {Place(index)} is null. Give an empty string, or the token for what is "
                + $"missing.", nameof(value));
        }

        for (int i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
            {
                continue;
            }

            if (i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]))
            {
                i++;
                continue;
            }

            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The string {Place(index)} is no Unicode text: it has half of a surrogate pair (U+{(int)value[i]:X4}) at {i}. "
                    + $"Cut texts between characters, and read files as what they are encoded in."), nameof(value));
        }
    }

    private static T NotNull<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }
}
