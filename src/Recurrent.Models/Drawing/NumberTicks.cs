using System.Globalization;

namespace Recurrent.Drawing;

/// <summary>Round numbers for an axis.</summary>
internal static class NumberTicks
{
    /// <summary>Between three and about <paramref name="most"/> multiples of 1, 2 or 5 times a power of ten that lie in a
    /// range.</summary>
    internal static ChartTick[] Between(double low, double high, int most)
    {
        double step = Step((high - low) / most);
        var ticks = new List<ChartTick>();
        double first = Math.Ceiling(low / step);

        // Counted, because beside a large value one step more may be the same number again.
        for (int i = 0; i <= 2 * most && (first + i) * step <= high + (1e-9 * step); i++)
        {
            double value = (first + i) * step;
            if (ticks.Count == 0 || value > ticks[^1].Value)
            {
                ticks.Add(new(value, Label(value, step, Math.Max(Math.Abs(low), Math.Abs(high)))));
            }
        }

        return [.. ticks];
    }

    /// <summary>The smallest step of the kind 1, 2 or 5 times a power of ten that is not below a length.</summary>
    internal static double Step(double atLeast)
    {
        if (!(atLeast > 0))
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        double[] steps = [power, 2 * power, 5 * power, 10 * power];
        return steps.First(step => step >= atLeast * (1 - 1e-9));
    }

    private static string Label(double value, double step, double largest)
    {
        // Beyond this, digits written out would not fit beside an axis.
        if (largest >= 1e8 || step < 1e-6)
        {
            return Figures.Decimals(value, "0.###e0");
        }

        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step)), 0, 12);
        return Figures.Decimals(Math.Round(value, decimals), "N" + decimals.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>A mark on an axis.</summary>
internal readonly record struct ChartTick(double Value, string Label);
