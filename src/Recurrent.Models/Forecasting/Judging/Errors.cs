using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// The errors y − f of a forecast, held apart from their power of two: sums and squares of errors of 1e200, or of 1e-200, then
/// neither overflow nor vanish.
/// </summary>
internal readonly ref struct Errors
{
    private readonly ReadOnlySpan<double> scaled;
    private readonly int exponent;

    private Errors(ReadOnlySpan<double> scaled, int exponent)
    {
        this.scaled = scaled;
        this.exponent = exponent;
    }

    /// <summary>The errors of a forecast.</summary>
    /// <exception cref="ArgumentException">There are no values, not as many of one as of the other, all actual ones are
    /// missing, or a number is infinite.</exception>
    internal static Errors Of(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        Check(actual, forecast);
        (actual, forecast) = Known.Pairs(actual, forecast);
        int halved = 0;
        var errors = new double[actual.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = actual[i] - forecast[i];
            halved |= double.IsFinite(errors[i]) ? 0 : 1;
        }

        for (int i = 0; i < errors.Length && halved == 1; i++)
        {
            errors[i] = (actual[i] / 2) - (forecast[i] / 2);
        }

        int exponent = Magnitude.Exponent(errors);
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = Math.ScaleB(errors[i], -exponent);
        }

        return new(errors, exponent + halved);
    }

    /// <summary>The mean of a function that grows in proportion to the error.</summary>
    internal ScaledNumber Mean(Func<double, double> proportional)
    {
        double sum = 0;
        foreach (double error in scaled)
        {
            sum += proportional(error);
        }

        return new(sum / scaled.Length, exponent);
    }

    /// <summary>√ mean (y − f)².</summary>
    internal ScaledNumber RootMeanSquare()
    {
        double squares = 0;
        foreach (double error in scaled)
        {
            squares += error * error;
        }

        return new(Math.Sqrt(squares / scaled.Length), exponent);
    }

    /// <summary>Refuses what cannot be compared.</summary>
    internal static void Check(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        if (actual.Length != forecast.Length)
        {
            throw new ArgumentException($"There are {actual.Length} actual values but {forecast.Length} forecasts.",
                nameof(forecast));
        }

        if (actual.IsEmpty)
        {
            throw new ArgumentException("No values, no error: there must be at least one.", nameof(actual));
        }

        Known.Check(actual, nameof(actual));
        for (int i = 0; i < forecast.Length; i++)
        {
            if (!double.IsFinite(forecast[i]) && !double.IsNaN(actual[i]))
            {
                Finite.Check(forecast, nameof(forecast));
            }
        }
    }
}

/// <summary>Leaves out what was never measured: NaN among actual values, with the forecasts beside it.</summary>
internal static class Known
{
    /// <summary>Refuses infinite values, and values of which none is known.</summary>
    internal static void Check(ReadOnlySpan<double> values, string parameter)
    {
        int known = 0;
        for (int i = 0; i < values.Length; i++)
        {
            known += double.IsNaN(values[i]) ? 0 : 1;
            if (double.IsInfinity(values[i]))
            {
                Finite.Check(values.Slice(i, 1), parameter);
            }
        }

        if (known == 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"All {values.Length} actual values are missing: nothing can be compared."), parameter);
        }
    }

    /// <summary>The pairs of which the first number is known; both as they are where all are.</summary>
    internal static Pair Pairs(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        if (!HasMissing(actual) && !HasMissing(forecast))
        {
            return new(actual, forecast);
        }

        var first = new List<double>(actual.Length);
        var second = new List<double>(actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            if (!double.IsNaN(actual[i]) && !double.IsNaN(forecast[i]))
            {
                first.Add(actual[i]);
                second.Add(forecast[i]);
            }
        }

        return new(first.ToArray(), second.ToArray());
    }

    private static bool HasMissing(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (double.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Two rows of as many numbers.</summary>
    internal readonly ref struct Pair(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        private readonly ReadOnlySpan<double> first = first;
        private readonly ReadOnlySpan<double> second = second;

        internal void Deconstruct(out ReadOnlySpan<double> actual, out ReadOnlySpan<double> forecast)
        {
            actual = first;
            forecast = second;
        }
    }
}

/// <summary>The number mantissa · 2ᵉ.</summary>
/// <param name="Mantissa">The mantissa.</param>
/// <param name="Exponent">The exponent e.</param>
internal readonly record struct ScaledNumber(double Mantissa, int Exponent)
{
    /// <summary>The number itself.</summary>
    internal double Value => Math.ScaleB(Mantissa, Exponent);

    /// <summary>The quotient of two numbers, which may be of any size.</summary>
    public static double operator /(ScaledNumber a, ScaledNumber b) =>
        Math.ScaleB(a.Mantissa / b.Mantissa, a.Exponent - b.Exponent);
}
