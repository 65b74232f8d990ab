using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Adds a trained vector for each position to each step (Gehring et al., "Convolutional sequence to sequence learning",
/// 2017).</summary>
/// <remarks>
/// Forward, at position p: <c>y = x + E_p</c>. Backward: <c>dE_p += Σ dy</c> over the samples, <c>dx = dy</c>. Parameter:
/// embeddings (sequenceLength, features). Sequences must not be longer than sequenceLength. What <see cref="PositionLayer"/> says
/// holds here.
/// </remarks>
public sealed class PositionalEmbedding : PositionLayer
{
    private readonly Initializer initializer;
    private readonly Regularizer? regularizer;
    private readonly Constraint? constraint;

    /// <summary>Creates the layer.</summary>
    /// <param name="sequenceLength">Number of positions, at least 1: the length of the longest sequence.</param>
    /// <param name="embeddingsInitializer">First values; null is <c>glorot_uniform</c>.</param>
    /// <param name="embeddingsRegularizer">Penalty on the embeddings; none by default.</param>
    /// <param name="embeddingsConstraint">Projection of the embeddings after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>positional_embedding</c>.</param>
    /// <param name="trainable">Whether training changes the embeddings; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The length is below 1.</exception>
    public PositionalEmbedding(
        int sequenceLength,
        Initializer? embeddingsInitializer = null,
        Regularizer? embeddingsRegularizer = null,
        Constraint? embeddingsConstraint = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction).Positive(nameof(sequenceLength), sequenceLength).ThrowIfAny();
        SequenceLength = sequenceLength;
        initializer = embeddingsInitializer ?? "glorot_uniform";
        regularizer = embeddingsRegularizer;
        constraint = embeddingsConstraint;
    }

    /// <inheritdoc/>
    public override string ClassName => "PositionalEmbedding";

    /// <summary>Number of positions.</summary>
    public int SequenceLength { get; }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("sequence_length", SequenceLength);
        config.Add("embeddings_initializer", initializer);
        config.Add("embeddings_regularizer", regularizer);
        config.Add("embeddings_constraint", constraint);
        return config;
    }

    internal static PositionalEmbedding Read(ConfigReader config) =>
        new(
            config.Int("sequence_length"),
            config.OptionalComponent("embeddings_initializer", InitializerNames.Registry),
            config.Regularizer("embeddings_regularizer"),
            config.OptionalComponent("embeddings_constraint", ConstraintNames.Registry),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        AddParameter(new("embeddings", [SequenceLength, input.Features], regularizer, constraint), initializer);
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(PositionPass pass, SequenceBatch input)
    {
        Take(pass, input);
        ColumnBlock table = Parameters[0].Value;
        ColumnBlock output = pass.Columns;
        for (int column = 0; column < output.ColumnCount; column++)
        {
            if (pass.PositionOf(column) is >= 0 and var position)
            {
                VectorMath.Add(table.Column(position), output.Column(column));
            }
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(PositionPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ColumnBlock slopes = outputGradient;
        ColumnBlock table = pass.Gradients[0];
        for (int column = 0; column < slopes.ColumnCount; column++)
        {
            if (pass.PositionOf(column) is >= 0 and var position)
            {
                VectorMath.Add(slopes.Column(column), table.Column(position));
            }
        }

        return pass.Options.InputGradient ? outputGradient : null;
    }

    /// <inheritdoc/>
    internal override int MostPositions => SequenceLength;

    private protected override string BeyondAdvice => "Reset the session, or give a greater sequenceLength";

    private protected override void CheckShape(Shape input, int features)
    {
        if (input[0] > SequenceLength)
        {
            throw new ShapeException(
                Introduction,
                $"sequences of at most {SequenceLength} timesteps",
                input,
                $"Give sequenceLength: {input[0]} or more, or cut the sequences.");
        }
    }
}
