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
            r => new PiecewiseConstantDecay(Required(r, "boundaries"), Required(r, "values"), Name(r))),
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
    ]);

    private static double Initial(ConfigReader reader) => reader.Double("initial_learning_rate");

    private static string? Name(ConfigReader reader) => reader.OptionalString("name");

    private static IReadOnlyList<double> Required(ConfigReader reader, string key) =>
        reader.OptionalDoubles(key) ?? throw new ConfigException($"{reader.Owner} needs the option '{key}', which is missing.");
}
