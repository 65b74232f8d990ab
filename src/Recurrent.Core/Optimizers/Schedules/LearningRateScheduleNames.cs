using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning-rate schedules that can be named in files.</summary>
public static class LearningRateScheduleNames
{
    /// <summary>Every schedule by name.</summary>
    public static Registry<LearningRateSchedule> Registry { get; } = new("learning-rate schedule", [
        new(
            "ExponentialDecay",
            r => new ExponentialDecay(Initial(r), r.Int("decay_steps"), r.Double("decay_rate"),
                r.Bool("staircase", false), Name(r))),
        new(
            "InverseTimeDecay",
            r => new InverseTimeDecay(Initial(r), r.Int("decay_steps"), r.Double("decay_rate"),
                r.Bool("staircase", false), Name(r))),
        new(
            "PiecewiseConstantDecay",
            r => new PiecewiseConstantDecay(r.Doubles("boundaries"), r.Doubles("values"), Name(r))),
        new(
            "PolynomialDecay",
            r => new PolynomialDecay(
                Initial(r), r.Int("decay_steps"), r.Double("end_learning_rate", 1e-4), r.Double("power", 1),
                    r.Bool("cycle", false), Name(r))),
        new(
            "CosineDecay",
            r => new CosineDecay(
                Initial(r),
                r.Int("decay_steps"),
                r.Double("alpha", 0),
                r.OptionalDouble("warmup_target"),
                r.Int("warmup_steps", 0),
                Name(r))),
        new(
            "CosineDecayRestarts",
            r => new CosineDecayRestarts(
                Initial(r), r.Int("first_decay_steps"), r.Double("t_mul", 2), r.Double("m_mul", 1),
                    r.Double("alpha", 0), Name(r))),
        new(
            "OneCycle",
            r => new OneCycle(
                r.Double("max_learning_rate"),
                r.Int("total_steps"),
                r.Double("pct_start", 0.3),
                r.OptionalString("anneal_strategy") ?? "cos",
                r.Double("div_factor", 25),
                r.Double("final_div_factor", 1e4),
                r.Bool("three_phase", false),
                Name(r))),
        new(
            "WarmUp",
            r => new WarmUp(
                RateOf(r) ?? throw r.Missing("learning_rate"),
                r.Int("warmup_steps"),
                r.Double("initial_learning_rate", 0),
                r.Double("power", 1),
                Name(r))),
    ]);

    /// <summary>The learning rate of a config: a number or a schedule; null where there is none.</summary>
    internal static LearningRateSchedule? RateOf(ConfigReader reader) => reader.Raw("learning_rate") is ComponentConfig
        ? reader.OptionalComponent("learning_rate", Registry)
        : reader.OptionalDouble("learning_rate") is double rate ? rate : null;

    private static double Initial(ConfigReader reader) => reader.Double("initial_learning_rate");

    private static string? Name(ConfigReader reader) => reader.OptionalString("name");
}
