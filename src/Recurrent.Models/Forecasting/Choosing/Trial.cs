using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>A candidate's forecasts of steps that it had not seen.</summary>
internal sealed class Trial
{
    private readonly Dictionary<(string Series, int Origin, int Target), Outcome> outcomes;

    private readonly bool byDistribution;

    private Trial(Candidate candidate, Dictionary<(string Series, int Origin, int Target), Outcome> outcomes, string? problem,
        bool byDistribution)
    {
        Candidate = candidate;
        this.outcomes = outcomes;
        Problem = problem;
        this.byDistribution = byDistribution;
        Score = ScoreOf(outcomes);
    }

    /// <summary>What was tried.</summary>
    internal Candidate Candidate { get; }

    /// <summary>The candidate's method, not fitted.</summary>
    internal Forecaster Method => Candidate.Method;

    /// <summary>The mean scaled error; infinite where there is none.</summary>
    internal double Score { get; }

    /// <summary>Why the candidate could not be fitted, or null.</summary>
    internal string? Problem { get; }

    /// <summary>Tries a candidate: fitted to what lies before the first origin, carried on from origin to origin.</summary>
    internal static Trial Of(Candidate candidate, SeriesPanel panel, HeldOutPlan plan, SeriesRoles roles, ForecastRun run,
        TrialMeasure measure)
    {
        var outcomes = new Dictionary<(string, int, int), Outcome>();
        string? problem = null;
        try
        {
            var places = panel.Names.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place);
            Forecaster copy = candidate.Method.Unfitted();
            SeriesRoles own = copy.Usable(roles);
            copy.Fit(plan.Before(panel, 0), own, run);
            for (int origin = 0; origin < plan.Origins; origin++)
            {
                if (origin > 0)
                {
                    copy.Update(plan.Between(panel, origin - 1, copy), run);
                }

                SeriesPanel ahead = plan.Ahead(panel, origin, copy);
                foreach (Forecast forecast in copy.PredictPanel(plan.Horizon, own.Future!.Count == 0 ? null
                    : ahead.SelectVariables(own.Future), run))
                {
                    int place = places[forecast.Series];
                    for (int target = 0; target < roles.Targets!.Count; target++)
                    {
                        outcomes[(forecast.Series, origin, target)] = new(
                            measure.Samples[place].Bounded(forecast.Grids[target], target),
                            ahead[forecast.Series].Variable(roles.Targets[target]).ToArray(), measure.Scales[place][target]);
                    }
                }
            }

            // One that few series can be fitted by is none for all of them.
            if (copy.Series.Count * 2 < plan.Names.Count)
            {
                problem = copy.LeftOut[0].Reason;
                outcomes.Clear();
            }
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or ArithmeticException)
        {
            problem = exception.Message;
            outcomes.Clear();
        }

        return new(candidate, outcomes, problem, measure.ByDistribution);
    }

    /// <summary>The forecasts of the weighted mean of several, with what came.</summary>
    internal static List<(QuantileGrid Forecast, double[] Actual)> Outcomes(IReadOnlyList<Trial> trials,
        IReadOnlyList<double> weights) =>
        [.. Mean(trials, weights).Values.Select(outcome => (outcome.Forecast, outcome.Actual))];

    private static Dictionary<(string Series, int Origin, int Target), Outcome> Mean(
        IReadOnlyList<Trial> trials, IReadOnlyList<double> weights) =>
            trials[0].outcomes.ToDictionary(entry => entry.Key, entry =>
    {
        int[] has = [.. Enumerable.Range(0, trials.Count).Where(i => trials[i].outcomes.ContainsKey(entry.Key))];
        return entry.Value with
        {
            Forecast = QuantileMean.Of([.. has.Select(i => trials[i].outcomes[entry.Key].Forecast)], Combination.Mean,
                [.. has.Select(i => weights[i])]),
        };
    });

    private double ScoreOf(Dictionary<(string Series, int Origin, int Target), Outcome> outcomes)
    {
        double[] errors = [.. outcomes.Values.Select(outcome => outcome.Error(byDistribution)).Where(double.IsFinite)];
        return errors.Length == 0 ? double.PositiveInfinity : errors.Average();
    }

    /// <summary>A forecast, what came, and the scale of its errors.</summary>
    private sealed record Outcome(QuantileGrid Forecast, double[] Actual, double Scale)
    {
        internal double Error(bool ofDistribution) => Actual.Select((y, step) => !double.IsFinite(y) ? double.NaN
            : ofDistribution ? Forecast.Crps(step, y) : Math.Abs(y - Forecast.Point[step])).Where(double.IsFinite)
            .DefaultIfEmpty(double.NaN).Average() / Scale;
    }
}

/// <summary>What forecasts are judged by.</summary>
/// <param name="Scales">For each series and target the unit of its errors.</param>
/// <param name="Samples">For each series what bounds its forecasts.</param>
/// <param name="ByDistribution">Whether the whole distribution is judged, by its CRPS, and not the point: of series that are
/// mostly 0 the point of least absolute error is 0, which tells nobody anything.</param>
internal sealed record TrialMeasure(double[][] Scales, SmallSample[] Samples, bool ByDistribution);
