using System.Globalization;
using System.Runtime.CompilerServices;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Data;

/// <summary>
/// Brings sequences of unequal length to one length, so that they fit in one array: short ones are filled up with a value, long
/// ones are cut. Keras's keras.utils.pad_sequences.
/// </summary>
/// <remarks>
/// <para>
/// A layer that masks (<c>Embedding</c> with <c>maskZero</c>, <c>Masking</c>) then tells padding by that value. Sequences need no
/// padding to be trained on: models take a list of them as they are, and then no value has a special meaning.
/// </para>
/// <para>
/// Unlike Keras, numbers with a fraction keep it unless <c>dtype</c> is <c>int32</c>: Keras turns them to whole numbers unless it
/// is told another dtype.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// NDArray x = PadSequences.Create([[3], [1, 1, 7]], padding: SequenceEnd.Post);   // [[3, 0, 0], [1, 1, 7]]
/// </code>
/// </example>
public static class PadSequences
{
    private const string Whole = "int32";

    /// <summary>Pads sequences of token ids.</summary>
    /// <param name="sequences">The sequences; one may be empty.</param>
    /// <param name="maxlen">Length of all sequences in the result, at least 1; null takes that of the longest.</param>
    /// <param name="padding">Where short sequences are filled up; <see cref="SequenceEnd.Pre"/> by default.</param>
    /// <param name="truncating">Where long sequences are cut; <see cref="SequenceEnd.Pre"/> by default, which keeps their last
    /// steps.</param>
    /// <param name="value">What fills them up; 0 by default.</param>
    /// <returns>An array of shape (sequences, length).</returns>
    /// <exception cref="ArgumentException">There is no sequence, one is null, or <paramref name="maxlen"/> is below
    /// 1.</exception>
    public static NDArray Create(
        IEnumerable<IReadOnlyList<int>> sequences,
        int? maxlen = null,
        SequenceEnd padding = SequenceEnd.Pre,
        SequenceEnd truncating = SequenceEnd.Pre,
        double value = 0) =>
        Pad(Vectors(sequences, NDArray.Exact), maxlen, padding, truncating, value, null);

    /// <summary>Pads sequences of numbers.</summary>
    /// <param name="sequences">The sequences; one may be empty.</param>
    /// <param name="maxlen">Length of all sequences in the result, at least 1; null takes that of the longest.</param>
    /// <param name="padding">Where short sequences are filled up; <see cref="SequenceEnd.Pre"/> by default.</param>
    /// <param name="truncating">Where long sequences are cut; <see cref="SequenceEnd.Pre"/> by default, which keeps their last
    /// steps.</param>
    /// <param name="value">What fills them up; 0 by default.</param>
    /// <param name="dtype"><c>int32</c> cuts fractions off, as Keras does by default; null (the default) or <c>float32</c> keeps
    /// them.</param>
    /// <returns>An array of shape (sequences, length).</returns>
    /// <exception cref="ArgumentException">There is no sequence, one is null, or an option is out of range.</exception>
    public static NDArray Create(
        IEnumerable<IReadOnlyList<float>> sequences,
        int? maxlen = null,
        SequenceEnd padding = SequenceEnd.Pre,
        SequenceEnd truncating = SequenceEnd.Pre,
        double value = 0,
        string? dtype = null) =>
        Pad(Vectors(sequences, (number, _) => (Real)number), maxlen, padding, truncating, value, dtype);

    /// <inheritdoc cref="Create(IEnumerable{IReadOnlyList{float}}, int?, SequenceEnd, SequenceEnd, double, string?)"/>
    public static NDArray Create(
        IEnumerable<IReadOnlyList<double>> sequences,
        int? maxlen = null,
        SequenceEnd padding = SequenceEnd.Pre,
        SequenceEnd truncating = SequenceEnd.Pre,
        double value = 0,
        string? dtype = null) =>
        Pad(Vectors(sequences, (number, _) => (Real)number), maxlen, padding, truncating, value, dtype);

