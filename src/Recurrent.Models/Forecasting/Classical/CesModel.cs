using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>How complex exponential smoothing treats a season.</summary>
public enum CesSeason
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>All states are a season apart: what was a season ago is smoothed.</summary>
    Simple,

    /// <summary>A season is added to the states without one, and smoothed by one parameter.</summary>
    Partial,

    /// <summary>A second pair of states, a season apart, is added, with a complex parameter of its own.</summary>
    Full,
}

/// <summary>
/// Complex exponential smoothing (Svetunkov, Kourentzes and Ord, 2022): level and trend are not told apart; a level l and a
/// potential c are smoothed by one complex number α₀ + iα₁, <c>y_t = l_{t−1} + ε_t</c>,
/// <c>l_t = l_{t−1} − (1 − α₁)c_{t−1} + (α₀ − α₁)ε_t</c>, <c>c_t = l_{t−1} + (1 − α₀)c_{t−1} + (α₀ + α₁)ε_t</c>.
/// </summary>
/// <remarks>
/// The first states are found by running the series backward and forward; the smoothing parameters make the sum of squares of the
/// last run least, over those for which the model forgets its past. Where the season is not given, AICc chooses.
/// </remarks>
public sealed class CesModel : LocalFit
{
    private const int Rounds = 2;

    private readonly CesRun state;
    private readonly int exponent;
    private readonly double variance;
    private readonly double[] fitted;
    private readonly double[] residuals;

    private CesModel(CesRun state, int exponent, double variance, double[] fitted, double[] residuals)
    {
        this.state = state;
        this.exponent = exponent;
        this.variance = variance;
        this.fitted = fitted;
        this.residuals = residuals;
    }

    /// <summary>How the season is treated.</summary>
    public CesSeason Kind => state.Kind;

    /// <summary>The smoothing parameters: α₀, α₁, and those of the season.</summary>
    public IReadOnlyList<double> Parameters => state.Parameters;

    /// <summary>Logarithm of the likelihood of normal errors.</summary>
    public double LogLikelihood { get; private init; }

    /// <summary>Number of values that the model was fitted to.</summary>
    public int Count { get; private init; }

    /// <summary>Akaike's criterion, corrected for short series; infinite where there are too few values for it.</summary>
    public double Aicc
    {
        get
        {
            int parameters = state.Parameters.Length + 1;
            return Count > parameters + 1
                ? (-2 * LogLikelihood) + (2 * parameters) + (2.0 * parameters * (parameters + 1) / (Count - parameters - 1))
                : double.PositiveInfinity;
        }
    }

    /// <summary>What was forecast, one step before, for each value that the model was fitted to; empty after an update.</summary>
    public override ReadOnlySpan<double> Fitted => fitted;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Residuals => residuals;

    /// <inheritdoc/>
    public override Config State
    {
        get
        {
            var config = new Config
            {
                { "exponent", exponent },
                { "variance", variance },
                { "count", Count },
                { "log_likelihood", LogLikelihood },
            };
            state.Write(config);
            return config;
        }
    }

    /// <summary>Fits the model.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <param name="kind">How the season is treated; null to choose by AICc.</param>
    /// <exception cref="ArgumentException">A value is missing, or the series has no season or is too short for one.</exception>
    public static CesModel Fit(ReadOnlySpan<double> values, int season = 1, CesSeason? kind = null)
    {
        EtsModel.Check(values, season);
        bool possible = season > 1 && values.Length >= 2L * season;
        if (kind is { } asked && asked != CesSeason.None && !possible)
        {
            throw new ArgumentException(
                $"Complex smoothing with a season needs at least two of them: 2 · {season} values, but there are "
                + $"{values.Length}.",
                nameof(kind));
        }

        int exponent = Magnitude.Exponent(values);
        double[] scaled = EtsModel.Scaled(values, exponent);
        CesModel? best = null;
        foreach (CesSeason tried in Enum.GetValues<CesSeason>())
        {
            if (kind is null ? possible || tried == CesSeason.None : tried == kind)
            {
                CesModel model = Fit(scaled, season, exponent, tried);
                best = best is null || model.Aicc < best.Aicc ? model : best;
            }
        }

        return best!;
    }

