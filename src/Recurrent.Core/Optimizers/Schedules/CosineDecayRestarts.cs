using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning rate falls along half a cosine and starts again, with longer and lower periods.</summary>
/// <remarks>
/// In period <c>i</c>, <c>first · tMulⁱ</c> updates long, the rate at the share <c>s</c> of the period is
/// <c>initial ((1 − α) ½ mMulⁱ (1 + cos(π s)) + α)</c>. Loshchilov and Hutter, 2016: SGDR.
/// </remarks>
public sealed class CosineDecayRestarts : LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initialLearningRate">The learning rate of the first update, at least 0.</param>
    /// <param name="firstDecaySteps">Number of updates of the first period, at least 1.</param>
    /// <param name="tMul">How much longer each period is than the one before, at least 1; default 2.</param>
    /// <param name="mMul">How high each period starts, as a share of the one before, at least 0; default 1.</param>
    /// <param name="alpha">What is left at the end of a period, as a share; at least 0, default 0.</param>
    /// <param name="name">Name of the schedule; default <c>SGDRDecay</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public CosineDecayRestarts(
        double initialLearningRate, int firstDecaySteps, double tMul = 2, double mMul = 1, double alpha = 0, string? name = null)
        : base(name ?? "SGDRDecay")
    {
        new OptionCheck(ClassName)
            .AtLeast(nameof(initialLearningRate), initialLearningRate, 0)
            .Positive(nameof(firstDecaySteps), firstDecaySteps)
            .AtLeast(nameof(tMul), tMul, 1)
            .AtLeast(nameof(mMul), mMul, 0)
            .AtLeast(nameof(alpha), alpha, 0)
            .ThrowIfAny();
        InitialLearningRate = initialLearningRate;
        FirstDecaySteps = firstDecaySteps;
        TMul = tMul;
        MMul = mMul;
        Alpha = alpha;
    }

    /// <inheritdoc/>
    public override string ClassName => "CosineDecayRestarts";

    /// <summary>The learning rate of the first update.</summary>
    public double InitialLearningRate { get; }

    /// <summary>Number of updates of the first period.</summary>
    public int FirstDecaySteps { get; }

    /// <summary>How much longer each period is than the one before.</summary>
    public double TMul { get; }

    /// <summary>How high each period starts, as a share of the one before.</summary>
    public double MMul { get; }

    /// <summary>What is left at the end of a period, as a share.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public override double At(long step)
    {
        double progress = (double)step / FirstDecaySteps;
        double period;
        double share;
        if (TMul == 1)
        {
            period = Math.Floor(progress);
            share = progress - period;
        }
        else
        {
            // Periods 0 to i − 1 together are (tMulⁱ − 1) / (tMul − 1) first periods long. The logarithm that solves this for i
            // may round to either side of a whole number, and there the rate is either first or last of a period.
            double grown = progress * (TMul - 1);
            double log = double.IsFinite(grown) ? StableMath.Log1P(grown) : Math.Log(progress) + Math.Log(TMul - 1);
            period = Math.Max(0, Math.Floor(log / Math.Log(TMul)));
            period -= period > 0 && IsBefore(step, period) ? 1 : 0;
            period += IsBefore(step, period + 1) ? 0 : 1;
            share = Math.Clamp((progress - Start(period)) / Math.Pow(TMul, period), 0, 1);
        }

        // An mMul above 1 may grow without bound: what is multiplied by 0 stays 0.
        double cosine = (1 - Alpha) * 0.5 * (1 + Math.Cos(Math.PI * share));
        double height = cosine == 0 ? 0 : cosine * Math.Pow(MMul, period);
        return InitialLearningRate == 0 ? 0 : InitialLearningRate * (height + Alpha);
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "initial_learning_rate", InitialLearningRate },
        { "first_decay_steps", FirstDecaySteps },
        { "t_mul", TMul },
        { "m_mul", MMul },
        { "alpha", Alpha },
        { "name", Name },
    };

    // In first periods. A tMul close to 1 would cancel in the plain formula, which is exact where tMul is whole.
    private double Start(double period) => TMul - 1 < 1e-3
        ? StableMath.ExpM1(period * StableMath.Log1P(TMul - 1)) / (TMul - 1)
        : (Math.Pow(TMul, period) - 1) / (TMul - 1);

    // Where a start rounds to a step, it is meant to be that step: 10 · (1 + 1.1) is 21.
    private bool IsBefore(long step, double period) => step + Math.Max(1e-6, 4e-15 * step) < FirstDecaySteps * Start(period);
}
