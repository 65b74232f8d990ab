using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>
/// The options that all cells with kernels share, in their layers too: activations, first values, penalties, constraints,
/// dropout.
/// </summary>
/// <remarks>
/// <c>new PeepholeLSTM(32, options: new() { Activation = "relu", Dropout = 0.2 })</c>. The layers and cells that Keras has take
/// the same options one by one, as Keras does: <c>new LSTM(32, activation: "relu", dropout: 0.2)</c>. A cell refuses those that
/// it does not have.
/// </remarks>
public sealed record CellOptions
{
    /// <summary>
    /// The activation of the candidate and, where there is a cell state, of that on its way out; null takes the cell's own: tanh
    /// for most.
    /// </summary>
    public ActivationFunction? Activation { get; init; }

    /// <summary>The activation of the gates; null takes the cell's own, which is sigmoid. Not in cells without gates.</summary>
    public ActivationFunction? RecurrentActivation { get; init; }

    /// <summary>Whether there is a bias. Default true.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>First values of W. Default Glorot uniform.</summary>
    public Initializer KernelInitializer { get; init; } = "glorot_uniform";

    /// <summary>First values of U; null takes the cell's own: orthogonal for most.</summary>
    public Initializer? RecurrentInitializer { get; init; }

    /// <summary>First values of the bias. Default zeros.</summary>
    public Initializer BiasInitializer { get; init; } = "zeros";

    /// <summary>
    /// Whether the bias of the gate that keeps the state starts at 1 (Jozefowicz, Zaremba and Sutskever, "An empirical
    /// exploration of recurrent network architectures", 2015); null (the default) means yes in the cells that have this option,
    /// those with a forget gate and <see cref="UGRNNCell"/>.
    /// </summary>
    public bool? UnitForgetBias { get; init; }

    /// <summary>Penalty on W, or null (the default).</summary>
    public Regularizer? KernelRegularizer { get; init; }

    /// <summary>Penalty on U, or null (the default).</summary>
    public Regularizer? RecurrentRegularizer { get; init; }

    /// <summary>Penalty on the bias, or null (the default).</summary>
    public Regularizer? BiasRegularizer { get; init; }

    /// <summary>What W is projected onto after each update, or null (the default).</summary>
    public Constraint? KernelConstraint { get; init; }

    /// <summary>What U is projected onto after each update, or null (the default).</summary>
    public Constraint? RecurrentConstraint { get; init; }

    /// <summary>What the bias is projected onto after each update, or null (the default).</summary>
    public Constraint? BiasConstraint { get; init; }

    /// <summary>Share of the inputs set to zero in training, the same ones at every step; in [0, 1). Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// Share of the hidden state set to zero in training on its way into the recurrent product, the same entries at every step
    /// and for every gate (the tied variant of Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent
    /// neural networks", 2016); in [0, 1). Default 0.
    /// </summary>
    public double RecurrentDropout { get; init; }

    /// <summary>
    /// Seed of the dropout masks and first values; null (the default) takes it from the layer, and the layer from its model.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Name of the cell, where it has been read from a file.</summary>
    internal string? Name { get; private init; }

    /// <summary>Whether training changes the cell.</summary>
    internal bool Trainable { get; private init; } = true;

    /// <summary>Whether the cell belongs to a layer of its own, which checks the options under its own name.</summary>
    internal bool CheckedByLayer { get; private init; }

    /// <summary>Options that a layer or cell takes one by one, in Keras's order.</summary>
    internal static CellOptions Of(
        ActivationFunction? activation,
        ActivationFunction? recurrentActivation,
        bool useBias,
        Initializer? kernelInitializer,
        Initializer? recurrentInitializer,
        Initializer? biasInitializer,
        bool? unitForgetBias,
        Regularizer? kernelRegularizer,
        Regularizer? recurrentRegularizer,
        Regularizer? biasRegularizer,
        Constraint? kernelConstraint,
        Constraint? recurrentConstraint,
        Constraint? biasConstraint,
        double dropout,
        double recurrentDropout,
        int? seed) => new()
        {
            Activation = activation,
            RecurrentActivation = recurrentActivation,
            UseBias = useBias,
            KernelInitializer = kernelInitializer ?? "glorot_uniform",
            RecurrentInitializer = recurrentInitializer,
            BiasInitializer = biasInitializer ?? "zeros",
            UnitForgetBias = unitForgetBias,
            KernelRegularizer = kernelRegularizer,
            RecurrentRegularizer = recurrentRegularizer,
            BiasRegularizer = biasRegularizer,
            KernelConstraint = kernelConstraint,
            RecurrentConstraint = recurrentConstraint,
            BiasConstraint = biasConstraint,
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
            Seed = seed,
        };

