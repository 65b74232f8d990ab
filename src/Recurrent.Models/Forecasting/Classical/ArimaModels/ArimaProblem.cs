namespace Recurrent.Forecasting;

/// <summary>
/// A series and its regressors, of which seasonal ARIMA models with the same differences are estimated: y = X β + η. The
/// regressions' coefficients are those of greatest likelihood for every trial of φ, θ, Φ, Θ, so that only these are searched.
/// </summary>
internal sealed class ArimaProblem
{
    private ArimaProblem(ArimaOrder differences, double[][] columns, double[][] differenced, double[][] levels, int unknownStarts)
    {
        Differences = differences;
        Columns = columns;
        Differenced = differenced;
        Levels = levels;
        UnknownStarts = unknownStarts;
    }

    /// <summary>d, D and the season; the other orders are 0.</summary>
    internal ArimaOrder Differences { get; }

    /// <summary>The series, with NaN for gaps, and its regressors.</summary>
    internal double[][] Columns { get; }

    /// <summary>Differences of the series and of the regressors; of a series with gaps, after they were bridged.</summary>
    internal double[][] Differenced { get; }

    /// <summary>What the Kalman filter reads: the series, unknown starts, regressors.</summary>
    internal double[][] Levels { get; }

    /// <summary>How many of the first values, on which the differences stand, are missing.</summary>
    internal int UnknownStarts { get; }

    /// <summary>Whether no value is missing.</summary>
    internal bool IsComplete { get; private init; }

    /// <summary>How many values the likelihood is of.</summary>
    internal int Used { get; private init; }

    /// <summary>The sum of squares below which differences are rounding: the model fits exactly.</summary>
    internal double Floor => Used * 1e-30;

    /// <summary>How many regressors there are.</summary>
    internal int Regressors => Columns.Length - 1;

    /// <summary>Prepares a series that is of the order of 1 and starts with a value.</summary>
    internal static ArimaProblem Of(double[] values, double[][] regressors, ArimaOrder differences)
    {
        int lost = differences.Lost;
        int present = values.Count(value => !double.IsNaN(value));
        bool complete = present == values.Length;
        double[] bridged = complete ? values : Gaps.Bridge(values, differences.Season);
        double[][] differenced = [.. regressors.Prepend(bridged).Select(column => Differencing.Of(column, differences))];
        var unknown = new List<double[]>();
        double[] first = (double[])values.Clone();
        double[][] others = [.. regressors.Select(column => (double[])column.Clone())];
        for (int t = 0; t < Math.Min(lost, values.Length); t++)
        {
            if (double.IsNaN(values[t]))
            {
                var column = new double[values.Length];
                column[t] = 1;
                unknown.Add(column);
                first[t] = 0;
                foreach (double[] other in others)
                {
                    other[t] = 0;
                }
            }
        }

        return new ArimaProblem(
            differences, [values, .. regressors], differenced, [first, .. unknown, .. others], unknown.Count)
        {
            IsComplete = complete,
            Used = present - lost,
        };
    }

    /// <summary>A likelihood for trials of the other orders.</summary>
    /// <param name="order">The orders.</param>
    /// <param name="conditional">Whether an approximation does, the conditional sum of squares.</param>
    internal IArimaLikelihood Likelihood(ArimaOrder order, bool conditional = false) =>
        IsComplete ? new CompleteLikelihood(this, order, conditional) : new GappedLikelihood(this, order);
}
