using System.Globalization;
namespace Recurrent.Layers;

/// <summary>Numbers that stand for entries of a table: whole, from 0 on, below the number of entries.</summary>
internal static class TokenIds
{
    /// <summary>Most ids: up to here a float holds every whole number.</summary>
    public const int Most = 1 << 24;

    /// <summary>The position of the first number that is not an id, or −1.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="count">Number of ids.</param>
    public static int IndexOfWrong(ReadOnlySpan<Real> values, int count)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!IsId(values[i], count))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether a number is an id.</summary>
    /// <param name="value">The number.</param>
    /// <param name="count">Number of ids.</param>
    public static bool IsId(Real value, int count)
    {
        // NaN, infinities and numbers with a fraction all differ from what the conversion leaves of them.
        int id = (int)value;
        return id == value && (uint)id < (uint)count;
    }

    /// <summary>What to say of a number that is not an id.</summary>
    /// <param name="layer">The layer as messages name it.</param>
    /// <param name="count">Number of ids.</param>
    /// <param name="holder">What holds it: <c>x holds</c>.</param>
    /// <param name="value">The number.</param>
    /// <param name="place">Where it is: <c>in row 3 at step 4</c>.</param>
    /// <param name="option">The option of the layer that says how many ids there are.</param>
    public static string Refuse(string layer, int count, string holder, Real value, string place, string option = "inputDim") =>
        string.Create(CultureInfo.InvariantCulture,
        $"{layer} expects whole ids from 0 to {count - 1} ({option}: {count}), but {holder} {value} {place}. Set {option} "
        + $"above the largest id, or give tokens that are not known an id of their own.");
}
