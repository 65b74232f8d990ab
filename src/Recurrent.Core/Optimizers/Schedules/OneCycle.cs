using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning rate rises to its greatest value and falls far below where it began, once over the whole
/// training.</summary>
/// <remarks>
/// From <c>max / divFactor</c> to <c>max</c> at update <c>pctStart · totalSteps − 1</c>, then to
/// <c>max / (divFactor · finalDivFactor)</c> at update <c>totalSteps − 1</c>, where it stays. With three phases it first falls
/// back to where it began, as fast as it rose. The numbers are those of PyTorch's <c>OneCycleLR</c>, which moves momenta too.
/// Smith and Topin, 2017: Super-Convergence.
/// </remarks>
public sealed class OneCycle : LearningRateSchedule
{
    private const string Cosine = "cos";
    private const string Linear = "linear";

    /// <summary>Creates the schedule.</summary>
    /// <param name="maxLearningRate">The greatest learning rate, at least 0.</param>
    /// <param name="totalSteps">Number of updates of the whole cycle, at least 2: epochs times batches of an epoch.</param>
    /// <param name="pctStart">The share of the updates during which the rate rises, in (0, 1); default 0.3.</param>
    /// <param name="annealStrategy">Along what it moves: "cos" (the default), half a cosine, or "linear".</param>
    /// <param name="divFactor">How much smaller than the greatest the first rate is, at least 1; default 25.</param>
    /// <param name="finalDivFactor">How much smaller than the first the last rate is, at least 1; default 10000.</param>
    /// <param name="threePhase">Whether it falls back to the first rate before it falls to the last one; default false.</param>
    /// <param name="name">Name of the schedule; default <c>OneCycle</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public OneCycle(
        double maxLearningRate,
        int totalSteps,
        double pctStart = 0.3,
        string annealStrategy = Cosine,
        double divFactor = 25,
        double finalDivFactor = 1e4,
        bool threePhase = false,
        string? name = null)
        : base(name ?? "OneCycle")
    {
        ArgumentNullException.ThrowIfNull(annealStrategy);
        double mostRise = threePhase ? 0.5 : 1;
        new OptionCheck(ClassName)
            .AtLeast(nameof(maxLearningRate), maxLearningRate, 0)
            .Require(totalSteps >= 2, FormattableString.Invariant($"totalSteps must be at least 2, but is {totalSteps}"),
                nameof(totalSteps))
            .Require(pctStart > 0 && pctStart < mostRise, FormattableString.Invariant(
                $"pctStart must be above 0 and below {mostRise}, but is {pctStart}"), nameof(pctStart))
            .OneOf(nameof(annealStrategy), annealStrategy, Cosine, Linear)
            .AtLeast(nameof(divFactor), divFactor, 1)
            .AtLeast(nameof(finalDivFactor), finalDivFactor, 1)
            .ThrowIfAny();
        MaxLearningRate = maxLearningRate;
        TotalSteps = totalSteps;
        PctStart = pctStart;
        AnnealStrategy = annealStrategy;
        DivFactor = divFactor;
        FinalDivFactor = finalDivFactor;
        ThreePhase = threePhase;
    }

    /// <inheritdoc/>
    public override string ClassName => "OneCycle";

    /// <summary>The greatest learning rate.</summary>
    public double MaxLearningRate { get; }

    /// <summary>Number of updates of the whole cycle.</summary>
    public int TotalSteps { get; }

    /// <summary>The share of the updates during which the rate rises.</summary>
    public double PctStart { get; }

    /// <summary>Along what it moves: "cos" or "linear".</summary>
    public string AnnealStrategy { get; }

    /// <summary>How much smaller than the greatest the first rate is.</summary>
    public double DivFactor { get; }

    /// <summary>How much smaller than the first the last rate is.</summary>
    public double FinalDivFactor { get; }

    /// <summary>Whether it falls back to the first rate before it falls to the last one.</summary>
    public bool ThreePhase { get; }

    /// <inheritdoc/>
    public override double At(long step)
    {
        double first = MaxLearningRate / DivFactor;
        double last = first / FinalDivFactor;
        double top = (PctStart * TotalSteps) - 1;
        double back = ThreePhase ? (2 * PctStart * TotalSteps) - 2 : top;
        double end = TotalSteps - 1;
        return step <= top ? Between(first, MaxLearningRate, step, 0, top)
            : step <= back ? Between(MaxLearningRate, first, step, top, back)
            : Between(ThreePhase ? first : MaxLearningRate, last, step, back, end);
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "max_learning_rate", MaxLearningRate },
        { "total_steps", TotalSteps },
        { "pct_start", PctStart },
        { "anneal_strategy", AnnealStrategy },
        { "div_factor", DivFactor },
        { "final_div_factor", FinalDivFactor },
        { "three_phase", ThreePhase },
        { "name", Name },
    };

    private double Between(double from, double to, long step, double begin, double end)
    {
        double share = end > begin ? Math.Min((step - begin) / (end - begin), 1) : 1;
        double left = AnnealStrategy == Linear ? 1 - share : (1 + Math.Cos(Math.PI * share)) / 2;
        return (from * left) + (to * (1 - left));
    }
}
