using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// Exponential smoothing fitted to one series: a form, its smoothing parameters and first states, which together make the
/// likelihood greatest, and the states after the last value. Nothing changes a model.
/// </summary>
/// <remarks>
/// Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing", 2008. The likelihood leaves out its constant:
/// ln L = −n/2 · ln Σ ε² − Σ ln f, the last sum for multiplicative errors only. 0.0001 ≤ α ≤ 0.9999, 0.0001 ≤ β ≤ α,
/// 0.0001 ≤ γ ≤ 1 − α, 0.8 ≤ φ ≤ 0.98, and the model forgets its past.
/// </remarks>
public sealed partial class EtsModel : LocalFit
{
    private readonly EtsRun state;
    private readonly double[] fitted;
    private readonly double[] residuals;

    private EtsModel(EtsForm form, EtsParameters parameters, EtsRun state, int exponent)
    {
        Form = form;
        Parameters = parameters;
        this.state = state;
        Exponent = exponent;
        fitted = [];
        residuals = [];
    }

    private EtsModel(EtsForm form, EtsParameters parameters, EtsRun state, int exponent, double[] fitted, double[] residuals)
        : this(form, parameters, state, exponent)
    {
        this.fitted = fitted;
        this.residuals = residuals;
    }

    /// <summary>The form.</summary>
    public EtsForm Form { get; }

    /// <summary>Length of the season in steps; 1 where the form has none.</summary>
    public int Season => state.Seasons.Length;

    /// <summary>α, β, γ and φ.</summary>
    public EtsParameters Parameters { get; }

    /// <summary>The level before the first value.</summary>
    public double InitialLevel { get; private init; }

    /// <summary>The trend before the first value: a difference, or a factor; 0 without one.</summary>
    public double InitialTrend { get; private init; }

    /// <summary>Number of values that the model was fitted to.</summary>
    public int Count { get; private init; }

    /// <summary>Logarithm of the likelihood of the values that the model was fitted to, without its constant.</summary>
    public double LogLikelihood { get; private init; }

    /// <summary>Number of parameters: smoothing parameters, free first states, and the variance.</summary>
    public int ParameterCount => Estimated(Form, Season);

    /// <summary>Akaike's criterion.</summary>
    public double Aic => (-2 * LogLikelihood) + (2 * ParameterCount);

    /// <summary>Akaike's criterion, corrected for short series; infinite where there are too few values for it.</summary>
    public double Aicc => Count > ParameterCount + 1
        ? Aic + (2.0 * ParameterCount * (ParameterCount + 1) / (Count - ParameterCount - 1))
        : double.PositiveInfinity;

    /// <summary>Schwarz's criterion.</summary>
    public double Bic => (-2 * LogLikelihood) + (ParameterCount * Math.Log(Count));

    /// <summary>Variance of the errors, additive in the series' unit or relative: Σ ε² over the values less the
    /// parameters.</summary>
    public double SigmaSquared =>
        Form.Error == EtsComponent.Additive ? Math.ScaleB(Math.ScaleB(Variance, Exponent), Exponent) : Variance;

    /// <summary>What was forecast, one step before, for each value that the model was fitted to or updated with last.</summary>
    public override ReadOnlySpan<double> Fitted => fitted;

    /// <summary>The values less what was forecast for them.</summary>
    public override ReadOnlySpan<double> Residuals => residuals;

    /// <summary>The power of two that the series is divided by.</summary>
    internal int Exponent { get; }

    /// <summary>Variance of the errors of the divided series.</summary>
    internal double Variance { get; private init; }

