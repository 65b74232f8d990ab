namespace Recurrent.Forecasting;

/// <summary>What was estimated of an ARIMA model; series and σ in units of 2ᵉ.</summary>
internal sealed record ArimaParameters
{
    /// <summary>The orders.</summary>
    internal required ArimaOrder Order { get; init; }

    /// <summary>φ, θ, Φ, Θ.</summary>
    internal required double[] Coefficients { get; init; }

    /// <summary>The mean, or the drift of a step; null where there is neither.</summary>
    internal required double? Constant { get; init; }

    /// <summary>β of each regressor.</summary>
    internal required double[] Beta { get; init; }

    /// <summary>σ² of the innovations.</summary>
    internal required double Variance { get; init; }

    /// <summary>e.</summary>
    internal required int Exponent { get; init; }

    /// <summary>The part of the mean that is not the ARIMA process's.</summary>
    /// <param name="time">Steps since the first value, from 0.</param>
    /// <param name="regressors">Values of the regressors.</param>
    /// <param name="step">The place in them.</param>
    internal double Regression(int time, IReadOnlyList<double[]> regressors, int step)
    {
        double sum = Constant is not { } constant ? 0 : Order.D + Order.SeasonalD == 0 ? constant : constant * (time + 1.0);
        for (int i = 0; i < Beta.Length; i++)
        {
            sum += Beta[i] * regressors[i][step];
        }

        return sum;
    }

    /// <summary>Throws unless there are the regressors that the model was fitted with, over enough steps.</summary>
    /// <exception cref="ArgumentException">There are not.</exception>
    internal void Check(IReadOnlyList<double[]> regressors, int steps)
    {
        if (regressors.Count != Beta.Length)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The model was fitted with {Beta.Length} regressors, but {regressors.Count} were given."), nameof(regressors));
        }

        for (int i = 0; i < Beta.Length; i++)
        {
            if (regressors[i].Length < steps)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Regressor {i} has {regressors[i].Length} values, but {steps} steps need as many."), nameof(regressors));
            }
        }
    }
}
