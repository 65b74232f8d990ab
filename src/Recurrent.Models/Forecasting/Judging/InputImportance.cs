using Recurrent.Data;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>How much a forecaster needs a variable.</summary>
/// <param name="Variable">Name of the variable.</param>
/// <param name="Increase">By what the mean absolute error grows where the variable's values are those of other times, as a share
/// of the error with the right ones: 0 where it is not used, 1 where the error doubles.</param>
public sealed record VariableImportance(string Variable, double Increase);

/// <summary>How much a variable contributes to forecasts, in units of the network's windows.</summary>
/// <param name="Variable">Name of the variable.</param>
/// <param name="ByLag">Mean size of the contribution of each step of the look-back, the newest last; zeros where the network does
/// not read its past.</param>
/// <param name="ByStepAhead">Mean size of the contribution of each step of the horizon, for variables that are known ahead; else
/// zeros.</param>
public sealed record VariableContribution(string Variable, IReadOnlyList<double> ByLag, IReadOnlyList<double> ByStepAhead)
{
    /// <summary>Sum over all lags and steps ahead.</summary>
    public double Total => ByLag.Sum() + ByStepAhead.Sum();
}

/// <summary>
/// What a network's forecasts rest on, by integrated gradients, and by permutation (Breiman, "Random forests", 2001; Fisher,
/// Rudin and Dominici, "All models are wrong, but many are useful", 2019): each variable in turn is moved in time against the
/// others, and the error grows by what it told.
/// </summary>
/// <remarks>
/// The values are moved in a circle by random distances and not shuffled one by one, so that a window shows such stretches as the
/// network knows. Variables that tell the same share what they tell between them: each alone may then seem of little use.
/// </remarks>
public static class InputImportance
{
    /// <summary>Measures the importance of every variable.</summary>
    /// <param name="forecaster">The fitted forecaster.</param>
    /// <param name="series">The series, with all the variables that were fitted; best one that was not trained on, and without
    /// missing values at the places that are forecast.</param>
    /// <param name="windows">Most places to forecast from, evenly over the series; default 200.</param>
    /// <param name="repeats">Moves of each variable; default 5.</param>
    /// <param name="seed">What the distances follow from.</param>
    /// <returns>The variables, the most important first.</returns>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted.</exception>
    /// <exception cref="ArgumentException">The series is shorter than four windows, or lacks a variable.</exception>
    public static IReadOnlyList<VariableImportance> ByPermutation(
        NetworkForecaster forecaster, TimeSeries series, int windows = 200, int repeats = 5, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(series);
        new OptionCheck(nameof(InputImportance))
            .Positive(nameof(windows), windows)
            .Positive(nameof(repeats), repeats)
            .ThrowIfAny();
        SeriesRoles roles = forecaster.Roles;
        NetworkSizes sizes = forecaster.Sizes!;
        int window = sizes.Lookback + sizes.Horizon;
        if (series.Count < 4L * window)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Series '{series.Name}' has {series.Count} steps; to move variables in time takes four windows, {4L * window}."),
                nameof(series));
        }

        int places = series.Count - window + 1;
        int every = Math.Max(1, places / windows);
        int first = sizes.Lookback - 1;
        int[] ends = [.. Enumerable.Range(0, places).Where(place => place % every == 0).Select(place => place + first)];
        double right = Error(forecaster, series, series, ends, roles);
        List<VariableImportance> result = [];
        string[] names = [.. roles.Targets!, .. roles.Past!, .. roles.Future!];
        for (int v = 0; v < names.Length; v++)
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)seed, (ulong)v));
            double sum = 0;
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                int distance = window + random.NextInt(series.Count - (2 * window));
                double[] values = series.Variable(names[v]).ToArray();
                double[] moved = [.. values[distance..], .. values[..distance]];
                sum += Error(forecaster, series, series.With(names[v], moved), ends, roles);
            }

            result.Add(new(names[v], right > 0 ? (sum / repeats / right) - 1 : sum > 0 ? double.PositiveInfinity : 0));
        }

        return [.. result.OrderByDescending(one => one.Increase)];
    }

    /// <summary>
    /// Adds up what each variable contributes to forecasts, lag by lag, by integrated gradients: contributions of a window add up
    /// to what its forecast differs from that of a window of means (zeros, as the network is shown it).
    /// </summary>
    /// <param name="forecaster">The fitted forecaster; of several members the mean is taken.</param>
    /// <param name="series">The series, with all the variables that were fitted.</param>
    /// <param name="windows">Most places to forecast from, evenly over the series; default 50.</param>
    /// <param name="step">Which step ahead is explained, from 0; null (the default) for the sum of all.</param>
    /// <returns>The variables, those that contribute most first; static features are not among them.</returns>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted.</exception>
    /// <exception cref="ArgumentException">The series is shorter than a window, lacks a variable or has missing values; there is
    /// no such step; or the network reads something else than the variables, such as paths that it has drawn.</exception>
    public static IReadOnlyList<VariableContribution> ByIntegratedGradients(
        NetworkForecaster forecaster, TimeSeries series, int windows = 50, int? step = null)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(series);
        _ = forecaster.Roles;
        NetworkSizes sizes = forecaster.Sizes!;
        int places = series.Count - sizes.Lookback - sizes.Horizon + 1;
        new OptionCheck(nameof(InputImportance))
            .Positive(nameof(windows), windows)
            .Require(step is null || (step >= 0 && step < sizes.Horizon), FormattableString.Invariant(
                $"step must be from 0 to {sizes.Horizon - 1}, but is {step}"), nameof(step))
            .Require(places >= 1, FormattableString.Invariant(
                $"series '{series.Name}' has {series.Count} steps, but a window takes {sizes.Lookback + sizes.Horizon}"))
            .ThrowIfAny();
        int every = Math.Max(1, places / windows);
        int[] ends = [.. Enumerable.Range(0, places).Where(place => place % every == 0).Take(windows)
            .Select(place => place + sizes.Lookback - 1)];
        return forecaster.ContributionsFrom(series, ends, step);
    }

    /// <summary>Mean absolute error of all targets, each in units of its spread.</summary>
    private static double Error(
        NetworkForecaster forecaster, TimeSeries truth, TimeSeries shown, int[] ends, SeriesRoles roles)
    {
        double[][] targets = [.. roles.Targets!.Select(name => truth.Variable(name).ToArray())];
        double[] units = [.. targets.Select(values => SeriesScale.Of(values).Deviation)];
        double sum = 0;
        long count = 0;
        int place = 0;
        foreach (IReadOnlyList<double[]> forecast in forecaster.PredictFrom(shown, ends))
        {
            for (int v = 0; v < targets.Length; v++)
            {
                for (int step = 0; step < forecast[v].Length; step++)
                {
                    double error = Math.Abs(forecast[v][step] - targets[v][ends[place] + 1 + step]) / units[v];
                    if (!double.IsNaN(error))
                    {
                        sum += error;
                        count++;
                    }
                }
            }

            place++;
        }

        return count > 0 ? sum / count : throw new ArgumentException("No value of a target is there to compare with.");
    }
}
