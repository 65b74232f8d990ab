using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>A series and its regressors brought near 1 by powers of two, without missing values at the beginning.</summary>
internal sealed class ArimaData
{
    private readonly int[] exponents;
    private readonly Dictionary<(int, int, int, bool), ArimaProblem> problems = [];

    private ArimaData(double[] values, double[][] regressors, int exponent, int[] exponents, int skipped)
    {
        Values = values;
        Regressors = regressors;
        Exponent = exponent;
        this.exponents = exponents;
        Skipped = skipped;
    }

    /// <summary>The series times 2⁻ᵉ; NaN where a value is missing.</summary>
    internal double[] Values { get; }

    /// <summary>The regressors, each times a power of two.</summary>
    internal double[][] Regressors { get; }

    /// <summary>e.</summary>
    internal int Exponent { get; }

    /// <summary>How many missing values at the beginning were left out.</summary>
    internal int Skipped { get; }

    /// <summary>How many values are there.</summary>
    internal int Present => Values.Count(value => !double.IsNaN(value));

    /// <summary>How many places in a season no value of the whole series tells of.</summary>
    internal int Unseen(int season) => Enumerable.Range(0, Math.Min(season, Values.Length))
        .Count(place => Enumerable.Range(0, (Values.Length - place + season - 1) / season)
            .All(year => double.IsNaN(Values[place + (year * season)])));

    /// <summary>Prepares a series.</summary>
    /// <param name="values">The series, oldest first, NaN where a value is missing.</param>
    /// <param name="regressors">The regressors, each as long.</param>
    /// <exception cref="ArgumentException">There are no values, one is infinite, or a regressor is not as long or not
    /// finite.</exception>
    internal static ArimaData Of(ReadOnlySpan<double> values, IReadOnlyList<double[]> regressors)
    {
        int skipped = 0;
        while (skipped < values.Length && double.IsNaN(values[skipped]))
        {
            skipped++;
        }

        if (skipped == values.Length)
        {
            throw new ArgumentException(values.IsEmpty ? "There are no values." : "All values are missing.", nameof(values));
        }

        double[] kept = values[skipped..].ToArray();
        double[] present = [.. kept.Where(value => !double.IsNaN(value))];
        Finite.Check(present, nameof(values));
        int exponent = Magnitude.Exponent(present);
        Scale(kept, -exponent);
        var columns = new double[regressors.Count][];
        var exponents = new int[regressors.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            if (regressors[i].Length != values.Length)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Regressor {i} has {regressors[i].Length} values, but the series has {values.Length}."), nameof(regressors));
            }

            columns[i] = regressors[i][skipped..];
            Finite.Check(columns[i], nameof(regressors));
            exponents[i] = Magnitude.Exponent(columns[i]);
            Scale(columns[i], -exponents[i]);
        }

        return new ArimaData(kept, columns, exponent, exponents, skipped);
    }

    /// <summary>The problem of models with given differences.</summary>
    /// <param name="d">Differences.</param>
    /// <param name="seasonalD">Seasonal differences.</param>
    /// <param name="season">Length of a season.</param>
    /// <param name="constant">Whether there is a mean, or a drift where there is one difference.</param>
    internal ArimaProblem Problem(int d, int seasonalD, int season, bool constant)
    {
        if (!problems.TryGetValue((d, seasonalD, season, constant), out ArimaProblem? problem))
        {
            var differences = new ArimaOrder(0, d, 0, 0, seasonalD, 0, season);
            double[][] columns = constant ? [Constant(d + seasonalD), .. Regressors] : Regressors;
            problem = ArimaProblem.Of(Values, columns, differences);
            problems.Add((d, seasonalD, season, constant), problem);
        }

        return problem;
    }

    /// <summary>The same with gaps bridged, for a search.</summary>
    internal ArimaData Bridged(int season) => Values.Any(double.IsNaN)
        ? new ArimaData(Gaps.Bridge(Values, season), Regressors, Exponent, exponents, Skipped)
        : this;

    /// <summary>β in units of the scaled series over unscaled regressors.</summary>
    /// <param name="regression">β of the problem.</param>
    /// <param name="constant">Whether the first is that of the constant.</param>
    internal double[] Unscaled(double[] regression, bool constant)
    {
        double[] unscaled = (double[])regression.Clone();
        for (int i = 0; i < unscaled.Length; i++)
        {
            int column = constant ? i - 1 : i;
            unscaled[i] = Math.ScaleB(unscaled[i], column < 0 ? 0 : -exponents[column]);
        }

        return unscaled;
    }

    /// <summary>The regressor that depends on others after differences were taken; −1 where none does.</summary>
    internal static int Dependent(ArimaProblem problem)
    {
        if (problem.Used < 1)
        {
            return -1;
        }

        // A regressor whose differences are rounding has vanished.
        for (int i = 1; i < problem.Differenced.Length; i++)
        {
            if (problem.Differenced[i].All(value => Math.Abs(value) < 1e-13))
            {
                return i - 1;
            }
        }

        return new InnovationRegression(problem.Regressors, problem.Differenced[0].Length).Solve(problem.Differenced);
    }

    /// <summary>The values of the constant's regressor: 1 for a mean; 1, 2, … for a drift.</summary>
    private double[] Constant(int differences) =>
        [.. Enumerable.Range(1, Values.Length).Select(t => differences == 0 ? 1.0 : t)];

    private static void Scale(Span<double> values, int exponent)
    {
        foreach (ref double value in values)
        {
            value = Math.ScaleB(value, exponent);
        }
    }
}
