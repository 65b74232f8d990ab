using MathNet.Numerics;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Parameters;
using Recurrent.Training;

namespace Recurrent.Selection;

/// <summary>
/// The likelihood of a fitted model, and what it is worth after its parameters are paid for: AIC (Akaike, 1974), AICc (Hurvich
/// and Tsai, 1989) and BIC (Schwarz, 1978). Of models fitted to the same targets the one with the least is preferred.
/// </summary>
/// <remarks>
/// <para>
/// With log-likelihood <c>ℓ</c>, <c>k</c> parameters and <c>n</c> observations: <c>AIC = 2k − 2ℓ</c>,
/// <c>AICc = AIC + 2k(k + 1) / (n − k − 1)</c> and <c>BIC = k ln n − 2ℓ</c>.
/// </para>
/// <para>
/// They suppose parameters that are the most likely ones and far fewer than observations. A network that was stopped early, or
/// has more weights than there is data, is neither: then cross-validation says more. A model trained on a penalized loss is
/// judged without the penalty.
/// </para>
/// </remarks>
/// <param name="LogLikelihood">ℓ, the natural logarithm of the likelihood of the targets.</param>
/// <param name="Parameters">k: the trained parameters, and the scale of the errors where that is estimated too.</param>
/// <param name="Observations">n: the numbers, or labels, that were to be explained.</param>
public sealed record InformationCriteria(double LogLikelihood, long Parameters, long Observations)
{
    /// <summary>Akaike's criterion.</summary>
    public double Aic => (2.0 * Parameters) - (2 * LogLikelihood);

    /// <summary>Akaike's criterion, corrected for few observations; infinite where there are hardly more of them than
    /// parameters.</summary>
    public double Aicc => Observations > Parameters + 1
        ? Aic + (2.0 * Parameters * (Parameters + 1) / (Observations - Parameters - 1)) : double.PositiveInfinity;

    /// <summary>Schwarz's criterion.</summary>
    public double Bic => (Parameters * Math.Log(Observations)) - (2 * LogLikelihood);

    /// <summary>Measures a compiled model on the data that it was fitted to.</summary>
    /// <param name="model">The model. Its losses say what the likelihood is: <c>mse</c> a normal distribution of one variance and
    /// <c>mae</c> a Laplace distribution of one scale, both estimated from the errors; cross-entropies the probabilities of the
    /// classes; <c>poisson</c> counts; the likelihood losses (<c>GaussianNLL</c>, …) themselves.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets.</param>
    /// <param name="batchSize">Samples that are worked on at a time; default 32.</param>
    /// <remarks>Steps that a mask or unequal lengths leave out are no observations. Of several outputs likelihoods are
    /// multiplied.</remarks>
    /// <exception cref="InvalidOperationException">The model is not built or compiled, or a loss is no likelihood; the message
    /// says which are. Or the errors are all zero.</exception>
    /// <exception cref="ArgumentException">The data do not fit the model.</exception>
    public static InformationCriteria Of(Model model, ModelData x, ModelData y, int batchSize = 32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        using ParameterGate.Use use = model.BeginReading(nameof(InformationCriteria));
        TrainingData data = model.CheckForMeasuring(x, y);
        double likelihood = 0;
        long observations = 0;
        long scales = 0;
        OutputSums[] sums = [.. data.Outputs.Select((output, i) => new OutputSums(output, i, data.Outputs.Count == 1))];
        Sum(model.Context, data, Math.Min(batchSize, data.Count), sums);
        foreach (OutputSums sum in sums.Where(sum => sum.Data is not null))
        {
            (double own, int scale) = LikelihoodOf(sum);
            likelihood += own;
            scales += scale;
            observations += sum.Observations;
        }

        return new(likelihood, model.TrainableParameterCount + scales, observations);
    }

    /// <summary>The criteria in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"log-likelihood {LogLikelihood:G7}, {Parameters} parameters, {Observations} observations: ")
        + FormattableString.Invariant($"AIC {Aic:G7}, AICc {Aicc:G7}, BIC {Bic:G7}");

