using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The optimizers that can be named in code and in files.</summary>
public static class OptimizerNames
{
    /// <summary>Every optimizer by name.</summary>
    public static Registry<Optimizer> Registry { get; } = new("optimizer", [
        new("SGD", Read(c => new SGD(
            c.Rate, c.Reader.Double("momentum", 0), c.Reader.Bool("nesterov", false), c.Decay, c.Norm, c.Value,
                c.GlobalNorm, c.Name))),
        new("RMSprop", Read(c => new RMSprop(
            c.Rate,
            c.Reader.Double("rho", 0.9),
            c.Reader.Double("momentum", 0),
            c.Reader.Double("epsilon", 1e-7),
            c.Reader.Bool("centered", false),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Adam", Read(c => new Adam(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Reader.Bool("amsgrad", false),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("AdamW", Read(c => new AdamW(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Reader.Bool("amsgrad", false),
            c.Reader.IsNull("weight_decay") ? null : c.Decay ?? 0.004,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Nadam", Read(c => new Nadam(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Adamax", Read(c => new Adamax(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Adagrad", Read(c => new Adagrad(
            c.Rate,
            c.Reader.Double("initial_accumulator_value", 0.1),
            c.Reader.Double("epsilon", 1e-7),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Adadelta", Read(c => new Adadelta(
            c.Rate,
            c.Reader.Double("rho", 0.95),
            c.Reader.Double("epsilon", 1e-7),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Lion", Read(c => new Lion(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.99),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Ftrl", Read(c => new Ftrl(
            c.Rate,
            c.Reader.Double("learning_rate_power", -0.5),
            c.Reader.Double("initial_accumulator_value", 0.1),
            c.Reader.Double("l1_regularization_strength", 0),
            c.Reader.Double("l2_regularization_strength", 0),
            c.Reader.Double("l2_shrinkage_regularization_strength", 0),
            c.Reader.Double("beta", 0),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
        new("Lamb", Read(c => new Lamb(
            c.Rate,
            c.Reader.Double("beta_1", 0.9),
            c.Reader.Double("beta_2", 0.999),
            c.Reader.Double("epsilon", 1e-7),
            c.Decay,
            c.Norm,
            c.Value,
            c.GlobalNorm,
            c.Name))),
    ]);

    private static Func<ConfigReader, Optimizer> Read(Func<Common, Optimizer> make) => reader =>
    {
        reader.Expect("use_ema", false, null);
        reader.Expect("loss_scale_factor", [null]);
        reader.Expect("gradient_accumulation_steps", [null]);
        reader.Raw("ema_momentum"); // Without an average of the weights, these two mean nothing.
        reader.Raw("ema_overwrite_frequency");
        return make(new(
            reader,
            RateOf(reader),
            reader.OptionalDouble("weight_decay"),
            reader.OptionalDouble("clipnorm"),
            reader.OptionalDouble("clipvalue"),
            reader.OptionalDouble("global_clipnorm"),
            reader.OptionalString("name")));
    };

    private static LearningRateSchedule? RateOf(ConfigReader reader) => reader.Raw("learning_rate") is ComponentConfig
        ? reader.OptionalComponent("learning_rate", LearningRateScheduleNames.Registry)
        : reader.OptionalDouble("learning_rate") is double rate ? rate : null;

    private sealed record Common(
        ConfigReader Reader,
        LearningRateSchedule? Rate,
        double? Decay,
        double? Norm,
        double? Value,
        double? GlobalNorm,
        string? Name);
}
