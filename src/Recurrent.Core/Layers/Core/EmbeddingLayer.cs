using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer with a table E that has a row for each id: what <see cref="Embedding"/> and
/// <see cref="ReversibleEmbedding"/> have in common.</summary>
public abstract class EmbeddingLayer : UnaryLayer
{
    /// <summary>Up to here a float holds every whole number.</summary>
    private const int MostIds = 1 << 24;

    private readonly WeightOptions table;

    private protected EmbeddingLayer(
        int inputDim, int outputDim, WeightOptions table, bool maskZero, string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction)
            .Positive(nameof(inputDim), inputDim)
            .Require(
                inputDim <= MostIds,
                FormattableString.Invariant($"inputDim must be at most {MostIds}, because ids come as floats, but is {inputDim}"),
                nameof(inputDim))
            .Positive(nameof(outputDim), outputDim)
            .ThrowIfAny();
        InputDim = inputDim;
        OutputDim = outputDim;
        MaskZero = maskZero;
        this.table = table;
    }

    /// <summary>Number of ids.</summary>
    public int InputDim { get; }

    /// <summary>Length of the vector of an id.</summary>
    public int OutputDim { get; }

    /// <summary>Whether id 0 marks padding.</summary>
    public bool MaskZero { get; }

    /// <inheritdoc/>
    public override bool CreatesMask => MaskZero;

    /// <inheritdoc/>
    public override int? IdCount => InputDim;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("input_dim", InputDim);
        config.Add("output_dim", OutputDim);
        config.Add("embeddings_initializer", table.Initializer);
        config.Add("embeddings_regularizer", table.Regularizer);
        if (ActivityRegularizer is null)
        {
            // Keras writes this one for embeddings even where there is none.
            config.Add("activity_regularizer", null);
        }

        config.Add("embeddings_constraint", table.Constraint);
        config.Add("mask_zero", MaskZero);
        return config;
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input) =>
        AddParameter(table.NewParameter("embeddings", InputDim, OutputDim), table.FirstValues);
}