    /// <summary>Fits one form.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="form">The form.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <param name="initial">How the first states are found.</param>
    /// <exception cref="ArgumentException">The form has a season but the series has none, or not enough values; a part
    /// multiplies but a value is not above 0; a value is missing.</exception>
    public static EtsModel Fit(
        ReadOnlySpan<double> values, EtsForm form, int season = 1, EtsInitial initial = EtsInitial.Estimated)
    {
        Check(values, season);
        if (!form.IsForm)
        {
            throw new ArgumentException("A form has an error, additive or multiplicative, and damps only a trend.", nameof(form));
        }

        if (form.HasSeason && (season < 2 || values.Length <= season))
        {
            throw new ArgumentException(season < 2
                ? $"{form} has a season, but a season of {season} step is none. Set the length of the season, or take a form "
                + "without one."
                : $"{form} with a season of {season} steps needs at least {season + 1} values, but there are {values.Length}.",
                nameof(form));
        }

        if (form.NeedsPositive)
        {
            ValueCheck.Require(values, value => EtsForm.RefuseToMultiply(form.Code, value), ValueCheck.Given);
        }

        int exponent = Magnitude.Exponent(values);
        return EtsFitter.Fit(Scaled(values, exponent), form, form.HasSeason ? season : 1, exponent, initial)
            ?? throw new ArgumentException($"No parameters of {form} follow this series. Take another form.", nameof(form));
    }

    /// <summary>A model with given parameters, run over a series; null where it leaves the numbers.</summary>
    internal static EtsModel? Run(double[] scaled, EtsForm form, int exponent, EtsParameters parameters, EtsRun first)
    {
        EtsRun state = first.Copy();
        (double[] fitted, double[] residuals, double squares, double logarithms) = Follow(state, form, parameters, scaled);
        int n = scaled.Length;
        double logLikelihood = (-0.5 * n * Math.Log(squares + EtsObjective.Floor)) - logarithms
            - (n * exponent * Math.Log(2));
        if (!double.IsFinite(logLikelihood) || !state.GoesOn)
        {
            return null;
        }

        return new(form, parameters, state, exponent, Unscaled(fitted, exponent), Unscaled(residuals, exponent))
        {
            Count = n,
            LogLikelihood = logLikelihood,
            Variance = squares / Math.Max(1, n - Estimated(form, state.Seasons.Length) + 1),
            InitialLevel = Math.ScaleB(first.Level, exponent),
            InitialTrend = form.Trend == EtsComponent.Additive ? Math.ScaleB(first.Slope, exponent) : first.Slope,
        };
    }

    /// <summary>The model with the same parameters after newer values: its states are carried on, at a cost of the newer values
    /// only.</summary>
    /// <param name="newer">The values that followed, oldest first.</param>
    /// <param name="regressors">None are used.</param>
    /// <exception cref="ArgumentException">A value is missing, or the level falls to 0 where a trend
    /// multiplies.</exception>
    public override EtsModel Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        Finite.Check(newer, nameof(newer));
        EtsRun after = state.Copy();
        (double[] followed, double[] left, _, _) = Follow(after, Form, Parameters, Scaled(newer, Exponent));
        return after.GoesOn
            ? new(Form, Parameters, after, Exponent, Unscaled(followed, Exponent), Unscaled(left, Exponent))
            {
                Count = Count,
                LogLikelihood = LogLikelihood,
                Variance = Variance,
                InitialLevel = InitialLevel,
                InitialTrend = InitialTrend,
            }
            : throw new ArgumentException(
                $"{Form} cannot follow the newer values: its level falls to 0, by which it divides. Fit again.", nameof(newer));
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

    private static (double[] Fitted, double[] Residuals, double Squares, double Logarithms) Follow(
        EtsRun run, EtsForm form, in EtsParameters parameters, double[] scaled)
    {
        bool relative = form.Error == EtsComponent.Multiplicative;
        double share = parameters.Beta / parameters.Alpha, squares = 0, logarithms = 0;
        var fitted = new double[scaled.Length];
        var residuals = new double[scaled.Length];
        for (int t = 0; t < scaled.Length; t++)
        {
            double forecast = fitted[t] = run.Predict(parameters);
            residuals[t] = scaled[t] - forecast;
            double error = relative ? residuals[t] / forecast : residuals[t];
            squares += error * error;
            logarithms += relative ? Math.Log(forecast) : 0;
            run.Learn(parameters, share, scaled[t]);
        }

        return (fitted, residuals, squares, logarithms);
    }

    private static double[] Unscaled(double[] numbers, int exponent) =>
        Array.ConvertAll(numbers, number => Bounded(Math.ScaleB(number, exponent)));
}
