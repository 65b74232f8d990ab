using System.Diagnostics;
using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <content>Trying candidates and choosing among them.</content>
public sealed partial class AutoForecaster
{
    private const int DefaultHorizon = 6;
    private const int LeastTraining = 6;
    private const int MostOrigins = 16;

    // Weights fall with the power n²/2 of a method's error, where n forecasts fit side by side; at least with its square.
    private const double MostEvidence = 12;
    private const double LeastPower = 2;

    // What has less of the largest weight has no part.
    private const double LeastWeight = 0.1;

    // Shares of a budget after which no further candidate, no further network is begun.
    private const double TrialShare = 0.5;
    private const double FinalShare = 0.9;

    // A calibration on fewer outcomes would be chance.
    private const int LeastOutcomes = 20;

    private const int FewSeries = 20;
    private const double HeldOutCost = 2.5;
    private const double LeastTrust = 0.3;

    private Trial[] Try(FitData data, Candidates candidates, HeldOutPlan plan, int season, long start)
    {
        SeriesPanel judged = data.Panel.Select([.. plan.Names]);
        var measure = new TrialMeasure(
            [.. judged.Select(series => data.Targets.Select(target => Scale(series.Variable(target), season)).ToArray())],
            [.. judged.Select(series => SmallSample.Of(series, data.Targets, season))],
            Forecasting.Candidates.Intermittent(data.Panel, data.Targets));
        ForecastRun run = data.Run with { OnBadSeries = BadSeries.LeaveOut, Progress = null };
        IReadOnlyList<Candidate> quick = candidates.Quick(data.Panel, data.Targets);
        var trials = new Trial[quick.Count];
        int done = 0;
        new LocalRun(run, quick.Count, "candidates").Each(i =>
        {
            trials[i] = Trial.Of(quick[i], judged, plan, data.Roles, run, measure);
            data.Run.Progress?.Report(new("candidates", Interlocked.Increment(ref done), quick.Count));
        });
        double left = Seconds is { } seconds ? (TrialShare * seconds) - Stopwatch.GetElapsedTime(start).TotalSeconds
            : double.PositiveInfinity;
        IReadOnlyList<Candidate> networks = UsesNetworks && left > 1
            ? candidates.Networks(data.Panel, Seconds is null ? null : left) : [];
        foreach (Candidate network in networks)
        {
            if (Seconds is { } budget && Stopwatch.GetElapsedTime(start).TotalSeconds > TrialShare * budget)
            {
                break;
            }

            trials = [.. trials, Trial.Of(network, judged, plan, data.Roles, run, measure)];
            data.Run.Progress?.Report(new("networks", trials.Length - quick.Count, networks.Count));
        }

        return trials;
    }

    private Choice Choose(Trial[] trials, Candidates candidates, CalibrationTrust? trust, double? left, double independent)
    {
        Trial[] able = [.. trials.Where(trial => double.IsFinite(trial.Score)).OrderBy(trial => trial.Score)];
        if (able.Length == 0)
        {
            return new(new Ensemble([candidates.Classical(), new SeasonalNaive(Season), new SeasonalNaive(1)],
                    Combination.Mean, [1, 0, 0]), null, [],
                "The series are too short to hold anything out: classical methods are combined, and nothing was chosen.");
        }

        double[] all = Weights(able, independent);
        Trial[] near = [.. able.Where((_, i) => all[i] > 0)];
        double[] weights = [.. all.Where(weight => weight > 0)];
        List<(QuantileGrid, double[])> outcomes = Trial.Outcomes(near, weights);
        Forecaster chosen = new Ensemble(
            [.. near.Select(trial => candidates.Final(trial.Method, left)), new SeasonalNaive(Season), new SeasonalNaive(1)],
                Combination.Mean,
            [.. weights, 0, 0]);
        string names = string.Join(", ", near.Select((trial, i) =>
            FormattableString.Invariant($"{trial.Method.Name} {100 * weights[i]:0} %")));
        return new(chosen,
            trust is not { } calibrated || outcomes.Sum(outcome => outcome.Item2.Count(double.IsFinite)) < LeastOutcomes ? null
                : Forecasting.Calibration.Of(outcomes, calibrated),
            [.. able.Concat(trials.Except(able)).Select(trial => new CandidateScore(trial.Method.Name, trial.Score,
                near.Contains(trial) ? weights[Array.IndexOf(near, trial)] : 0, trial.Problem))],
            $"Chosen on the last part of the data: {names}.");
    }

    /// <summary>
    /// Each candidate's part: its prior times a power of its error that grows with what was seen. A short series is hardly ever
    /// left to a method that was lucky on it, and a long one says by itself what suits it.
    /// </summary>
    private static double[] Weights(Trial[] able, double independent)
    {
        double power = Math.Max(LeastPower, 0.5 * Math.Pow(Math.Min(independent, MostEvidence), 2));
        double[] weights = [.. able.Select(trial => trial.Candidate.Prior
            * (trial.Score > 0 ? Math.Pow(able[0].Score / trial.Score, power) : 1))];
        double least = LeastWeight * weights.Max();
        weights = [.. weights.Select(weight => weight < least ? 0 : weight)];
        double total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    /// <summary>How far outcomes are trusted. Of many series: the less, the more of each was held out, since outcomes of one
    /// origin are those of one time, and methods that had less to learn from err more. Of few: the more of them are independent.
    /// Null where intervals are not to be stretched: those of intermittent demand cannot be.</summary>
    private static CalibrationTrust? Trust(SeriesPanel panel, IReadOnlyList<string> targets, HeldOutPlan plan, int wanted)
    {
        if (Forecasting.Candidates.Intermittent(panel, targets))
        {
            return null;
        }

        double held = wanted / panel.Average(series => (double)series.Count);
        return panel.Count < FewSeries ? CalibrationTrust.Few(plan.Independent)
            : CalibrationTrust.Many(Math.Clamp(1 - (HeldOutCost * held), LeastTrust, 1));
    }

    /// <summary>What is held out: enough to judge by, and no more than leaves enough to learn from.</summary>
    private static HeldOutPlan? Plan(SeriesPanel panel, int season, int wanted)
    {
        int longest = panel.Max(series => series.Count);
        int least = season > 1 && longest >= 3 * season ? 2 * season : LeastTraining;
        int horizon = Math.Min(wanted, Math.Max((longest - least) / 2, 0));
        return horizon < 1 ? null : HeldOutPlan.For(panel, horizon, MostOrigins, least);
    }

    /// <summary>The mean absolute difference of values a season apart; of all values where these are 0.</summary>
    private static double Scale(ReadOnlySpan<double> values, int season)
    {
        foreach (int lag in (int[])[season, 1])
        {
            double sum = 0;
            int count = 0;
            for (int t = lag; t < values.Length; t++)
            {
                double step = Math.Abs(values[t] - values[t - lag]);
                sum += double.IsFinite(step) ? step : 0;
                count += double.IsFinite(step) ? 1 : 0;
            }

            if (sum > 0 && double.IsFinite(sum))
            {
                return sum / count;
            }
        }

        return 1;
    }

    /// <summary>What came of choosing.</summary>
    private sealed record Choice(Forecaster Method, Calibration? Calibration, CandidateScore[] Scores, string Note);
}
