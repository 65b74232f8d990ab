using System.Globalization;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>Gives each output of a model the loss, weight and metrics that are meant for it.</summary>
internal sealed class CompileAssignment
{
    private readonly string model;
    private readonly IReadOnlyList<string>? names;

    /// <summary>For a model.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="outputs">Names of its outputs; null where it has one and they may not be known yet.</param>
    public CompileAssignment(string model, IReadOnlyList<string>? outputs)
    {
        this.model = model;
        names = outputs;
    }

    private int Count => names?.Count ?? 1;

    /// <summary>What is asked of each output.</summary>
    public OutputOptions[] Of(OutputLosses loss, OutputMetrics? metrics, OutputMetrics? weightedMetrics,
        OutputWeights? lossWeights)
    {
        LossChoice?[] losses = Losses(loss);
        double[] weights = Weights(lossWeights);
        MetricChoice[][] plain = Metrics(metrics, nameof(metrics));
        MetricChoice[][] weighted = Metrics(weightedMetrics, nameof(weightedMetrics));
        OutputOptions[] outputs = [.. losses.Select((own, i) => new OutputOptions(
            Count > 1 ? names![i] : null, own, weights[i], plain[i], weighted[i]))];
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].Loss is null && (plain[i].Length > 0 || weighted[i].Length > 0))
            {
                throw new ArgumentException(
                    $"Output '{names![i]}' of model '{model}' has metrics but no loss, so it gets no targets. Give it a loss; "
                    + "lossWeights: 0 keeps it out of the sum.", nameof(metrics));
            }
        }

        RequireOwnNames(outputs);
        return outputs;
    }

    private LossChoice?[] Losses(OutputLosses loss)
    {
        if (loss.IsOne)
        {
            return [.. Enumerable.Repeat(loss.Items[0], Count)];
        }

        LossChoice?[] losses = Spread(loss.Named, loss.Items, nameof(loss), null);
        return losses.Any(own => own is not null)
            ? losses
            : throw new ArgumentException($"Model '{model}' would have no loss at all. Give at least one output a loss.",
                nameof(loss));
    }

    private double[] Weights(OutputWeights? weights)
    {
        double[] own = weights is null ? [.. Enumerable.Repeat(1.0, Count)]
            : Spread(weights.Named, weights.Items, "lossWeights", 1.0);
        int wrong = Array.FindIndex(own, weight => !double.IsFinite(weight) || weight < 0);
        return wrong < 0 ? own : throw new ArgumentException(
            string.Create(CultureInfo.InvariantCulture,
                $"lossWeights has {own[wrong]} for output {wrong}; a weight must be a finite number of at least 0."),
                nameof(weights));
    }

    private MetricChoice[][] Metrics(OutputMetrics? metrics, string argument)
    {
        if (metrics is null)
        {
            return [.. Enumerable.Repeat<MetricChoice[]>([], Count)];
        }

        MetricChoice?[] all = [.. metrics.All()];
        int missing = Array.IndexOf(all, null);
        if (missing >= 0)
        {
            throw new ArgumentException($"{argument}[{missing}] is null.", argument);
        }

        bool ofOne = Count == 1 && metrics.Named is null
            && (metrics.Metric is not null || metrics.Items.Count != 1 || metrics.Items[0].Metric is not null);
        if (ofOne)
        {
            return [[.. all.OfType<MetricChoice>()]];
        }

        if (metrics.Metric is not null)
        {
            throw Wrong(argument, "is one metric");
        }

        return Array.ConvertAll(
            Spread(metrics.Named, metrics.Items, argument, []), own => own.All().OfType<MetricChoice>().ToArray());
    }

    /// <summary>One entry for each output, from a list or by name.</summary>
    private T[] Spread<T>(IReadOnlyDictionary<string, T>? named, IReadOnlyList<T> items, string argument, T missing)
    {
        if (named is null)
        {
            return items.Count == Count ? [.. items]
                : throw Wrong(argument, $"has {items.Count} {(items.Count == 1 ? "entry" : "entries")}");
        }

        if (names is null)
        {
            // The one output of a Sequential may not be there yet.
            return named.Count == 1 ? [.. named.Values] : throw Wrong(argument, $"has {named.Count} names");
        }

        string? unknown = named.Keys.FirstOrDefault(name => !names.Contains(name));
        return unknown is null
            ? [.. names.Select(name => named.TryGetValue(name, out T? own) ? own : missing)]
            : throw new ArgumentException(
                ($"{argument} names '{unknown}', but the outputs of model '{model}' are {string.Join(", ", names)}. "
                + $"{Spelling.DidYouMean(unknown, names)}").TrimEnd(), argument);
    }

    private ArgumentException Wrong(string argument, string what) => new(
        $"Model '{model}' has {Count} "
        + $"{(Count == 1 ? "output" : "outputs")}{(names is null ? string.Empty : $" ({string.Join(", ", names)})")}, but "
        + $"{argument} {what}. Give one for each, in this order or by name.", argument);

    /// <summary>Logs have one value for each name.</summary>
    private void RequireOwnNames(OutputOptions[] outputs)
    {
        IEnumerable<string> all = outputs.SelectMany(output => output.NamedMetrics.Select(metric => metric.Name))
            .Concat(Count > 1 ? outputs.Select(output => output.InLogs(Objective.LossName)) : [])
            .Prepend(Objective.LossName);
        if (all.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Two of the metrics would be called '{twice.Key}' in the "
                + $"logs{(twice.Key == Objective.LossName ? ", which is the name of the loss" : string.Empty)}. Give one of "
                + "them a name of its own.");
        }
    }
}