    /// <summary>Options of a layer that makes its cell itself.</summary>
    /// <param name="options">What the caller gave; null for the defaults.</param>
    internal static CellOptions OfLayer(CellOptions? options) => (options ?? new()) with { CheckedByLayer = true };

    /// <summary>Reads the options.</summary>
    /// <param name="config">The config of a cell, or of a layer that holds the options of its cell.</param>
    /// <param name="defaults">Which options the cell has.</param>
    /// <param name="ofLayer">Whether it is the config of a layer.</param>
    internal static CellOptions Read(ConfigReader config, CellDefaults defaults, bool ofLayer) => new()
    {
        Activation = ReadActivation(config, "activation"),
        RecurrentActivation = defaults.RecurrentActivation is null ? null : ReadActivation(config, "recurrent_activation"),
        UseBias = config.Bool("use_bias", true),
        KernelInitializer = config.OptionalComponent("kernel_initializer", InitializerNames.Registry) ?? "glorot_uniform",
        RecurrentInitializer = config.OptionalComponent("recurrent_initializer", InitializerNames.Registry),
        BiasInitializer = config.OptionalComponent("bias_initializer", InitializerNames.Registry) ?? "zeros",
        UnitForgetBias = defaults.ForgetGate is null ? null : config.Bool("unit_forget_bias", true),
        KernelRegularizer = config.OptionalComponent("kernel_regularizer", RegularizerNames.Registry),
        RecurrentRegularizer = config.OptionalComponent("recurrent_regularizer", RegularizerNames.Registry),
        BiasRegularizer = config.OptionalComponent("bias_regularizer", RegularizerNames.Registry),
        KernelConstraint = config.OptionalComponent("kernel_constraint", ConstraintNames.Registry),
        RecurrentConstraint = config.OptionalComponent("recurrent_constraint", ConstraintNames.Registry),
        BiasConstraint = config.OptionalComponent("bias_constraint", ConstraintNames.Registry),
        Dropout = config.Double("dropout", 0),
        RecurrentDropout = config.Double("recurrent_dropout", 0),
        Seed = config.OptionalInt("seed"),
        Name = ofLayer ? null : config.OptionalString("name"),
        Trainable = config.Bool("trainable", true),
        CheckedByLayer = ofLayer,
    };

    /// <summary>Options of a cell that does not have all of them, with its name and whether training changes it.</summary>
    /// <param name="config">The config.</param>
    /// <param name="options">The options, read.</param>
    /// <param name="ofLayer">Whether it is the config of a layer.</param>
    internal static CellOptions ReadNamed(ConfigReader config, CellOptions options, bool ofLayer) => options with
    {
        Name = ofLayer ? null : config.OptionalString("name"),
        Trainable = config.Bool("trainable", true),
        CheckedByLayer = ofLayer,
    };

    /// <summary>The options in Keras's order, those that the cell has; some cells have more, which stand between them.</summary>
    /// <param name="sizes">The units.</param>
    /// <param name="moreActivations">What follows the activations.</param>
    /// <param name="beforeSeed">What stands before the seed.</param>
    internal Config ToConfig(Config sizes, Config moreActivations, Config beforeSeed)
    {
        Config config = [];
        AddAll(config, sizes);
        config.Add("activation", LayerConfig.Entry(Activation!));
        if (RecurrentActivation is not null)
        {
            config.Add("recurrent_activation", LayerConfig.Entry(RecurrentActivation));
        }

        AddAll(config, moreActivations);
        config.Add("use_bias", UseBias);
        config.Add("kernel_initializer", KernelInitializer);
        config.Add("recurrent_initializer", RecurrentInitializer);
        config.Add("bias_initializer", BiasInitializer);
        if (UnitForgetBias is not null)
        {
            config.Add("unit_forget_bias", UnitForgetBias);
        }

        config.Add("kernel_regularizer", KernelRegularizer);
        config.Add("recurrent_regularizer", RecurrentRegularizer);
        config.Add("bias_regularizer", BiasRegularizer);
        config.Add("kernel_constraint", KernelConstraint);
        config.Add("recurrent_constraint", RecurrentConstraint);
        config.Add("bias_constraint", BiasConstraint);
        config.Add("dropout", Dropout);
        config.Add("recurrent_dropout", RecurrentDropout);
        AddAll(config, beforeSeed);
        config.Add("seed", Seed);
        return config;
    }

    /// <summary>Reads an activation: null is linear, as in Keras; a key that is missing gives null.</summary>
    internal static ActivationFunction? ReadActivation(ConfigReader config, string key) =>
        config.Activation(key) ?? (config.IsNull(key) ? "linear" : (ActivationFunction?)null);

    private static void AddAll(Config config, Config entries)
    {
        foreach ((string key, object? value) in entries)
        {
            config.Add(key, value);
        }
    }
}
