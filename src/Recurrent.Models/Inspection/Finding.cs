namespace Recurrent.Inspection;

/// <summary>What a finding of <see cref="Diagnosis"/> is about.</summary>
public enum FindingKind
{
    /// <summary>Inputs far from the scale that weights and learning rates are made for, or of very unequal scales.</summary>
    UnscaledInputs,

    /// <summary>Inputs that never change.</summary>
    ConstantInputs,

    /// <summary>Inputs from which a target follows at once: they know what is to be predicted.</summary>
    LeakingInputs,

    /// <summary>Units that give the least their function can give, whatever the input is.</summary>
    DeadUnits,

    /// <summary>Units or gates that are at a limit of their function, where the gradient is nearly 0.</summary>
    SaturatedUnits,

    /// <summary>Gradients that hardly reach early steps.</summary>
    VanishingGradients,

    /// <summary>Gradients that grow on their way to early steps.</summary>
    ExplodingGradients,

    /// <summary>A learning rate at which the loss does not fall, and would at a lower one.</summary>
    LearningRateTooHigh,

    /// <summary>A learning rate at which the loss hardly moves, and would at a higher one.</summary>
    LearningRateTooLow,

    /// <summary>Validation samples that share steps with training samples.</summary>
    LeakingWindows,

    /// <summary>Classes of which one is much rarer than another.</summary>
    ClassImbalance,

    /// <summary>A loss, metric or target that does not suit the last activation.</summary>
    Misfit,

    /// <summary>Weights that are no finite numbers.</summary>
    NotFinite,
}

/// <summary>Something that is likely wrong with a model, its data or its training.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Where">Where it is: a layer, or inputs.</param>
/// <param name="Measure">The number that gave it away; what it is, <paramref name="Text"/> says.</param>
/// <param name="Text">What was found, in a sentence.</param>
/// <param name="Advice">What to do, in a sentence.</param>
public sealed record Finding(FindingKind Kind, string Where, double Measure, string Text, string Advice)
{
    /// <summary>What was found, and what to do.</summary>
    public override string ToString() => $"{Text} {Advice}";
}
