using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>What fits have in common.</summary>
internal static class LocalFits
{
    /// <summary>What the values were beyond what was fitted to them.</summary>
    internal static double[] Residuals(ReadOnlySpan<double> values, ReadOnlySpan<double> fitted)
    {
        var residuals = new double[values.Length];
        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] = values[i] - fitted[i];
        }

        return residuals;
    }

    /// <summary>A number of at least 0 from a file.</summary>
    /// <exception cref="ConfigException">It is missing or negative.</exception>
    internal static double NotNegative(ConfigReader state, string key) => state.Double(key) is >= 0 and var value
        ? value : throw new ConfigException($"{state.Owner}: {key} must not be negative.") { Option = key };

    /// <summary>A number of values from a file: at least 1.</summary>
    /// <exception cref="ConfigException">It is missing, or is none.</exception>
    internal static long Counted(ConfigReader state, string key) => state.Double(key) is >= 1 and <= 1e15 and var value
        && value == Math.Floor(value)
        ? (long)value
        : throw new ConfigException($"{state.Owner}: {key} must be a number of values, at least 1.") { Option = key };
}
