namespace Recurrent.Data;

/// <summary>
/// A reversible change of scale. A scaler that depends on data is fitted when it is made, on the training part alone: what is
/// held out must not be known to a model in any form.
/// </summary>
public abstract class Scaler
{
    /// <summary>A value on the new scale.</summary>
    /// <param name="value">The value on the old scale.</param>
    public abstract double Transform(double value);

    /// <summary>A value back on the old scale.</summary>
    /// <param name="value">The value on the new scale.</param>
    public abstract double Inverse(double value);

    /// <summary>Values on the new scale.</summary>
    /// <param name="values">The values on the old scale.</param>
    /// <exception cref="ArgumentException">A value has no place on the new scale; the message says which.</exception>
    public double[] Transform(ReadOnlySpan<double> values)
    {
        ValueCheck.Require(values, Refuse, ValueCheck.Given);
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Transform(values[i]);
        }

        return result;
    }

    /// <summary>Values back on the old scale.</summary>
    /// <param name="values">The values on the new scale.</param>
    public double[] Inverse(ReadOnlySpan<double> values)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Inverse(values[i]);
        }

        return result;
    }

    /// <summary>Why a value has no place on the new scale, and what to do; null where it has one.</summary>
    internal virtual string? Refuse(double value) => null;

    /// <summary>Refuses a training part that nothing can be fitted on.</summary>
    private protected static void CheckTraining(ReadOnlySpan<double> training)
    {
        if (training.IsEmpty)
        {
            throw new ArgumentException("A scaler cannot be fitted on no values.", nameof(training));
        }

        Finite.Check(training, nameof(training));
    }
}
