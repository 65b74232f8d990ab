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
    /// <exception cref="ArgumentException">There are no values, not as many of one as of the other, or one is not a finite
    /// number.</exception>
    internal static Errors Of(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        Check(actual, forecast);
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
    internal double RootMeanSquare()
    {
        double squares = 0;
        foreach (double error in scaled)
        {
            squares += error * error;
        }

        return Math.ScaleB(Math.Sqrt(squares / scaled.Length), exponent);
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

        Finite.Check(actual, nameof(actual));
        Finite.Check(forecast, nameof(forecast));
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
