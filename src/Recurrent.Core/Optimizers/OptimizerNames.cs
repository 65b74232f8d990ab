using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The optimizers that can be named in code and in files.</summary>
public static class OptimizerNames
{
    /// <summary>Every optimizer by name.</summary>
    public static Registry<Optimizer> Registry { get; } = new("optimizer", [
        new("SGD", Read(c => new SGD(
            c.Rate, c.Reader.Double("momentum", 0), c.Reader.Bool("nesterov", false), c.Options))),
        new("RMSprop", Read(c => new RMSprop(
            c.Rate,
            c.Reader.Double("rho", 0.9),
            c.Reader.Double("momentum", 0),
            c.Reader.Double("epsilon", 1e-7),
            c.Reader.Bool("centered", false),
            c.Options))),
        new("Adam", Read(c => new Adam(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Reader.Bool("amsgrad", false),
            c.Options))),
        new("AdamW", Read(c => new AdamW(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Reader.Bool("amsgrad", false),
            c.WithDecay(0.004)))),
        new("Nadam", Read(c => new Nadam(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Options))),
        new("Adamax", Read(c => new Adamax(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Options))),
        new("Adagrad", Read(c => new Adagrad(
            c.Rate,
            c.Reader.Double("initial_accumulator_value", 0.1),
            c.Reader.Double("epsilon", 1e-7),
            c.Options))),
        new("Adadelta", Read(c => new Adadelta(
            c.Rate,
            c.Reader.Double("rho", 0.95),
            c.Reader.Double("epsilon", 1e-7),
            c.Options))),
        new("Lion", Read(c => new Lion(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.99),
            c.Options))),
        new("Ftrl", Read(c => new Ftrl(
            c.Rate,
            c.Reader.Double("learning_rate_power", -0.5),
            c.Reader.Double("initial_accumulator_value", 0.1),
            c.Reader.Double("l1_regularization_strength", 0),
            c.Reader.Double("l2_regularization_strength", 0),
            c.Reader.Double("l2_shrinkage_regularization_strength", 0),
            c.Reader.Double("beta", 0),
            c.Options))),
        new("Lamb", Read(c => new Lamb(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Options))),
        new("Adafactor", Read(c => new Adafactor(
            c.Rate,
            c.Reader.Double("beta_2_decay", -0.8),
            c.Reader.Double("epsilon_1", 1e-30),
            c.Reader.Double("epsilon_2", 1e-3),
            c.Reader.Double("clip_threshold", 1),
            c.Reader.Bool("relative_step", true),
            c.Options))),
        new("ScheduleFreeAdamW", Read(c => new ScheduleFreeAdamW(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-8),
            c.Reader.Int("warmup_steps", 0),
            c.Options))),
        new("Muon", Read(c => new Muon(
            c.Rate,
            new MuonOptions(
                c.Reader.Double("adam_beta_1", 0.9),
                c.Reader.Double("adam_beta_2", 0.999),
                c.Reader.IsNull("adam_weight_decay") ? c.Reader.OptionalDouble("adam_weight_decay")
                : c.Reader.Double("adam_weight_decay", 0.004),
                c.Reader.Double("epsilon", 1e-7),
                Texts(c.Reader, "exclude_layers"),
                c.Reader.Bool("exclude_embeddings", true),
                c.Reader.Double("muon_a", 3.4445),
                c.Reader.Double("muon_b", -4.775),
                c.Reader.Double("muon_c", 2.0315),
                c.Reader.Double("adam_lr_ratio", 1),
                c.Reader.Double("momentum", 0.95),
                c.Reader.Int("ns_steps", 5),
                c.Reader.Bool("nesterov", true),
                c.Reader.IsNull("rms_rate") ? c.Reader.OptionalDouble("rms_rate") : c.Reader.Double("rms_rate", 0.2)),
            c.WithDecay(0.004)))),
    ]);

    // What Keras has no words for in files.
    internal const string ExcludedKey = "exclude_from_weight_decay";
    internal const string MultipliedKey = "multiplied_learning_rates";
    internal const string MultipliersKey = "learning_rate_multipliers";

    private static Func<ConfigReader, Optimizer> Read(Func<Common, Optimizer> make) => reader =>
    {
        bool averages = reader.Bool("use_ema", false);
        double momentum = reader.Double("ema_momentum", OptimizerOptions.DefaultEmaMomentum);
        int? overwriting = reader.OptionalInt("ema_overwrite_frequency");
        Optimizer optimizer = make(new(reader, LearningRateScheduleNames.RateOf(reader), new(
            reader.OptionalDouble("weight_decay"),
            reader.OptionalDouble("clipnorm"),
            reader.OptionalDouble("clipvalue"),
            reader.OptionalDouble("global_clipnorm"),
            averages,

            // Without an average of the weights, these two mean nothing.
            averages ? momentum : OptimizerOptions.DefaultEmaMomentum,
            averages ? overwriting : null,
            reader.OptionalInt("gradient_accumulation_steps"),
            reader.OptionalString("name"),
            reader.OptionalDouble("loss_scale_factor"))));
        ReadScope(reader, optimizer);
        return optimizer;
    };

    private static void ReadScope(ConfigReader reader, Optimizer optimizer)
    {
        if (Texts(reader, ExcludedKey) is { Length: > 0 } excluded)
        {
            optimizer.ExcludeFromWeightDecay(excluded);
        }

        string[] patterns = Texts(reader, MultipliedKey);
        IReadOnlyList<double> multipliers = reader.OptionalDoubles(MultipliersKey) ?? [];
        if (patterns.Length != multipliers.Count)
        {
            throw new ConfigException(FormattableString.Invariant(
                $"{reader.Owner}: {MultipliedKey} has {patterns.Length} entries and {MultipliersKey} {multipliers.Count}, ")
                + "but must have as many.")
            {
                Option = MultipliersKey,
            };
        }

        foreach ((string pattern, double multiplier) in patterns.Zip(multipliers))
        {
            optimizer.SetLearningRateMultiplier(pattern, multiplier);
        }
    }

    private static string[] Texts(ConfigReader reader, string key) => reader.OptionalStrings(key) switch
    {
        null => [],
        { Count: > ParameterPatterns.Most } many => throw new ConfigException(FormattableString.Invariant(
            $"{reader.Owner}: {key} has {many.Count} entries, and {ParameterPatterns.Most} is the most."))
        {
            Option = key,
        },
        var texts => [.. texts],
    };

    private sealed record Common(ConfigReader Reader, LearningRateSchedule? Rate, OptimizerOptions Options)
    {
        /// <summary>The options of an optimizer that decays weights unless it is told not to.</summary>
        public OptimizerOptions WithDecay(double decay) =>
            Reader.IsNull("weight_decay") ? Options : Options with { WeightDecay = Options.WeightDecay ?? decay };
    }
}
