using System.Globalization;
using Recurrent.Inspection;
using Recurrent.Optimizers;
using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Trains copies of the model for a few updates, at the learning rate that it has and at others.</summary>
internal static class RateCheck
{
    private const int Updates = 40;

    /// <summary>Whoever falls by less than this share of the loss hardly learns.</summary>
    private const double Little = 0.01;

    /// <summary>A higher rate must be better by at least this share of the loss to be worth a word.</summary>
    private const double Much = 0.1;

    /// <summary>A lower one by this: a model that has learned wavers, too, and has little left to win.</summary>
    private const double VeryMuch = 0.3;

    private static readonly double[] Lower = [1e1, 1e2, 1e3, 1e4, 1e6, 1e8, 1e10, 1e12];
    private static readonly double[] Higher = [1e2, 1e4, 1e6, 1e8];

    /// <summary>Finds what is wrong.</summary>
    /// <param name="optimizer">The optimizer of the model.</param>
    /// <param name="copy">Makes a copy of the model that can be trained, with the data.</param>
    /// <param name="batchSize">Samples to a batch.</param>
    public static Finding? Of(Optimizer optimizer, Func<(TrainingContext Context, TrainingData Data)> copy, int batchSize)
    {
        double rate = optimizer.Schedule.At(optimizer.Iterations);
        if (!(rate > 0))
        {
            return new(FindingKind.LearningRateTooLow, optimizer.ClassName, rate, "The learning rate is 0: nothing is learned.",
                "Set a learning rate above 0.");
        }

        double fall = Fall(rate);
        if (!(fall > 0))
        {
            // Where it explodes, any rate at which it falls is better, however hard the data are to learn. A model that has
            // learned may have a loss of next to nothing, which any step multiplies.
            bool explodes = double.IsNaN(fall) || (fall < -1 && optimizer.Iterations == 0);
            foreach (double factor in Lower)
            {
                double lower = rate / factor;
                if (Fall(lower) is var better && better > (explodes ? 0 : VeryMuch))
                {
                    return new(FindingKind.LearningRateTooHigh, optimizer.ClassName, rate, string.Create(
                        CultureInfo.InvariantCulture, $"At the learning rate {rate:G3} the loss {Change(fall)} over {Updates} "
                        + $"updates; at {lower:G3} it falls by {100 * better:G2} %."),
                        string.Create(CultureInfo.InvariantCulture,
                            $"Set a rate of about {lower:G3}, or look at model.FindLearningRate."));
                }
            }
        }
        else if (fall < Little)
        {
            foreach (double factor in Higher)
            {
                double higher = rate * factor;
                if (Fall(higher) is var better && better > Much && better > 10 * fall)
                {
                    return new(FindingKind.LearningRateTooLow, optimizer.ClassName, rate, string.Create(
                        CultureInfo.InvariantCulture, $"At the learning rate {rate:G3} the loss falls by {100 * fall:G2} % over "
                        + $"{Updates} updates; at {higher:G3} by {100 * better:F0} %."),
                        string.Create(CultureInfo.InvariantCulture,
                            $"Set a higher rate, {higher / 10:G3} for instance, or look at model.FindLearningRate."));
                }
            }
        }

        return null;

        // The share of the loss by which it falls; not a number where training diverges.
        double Fall(double tried)
        {
            (TrainingContext context, TrainingData data) = copy();
            Optimizer fresh = context.Optimizer.Fresh();
            fresh.Follow(tried);
            context.Compile(new CompileOptions(fresh, context.Compiled!.Outputs));
            context.PrepareOptimizer();
            double before = Loss(context, data, batchSize);
            (List<(double Rate, double Loss, double Mean)> course, string? end) =
                RateTrial.Run(context, data, Updates, batchSize, CancellationToken.None);
            double after = Loss(context, data, batchSize);
            return end is not null || course.Count < Updates || before == 0 ? double.NaN : (before - after) / Math.Abs(before);
        }
    }

    private static string Change(double fall) => double.IsFinite(fall)
        ? string.Create(CultureInfo.InvariantCulture, $"rises by {-100 * fall:G3} %")
        : "explodes";

    private static double Loss(TrainingContext context, TrainingData data, int batchSize) =>
        context.Evaluate(data, Math.Min(batchSize, data.Count), null, CancellationToken.None)["loss"];
}
