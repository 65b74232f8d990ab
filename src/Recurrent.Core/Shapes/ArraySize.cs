using System.Globalization;
using System.Numerics;

namespace Recurrent.Shapes;

/// <summary>Sizes that a caller has chosen, held against what one array can hold before anything is allocated.</summary>
internal static class ArraySize
{
    /// <summary>The product of lengths, none of them negative.</summary>
    /// <param name="what">What is to be made, as messages name it.</param>
    /// <param name="wayOut">What to do where it is too large: a sentence.</param>
    /// <param name="parameter">Name of the caller's parameter.</param>
    /// <param name="lengths">The lengths.</param>
    /// <exception cref="ArgumentException">One array cannot hold so many values.</exception>
    internal static int Of(string what, string wayOut, string? parameter, params ReadOnlySpan<int> lengths)
    {
        long product = 1;
        foreach (int length in lengths)
        {
            if (length == 0)
            {
                return 0;
            }

            if (product <= Array.MaxLength)
            {
                product *= length;
            }
        }

        return product <= Array.MaxLength
            ? (int)product
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{what} would hold {Product(lengths)} values, more than the {Array.MaxLength} that one array can. {wayOut}"),
                    parameter);
    }

    private static BigInteger Product(ReadOnlySpan<int> lengths)
    {
        BigInteger product = 1;
        foreach (int length in lengths)
        {
            product *= length;
        }

        return product;
    }
}
