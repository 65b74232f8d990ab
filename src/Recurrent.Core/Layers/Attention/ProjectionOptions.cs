using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>What all projections of an attention layer have in common.</summary>
/// <param name="UseBias">Whether a bias is added.</param>
/// <param name="KernelInitializer">First values of the kernels.</param>
/// <param name="BiasInitializer">First values of the biases.</param>
/// <param name="KernelRegularizer">Penalty on the kernels.</param>
/// <param name="BiasRegularizer">Penalty on the biases.</param>
/// <param name="KernelConstraint">Projection of the kernels after each update.</param>
/// <param name="BiasConstraint">Projection of the biases after each update.</param>
internal sealed record ProjectionOptions(
    bool UseBias,
    Initializer KernelInitializer,
    Initializer BiasInitializer,
    Regularizer? KernelRegularizer,
    Regularizer? BiasRegularizer,
    Constraint? KernelConstraint,
    Constraint? BiasConstraint)
{
    /// <summary>Creates a kernel.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape as Keras has it.</param>
    public Parameter NewKernel(string name, int[] shape) => new(name, shape, KernelRegularizer, KernelConstraint);

    /// <summary>Creates a bias.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape as Keras has it.</param>
    public Parameter NewBias(string name, int[] shape) => new(name, shape, BiasRegularizer, BiasConstraint);

    /// <summary>Reads the options.</summary>
    /// <param name="config">The config of the layer.</param>
    public static ProjectionOptions Read(ConfigReader config) => new(
        config.Bool("use_bias", true),
        config.OptionalComponent("kernel_initializer", InitializerNames.Registry) ?? "glorot_uniform",
        config.OptionalComponent("bias_initializer", InitializerNames.Registry) ?? "zeros",
        config.Regularizer("kernel_regularizer"),
        config.Regularizer("bias_regularizer"),
        config.OptionalComponent("kernel_constraint", ConstraintNames.Registry),
        config.OptionalComponent("bias_constraint", ConstraintNames.Registry));

    /// <summary>Adds the options to a config.</summary>
    /// <param name="config">The config.</param>
    public void AddTo(Config config)
    {
        config.Add("use_bias", UseBias);
        config.Add("kernel_initializer", KernelInitializer);
        config.Add("bias_initializer", BiasInitializer);
        config.Add("kernel_regularizer", KernelRegularizer);
        config.Add("bias_regularizer", BiasRegularizer);
        config.Add("kernel_constraint", KernelConstraint);
        config.Add("bias_constraint", BiasConstraint);
    }
}
