using Recurrent.Initializers;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <content>The layer in files.</content>
public sealed partial class BatchNormalization
{
    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axis", axis);
        config.Add("momentum", momentum);
        config.Add("epsilon", epsilon);
        config.Add("center", center);
        config.Add("scale", scale);
        config.Add("beta_initializer", betaOptions.Initializer);
        config.Add("gamma_initializer", gammaOptions.Initializer);
        config.Add("moving_mean_initializer", meanInitializer);
        config.Add("moving_variance_initializer", varianceInitializer);
        config.Add("beta_regularizer", betaOptions.Regularizer);
        config.Add("gamma_regularizer", gammaOptions.Regularizer);
        config.Add("beta_constraint", betaOptions.Constraint);
        config.Add("gamma_constraint", gammaOptions.Constraint);
        config.Add("synchronized", synchronized);
        config.Add("renorm", false);
        config.Add("renorm_clipping", null);
        config.Add("renorm_momentum", 0.99);
        return config;
    }

    internal static BatchNormalization Read(ConfigReader config)
    {
        config.Expect("renorm", false, null);
        config.Expect("renorm_clipping", [null]);
        config.OptionalDouble("renorm_momentum");
        WeightOptions beta = WeightOptions.Read(config, "beta");
        WeightOptions gamma = WeightOptions.Read(config, "gamma");
        return new(
            config.Int("axis", -1),
            config.Double("momentum", 0.99),
            config.Double("epsilon", 0.001),
            config.Bool("center", true),
            config.Bool("scale", true),
            beta.Initializer,
            gamma.Initializer,
            config.OptionalComponent("moving_mean_initializer", InitializerNames.Registry),
            config.OptionalComponent("moving_variance_initializer", InitializerNames.Registry),
            beta.Regularizer,
            gamma.Regularizer,
            beta.Constraint,
            gamma.Constraint,
            config.Bool("synchronized", false),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }
}
