using Recurrent.Random;

namespace Recurrent.Forecasting;

/// <content>What a fitted model says of the steps to come.</content>
public sealed partial class EtsModel
{
    private const int PathCount = 4000;

    /// <summary>Whether the variance of its forecasts has a formula: errors of either kind over additive trends, and over all
    /// seasons but for an additive error with one that multiplies.</summary>
    internal bool HasVariance => Form.Trend != EtsComponent.Multiplicative
        && (Form.Error == EtsComponent.Multiplicative || Form.IsAdditive);

    // Relative errors larger than the values themselves (one spike will do) say that the model is none of this series: carried on
    // as what they are they would multiply with every step, beyond all numbers.
    private bool IsWild => Form.Error == EtsComponent.Multiplicative && Variance > 1;

    /// <summary>Forecasts the steps after the last value.</summary>
    /// <param name="horizon">Number of steps.</param>
    public double[] Forecast(int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        EtsRun run = state.Copy();
        var forecast = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            forecast[h] = Bounded(Math.ScaleB(run.Predict(Parameters), Exponent));
            run.Advance();
        }

        return forecast;
    }

    /// <summary>
    /// Forecasts with their distributions: normal, with the variance of the model's class where it has a formula, and else
    /// those of simulated paths.
    /// </summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="regressors">None are used.</param>
    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        double[] point = Forecast(horizon);
        return HasVariance
            ? QuantileGrid.Normal(point.Select(value => Math.ScaleB(value, -Exponent)).ToArray(), Deviations(horizon))
                .Map((_, value) => Bounded(Math.ScaleB(value, Exponent)))
            : QuantileGrid.FromSamples(Simulate(horizon, PathCount, 0, []), point);
    }

    /// <summary>
    /// Standard deviations of the forecasts of the divided series, where they have a formula (Hyndman et al., 2008, table 6.2).
    /// With
    /// c_j = α + β(φ + … + φʲ) + γ·[m divides j], the variance is σ²(1 + Σ c_j²) for additive errors, and (1 + σ²)θ_h − μ_h² with
    /// θ_h = μ_h² + σ² Σ c_j² θ_{h−j} for relative ones; a season that multiplies scales the trend's, and adds (1 + γ²σ²) with
    /// every season ahead. Relative errors with σ² above 1 count as absolute ones of the size of the forecast.
    /// </summary>
    internal double[] Deviations(int horizon)
    {
        bool multiply = Form.Season == EtsComponent.Multiplicative;
        EtsRun run = state.Copy();
        var mean = new double[horizon];
        var season = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            season[h] = multiply ? run.Seasons[run.Place] : 1;
            mean[h] = run.Predict(Parameters);
            mean[h] = multiply ? run.Trended : mean[h];
            run.Advance();
        }

        double sum = 0, fading = 1, growth = 0, more = 1;
        var weights = new double[horizon];
        var theta = new double[horizon];
        var deviations = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            double variance;
            if (Form.Error == EtsComponent.Additive)
            {
                variance = Variance * (1 + sum);
            }
            else if (IsWild)
            {
                variance = season[h] * season[h] * mean[h] * mean[h] * (1 + sum);
            }
            else
            {
                theta[h] = mean[h] * mean[h];
                for (int j = 1; j <= h; j++)
                {
                    theta[h] += Variance * weights[j - 1] * theta[h - j];
                }

                more *= multiply && h > 0 && h % Season == 0
                    ? 1 + (Parameters.Gamma * Parameters.Gamma * Variance)
                    : 1;
                variance = season[h] * season[h] * ((theta[h] * (1 + Variance) * more) - (mean[h] * mean[h]));
            }

            deviations[h] = Math.Sqrt(Math.Max(0, variance));
            fading *= Parameters.Phi;
            growth += fading;
            double weight = Parameters.Alpha + (Parameters.Beta * growth)
                + (!multiply && Form.HasSeason && (h + 1) % Season == 0 ? Parameters.Gamma : 0);
            weights[h] = weight * weight;
            sum += weights[h];
        }

        return deviations;
    }

    /// <summary>Paths that the series may take, each with errors of its own.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="count">Number of paths.</param>
    /// <param name="key">What the draws follow from: the same paths for the same one.</param>
    /// <param name="regressors">None are used.</param>
    public override double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double sigma = Math.Sqrt(IsWild ? 1 : Variance), share = Parameters.Beta / Parameters.Alpha;
        double[] sizes = IsWild ? [.. Forecast(horizon).Select(value => Math.Abs(Math.ScaleB(value, -Exponent)))] : [];
        var paths = new double[count][];
        var run = new EtsRun(Form, Season);
        for (int k = 0; k < count; k++)
        {
            var random = new SeededRandom(SeededRandom.Key(key, (ulong)k));
            run.CopyFrom(state);
            paths[k] = new double[horizon];
            for (int h = 0; h < horizon; h++)
            {
                double forecast = run.Predict(Parameters);
                double error = sigma * random.NextNormal();

                // A relative error of −1 would end a positive series for ever, and one below turn it over.
                double value = IsWild ? forecast + (sizes[h] * error)
                    : Form.Error == EtsComponent.Multiplicative
                    ? forecast * (1 + Math.Max(error, -0.99))
                    : forecast + error;
                if (Form.NeedsPositive)
                {
                    value = Math.Max(value, Math.Abs(forecast) * 1e-3);
                }

                paths[k][h] = Bounded(Math.ScaleB(value, Exponent));
                run.Learn(Parameters, share, value);
            }
        }

        return paths;
    }

    internal static double Bounded(double value) => Math.Clamp(value, -double.MaxValue, double.MaxValue);
}
