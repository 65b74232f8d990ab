using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A seasonal ARIMA model fitted to a series.</summary>
public sealed class ArimaFit : LocalFit
{
    private readonly ArimaModel model;
    private readonly SeriesPower power;
    private readonly HarmonicTerms harmonics;
    private readonly double[] fitted;
    private readonly double[] residuals;

    internal ArimaFit(
        ArimaModel model, SeriesPower power, HarmonicTerms harmonics, ArimaCriteria criteria, double[] fitted, double[] residuals)
    {
        (this.model, this.power, this.harmonics) = (ArimaFile.Settled(model), power, harmonics);
        (this.fitted, this.residuals) = (fitted, residuals);
        (LogLikelihood, Aic, Aicc, Bic) = (criteria.LogLikelihood, criteria.Aic, criteria.Aicc, criteria.Bic);
    }

    /// <summary>The orders.</summary>
    public ArimaOrder Order => model.Parameters.Order;

    /// <summary>φ, θ, Φ, Θ in this order: ar1, …, ma1, …, sar1, …, sma1, …</summary>
    public IReadOnlyList<double> Coefficients => model.Parameters.Coefficients;

    /// <summary>The mean, where there are no differences, or the drift of a step, where there is one; null where the model has
    /// neither.</summary>
    public double? Constant => model.Parameters.Constant is { } constant ? Scaled(constant) : null;

    /// <summary>The coefficient of each regressor.</summary>
    public IReadOnlyList<double> Regression => [.. model.Parameters.Beta.Select(Scaled)];

    /// <summary>The variance of the innovations, Σ v² / F over (n − coefficients).</summary>
    public double Variance => Scaled(Scaled(model.Parameters.Variance));

    /// <summary>The logarithm of the exact Gaussian likelihood, on the scale that the model works on.</summary>
    public double LogLikelihood { get; }

    /// <summary>Akaike's criterion.</summary>
    public double Aic { get; }

    /// <summary>Akaike's criterion, corrected for few values.</summary>
    public double Aicc { get; }

    /// <summary>Bayes's criterion.</summary>
    public double Bic { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Fitted => fitted;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Residuals => residuals;

    /// <inheritdoc/>
    public override Config State
    {
        get
        {
            Config state = ArimaFile.Write(model, new(LogLikelihood, Aic, Aicc, Bic));
            power.Write(state);
            harmonics.Write(state);
            return state;
        }
    }

    /// <inheritdoc/>
    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        ArgumentNullException.ThrowIfNull(regressors);
        (double[] mean, double[] sigma) = model.Predict(
            horizon, harmonics.Before(regressors, model.State.Count, horizon));
        return power.Back(QuantileGrid.Normal(mean, sigma));
    }

    /// <inheritdoc/>
    public override double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors)
    {
        ArgumentNullException.ThrowIfNull(regressors);
        return [.. model.Simulate(horizon, count, key, harmonics.Before(regressors, model.State.Count, horizon))
            .Select(path => power.Back(path))];
    }

    /// <inheritdoc/>
    public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        ArgumentNullException.ThrowIfNull(regressors);
        ArimaModel later = model.Update(
            power.Forth(newer), harmonics.Before(regressors, model.State.Count, newer.Length));
        return new ArimaFit(later, power, harmonics, new(LogLikelihood, Aic, Aicc, Bic), [], []);
    }

    /// <inheritdoc/>
    internal override string? Refuse(double value) => power.Refuse(value);

    /// <inheritdoc/>
    public override string Describe()
    {
        string constant = Constant is null ? string.Empty : Order.D + Order.SeasonalD == 0 ? " with mean" : " with drift";
        string errors = Regression.Count == 0 ? string.Empty
            : FormattableString.Invariant($", errors of a regression on {Regression.Count} terms");
        return FormattableString.Invariant($"{Order}{constant}{errors}{power.Describe()}, AICc {Aicc:0.0}");
    }

    /// <summary>Makes the fit of what <see cref="State"/> has written.</summary>
    internal static ArimaFit Read(ConfigReader state)
    {
        (ArimaModel model, ArimaCriteria criteria) = ArimaFile.Read(state);
        HarmonicTerms harmonics = HarmonicTerms.Read(state);
        return model.Parameters.Beta.Length >= harmonics.Columns
            ? new(model, SeriesPower.Read(state), harmonics, criteria, [], [])
            : throw new ConfigException($"{state.Owner}: regression lacks the harmonics' coefficients.")
            {
                Option = "regression",
            };
    }

    private double Scaled(double value) => Math.ScaleB(value, model.Parameters.Exponent);
}

/// <summary>How well a model fits.</summary>
internal sealed record ArimaCriteria(double LogLikelihood, double Aic, double Aicc, double Bic)
{
    /// <summary>Those of values, not of values over 2ᵉ, of which the estimate is.</summary>
    internal static ArimaCriteria Of(ArimaEstimate estimate, int exponent)
    {
        double shift = estimate.Used * exponent * Math.Log(2);
        return new(
            estimate.LogLikelihood - shift, estimate.Aic + (2 * shift), estimate.Aicc + (2 * shift), estimate.Bic + (2 * shift));
    }
}
