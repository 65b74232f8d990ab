using Recurrent.Random;

namespace Recurrent.Forecasting;

/// <content>What a fitted model says of the steps to come.</content>
public sealed partial class EtsModel
{
    private const int Paths = 4000;

    /// <summary>Whether the variance of its forecasts has a formula: errors of either kind over additive trends, and over all
    /// seasons but for an additive error with one that multiplies.</summary>
    internal bool HasVariance => Form.Trend != EtsComponent.Multiplicative
        && (Form.Error == EtsComponent.Multiplicative || Form.IsAdditive);

    /// <summary>Forecasts the steps after the last value.</summary>
    /// <param name="horizon">Number of steps.</param>
    public double[] Forecast(int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        var run = new EtsRun(Form, Season);
        run.CopyFrom(state);
        var forecast = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            forecast[h] = Bounded(Math.ScaleB(run.Predict(Parameters), exponent));
            run.Advance();
        }

        return forecast;
    }

    /// <summary>
    /// Quantiles of every step to come, one row for each: of a normal distribution with the variance of the model's class where it
    /// has a formula, and else of simulated paths.
    /// </summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="levels">Probabilities, above 0 and below 1.</param>
    /// <param name="seed">Seed of the paths.</param>
    public double[][] Quantiles(int horizon, ReadOnlySpan<double> levels, ulong seed = 0)
    {
        double[] center = Forecast(horizon);
        var rows = new double[horizon][];
        if (HasVariance)
        {
            double[] deviations = Deviations(horizon);
            for (int h = 0; h < horizon; h++)
            {
                rows[h] = new double[levels.Length];
                for (int i = 0; i < levels.Length; i++)
                {
                    rows[h][i] = Bounded(center[h] + (deviations[h] * NormalCurve.Quantile(levels[i])));
                }
            }

            return rows;
        }

        double[][] paths = Simulate(horizon, Paths, seed);
        var column = new double[Paths];
        for (int h = 0; h < horizon; h++)
        {
            for (int k = 0; k < Paths; k++)
            {
                column[k] = paths[k][h];
            }

            Array.Sort(column);
            rows[h] = new double[levels.Length];
            for (int i = 0; i < levels.Length; i++)
            {
                double place = levels[i] * (Paths - 1);
                int low = Math.Min((int)place, Paths - 2);
                rows[h][i] = column[low] + ((place - low) * (column[low + 1] - column[low]));
            }
        }

        return rows;
    }

    /// <summary>
    /// Standard deviations of the forecasts, where they have a formula (Hyndman et al., 2008, table 6.2). With
    /// c_j = α + β(φ + … + φʲ) + γ·[m divides j], the variance is σ²(1 + Σ c_j²) for additive errors, and (1 + σ²)θ_h − μ_h² with
    /// θ_h = μ_h² + σ² Σ c_j² θ_{h−j} for relative ones; a season that multiplies scales the trend's, and adds (1 + γ²σ²) with
    /// every season ahead.
    /// </summary>
    internal double[] Deviations(int horizon)
    {
        bool multiply = Form.Season == EtsComponent.Multiplicative;
        var run = new EtsRun(Form, Season);
        run.CopyFrom(state);
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
                variance = SigmaSquared * (1 + sum);
            }
            else
            {
                theta[h] = mean[h] * mean[h];
                for (int j = 1; j <= h; j++)
                {
                    theta[h] += SigmaSquared * weights[j - 1] * theta[h - j];
                }

                more *= multiply && h > 0 && h % Season == 0
                    ? 1 + (Parameters.Gamma * Parameters.Gamma * SigmaSquared)
                    : 1;
                variance = season[h] * season[h] * ((theta[h] * (1 + SigmaSquared) * more) - (mean[h] * mean[h]));
            }

            deviations[h] = Math.ScaleB(Math.Sqrt(Math.Max(0, variance)), exponent);
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
    /// <param name="seed">The seed: the same paths for the same one.</param>
    public double[][] Simulate(int horizon, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double sigma = Math.Sqrt(SigmaSquared), share = Parameters.Beta / Parameters.Alpha;
        var paths = new double[count][];
        var run = new EtsRun(Form, Season);
        for (int k = 0; k < count; k++)
        {
            var random = new SeededRandom(SeededRandom.Key(seed, (ulong)k));
            run.CopyFrom(state);
            paths[k] = new double[horizon];
            for (int h = 0; h < horizon; h++)
            {
                double forecast = run.Predict(Parameters);
                double error = sigma * random.NextNormal();

                // A relative error of −1 would end a positive series for ever, and one below turn it over.
                double value = Form.Error == EtsComponent.Multiplicative
                    ? forecast * (1 + Math.Max(error, -0.99))
                    : forecast + error;
                if (Form.NeedsPositive)
                {
                    value = Math.Max(value, Math.Abs(forecast) * 1e-3);
                }

                paths[k][h] = Bounded(Math.ScaleB(value, exponent));
                run.Learn(Parameters, share, value);
            }
        }

        return paths;
    }

    /// <summary>The model with the same parameters after newer values: its states are carried on.</summary>
    /// <param name="newer">The values that followed, oldest first.</param>
    /// <exception cref="ArgumentException">A value is missing, or not above 0 where a part of the form multiplies.</exception>
    public EtsModel Update(ReadOnlySpan<double> newer)
    {
        Data.Finite.Check(newer, nameof(newer));
        double[] scaled = Scaled(newer, exponent);
        int bad = Form.NeedsPositive ? Array.FindIndex(scaled, value => !(value > 0)) : -1;
        if (bad >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{Form} multiplies, so every value must be above 0, but value {bad} is {newer[bad]}. Fit again."), nameof(newer));
        }

        return Run([.. values, .. scaled], Form, Season, exponent, Parameters, First)
            ?? throw new ArgumentException("The newer values cannot be followed with the parameters of the past. Fit again.",
                nameof(newer));
    }

    internal static double Bounded(double value) => Math.Clamp(value, -double.MaxValue, double.MaxValue);
}
