using Recurrent.Initializers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// First biases of a state space's time steps (Gu and Dao 2023): softplus of them is spread evenly by its logarithm from 0.001 to
/// 0.1.
/// </summary>
internal sealed class TimeStepBias : Initializer
{
    private const double Least = 0.001;
    private const double Most = 0.1;

    /// <inheritdoc/>
    public override string ClassName => nameof(TimeStepBias);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        foreach (ref Real value in values)
        {
            // The inverse of the softplus: log(eʸ − 1).
            double step = Math.Exp(random.NextUniform(Math.Log(Least), Math.Log(Most)));
            value = (Real)Math.Log(Math.Exp(step) - 1);
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => [];
}

/// <summary>First values of log_decay: log 1, log 2, … for the numbers of each channel, so that A is −1, −2, …
/// (S4D-real).</summary>
internal sealed class LogDecays : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => nameof(LogDecays);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        int units = shape[^1];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (Real)Math.Log((i / units) + 1);
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => [];
}
