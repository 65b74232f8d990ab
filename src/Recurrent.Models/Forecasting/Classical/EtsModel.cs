using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// Exponential smoothing fitted to one series: a form, its smoothing parameters and first states, which together make the
/// likelihood greatest, and the states after the last value.
/// </summary>
/// <remarks>
/// Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing", 2008. The likelihood leaves out its constant:
/// ln L = −n/2 · ln Σ ε² − Σ ln f, the last sum for multiplicative errors only. 0.0001 ≤ α ≤ 0.9999, 0.0001 ≤ β ≤ α,
/// 0.0001 ≤ γ ≤ 1 − α, 0.8 ≤ φ ≤ 0.98, and the model forgets its past.
/// </remarks>
public sealed partial class EtsModel
{
    private readonly int exponent;
    private readonly EtsRun state;
    private readonly double[] fitted;
    private readonly double[] values;

    private EtsModel(EtsForm form, int season, EtsParameters parameters, EtsRun first, EtsRun state, int exponent,
        double[] values, double[] fitted, double logLikelihood, double sigmaSquared)
    {
        Form = form;
        Season = season;
        Parameters = parameters;
        First = first;
        this.state = state;
        this.exponent = exponent;
        this.values = values;
        this.fitted = fitted;
        LogLikelihood = logLikelihood;
        SigmaSquared = sigmaSquared;
    }

    /// <summary>The form.</summary>
    public EtsForm Form { get; }

    /// <summary>Length of the season in steps; 1 where the form has none.</summary>
    public int Season { get; }

    /// <summary>α, β, γ and φ.</summary>
    public EtsParameters Parameters { get; }

    /// <summary>The level before the first value.</summary>
    public double InitialLevel => Math.ScaleB(First.Level, exponent);

    /// <summary>The trend before the first value: a difference, or a factor; 0 without one.</summary>
    public double InitialTrend => Form.Trend == EtsComponent.Additive ? Math.ScaleB(First.Slope, exponent) : First.Slope;

    /// <summary>Logarithm of the likelihood, without its constant.</summary>
    public double LogLikelihood { get; }

    /// <summary>Number of parameters that were estimated: smoothing parameters, free first states, and the variance.</summary>
    public int ParameterCount => Estimated(Form, Season);

    /// <summary>Akaike's criterion.</summary>
    public double Aic => (-2 * LogLikelihood) + (2 * ParameterCount);

    /// <summary>Akaike's criterion, corrected for short series; infinite where there are too few values for it.</summary>
    public double Aicc => values.Length > ParameterCount + 1
        ? Aic + (2.0 * ParameterCount * (ParameterCount + 1) / (values.Length - ParameterCount - 1))
        : double.PositiveInfinity;

    /// <summary>Schwarz's criterion.</summary>
    public double Bic => (-2 * LogLikelihood) + (ParameterCount * Math.Log(values.Length));

    /// <summary>Variance of the errors, additive or relative.</summary>
    public double SigmaSquared { get; }

    /// <summary>What was forecast for each value from those before it.</summary>
    public double[] Fitted => Unscaled(fitted);

    /// <summary>Values less what was forecast for them.</summary>
    public double[] Residuals => Unscaled(fitted.Select((f, t) => values[t] - f).ToArray());

    /// <summary>The power of two that the series was divided by.</summary>
    internal int Exponent => exponent;

    /// <summary>The states before the first value.</summary>
    private EtsRun First { get; }

    /// <summary>Fits one form.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="form">The form.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">The form has a season but the series has none, or not enough values; a part
    /// multiplies but a value is not above 0; a value is missing.</exception>
    public static EtsModel Fit(ReadOnlySpan<double> values, EtsForm form, int season = 1)
    {
        Check(values, season);
        if (form.HasSeason && (season < 2 || values.Length <= season))
        {
            throw new ArgumentException(season < 2
                ? $"{form} has a season, but a season of {season} step is none. Set the length of the season, or take a form "
                + "without one."
                : $"{form} with a season of {season} steps needs at least {season + 1} values, but there are {values.Length}.",
                nameof(form));
        }

        int exponent = Magnitude.Exponent(values);
        double[] scaled = Scaled(values, exponent);
        if (form.NeedsPositive)
        {
            for (int t = 0; t < scaled.Length; t++)
            {
                if (!(scaled[t] > 0))
                {
                    throw new ArgumentException(FormattableString.Invariant(
                        $"{form} multiplies, so every value must be above 0, but value {t} is {values[t]}."), nameof(form));
                }
            }
        }

        return EtsFitter.Fit(scaled, form, form.HasSeason ? season : 1, exponent)
            ?? throw new ArgumentException($"No parameters of {form} follow this series.", nameof(form));
    }

    /// <summary>A model with given parameters, run over the series.</summary>
    internal static EtsModel? Run(double[] scaled, EtsForm form, int season, int exponent, EtsParameters parameters, EtsRun first)
    {
        var state = new EtsRun(form, season);
        state.CopyFrom(first);
        bool relative = form.Error == EtsComponent.Multiplicative;
        double share = parameters.Beta / parameters.Alpha, squares = 0, logarithms = 0;
        var fitted = new double[scaled.Length];
        for (int t = 0; t < scaled.Length; t++)
        {
            double forecast = fitted[t] = state.Predict(parameters);
            double error = (scaled[t] - forecast) / (relative ? forecast : 1);
            squares += error * error;
            logarithms += relative ? Math.Log(forecast) : 0;
            state.Learn(parameters, share, scaled[t]);
        }

        int n = scaled.Length;
        double logLikelihood = (-0.5 * n * Math.Log(squares + EtsObjective.Floor)) - logarithms
            - (n * exponent * Math.Log(2));
        double variance = squares / Math.Max(1, n - Estimated(form, season) + 1);
        return double.IsFinite(logLikelihood) && double.IsFinite(state.Level + state.Slope)
            ? new(form, season, parameters, first, state, exponent, scaled, fitted, logLikelihood, variance)
            : null;
    }

    /// <summary>Number of parameters of a form, with the variance.</summary>
    internal static int Estimated(EtsForm form, int season) =>
        3 + (form.HasTrend ? 2 : 0) + (form.Damped ? 1 : 0) + (form.HasSeason ? season : 0);

    /// <summary>Checks a series.</summary>
    internal static void Check(ReadOnlySpan<double> values, int season)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(season);
        if (values.IsEmpty)
        {
            throw new ArgumentException("A series without values cannot be forecast.", nameof(values));
        }

        Finite.Check(values, nameof(values));
    }

    /// <summary>A series divided by a power of two.</summary>
    internal static double[] Scaled(ReadOnlySpan<double> values, int exponent)
    {
        double[] scaled = values.ToArray();
        for (int t = 0; t < scaled.Length; t++)
        {
            scaled[t] = Math.ScaleB(scaled[t], -exponent);
        }

        return scaled;
    }

    private double[] Unscaled(double[] numbers) => Array.ConvertAll(numbers, number => Math.ScaleB(number, exponent));
}
