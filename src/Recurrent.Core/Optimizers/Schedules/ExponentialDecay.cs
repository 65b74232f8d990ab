namespace Recurrent.Optimizers;

/// <summary>The learning rate <c>initial · rate^(t / steps)</c> at update <c>t</c>.</summary>
/// <remarks>In steps (<c>staircase</c>), <c>t / steps</c> is rounded down.</remarks>
public sealed class ExponentialDecay : SteadyDecay
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initialLearningRate">The learning rate of the first update, at least 0.</param>
    /// <param name="decaySteps">After how many updates the decay has acted once, at least 1.</param>
    /// <param name="decayRate">The strength of the decay, at least 0.</param>
    /// <param name="staircase">Whether it acts in steps; default false.</param>
    /// <param name="name">Name of the schedule; default <c>ExponentialDecay</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public ExponentialDecay(
        double initialLearningRate, int decaySteps, double decayRate, bool staircase = false, string? name = null)
        : base(initialLearningRate, decaySteps, decayRate, staircase, name ?? "ExponentialDecay")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "ExponentialDecay";

    /// <inheritdoc/>
    private protected override double Decayed(double progress) => InitialLearningRate == 0 ? 0
        : InitialLearningRate * Math.Pow(DecayRate, progress);
}
