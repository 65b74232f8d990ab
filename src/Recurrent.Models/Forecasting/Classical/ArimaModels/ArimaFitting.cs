namespace Recurrent.Forecasting;

/// <summary>From a task to a fitted model.</summary>
internal static class ArimaFitting
{
    /// <summary>Fits a model of given orders.</summary>
    /// <exception cref="ArgumentException">There are too few values for it, or its regressors depend on one another.</exception>
    internal static ArimaFit Fit(LocalTask task, ArimaOrder order, bool constant, string transform)
    {
        SeriesPower power = SeriesPower.Of(transform, task.Values, task.Season);
        ArimaData data = ArimaData.Of(power.Forth(task.Values), task.Regressors);
        int least = order.Lost + order.Coefficients + task.Regressors.Count + (constant ? 2 : 1);
        if (data.Present < least || data.Values.Length <= order.Lost)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{order} needs at least {least} values, but there are {data.Present}. Take lower orders."));
        }

        ArimaProblem problem = data.Problem(order.D, order.SeasonalD, order.Season, constant);
        int dependent = ArimaData.Dependent(problem);
        if (dependent >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Regressor {Math.Max(0, constant ? dependent - 1 : dependent)} of {order} is no more than the others together")
                + $"{(constant ? ", the constant among them" : string.Empty)}, once differences are taken. Leave it out.");
        }

        List<double[]> starts = [];
        if (HannanRissanen.Guess(problem.Differenced[0], order) is { } guess)
        {
            starts.Add(guess);
        }

        ArimaEstimate estimate = ArimaEstimation.Estimate(problem, order, starts, 1e-9, every: true)
            ?? throw new ArgumentException($"{order} cannot be estimated: too many values are missing.");
        return Made(task, data, problem, estimate, constant, power);
    }

    /// <summary>Chooses and fits a model.</summary>
    internal static ArimaFit Choose(LocalTask task, ArimaSearchOptions options, string transform)
    {
        SeriesPower power = SeriesPower.Of(transform, task.Values, task.Season);
        ArimaData data = ArimaData.Of(power.Forth(task.Values), task.Regressors);
        (ArimaEstimate estimate, bool constant, ArimaProblem problem) = ArimaSearch.Choose(data, options, task.Season);
        return Made(task, data, problem, estimate, constant, power);
    }

    private static ArimaFit Made(
        LocalTask task, ArimaData data, ArimaProblem problem, ArimaEstimate estimate, bool constant, SeriesPower power)
    {
        double[] regression = data.Unscaled(estimate.Regression, constant);
        bool exact = estimate.SumOfSquares <= 10 * problem.Floor;
        var parameters = new ArimaParameters
        {
            Order = estimate.Order,
            Coefficients = estimate.Coefficients,
            Constant = constant ? regression[0] : null,
            Beta = constant ? regression[1..] : regression,
            Variance = exact ? 0 : estimate.Variance,
            Exponent = data.Exponent,
        };
        (ArimaModel model, double[] fitted) = ArimaModel.Through(parameters, problem, estimate.Regression);
        double[] back = power.Back(fitted);
        if (data.Skipped > 0)
        {
            back = [.. Enumerable.Repeat(double.NaN, data.Skipped), .. back];
        }

        // The likelihood is that of the values, not of the values over 2ᵉ.
        double shift = estimate.Used * data.Exponent * Math.Log(2);
        var criteria = new ArimaCriteria(
            estimate.LogLikelihood - shift, estimate.Aic + (2 * shift), estimate.Aicc + (2 * shift), estimate.Bic + (2 * shift));
        return new(model, power, criteria, back, LocalFits.Residuals(task.Values, back));
    }
}
