namespace Recurrent.Forecasting;

/// <summary>From a task to a fitted model.</summary>
internal static class ArimaFitting
{
    /// <summary>Fits a model of given orders.</summary>
    /// <exception cref="ArgumentException">There are too few values for it, or its regressors depend on one another.</exception>
    internal static ArimaFit Fit(LocalTask task, ArimaOrder order, bool constant, string transform, HarmonicTerms harmonics)
    {
        SeriesPower power = SeriesPower.Of(transform, task);
        IReadOnlyList<double[]> regressors = harmonics.Before(task.Regressors, -Leading(task.Values), task.Values.Length);
        ArimaData data = ArimaData.Of(power.Forth(task.Values), regressors);
        int least = order.Lost + order.Coefficients + regressors.Count + (constant ? 2 : 1);
        if (data.Present < least || data.Values.Length <= order.Lost)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{order} needs at least {least} values, but there are {data.Present}. Take lower orders."));
        }

        RequireSeen(data, order.SeasonalD, order.Season);
        ArimaProblem problem = data.Problem(order.D, order.SeasonalD, order.Season, constant);
        int dependent = ArimaData.Dependent(problem);
        if (dependent >= 0)
        {
            int place = Math.Max(0, dependent - (constant ? 1 : 0) - harmonics.Columns);
            throw new ArgumentException(FormattableString.Invariant(
                $"Regressor {place} of {order} is no more than the others together")
                + $"{(constant ? ", the constant among them" : string.Empty)}, once differences are taken. Leave it out.");
        }

        List<double[]> starts = [];
        if (HannanRissanen.Guess(problem.Differenced[0], order) is { } guess)
        {
            starts.Add(guess);
        }

        ArimaEstimate estimate = ArimaEstimation.Estimate(problem, order, starts, 1e-9, every: true)
            ?? throw new ArgumentException($"{order} cannot be estimated: too many values are missing.");
        return Made(task, data, problem, estimate, constant, power, harmonics);
    }

    /// <summary>Chooses and fits a model.</summary>
    internal static ArimaFit Choose(LocalTask task, ArimaSearchOptions options, string transform, HarmonicTerms harmonics)
    {
        SeriesPower power = SeriesPower.Of(transform, task);
        ArimaData data = ArimaData.Of(
            power.Forth(task.Values), harmonics.Before(task.Regressors, -Leading(task.Values), task.Values.Length));
        RequireSeen(data, options.SeasonalD ?? 0, task.Season);
        (ArimaEstimate estimate, bool constant, ArimaProblem problem) = ArimaSearch.Choose(data, options, task.Season);
        return Made(task, data, problem, estimate, constant, power, harmonics);
    }

    /// <summary>A fit of known parameters.</summary>
    /// <param name="task">The series.</param>
    /// <param name="data">The series near 1.</param>
    /// <param name="problem">The series with its regressors.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="regression">β of the problem.</param>
    /// <param name="power">The scale.</param>
    /// <param name="harmonics">Regressors that the model brings.</param>
    /// <param name="criteria">How well it fits.</param>
    internal static ArimaFit Made(
        LocalTask task, ArimaData data, ArimaProblem problem, ArimaParameters parameters, double[] regression, SeriesPower power,
        HarmonicTerms harmonics, ArimaCriteria criteria)
    {
        (ArimaModel model, double[] fitted) = ArimaModel.Through(parameters, problem, regression);
        double[] back = power.Back(fitted);
        if (data.Skipped > 0)
        {
            back = [.. Enumerable.Repeat(double.NaN, data.Skipped), .. back];
        }

        return new(model, power, harmonics, criteria, back, LocalFits.Residuals(task.Values, back));
    }

    // A place in the season without any value is one that seasonal differences say nothing of.
    private static void RequireSeen(ArimaData data, int seasonalD, int season)
    {
        if (seasonalD > 0 && data.Unseen(season) is > 0 and int unseen)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Differences over a season of {season} steps need a value at each of its places, and all values at {unseen} of ")
                + "them are missing. Take no seasonal differences.");
        }
    }

    // The model counts its steps from the first value that is there.
    private static int Leading(ReadOnlySpan<double> values)
    {
        int leading = 0;
        while (leading < values.Length && double.IsNaN(values[leading]))
        {
            leading++;
        }

        return leading;
    }

    private static ArimaFit Made(
        LocalTask task, ArimaData data, ArimaProblem problem, ArimaEstimate estimate, bool constant, SeriesPower power,
        HarmonicTerms harmonics)
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
        return Made(
            task, data, problem, parameters, estimate.Regression, power, harmonics,
            ArimaCriteria.Of(estimate, data.Exponent));
    }
}
