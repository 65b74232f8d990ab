using System.Globalization;

namespace Recurrent.Callbacks;

/// <summary>Figures as people read them, the same in every culture.</summary>
internal static class LogText
{
    /// <summary>Four digits after the point; small and huge numbers with an exponent: <c>0.0123</c>, <c>4.2000e-05</c>.</summary>
    public static string Number(double value)
    {
        double size = Math.Abs(value);
        bool plain = value == 0 || !double.IsFinite(value) || (size >= 1e-3 && size < 1e7);
        return value.ToString(plain ? "0.0000" : "0.0000e+00", CultureInfo.InvariantCulture);
    }

    /// <summary>A stretch of time: <c>0.12s</c>, <c>1m 05s</c>, <c>2h 03m</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 59.995 } => FormattableString.Invariant($"{time.TotalSeconds:0.00}s"),
        { TotalMinutes: < 60 } => FormattableString.Invariant($"{(int)time.TotalMinutes}m {time.Seconds:00}s"),
        _ => FormattableString.Invariant($"{(long)time.TotalHours}h {time.Minutes:00}m"),
    };

    /// <summary>The time of one step: <c>1.20s/step</c>, <c>2ms/step</c>, <c>350us/step</c>.</summary>
    public static string PerStep(TimeSpan time) => time.TotalMilliseconds switch
    {
        >= 999.5 => FormattableString.Invariant($"{time.TotalSeconds:0.00}s/step"),
        >= 0.9995 => FormattableString.Invariant($"{time.TotalMilliseconds:0}ms/step"),
        _ => FormattableString.Invariant($"{time.TotalMicroseconds:0}us/step"),
    };

    /// <summary>All figures of an epoch: <c>loss: 0.0123 - mae: 0.0800</c>.</summary>
    public static string Figures(IReadOnlyDictionary<string, double> logs, string separator) =>
        string.Join(separator, logs.Select(figure => $"{figure.Key}: {Number(figure.Value)}"));
}
