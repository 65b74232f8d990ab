using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// An embedding that also works backwards: called on ids it gives their vectors, <c>y_t = E[x_t]</c>, called on vectors their
/// products with the vectors of all ids, <c>z_t = E·h_t</c>, the logits of a language model whose input and output weights
/// are one table (Press and Wolf, "Using the output embedding to improve language models", 2017; KerasHub's
/// ReversibleEmbedding).
/// </summary>
/// <remarks>
/// <para>
/// Which of the two a call is follows from its input: samples of one axis are ids, (batch, timesteps); samples of two axes
/// vectors, (batch, timesteps, outputDim). Output: (batch, timesteps, outputDim) of ids, (batch, timesteps, inputDim) of
/// vectors.
/// Backward: <c>dE[i] += Σ dy_t</c> over the steps with x_t = i, and <c>dE += Σ dz_t·h_tᵀ</c>, <c>dh_t = Eᵀ·dz_t</c>.
/// Parameter:
/// embeddings (inputDim, outputDim), one table for all calls of the layer.
/// </para>
/// </remarks>
/// <example><code>
/// var tied = new ReversibleEmbedding(inputDim: 5000, outputDim: 64);
/// Symbol h = new LSTM(64, returnSequences: true).Call(tied.Call(ids));
/// Symbol logits = tied.Call(h);
/// </code></example>
public sealed class ReversibleEmbedding : EmbeddingLayer
{
    private PackedMatrix? table;
    private PackedMatrix? turned;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputDim">Number of ids: the largest id plus one, from 1 to 2²⁴.</param>
    /// <param name="outputDim">Length of the vector of an id, at least 1.</param>
    /// <param name="embeddingsInitializer">First values of E; null is <c>uniform</c>: from −0.05 to 0.05.</param>
    /// <param name="embeddingsRegularizer">Penalty on E; none by default.</param>
    /// <param name="embeddingsConstraint">Projection of E after each update; none by default.</param>
    /// <param name="maskZero">Whether id 0 marks padding, which the layers that follow skip; false by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>reversible_embedding</c>.</param>
    /// <param name="trainable">Whether training changes E; true by default.</param>
    /// <param name="inputShape">Shape of a sample of ids, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ReversibleEmbedding(
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
    public override string ClassName => "ReversibleEmbedding";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample is neither a sequence of ids nor one of vectors of the table's
    /// width.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == 1 ? new([input[0], OutputDim])
            : input.Rank == 2 && input[1] == OutputDim ? new([input[0], InputDim])
            : throw new ShapeException(
                Introduction,
                FormattableString.Invariant(
                    $"ids (batch, timesteps), or vectors (batch, timesteps, {OutputDim}) to turn back into scores of ids"),
                input,
                "Put a Dense layer of as many units as outputDim before it, or choose another outputDim.");
    }

    internal static ReversibleEmbedding Read(ConfigReader config)
    {
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
        return options.InputShape.Rank == 1
            ? new EmbeddingPass(this, options)
            : new ReversedPass(this, options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A value of the input is not an id; nothing has been computed then.</exception>
    public override SequenceBatch Forward(Pass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        if (pass is EmbeddingPass ids)
        {
            return ids.LookUp(Parameters[0], input);
        }

        var own = (ReversedPass)pass;
        own.Input = input.Values;
        Product.SetBand(turned!, input.Values, 0, default, own.Output.Values, 0, own.Options.Threads);
        own.Output.Mask = input.Mask;
        return own.Output;
    }

    /// <inheritdoc/>
    public override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass is EmbeddingPass ids)
        {
            return ids.AddGradients(outputGradient);
        }

        var own = (ReversedPass)pass;
        Product.AddOuter(own.Input!, outputGradient, own.Gradients[0]);
        if (own.InputGradient is not null)
        {
            Product.Set(table!, outputGradient, own.InputGradient);
        }

        return own.InputGradient;
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        base.BuildParameters(input);
        table = new PackedMatrix(OutputDim, InputDim);
        turned = new PackedMatrix(InputDim, OutputDim);
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        table!.Pack(Parameters[0].Value);
        turned!.PackTransposed(Parameters[0].Value);
    }

    /// <summary>What a call on vectors remembers.</summary>
    private sealed class ReversedPass : Pass
    {
        internal ReversedPass(ReversibleEmbedding layer, PassOptions options)
            : base(layer, options)
        {
            Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
            InputGradient = options.InputGradient ? new DenseMatrix(layer.OutputDim, Output.Values.ColumnCount) : null;
        }

        internal SequenceBatch Output { get; }

        internal DenseMatrix? InputGradient { get; }

        internal DenseMatrix? Input { get; set; }
    }
}
