using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Gives each id of a sequence a vector of its own: <c>y_t = E[x_t]</c>, the row of a table that training
/// learns.</summary>
/// <remarks>
/// <para>
/// Forward: <c>y_t = E[x_t]</c> with E: inputDim × outputDim. Backward: <c>dE[i] += Σ dy_t</c> over the steps with x_t = i,
/// sample after sample in each step and step after step, so that the sums have the same bits every time. Ids have no gradient: it
/// is zero.
/// </para>
/// <para>
/// Input: (batch, timesteps) of ids, or (batch, …) in general; every value is whole, from 0 to inputDim − 1. Output: (batch,
/// timesteps, outputDim). The number of time steps may be unknown: <c>inputShape: new([null])</c>. Parameter: embeddings
/// (inputDim, outputDim), whose rows change in an update as those of any kernel do, also where a batch does not name them.
/// </para>
/// <para>
/// With <c>maskZero</c> the mask of the output says where the id is not 0, and replaces one that comes with the input; without,
/// a mask ends here. The padding of sequences of unequal length is masked in any case. Keras's Embedding
/// (keras.layers.Embedding); its low-rank adaptation and quantization are accepted in files at null only.
/// </para>
/// </remarks>
/// <example><code>
/// model.Add(new Embedding(inputDim: 5000, outputDim: 32, maskZero: true, inputShape: new([null])));
/// model.Add(new LSTM(64));
/// </code></example>
public sealed class Embedding : EmbeddingLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inputDim">Number of ids: the largest id plus one, from 1 to 2²⁴.</param>
    /// <param name="outputDim">Length of the vector of an id, at least 1.</param>
    /// <param name="embeddingsInitializer">First values of E; null is Keras's default, <c>uniform</c>: from −0.05 to
    /// 0.05.</param>
    /// <param name="embeddingsRegularizer">Penalty on E; none by default.</param>
    /// <param name="embeddingsConstraint">Projection of E after each update; none by default.</param>
    /// <param name="maskZero">Whether id 0 marks padding, which the layers that follow skip; false by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>embedding</c>.</param>
    /// <param name="trainable">Whether training changes E; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model: the number of time steps, or
    /// <c>new([null])</c>.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Embedding(
        int inputDim,
        int outputDim,
        Initializer? embeddingsInitializer = null,
        Regularizer? embeddingsRegularizer = null,
        Constraint? embeddingsConstraint = null,
        bool maskZero = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(
            inputDim, outputDim,
            WeightOptions.Of(embeddingsInitializer, embeddingsRegularizer, embeddingsConstraint, "uniform"),
            maskZero, name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Embedding";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample has no axis.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank > 0
            ? new([.. input.Axes, OutputDim])
            : throw new ShapeException(
                Introduction,
                "input of rank 2 or more (batch, timesteps)",
                input,
                "Give every sample a sequence of ids, if only of one: inputShape: 1.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("quantization_config", null);
        return config;
    }

    internal static Embedding Read(ConfigReader config)
    {
        config.Expect("quantization_config", [null]);
        config.Expect("lora_rank", [null]);
        config.Expect("lora_alpha", [null]);
        WeightOptions embeddings = WeightOptions.Read(config, "embeddings");
        return new(
            config.Int("input_dim"),
            config.Int("output_dim"),
            embeddings.Initializer,
            embeddings.Regularizer,
            embeddings.Constraint,
            config.Bool("mask_zero", false),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EmbeddingPass(this, options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A value of the input is not an id; nothing has been computed then.</exception>
    public override SequenceBatch Forward(Pass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        return ((EmbeddingPass)pass).LookUp(Parameters[0], input);
    }

    /// <inheritdoc/>
    public override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return ((EmbeddingPass)pass).AddGradients(outputGradient);
    }
}
