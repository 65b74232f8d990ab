using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// The activation functions that can be named in code and in files: Keras's, but for <c>glu</c>, which halves its input.
/// </summary>
public static class ActivationNames
{
    /// <summary>Every activation by name.</summary>
    public static Registry<ActivationFunction> Registry { get; } = new("activation", [
        new("celu", c => new Celu(c.Double("alpha", 1))),
        new("elu", c => new Elu(c.Double("alpha", 1))),
        new("exponential", _ => new Exponential()),
        new("gelu", c => new Gelu(c.Bool("approximate", false))),
        new("hard_shrink", c => new HardShrink(c.Double("threshold", 0.5))),
        new("hard_sigmoid", c => new HardSigmoid(c.Double("slope", 1.0 / 6))),
        new("hard_silu|hard_swish", _ => new HardSilu()),
        new("hard_tanh", _ => new HardTanh()),
        new("leaky_relu", c => new LeakyRelu(c.Double("negative_slope", 0.2))),
        new("linear", _ => new Linear()),
        new("log_sigmoid", _ => new LogSigmoid()),
        new("log_softmax", c => AlongFeatures(c, new LogSoftmax())),
        new("mish", _ => new Mish()),
        new("relu", c => new Relu(c.Double("negative_slope", 0), c.OptionalDouble("max_value"), c.Double("threshold", 0))),
        new("relu6", _ => new Relu6()),
        new("selu", _ => new Selu()),
        new("sigmoid", _ => new Sigmoid()),
        new("silu|swish", _ => new Silu()),
        new("soft_positive", _ => new SoftPositive()),
        new("soft_shrink", c => new SoftShrink(c.Double("threshold", 0.5))),
        new("softmax", c => AlongFeatures(c, new Softmax())),
        new("softplus", _ => new Softplus()),
        new("softsign", _ => new Softsign()),
        new("sparse_plus", _ => new SparsePlus()),
        new("sparse_sigmoid", _ => new SparseSigmoid()),
        new("sparsemax", c => AlongFeatures(c, new Sparsemax())),
        new("squareplus", c => new Squareplus(c.Double("b", 4))),
        new("tanh", _ => new Tanh()),
        new("tanh_shrink", _ => new TanhShrink()),
        new("threshold", c => new Threshold(c.Double("threshold", 0), c.Double("default_value", 0))),
    ]);

    private static ActivationFunction AlongFeatures(ConfigReader config, ActivationFunction activation)
    {
        config.Expect("axis", -1L);
        return activation;
    }
}
