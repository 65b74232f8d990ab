namespace Recurrent.Forecasting;

/// <summary>
/// Chooses the orders of a seasonal ARIMA model: differences by tests, the others by a criterion, step by step from four
/// models to better neighbours (Hyndman and Khandakar, 2008), or among all.
/// </summary>
internal sealed class ArimaSearch
{
    private const double SearchTolerance = 1e-3;
    private const double FinalTolerance = 1e-10;

    // Where a trial of the exact likelihood takes more steps than this the search goes by conditional sums of squares, and
    // the best of what it finds are compared by exact ones.
    private const int CostlyTrial = 10_000;
    private const int Finalists = 3;

    // Polynomials of longer seasons take too long: they are left to harmonics, or to STL before.
    private const int LongestSeason = 200;
    private const double RoughTolerance = 0.02;
    private const int Few = 3;

    private readonly ArimaData data;
    private readonly ArimaSearchOptions options;
    private readonly int season;
    private readonly int d;
    private readonly int seasonalD;
    private readonly bool allowConstant;
    private readonly int count;
    private readonly Dictionary<(int P, int Q, int SeasonalP, int SeasonalQ, bool Constant), double> tried = [];
    private readonly List<(ArimaEstimate Estimate, bool Constant, double Criterion)> estimated = [];
    private readonly bool conditional;
    private ArimaEstimate? best;
    private bool bestConstant;
    private double least = double.PositiveInfinity;

    private ArimaSearch(ArimaData data, ArimaSearchOptions options, int season, int d, int seasonalD, bool allowConstant)
    {
        this.data = data;
        this.options = options;
        this.season = season;
        this.d = d;
        this.seasonalD = seasonalD;
        this.allowConstant = allowConstant;
        count = data.Values.Length;
        conditional = (long)count * (options.Seasonal ? 2 * season : 1) > CostlyTrial && count > 3 * season;
    }

    /// <summary>Chooses and estimates a model.</summary>
    internal static (ArimaEstimate Estimate, bool Constant, ArimaProblem Problem) Choose(
        ArimaData whole, ArimaSearchOptions options, int season)
    {
        // Of so few values the correction of AICc is none, and no test says anything.
        bool few = whole.Present <= Few;
        options = few ? options with { Criterion = static estimate => estimate.Aic } : options;
        bool seen = whole.Unseen(season) == 0;
        ArimaData data = whole.Bridged(season);
        season = season < data.Values.Length && season <= LongestSeason ? season : 1;
        double[] rest = WithoutRegressors(data);
        int seasonalD = options.SeasonalD ?? (options.Seasonal && seen && !few
            ? UnitRoots.SeasonalDifferences(rest, season, Math.Min(1, options.MaxSeasonalD)) : 0);
        seasonalD = season > 1 ? seasonalD : 0;
        int d = options.D ?? 0;
        while (seasonalD > 0 && options.SeasonalD is null && Vanishes(data, 0, seasonalD, season))
        {
            seasonalD--;
        }

        double[] seasonless = Differencing.Of(rest, season, seasonalD);
        if (options.D is null)
        {
            bool flat = Varies.Not(seasonless, 1);
            d = options.Stationary || flat || few ? 0 : UnitRoots.Differences(seasonless, options.MaxD);
            while (d > 0 && Vanishes(data, d, seasonalD, season))
            {
                d--;
            }
        }

        bool allowConstant = options.Constant ?? d + seasonalD < 2;
        allowConstant &= d + seasonalD < 2;
        if (allowConstant && ArimaData.Dependent(data.Problem(d, seasonalD, season, true)) >= 0)
        {
            allowConstant = false;
        }

        var search = new ArimaSearch(data, options, season, d, seasonalD, allowConstant);
        search.Run(Varies.Not(Differencing.Of(seasonless, 1, d), 1));
        return search.Final(whole);
    }

    private static bool Vanishes(ArimaData data, int d, int seasonalD, int season) =>
        data.Regressors.Length > 0 && data.Values.Length > d + (season * seasonalD)
        && ArimaData.Dependent(data.Problem(d, seasonalD, season, false)) >= 0;

    // What ordinary least squares leave: the tests for differences look at that.
    private static double[] WithoutRegressors(ArimaData data)
    {
        if (data.Regressors.Length == 0)
        {
            return data.Values;
        }

        double[][] columns = [data.Values, [.. data.Values.Select(_ => 1.0)], .. data.Regressors];
        var regression = new InnovationRegression(columns.Length - 1, data.Values.Length);
        return regression.Solve(columns) < 0 ? regression.Rest.ToArray() : data.Values;
    }