    /// <summary>Forecasts the steps after the last value.</summary>
    /// <param name="horizon">Number of steps.</param>
    public double[] Forecast(int horizon) => Predict(horizon, []).Point.ToArray();

    /// <summary>Forecasts with their distributions: normal, as wide as errors carried on make it.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="regressors">None are used.</param>
    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        double[] center = Path(horizon, 0), moved = Path(horizon, 1);
        var deviations = new double[horizon];
        double sum = 0;
        for (int h = 0; h < horizon; h++)
        {
            // What an error of 1 in the first step does to later ones.
            double effect = h == 0 ? 1 : moved[h] - center[h];
            sum += effect * effect;
            deviations[h] = Math.Sqrt(variance * sum);
        }

        return QuantileGrid.Normal(center, deviations)
            .Map((_, value) => EtsModel.Bounded(Math.ScaleB(value, exponent)));
    }

    /// <inheritdoc/>
    public override CesModel Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        Finite.Check(newer, nameof(newer));
        CesRun after = state.Copy();
        foreach (double value in newer)
        {
            after.Learn(Math.ScaleB(value, -exponent) - after.Predict());
        }

        return new(after, exponent, variance, [], []) { Count = Count, LogLikelihood = LogLikelihood };
    }

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant(
        $"CES, season {Kind}, AICc {Aicc:F1}, alpha {state.Parameters[0]:G4} + {state.Parameters[1]:G4}i");

    /// <summary>Makes a model of what <see cref="State"/> has written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static CesModel Read(ConfigReader reader)
    {
        int exponent = reader.Int("exponent"), count = reader.Int("count");
        EtsModel.Require(reader, "exponent", exponent is >= -1100 and <= 1100);
        EtsModel.Require(reader, "count", count >= 1);
        return new(CesRun.Read(reader), exponent, LocalFits.NotNegative(reader, "variance"), [], [])
        {
            Count = count,
            LogLikelihood = reader.Double("log_likelihood"),
        };
    }

    private static CesModel Fit(double[] scaled, int season, int exponent, CesSeason kind)
    {
        var run = new CesRun(kind, season);
        double[] x = CesRun.Beginning(kind);
        var errors = new double[scaled.Length];
        NelderMead.Minimise(
            place => CesRun.IsStable(kind, place) ? Settle(run, scaled, place, errors) : double.PositiveInfinity, x, 0.15, 250,
            1e-7);
        int n = scaled.Length;
        double squares = Settle(run, scaled, x, errors);
        var fitted = new double[n];
        for (int t = 0; t < n; t++)
        {
            fitted[t] = EtsModel.Bounded(Math.ScaleB(scaled[t] - errors[t], exponent));
            errors[t] = EtsModel.Bounded(Math.ScaleB(errors[t], exponent));
        }

        return new(run.Copy(), exponent, squares / Math.Max(1, n - x.Length), fitted, errors)
        {
            Count = n,
            LogLikelihood = (-0.5 * n * (Math.Log(Math.Max(squares, 1e-26) / n) + Math.Log(2 * Math.PI) + 1))
                - (n * exponent * Math.Log(2)),
        };
    }

    /// <summary>Runs forward and backward until the first states have settled; gives Σ ε².</summary>
    private static double Settle(CesRun run, double[] scaled, double[] place, double[] errors)
    {
        run.Begin(place, scaled);
        double squares = 0;
        for (int round = 0; round < Rounds; round++)
        {
            squares = 0;
            for (int t = 0; t < scaled.Length; t++)
            {
                errors[t] = scaled[t] - run.Predict();
                squares += errors[t] * errors[t];
                run.Learn(errors[t]);
            }

            if (round + 1 < Rounds)
            {
                run.Turn();
                for (int t = scaled.Length - 1; t >= 0; t--)
                {
                    run.Learn(scaled[t] - run.Predict());
                }

                run.Turn();
            }
        }

        return double.IsFinite(squares) ? squares : double.PositiveInfinity;
    }

    private double[] Path(int horizon, double error)
    {
        CesRun run = state.Copy();
        var path = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            path[h] = run.Predict();
            run.Learn(h == 0 ? error : 0);
        }

        return path;
    }
}
