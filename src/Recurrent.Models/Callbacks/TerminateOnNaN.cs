namespace Recurrent.Callbacks;

/// <summary>Ends training as soon as the loss is NaN or infinite. Keras's TerminateOnNaN.</summary>
/// <remarks>
/// <c>Fit</c> ends by itself as soon as a loss, a gradient or a weight is not finite, says where and why, and goes back to the
/// last weights that were in order. With this callback the reason is the loss, in Keras's words, and nothing else changes.
/// </remarks>
public sealed class TerminateOnNaN : Callback
{
    private int epoch;

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingRun run, int epoch) => this.epoch = epoch;

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(logs);
        if (logs.TryGetValue("loss", out double loss) && !double.IsFinite(loss))
        {
            string what = double.IsNaN(loss) ? "NaN" : "infinite";
            run.Stop($"the loss became {what} in batch {batch + 1} of epoch {epoch + 1}: try a smaller learning rate, or clip "
                + "the gradients");
        }
    }
}
