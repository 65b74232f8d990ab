using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>How models are trained that are compared: each in the same way.</summary>
/// <param name="Epochs">Most epochs; where a search gives trials a budget, that counts in place of it.</param>
/// <param name="BatchSize">Samples to an update; default 32.</param>
/// <param name="Patience">After how many epochs without a better validation figure training ends, with the weights of the best
/// epoch; null (the default) trains all epochs.</param>
/// <param name="Monitor">The figure that models are judged by, of those that <c>Evaluate</c> gives; default <c>loss</c>.</param>
public sealed record TrainingPlan(int Epochs, int BatchSize = 32, int? Patience = null, string Monitor = "loss")
{
    /// <summary>Whether each epoch takes the samples in another order; null (the default) as <c>Fit</c> does.</summary>
    public bool? Shuffle { get; init; }

    /// <summary>A weight for each sample; null (the default) where all count once.</summary>
    public ModelData? SampleWeight { get; init; }

    /// <summary>A weight for each class index, in training only; null (the default) for none.</summary>
    public IReadOnlyDictionary<int, double>? ClassWeight { get; init; }

    /// <summary>Makes further callbacks for each training; null (the default) for none.</summary>
    public Func<IReadOnlyList<Callback>>? Callbacks { get; init; }

    internal void Check(string owner)
    {
        ArgumentNullException.ThrowIfNull(Monitor);
        new OptionCheck(owner).Positive(nameof(Epochs), Epochs).Positive(nameof(BatchSize), BatchSize)
            .Positive(nameof(Patience), Patience ?? 1)
            .Require(!Monitor.StartsWith("val_", StringComparison.Ordinal), $"Monitor is a figure of the validation part anyway: "
                + $"write '{(Monitor.Length > 4 ? Monitor[4..] : "loss")}' in place of '{Monitor}'")
            .ThrowIfAny();
    }
}