    /// <summary>Pads sequences of vectors.</summary>
    /// <param name="sequences">The sequences, each of shape (timesteps, features), or (timesteps, …) in general; one may have no
    /// steps.</param>
    /// <param name="maxlen">Length of all sequences in the result, at least 1; null takes that of the longest.</param>
    /// <param name="padding">Where short sequences are filled up; <see cref="SequenceEnd.Pre"/> by default.</param>
    /// <param name="truncating">Where long sequences are cut; <see cref="SequenceEnd.Pre"/> by default, which keeps their last
    /// steps.</param>
    /// <param name="value">What fills them up, in every feature; 0 by default.</param>
    /// <param name="dtype"><c>int32</c> cuts fractions off, as Keras does by default; null (the default) or <c>float32</c> keeps
    /// them.</param>
    /// <returns>An array of shape (sequences, length, features).</returns>
    /// <exception cref="ArgumentException">
    /// There is no sequence, one is null or has other features than the first one with steps, or an option is out of range.
    /// </exception>
    [OverloadResolutionPriority(-1)] // An int[] converts to NDArray too, but is a sequence of ids first.
    public static NDArray Create(
        IEnumerable<NDArray> sequences,
        int? maxlen = null,
        SequenceEnd padding = SequenceEnd.Pre,
        SequenceEnd truncating = SequenceEnd.Pre,
        double value = 0,
        string? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return Pad([.. sequences.Select(NotNull)], maxlen, padding, truncating, value, dtype);
    }

    private static T NotNull<T>(T? sequence, int index)
        where T : class =>
        sequence ?? throw new ArgumentException(FormattableString.Invariant($"sequences[{index}] is null."));

    private static NDArray[] Vectors<T>(IEnumerable<IReadOnlyList<T>> sequences, Func<T, int, Real> convert)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return [.. sequences.Select(NotNull).Select(sequence => new NDArray([sequence.Count], [.. sequence.Select(convert)]))];
    }

    private static NDArray Pad(
        NDArray[] sequences, int? maxlen, SequenceEnd padding, SequenceEnd truncating, double value, string? dtype)
    {
        new OptionCheck(nameof(PadSequences))
            .Require(sequences.Length > 0, "there is no sequence to pad")
            .Positive(nameof(maxlen), maxlen ?? 1)
            .Require(dtype is null or Whole or "float32", $"dtype must be int32, float32 or null, but is '{dtype}'", "dtype")
            .Finite(nameof(value), value)
            .ThrowIfAny();
        int[] step = StepShape(sequences);
        int length = maxlen ?? sequences.Max(sequence => sequence.Shape[0]);
        int[] shape = [sequences.Length, length, .. step];
        _ = ArraySize.Of(
            $"{sequences.Length} sequences padded to {length} steps, shape {NDArray.Describe(shape)},",
            "Choose a smaller maxlen, pad fewer sequences at a time, or give models the sequences as they are (RaggedSequences).",
            nameof(maxlen),
            shape);
        int size = step.Aggregate(1, (product, axis) => product * axis);
        var padded = new NDArray(shape);
        if (value != 0)
        {
            Array.Fill(padded.Values, (Real)value);
        }

        for (int i = 0; i < sequences.Length; i++)
        {
            int given = sequences[i].Shape[0];
            int kept = Math.Min(given, length);
            int from = truncating == SequenceEnd.Pre ? given - kept : 0;
            int to = padding == SequenceEnd.Pre ? length - kept : 0;
            sequences[i].Values.AsSpan(from * size, kept * size).CopyTo(padded.Values.AsSpan(((i * length) + to) * size));
        }

        if (dtype == Whole)
        {
            foreach (ref Real number in padded.Values.AsSpan())
            {
                number = Real.Truncate(number);
            }
        }

        return padded;
    }

    /// <summary>Shape of one step: that of the first sequence which has steps; the others must agree.</summary>
    private static int[] StepShape(NDArray[] sequences)
    {
        int first = -1;
        for (int i = 0; i < sequences.Length; i++)
        {
            if (sequences[i].Rank == 0)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"sequences[{i}] is a single number. Give every sequence its "
                        + $"steps: shape (timesteps) or (timesteps, features)."), nameof(sequences));
            }

            if (sequences[i].Shape[0] == 0)
            {
                continue;
            }

            first = first < 0 ? i : first;
            if (!sequences[i].Shape.Skip(1).SequenceEqual(sequences[first].Shape.Skip(1)))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"sequences[{i}] has shape "
                        + $"{NDArray.Describe(sequences[i].Shape)}, but sequences[{first}] has shape "
                        + $"{NDArray.Describe(sequences[first].Shape)}. Sequences may differ in their steps alone, which are "
                        + $"the first axis."), nameof(sequences));
            }
        }

        return [.. sequences[Math.Max(first, 0)].Shape.Skip(1)];
    }
}
