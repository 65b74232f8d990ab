using Recurrent.Data;
using Recurrent.Interpretability;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Forecasting;

/// <content>What forecasts rest on, by gradients.</content>
public abstract partial class NetworkForecaster
{
    /// <summary>Sizes of the contributions of each variable to forecasts from some places of a series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="ends">The places of the last steps that are known.</param>
    /// <param name="step">Which step ahead, from 0; null for the sum of all.</param>
    internal IReadOnlyList<VariableContribution> ContributionsFrom(TimeSeries series, int[] ends, int? step)
    {
        SeriesRoles roles = Roles;
        NetworkFit own = fit!;
        NetworkSizes sizes = own.Sizes;
        Model first = own.Networks[0];
        int past = first.InputNames.ToList().IndexOf("past");
        if (past < 0 || !first.Inputs[past].Shape.Equals(new Shape(sizes.Lookback, sizes.PastFeatures)))
        {
            throw new ArgumentException($"The network of {Name} does not read the variables as they are, so that its "
                + "gradients say nothing of them. Use InputImportance.ByPermutation.");
        }

        int place = own.Tails.Length == 1 ? 0 : Array.FindIndex(own.Tails, tail => tail.Name == series.Name);
        if (place < 0)
        {
            throw new ArgumentException($"{Name} is not fitted to a series '{series.Name}'.", nameof(series));
        }

        NetworkSeries encoded = own.Encoding.Encode(SeriesValues.Of(series, roles), own.Scales[place], own.Attributes[place]);
        var windows = new NetworkWindows(
            [.. ends.Select(_ => encoded)], [.. ends.Select(end => new WindowRange(end, 1))], sizes)
        { Origin = place };
        var sums = new ContributionSums(roles, sizes, windows);
        int level = sizes.Levels > 1 ? Math.Max(0, Training.Levels.ToList().IndexOf(0.5)) : 0;
        ModelData inputs = ModelInputs(windows);
        int?[] rows = step is { } ahead
            ? [.. Enumerable.Range(0, sizes.Targets).Select(i => (int?)((ahead * sizes.Targets) + i))] : [null];
        foreach (Model network in own.Networks)
        {
            foreach (int? row in rows)
            {
                Attribution why = IntegratedGradients.Of(network, inputs, output: new ExplainedOutput(Unit: level, Step: row));
                sums.Add(why, 1.0 / own.Networks.Length);
            }
        }

        return sums.Result();
    }

    /// <summary>Adds up contributions by variable and lag.</summary>
    private sealed class ContributionSums(SeriesRoles roles, NetworkSizes sizes, NetworkWindows windows)
    {
        private readonly Dictionary<string, (double[] Lags, double[] Ahead)> sums = new(StringComparer.Ordinal);

        public void Add(Attribution why, double weight)
        {
            foreach (InputAttribution input in why.Inputs.Where(input => input.Name is "past" or "future"))
            {
                for (int sample = 0; sample < input.Samples.Count; sample++)
                {
                    NDArray values = input.Samples[sample];
                    int features = values.Shape[^1];
                    for (int i = 0; i < values.Size; i++)
                    {
                        (double[] lags, double[] ahead) = Of(NameOf(input.Name == "past", i % features, windows
                            .At(sample).Target));
                        double[] sum = input.Name == "past" ? lags : ahead;
                        sum[i / features] += weight * Math.Abs(values.Values[i]) / input.Samples.Count;
                    }
                }
            }
        }

        public IReadOnlyList<VariableContribution> Result() => [.. sums
            .Select(pair => new VariableContribution(pair.Key, pair.Value.Lags, pair.Value.Ahead))
            .OrderByDescending(one => one.Total)];

        private (double[] Lags, double[] Ahead) Of(string variable)
        {
            if (!sums.TryGetValue(variable, out (double[] Lags, double[] Ahead) found))
            {
                sums[variable] = found = (new double[sizes.Lookback], new double[sizes.Horizon]);
            }

            return found;
        }

        // In the order of NetworkSizes: targets, their seasonal differences, past covariates, future covariates.
        private string NameOf(bool isPast, int feature, int target)
        {
            if (!isPast)
            {
                return roles.Future![feature];
            }

            int shown = sizes.Targets * (sizes.Scaling == WindowScaling.Seasonal ? 2 : 1);
            return feature < shown ? roles.Targets![target + (feature % sizes.Targets)]
                : feature - shown < roles.Past!.Count ? roles.Past[feature - shown]
                : roles.Future![feature - shown - roles.Past.Count];
        }
    }
}
