using System.Globalization;
using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Looks at gradients on their way back through time.</summary>
internal static class FlowCheck
{
    private const int MostSamples = 64;
    private const int LeastSteps = 4;

    /// <summary>Where so little of the gradient arrives, early steps are not learned from.</summary>
    private const double Vanished = 1e-5;

    /// <summary>Where it has grown so much, one update throws the weights away.</summary>
    private const double Exploded = 1e3;

    /// <summary>Measures the gradients of a few samples.</summary>
    public static GradientFlow? Measure(TrainingContext context, TrainingData data)
    {
        int[] chosen = new SampleReader(data.Inputs.Parts[0], MostSamples).Chosen.ToArray();
        context.Network.Prepare();
        var batch = new ShardedBatch(context.Network, context.Network.Parameters, data.Inputs.ShapesOf(chosen), chosen.Length,
            shardCount: 1, threads: 1);
        RecurrentRun[] runs = [.. batch.Shards[0].Pass.RecurrentRuns()];
        if (runs.Length == 0)
        {
            return null;
        }

        foreach (RecurrentRun run in runs)
        {
            run.MeasureGradients();
        }

        batch.Backward(data, chosen, false, 0, context.MaxDegreeOfParallelism, carried: null);
        return new(context.Name, batch.Loss, [.. runs.Select(run => new LayerGradientFlow(run.Path, run.GradientNorms()))]);
    }

    /// <summary>Finds what is wrong.</summary>
    public static IEnumerable<Finding> Of(GradientFlow flow)
    {
        foreach (LayerGradientFlow layer in flow.Layers)
        {
            if (layer.Norms.Count < LeastSteps)
            {
                continue;
            }

            double first = layer.Norms[0];
            double most = layer.Norms.Max();
            if (layer.Norms.Any(norm => !double.IsFinite(norm)) || (layer.Norms[^1] > 0 && first / layer.Norms[^1] > Exploded))
            {
                double ratio = first / layer.Norms[^1];
                yield return new(FindingKind.ExplodingGradients, layer.Layer, ratio, string.Create(CultureInfo.InvariantCulture,
                    $"The gradient of '{layer.Layer}' is {ratio:G2} times as large at the first of {layer.Norms.Count} steps as "
                    + $"at the last: it explodes on its way back."),
                    "Clip the gradients (clipNorm: 1), use an orthogonal recurrent initializer with a gain of at most 1, or LSTM "
                    + "or GRU.");
            }
            else if (most > 0 && first / most < Vanished)
            {
                yield return new(FindingKind.VanishingGradients, layer.Layer, first / most, string.Create(
                    CultureInfo.InvariantCulture, $"Only {first / most:G2} of the gradient of '{layer.Layer}' reaches the first "
                    + $"of {layer.Norms.Count} steps: nothing is learned from early ones."),
                    "Use LSTM (with unitForgetBias), GRU or a layer with a direct way back (LRU, MinGRU), shorter sequences, or "
                    + "attention over the steps.");
            }
        }
    }
}
