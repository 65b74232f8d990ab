using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Inspection;

/// <summary>
/// What the loss does while the learning rate rises from batch to batch: it stays at rates that are too low, falls, and explodes
/// at rates that are too high (Smith, 2015: Cyclical Learning Rates for Training Neural Networks).
/// </summary>
public sealed class LearningRateCurve
{
    internal LearningRateCurve(
        string model, string optimizer, IReadOnlyList<(double Rate, double Loss, double Mean)> course, string? end)
    {
        Model = model;
        Optimizer = optimizer;
        Rates = [.. course.Select(point => point.Rate)];
        Losses = [.. course.Select(point => point.Loss)];
        SmoothedLosses = [.. course.Select(point => point.Mean)];
        End = end;
        (Suggestion, Lowest) = Choose();
    }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>Class name of its optimizer.</summary>
    public string Optimizer { get; }

    /// <summary>The learning rate of each batch, rising.</summary>
    public IReadOnlyList<double> Rates { get; }

    /// <summary>The loss of each batch before its update.</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>The running mean of the losses.</summary>
    public IReadOnlyList<double> SmoothedLosses { get; }

    /// <summary>Why the trial ended before the greatest rate: because the loss exploded. Null where it did not.</summary>
    public string? End { get; }

    /// <summary>A rate to train with: that at which the mean loss falls fastest. Null where it does not fall.</summary>
    public double? Suggestion { get; }

    /// <summary>The rate at which the mean loss is lowest: beyond it training is too fast. Null where no batch was
    /// trained.</summary>
    public double? Lowest { get; }

    /// <summary>The curve as a page: HTML that needs nothing else.</summary>
    public string ToHtml() => LearningRatePage.Write(this);

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => FilePath.Write(path, ToHtml());

    /// <summary>The curve in a sentence.</summary>
    public override string ToString()
    {
        string tried = Rates.Count == 0 ? "no rate could be tried" : string.Create(CultureInfo.InvariantCulture,
            $"{Rates.Count} rates from {Rates[0]:G2} to {Rates[^1]:G2}");
        string advice = Suggestion is double rate
            ? string.Create(CultureInfo.InvariantCulture,
                $"the loss falls fastest at {rate:G2} and is lowest at {Lowest:G2}: train with about {rate:G2}")
            : "the loss does not fall at any of them: look at the data and the loss (model.Diagnose), or try other rates";
        return $"{tried}; {advice}.{(End is null ? string.Empty : $" {char.ToUpperInvariant(End[0])}{End[1..].TrimEnd('.')}.")}";
    }

    private (double? Suggestion, double? Lowest) Choose()
    {
        int lowest = -1;
        for (int i = 0; i < SmoothedLosses.Count; i++)
        {
            lowest = lowest < 0 || SmoothedLosses[i] < SmoothedLosses[lowest] ? i : lowest;
        }

        // Slopes over several points, since a mean of a few batches still wavers.
        int reach = Math.Max(1, SmoothedLosses.Count / 25);
        int best = -1;
        double steepest = 0;
        for (int i = reach; i + reach < SmoothedLosses.Count && i <= lowest; i++)
        {
            double slope = (SmoothedLosses[i + reach] - SmoothedLosses[i - reach])
                / (Math.Log(Rates[i + reach]) - Math.Log(Rates[i - reach]));
            if (slope < steepest)
            {
                (best, steepest) = (i, slope);
            }
        }

        return (best < 0 ? null : Rates[best], lowest < 0 ? null : Rates[lowest]);
    }
}
