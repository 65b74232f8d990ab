using Recurrent.Random;

namespace Recurrent.Training;

/// <summary>Trains a model that nobody needs afterwards with a learning rate that rises from batch to batch.</summary>
internal static class RateTrial
{
    /// <summary>How much the mean loss follows that of a batch.</summary>
    private const double Following = 0.1;

    /// <summary>A mean loss of so many times the lowest one ends the trial.</summary>
    private const double Exploded = 4;

    /// <summary>Trains until the loss explodes, or for as many batches as are wanted.</summary>
    /// <param name="context">What is trained; its optimizer's schedule rises.</param>
    /// <param name="data">With what.</param>
    /// <param name="steps">Most batches.</param>
    /// <param name="batchSize">Samples to a batch.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <returns>For each batch the rate, the loss before its update, and the mean loss; and why the trial ended before its
    /// end.</returns>
    public static (List<(double Rate, double Loss, double Mean)> Course, string? End) Run(
        TrainingContext context, TrainingData data, int steps, int batchSize, CancellationToken cancellation)
    {
        var course = new List<(double Rate, double Loss, double Mean)>();
        var step = new TrainStep(context, data);
        context.Guard.BeginRun();
        int size = Math.Min(batchSize, data.Count);
        int[] order = new int[data.Count];
        double sum = 0;
        double lowest = double.PositiveInfinity;
        for (int batch = 0; batch < steps; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            int place = batch % (data.Count / size);
            if (place == 0)
            {
                Arrange(order, context, data, size, batch);
            }

            double rate = context.Optimizer.LearningRate;
            using BatchLease trained = step.Run(order.AsMemory(place * size, size));
            if (step.Divergence is not null)
            {
                return (course, FormattableString.Invariant($"at a rate of {rate:G3} training diverged: {step.Divergence}"));
            }

            // The mean of an infinite past that was like the first batches.
            sum += Following * (step.Loss - sum);
            double mean = sum / (1 - Math.Pow(1 - Following, batch + 1));
            course.Add((rate, step.Loss, mean));
            lowest = Math.Min(lowest, mean);
            if (mean > lowest + ((Exploded - 1) * Math.Abs(lowest)) && batch >= 10)
            {
                return (course, FormattableString.Invariant($"at a rate of {rate:G3} the loss has grown to {mean:G3}"));
            }
        }

        return (course, null);
    }

    private static void Arrange(int[] order, TrainingContext context, TrainingData data, int size, int batch)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (!context.IsStateful)
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)context.Seed ^ 0x52415445UL, (ulong)batch));
            random.Shuffle<int>(order);
            data.Inputs.Arrange(order, size, random);
        }
    }
}
