using System.Globalization;

namespace Recurrent.Drawing;

/// <summary>Numbers as pages show them: short, with a real minus, and never a negative zero.</summary>
internal static class Figures
{
    /// <summary>A number of at most so many decimals.</summary>
    internal static string Decimals(double value, string format) => Tidy(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>A number of so many significant digits.</summary>
    internal static string Digits(double value, int digits) =>
        Tidy(value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>A number with its noun: 1 step, 2 steps.</summary>
    internal static string Count(int number, string noun) =>
        FormattableString.Invariant($"{number} {noun}{(number == 1 ? string.Empty : "s")}");

    private static string Tidy(string text) => text.AsSpan().ContainsAnyInRange('1', '9') ? text.Replace('-', '−')
        : text.Replace("-", string.Empty, StringComparison.Ordinal);
}
