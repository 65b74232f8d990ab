using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// The scale that a method works on: as it is, logarithms, square roots, or the power that suits a series
/// (<see cref="BoxCoxLambda.Guerrero"/>, from 0 to 1: powers below 0 let forecasts run off to infinity). Points are carried
/// back as they are, and so are medians.
/// </summary>
internal sealed class SeriesPower
{
    /// <summary>The names that options take.</summary>
    internal const string None = "none";

    private readonly BoxCoxTransform? transform;
    private readonly bool positive;

    private SeriesPower(double? lambda, bool positive)
    {
        transform = lambda is { } power ? new BoxCoxTransform(power) : null;
        this.positive = positive;
    }

    /// <summary>Refuses other names.</summary>
    internal static string Check(string owner, string name)
    {
        new OptionCheck(owner).OneOf("transform", name, None, "log", "sqrt", "box_cox").ThrowIfAny();
        return name;
    }

    /// <summary>The scale of a name for a series.</summary>
    /// <exception cref="ArgumentException">The series has values that the scale has no place for.</exception>
    internal static SeriesPower Of(string name, LocalTask task)
    {
        ReadOnlySpan<double> values = task.Values;
        double least = double.PositiveInfinity;
        foreach (double value in values)
        {
            least = double.IsNaN(value) ? least : Math.Min(least, value);
        }

        double? lambda = name switch
        {
            "log" => 0,
            "sqrt" => 0.5,
            "box_cox" => BoxCoxLambda.Guerrero(values, task.Season, least > 0 ? 0 : 0.1, 1),
            _ => null,
        };
        var power = new SeriesPower(lambda, least >= 0);
        task.Require(power.Refuse);
        return power;
    }

    /// <summary>Why a value has no place on the scale, and what to do; null where it has one.</summary>
    internal string? Refuse(double value) => transform?.Refuse(value) is null ? null
        : "A logarithm needs values above 0. Add an offset to all of them, or take transform \"sqrt\", \"box_cox\" or \"none\".";

    /// <summary>A scale from a file.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    internal static SeriesPower Read(ConfigReader state)
    {
        double? lambda = state.OptionalDouble("lambda");
        if (lambda is { } given && !(Math.Abs(given) <= 10))
        {
            throw new ConfigException($"{state.Owner}: lambda must lie between -10 and 10.") { Option = "lambda" };
        }

        return new(lambda, state.Bool("positive", false));
    }

    /// <summary>Writes the scale.</summary>
    internal void Write(Config state)
    {
        state.Add("lambda", transform?.Lambda);
        state.Add("positive", positive);
    }

    /// <summary>How the scale is described; empty where it is the values' own.</summary>
    internal string Describe() => transform is null ? string.Empty
        : transform.Lambda == 0 ? " of logarithms"
        : FormattableString.Invariant($" of powers, λ {transform.Lambda:0.###}");

    /// <summary>Values on the scale.</summary>
    internal double[] Forth(ReadOnlySpan<double> values)
    {
        double[] result = values.ToArray();
        for (int i = 0; i < result.Length && transform is not null; i++)
        {
            result[i] = double.IsNaN(result[i]) ? double.NaN : transform.Transform(result[i]);
        }

        return result;
    }

    /// <summary>A value back. Where the series has none below 0, forecasts have none either.</summary>
    internal double Back(double value)
    {
        if (transform is null || double.IsNaN(value))
        {
            return value;
        }

        double inverse = transform.Inverse(value);
        return positive ? Math.Max(0, inverse) : inverse;
    }

    /// <summary>Values back.</summary>
    internal double[] Back(ReadOnlySpan<double> values)
    {
        double[] result = values.ToArray();
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Back(result[i]);
        }

        return result;
    }

    /// <summary>A distribution back.</summary>
    internal QuantileGrid Back(QuantileGrid grid) => transform is null ? grid : grid.Map((_, value) => Back(value));
}