    private static void Sum(TrainingContext context, TrainingData data, int batchSize, OutputSums[] sums)
    {
        context.Runner.Prepare();
        int[] samples = data.Inputs.InOrder();
        StateStore? states = StateStore.Create(context.Network, batchSize);
        if (states is not null)
        {
            // From zero on, as validation begins.
            context.CheckBatches(data.Count, batchSize);
        }

        for (int start = 0; start < data.Count; start += batchSize)
        {
            int size = Math.Min(batchSize, data.Count - start);
            using BatchLease lease = context.Runner.Rent(
                data.Inputs.ShapesOf(samples.AsSpan(start, size)), size, differentiable: false);
            lease.Batch.ComputeLoss(data, samples.AsMemory(start, size), context.MaxDegreeOfParallelism, states);
            foreach (OutputSums sum in sums)
            {
                sum.Add(lease.Batch);
            }
        }
    }

    private static (double LogLikelihood, int Scales) LikelihoodOf(OutputSums sum)
    {
        double n = sum.Observations;
        switch (sum.Data!.Loss)
        {
            case MeanSquaredError:
                double variance = sum.Positive() / n;
                return (-0.5 * n * (Math.Log(2 * Math.PI * variance) + 1), 1);
            case MeanAbsoluteError:
                double scale = sum.Positive() / n;
                return (-n * (Math.Log(2 * scale) + 1), 1);
            case Poisson:
                return (-sum.Total - sum.LogFactorials, 0);
            default:
                return (-sum.Total, 0);
        }
    }

    /// <summary>What is summed up at one output.</summary>
    private sealed class OutputSums
    {
        private readonly int index;
        private readonly int perColumn;
        private readonly bool isAlone;

        public OutputSums(OutputData? data, int index, bool isOnly)
        {
            // The loss of an only output has the penalties on activities in it.
            isAlone = isOnly && data is { LossWeight: 1, Loss: not BatchLoss };
            Data = data;
            this.index = index;
            perColumn = data?.Loss switch
            {
                null => 0,
                CategoricalCrossentropy { LabelSmoothing: 0 } or SparseCategoricalCrossentropy => 1,
                BinaryCrossentropy { LabelSmoothing: 0 } or MeanSquaredError or MeanAbsoluteError or Poisson => data.Rows,
                LikelihoodLoss => data.Targets.SampleShape.Features,
                CategoricalCrossentropy or BinaryCrossentropy => throw new InvalidOperationException(
                    $"'{data.Loss.Name}' with label smoothing is no likelihood. Compile the model without it to measure one."),
                _ => throw new InvalidOperationException($"'{data.Loss.Name}' is no likelihood. Compile the model with mse, mae, "
                    + "poisson, a cross-entropy or a likelihood loss such as GaussianNLL to measure one."),
            };
        }

        public OutputData? Data { get; }

        /// <summary>Sum of the losses of all observations.</summary>
        public double Total { get; private set; }

        public double LogFactorials { get; private set; }

        public long Observations { get; private set; }

        public void Add(ShardedBatch batch)
        {
            if (Data is null)
            {
                return;
            }

            long columns = batch.CountedColumnsOf(index);
            double scale = LossReduction.ColumnScale(Data.Loss.Reduction, columns, batch.WeightSumOf(index));
            if (columns == 0)
            {
                return;
            }

            // The loss of a column is the mean over its observations.
            Total += (batch.LossOf(index) - (isAlone ? batch.ActivityPenalty : 0)) / scale * perColumn;
            Observations += columns * perColumn;
            foreach (Shard shard in Data.Loss is Poisson ? batch.Shards : [])
            {
                OutputHead head = shard.Heads[index];
                int rows = head.Targets!.RowCount;
                for (int i = 0; i < head.Targets.Values.Length; i++)
                {
                    LogFactorials += head.Counts[i / rows] ? SpecialFunctions.GammaLn(head.Targets.Values[i] + 1.0) : 0;
                }
            }
        }

        public double Positive() => Total > 0 ? Total : throw new InvalidOperationException(
            "All errors are zero, so that their scale is zero and the likelihood infinite.");
    }
}
