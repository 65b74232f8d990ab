using System.Globalization;
using System.Numerics.Tensors;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Parameters;

namespace Recurrent.Training;

/// <summary>Says where numbers that are not finite came from, and what is the likely cause.</summary>
internal static class Divergence
{
    /// <summary>Data beyond this are far from the scale that weights and learning rates are made for.</summary>
    private const double Large = 1e3;

    /// <summary>What is wrong with a loss that is not finite.</summary>
    public static string OfLoss(ShardedBatch batch)
    {
        foreach (Shard shard in batch.Shards)
        {
            if (shard.Pass.SpoiledLayer() is { } layer)
            {
                return $"the output of {layer.Introduction} is not finite, and so the loss is not";
            }
        }

        return double.IsNaN(batch.Loss) ? "the loss is NaN" : "the loss is not finite";
    }

    /// <summary>What is wrong with an update; asked before it is taken back.</summary>
    public static string OfUpdate(ShardedBatch batch, TrainingContext context)
    {
        Parameter[] parameters = context.Runner.TrainableParameters;

        // Gradients come from behind: the last layer's went wrong first.
        for (int i = parameters.Length - 1; i >= 0; i--)
        {
            if (i == context.Optimizer.HiddenGradient || !TensorPrimitives.IsFiniteAll<Real>(batch.Gradients[i].Values))
            {
                return $"the gradient of {Name(parameters[i], context)} is not finite";
            }
        }

        int spoiled = Array.FindIndex(parameters, parameter => !TensorPrimitives.IsFiniteAll<Real>(parameter.Values));
        return spoiled < 0 ? "the update is not finite" : $"the update of {Name(parameters[spoiled], context)} is not finite";
    }

    /// <summary>What is wrong with the optimizer's memory of a parameter.</summary>
    public static string OfSlot(int parameter, TrainingContext context) =>
        $"what {context.Optimizer.ClassName} remembers of {Name(context.Runner.TrainableParameters[parameter], context)} is "
        + "not finite";

    /// <summary>What is wrong with what a layer keeps of the batches it has seen.</summary>
    public static string OfStatistic(Parameter statistic, TrainingContext context) => $"{Name(statistic, context)} is not finite";

    /// <summary>What is wrong with weights that are finite and beyond use.</summary>
    public static string OfWeight(int parameter, TrainingContext context) => string.Create(CultureInfo.InvariantCulture,
        $"{Name(context.Runner.TrainableParameters[parameter], context)} has grown to "
        + $"{TensorPrimitives.MaxMagnitude<Real>(context.Runner.TrainableParameters[parameter].Values):G2}");

    /// <summary>The likely cause, a sentence or two.</summary>
    /// <param name="context">What is trained.</param>
    /// <param name="data">With what.</param>
    /// <param name="iterations">Number of updates before that went well.</param>
    /// <param name="rate">The learning rate.</param>
    public static string Cause(TrainingContext context, TrainingData data, long iterations, double rate)
    {
        var causes = new List<string>();
        for (int i = 0; i < data.Inputs.Parts.Count; i++)
        {
            if (context.Network.ReaderOf(i)?.ReadsTokens != true && data.Inputs.Parts[i].LargestMagnitude() is var input
                && input > Large)
            {
                causes.Add(string.Create(CultureInfo.InvariantCulture, $"The inputs reach {input:G3}: scale them, with "
                    + $"StandardScaler or MinMaxScaler."));
                break;
            }
        }

        foreach (OutputData output in data.Outputs.OfType<OutputData>())
        {
            if (output.Loss is not SparseCategoricalCrossentropy && output.Targets.LargestMagnitude() is var target
                && target > Large)
            {
                causes.Add(FormattableString.Invariant($"The targets reach {target:G3}: scale them, and the predictions back."));
            }

            if (output.Weights?.LargestMagnitude() is double weight && weight > Large)
            {
                causes.Add(FormattableString.Invariant($"The sample weights reach {weight:G3}."));
            }
        }

        if (iterations > 0 || causes.Count == 0)
        {
            causes.Add(iterations > 0 || rate > 1
                ? string.Create(CultureInfo.InvariantCulture, $"The learning rate is {rate:G3}: try a smaller one, "
                    + $"{rate / 10:G3} for instance, or clip the gradients (clipNorm: 1).")
                : "Not one update has been done: the first weights, or the loss, do not suit these data.");
        }

        return "Likely cause: " + string.Join(" ", causes);
    }

    private static string Name(Parameter parameter, TrainingContext context)
    {
        Layer? layer = context.Layers.FirstOrDefault(layer => layer.Parameters.Contains(parameter));
        return $"'{parameter.Name}' of {layer?.Introduction ?? "the model"}";
    }
}