    private void Run(bool flat)
    {
        if (flat)
        {
            // A constant, a straight line or a season that repeats itself: nothing is left to explain.
            Try(0, 0, 0, 0, allowConstant);
            return;
        }

        int seasonalLimit = season > 1 && options.Seasonal ? count / 3 / season : 0;
        int mostP = Math.Min(options.MaxP, count / 3);
        int mostQ = Math.Min(options.MaxQ, count / 3);
        int mostSeasonalP = Math.Min(options.MaxSeasonalP, seasonalLimit);
        int mostSeasonalQ = Math.Min(options.MaxSeasonalQ, seasonalLimit);
        if (!options.Stepwise)
        {
            All(mostP, mostQ, mostSeasonalP, mostSeasonalQ);
            return;
        }

        int one = Math.Min(1, mostSeasonalP);
        int two = Math.Min(1, mostSeasonalQ);
        Try(Math.Min(2, mostP), Math.Min(2, mostQ), one, two, allowConstant);
        Try(0, 0, 0, 0, allowConstant);
        Try(Math.Min(1, mostP), 0, one, 0, allowConstant);
        Try(0, Math.Min(1, mostQ), 0, two, allowConstant);
        if (allowConstant && options.Constant is null)
        {
            Try(0, 0, 0, 0, false);
        }

        while (tried.Count < options.MaxModels && (Improve(mostP, mostQ, mostSeasonalP, mostSeasonalQ)
            || Leap(mostP, mostQ, mostSeasonalP, mostSeasonalQ)))
        {
        }
    }

    // Where no neighbour is better: whether one of a few further away is, from which neighbours are looked at again. Steps
    // alone stay where they began when the models that they begin with have roots on the edge.
    private bool Leap(int mostP, int mostQ, int mostSeasonalP, int mostSeasonalQ)
    {
        if (best is null)
        {
            return false;
        }

        ArimaOrder from = best.Order;
        foreach ((int p, int q) in ((int, int)[])[(2, 2), (1, 1), (2, 0), (0, 2)])
        {
            if (p <= mostP && q <= mostQ && Try(p, q, from.SeasonalP, from.SeasonalQ, bestConstant))
            {
                return true;
            }
        }

        return from.SeasonalQ <= mostSeasonalP && from.SeasonalP <= mostSeasonalQ
            && Try(from.P, from.Q, from.SeasonalQ, from.SeasonalP, bestConstant);
    }

    private bool Improve(int mostP, int mostQ, int mostSeasonalP, int mostSeasonalQ)
    {
        if (best is null)
        {
            return false;
        }

        ArimaOrder from = best.Order;
        (int Plain, int Moving)[] steps = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];
        foreach ((int plain, int moving) in steps)
        {
            int seasonalP = from.SeasonalP + plain;
            int seasonalQ = from.SeasonalQ + moving;
            if (seasonalP >= 0 && seasonalP <= mostSeasonalP && seasonalQ >= 0 && seasonalQ <= mostSeasonalQ
                && Try(from.P, from.Q, seasonalP, seasonalQ, bestConstant))
            {
                return true;
            }
        }

        foreach ((int plain, int moving) in steps)
        {
            int p = from.P + plain;
            int q = from.Q + moving;
            if (p >= 0 && p <= mostP && q >= 0 && q <= mostQ && Try(p, q, from.SeasonalP, from.SeasonalQ, bestConstant))
            {
                return true;
            }
        }

