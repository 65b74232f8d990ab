using System.Globalization;

namespace Recurrent.Text;

/// <summary>Numbers and lists of scores.</summary>
internal static class ScoreText
{
    /// <summary>A number with so many digits behind the point; of two that are equally near, the even one, as Python writes
    /// it.</summary>
    public static string Fixed(double value, int digits)
    {
        // Only a multiple of 2^-(digits + 1) can lie in the middle, and those products are exact.
        double scaled = value * (1L << (digits + 1)) * Math.Pow(5, digits);
        if (Math.Abs(scaled) < 1L << 52 && scaled == Math.Floor(scaled) && scaled % 2 != 0)
        {
            double below = Math.Floor(scaled / 2);
            value = (below % 2 == 0 ? below : below + 1) / Math.Pow(10, digits);
        }

        return value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Requires as many entries in two lists, and at least one.</summary>
    /// <exception cref="ArgumentException">There are not.</exception>
    public static void RequireAlike(int first, int second, string firstName, string secondName)
    {
        if (first != second)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {first} {firstName}, but {second} {secondName}. Each needs one."), secondName);
        }

        if (first == 0)
        {
            throw new ArgumentException($"There are no {firstName}. Give at least one.", firstName);
        }
    }

    /// <summary>Requires that no entry is missing.</summary>
    /// <exception cref="ArgumentException">One is null; the message says which.</exception>
    public static void RequireAll<T>(IReadOnlyList<T> entries, string name)
        where T : class
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i] is null)
            {
                throw new ArgumentException(FormattableString.Invariant($"{name}[{i}] is null."), name);
            }
        }
    }

    /// <summary>What part one number is of another; 0 where that is 0.</summary>
    public static double Part(double part, double whole) => whole == 0 ? 0 : part / whole;

    /// <summary>The harmonic mean of precision and recall.</summary>
    public static double F1(double precision, double recall) => Part(2 * precision * recall, precision + recall);
}
