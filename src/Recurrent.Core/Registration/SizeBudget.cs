using System.Globalization;
namespace Recurrent.Registration;

/// <summary>How much room a file may ask for in all, whatever asks for it: weights without numbers, thresholds, phases,
/// repetitions.</summary>
/// <param name="most">Most numbers.</param>
/// <param name="advice">What to do where a file needs more, without a full stop.</param>
internal sealed class SizeBudget(long most, string advice)
{
    private long taken;

    /// <summary>Takes room before it is made.</summary>
    /// <param name="what">Who asks for it.</param>
    /// <param name="count">Number of numbers, at least 0.</param>
    /// <param name="option">The option that asks for it, or null.</param>
    /// <exception cref="ConfigException">There is not as much left.</exception>
    public void Take(string what, long count, string? option = null)
    {
        if (count > most - taken)
        {
            throw new ConfigException(string.Create(CultureInfo.InvariantCulture,
                $"{what} asks for room for {count} numbers, and {most - taken} are left of the {most} that a file may ask for. "
                + $"{advice}."))
            { Option = option };
        }

        taken += Math.Max(0, count);
    }
}