        return allowConstant && options.Constant is null
            && Try(from.P, from.Q, from.SeasonalP, from.SeasonalQ, !bestConstant);
    }

    private void All(int mostP, int mostQ, int mostSeasonalP, int mostSeasonalQ)
    {
        for (int order = 0; order <= options.MaxOrder; order++)
        {
            for (int p = 0; p <= Math.Min(order, mostP); p++)
            {
                for (int q = 0; q <= Math.Min(order - p, mostQ); q++)
                {
                    for (int seasonalP = 0; seasonalP <= Math.Min(order - p - q, mostSeasonalP); seasonalP++)
                    {
                        int seasonalQ = order - p - q - seasonalP;
                        if (seasonalQ <= mostSeasonalQ)
                        {
                            Try(p, q, seasonalP, seasonalQ, allowConstant);
                            if (allowConstant && options.Constant is null)
                            {
                                Try(p, q, seasonalP, seasonalQ, false);
                            }
                        }
                    }
                }
            }
        }
    }

    // Estimates a model that was not tried; true where it is the best so far.
    private bool Try(int p, int q, int seasonalP, int seasonalQ, bool constant)
    {
        var order = new ArimaOrder(p, d, q, seasonalP, seasonalD, seasonalQ, season);
        if (tried.ContainsKey((p, q, seasonalP, seasonalQ, constant)))
        {
            return false;
        }

        ArimaProblem problem = data.Problem(d, seasonalD, season, constant);
        double criterion = double.PositiveInfinity;
        ArimaEstimate? estimate = null;
        int needed = order.Coefficients + problem.Regressors + (order.Coefficients > 0 || problem.Regressors == 0 ? 1 : 0);
        if (problem.Used >= needed)
        {
            List<double[]> starts = Starts(problem, order);
            estimate = ArimaEstimation.Estimate(problem, order, starts, SearchTolerance, conditional: conditional);
            if (estimate is null || Edge(estimate))
            {
                // A search that ran into the edge says nothing of the model: another start may end inside.
                estimate = ArimaEstimation.Estimate(problem, order, starts, SearchTolerance, every: true, conditional,
                    options.UnitRootRadius);
            }

            criterion = estimate is null || Edge(estimate)
                ? double.PositiveInfinity
                : options.Criterion(estimate);
        }

        tried.Add((p, q, seasonalP, seasonalQ, constant), criterion);
        if (estimate is null)
        {
            return false;
        }

        estimated.Add((estimate, constant, criterion));
        if (best is not null && !(criterion < least))
        {
            return false;
        }

        (best, least, bestConstant) = (estimate, criterion, constant);
        return true;
    }

    private bool Edge(ArimaEstimate estimate) => ArimaEstimation.NearUnitRoot(estimate, options.UnitRootRadius);

    private List<double[]> Starts(ArimaProblem problem, ArimaOrder order)
    {
        var starts = new List<double[]>();
        if (best is not null)
        {
            starts.Add(Carried(best, order));
        }

        if (HannanRissanen.Guess(Rest(problem), order) is { } guess)
        {
            starts.Add(guess);
        }

        return starts;
    }

    private static double[] Rest(ArimaProblem problem)
    {
        var regression = new InnovationRegression(problem.Regressors, problem.Differenced[0].Length);
        return regression.Solve(problem.Differenced) < 0 ? regression.Rest.ToArray() : problem.Differenced[0];
    }

    // The coefficients of another model as far as this one has them.
    private static double[] Carried(ArimaEstimate from, ArimaOrder order)
    {
        var coefficients = new double[order.Coefficients];
        for (int block = 0; block < 4; block++)
        {
            Span<double> source = ArimaEstimation.Block(from.Coefficients, from.Order, block);
            Span<double> target = ArimaEstimation.Block(coefficients, order, block);
            source[..Math.Min(source.Length, target.Length)].CopyTo(target);
        }

        return coefficients;
    }

    // Conditional sums of squares rank models roughly: the first few are compared by exact likelihoods.
    private ArimaEstimate? BestOfFinalists()
    {
        ArimaEstimate? first = null;
        double lowest = double.PositiveInfinity;
        foreach ((ArimaEstimate estimate, bool constant, double criterion) in
            estimated.OrderBy(model => model.Criterion).Take(Finalists))
        {
            if (double.IsInfinity(criterion))
            {
                break;
            }

            ArimaEstimate? exact = ArimaEstimation.Estimate(
                data.Problem(d, seasonalD, season, constant), estimate.Order, [estimate.Coefficients], RoughTolerance);
            double value = exact is null || Edge(exact) ? double.PositiveInfinity : options.Criterion(exact);
            if (value < lowest)
            {
                (first, lowest, bestConstant) = (exact, value, constant);
            }
        }

        return first;
    }

    // The model that was found, estimated to the end on the series with its gaps.
    private (ArimaEstimate Estimate, bool Constant, ArimaProblem Problem) Final(ArimaData whole)
    {
        ArimaEstimate found = best ?? throw new ArgumentException(FormattableString.Invariant(
            $"No ARIMA model can be estimated from {count} values, {data.Present} of them there."));
        if (conditional)
        {
            found = BestOfFinalists() ?? found;
        }

        ArimaProblem problem = whole.Problem(d, seasonalD, season, bestConstant);
        List<double[]> starts = [found.Coefficients];
        double[] rest = Rest(data.Problem(d, seasonalD, season, bestConstant));
        if (!conditional && HannanRissanen.Guess(rest, found.Order) is { } guess)
        {
            starts.Add(guess);
        }

        double tolerance = conditional ? SearchTolerance : FinalTolerance;
        ArimaEstimate? final = ArimaEstimation.Estimate(problem, found.Order, starts, tolerance, every: !conditional);
        if (final is null || (ReferenceEquals(whole, data) && Edge(final)))
        {
            final = ArimaEstimation.Estimate(problem, found.Order, [found.Coefficients], FinalTolerance) ?? found;
        }

        return (final, bestConstant, problem);
    }
}
