using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A conditional random field over a linear chain, for tags that depend on their neighbours: named entities, parts of speech.
/// The last layer of a model that is compiled with the loss <c>"crf"</c>; what the model predicts are tags.
/// </summary>
/// <remarks>
/// <para>
/// With the score <c>e_t = W·x_t + b</c> of each tag by itself, a matrix A of scores of a tag after another, and scores s of the
/// first and f of the last tag, a sequence of tags y has the probability
/// </para>
/// <code>
/// p(y | x) = exp(Σ_t ψ_t(y_{t−1}, y_t)) / Z(x),     ψ_t(i, j) = e_t(j) + A(i, j)
/// ψ_0(0, j) = e_0(j) + s(j) at the first step,      f(j) more at the last
/// </code>
/// <para>
/// The output, which the loss <c>CRFLoss</c> looks at, is ψ: (batch, timesteps, tags²), at <c>i · tags + j</c>; the first step
/// has the row <c>i = 0</c> alone, the others are 0. Backward: <c>dA += Σ_t dψ_t</c>, <c>de_t(j) = Σ_i dψ_t(i, j)</c>, of the
/// first step <c>ds += de_0</c>, of the last <c>df += de_last</c>; then as in <see cref="Dense"/>. Outside the model the output
/// is read as tags: <c>Predict</c> gives the index of the tag of each step on the best sequence (Viterbi), shape (samples,
/// timesteps), and −1 where a mask hides the step; metrics compare these with the targets.
/// </para>
/// <para>
/// A scheme of segments, or pairs of your own, say which tags may follow one another. What is forbidden has a score lower by
/// 10000, so that its probability is 0, and is never predicted.
/// </para>
/// <para>
/// Input: (batch, timesteps, features). Masked steps are left out: the tags around them are neighbours. Parameters: kernel
/// (features, tags) and bias (tags), unless <c>useKernel</c> is false, then chain_kernel (tags, tags) and, with
/// <c>useBoundary</c>, left_boundary and right_boundary (tags). Not in Keras. Lafferty, McCallum and Pereira, "Conditional random
/// fields", 2001; Lample et al., "Neural architectures for named entity recognition", 2016.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// model.Add(new Bidirectional(new LSTM(32, returnSequences: true)));
/// model.Add(new CRF(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"], scheme: "bio"));
/// model.Compile("adam", "crf", ["accuracy"]);
/// </code>
/// </example>
public sealed partial class CRF : UnaryLayer<CRFPass>
{
    /// <summary>What is added to the score of what is forbidden.</summary>
    private const int Penalty = -10_000;

    private readonly bool named;
    private readonly WeightOptions kernelOptions;
    private readonly WeightOptions chainOptions;
    private readonly (string? From, string? To)[] forbidden;
    private readonly TagTransitions transitions;
    private readonly TagReading reading;
    private PackedMatrix? kernel;
    private PackedMatrix? kernelTransposed;

    /// <summary>Creates the layer for named tags.</summary>
    /// <param name="tags">The tags, at least two; a tag's index is its place here.</param>
    /// <param name="scheme">Which tags may follow one another, by their names: <c>"none"</c> (the default) all; <c>"bio"</c> as
    /// in <c>B-PER, I-PER, O</c>, every segment beginning with B (IOB2); <c>"iob1"</c>, where B only parts two segments of one
    /// type; <c>"bioes"</c> with E at the end and S for a segment of one step (or L and U, as in BILOU).</param>
    /// <param name="forbidden">Further pairs, the second of which must not follow the first; null as the first stands for the
    /// start of a sequence, as the second for its end. None by default.</param>
    /// <param name="useKernel">Whether the input is mapped to scores of tags, true by default; false takes an input of as many
    /// features as there are tags as it comes.</param>
    /// <param name="useBoundary">Whether the first and the last tag have scores of their own; true by default.</param>
    /// <param name="kernelInitializer">First values of W; null is <c>glorot_uniform</c>. b begins at 0.</param>
    /// <param name="chainInitializer">First values of A; null is <c>glorot_uniform</c>. s and f begin at 0.</param>
    /// <param name="kernelRegularizer">Penalty on W; none by default.</param>
    /// <param name="chainRegularizer">Penalty on A; none by default.</param>
    /// <param name="kernelConstraint">Projection of W after each update; none by default.</param>
    /// <param name="chainConstraint">Projection of A after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>crf</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range, a tag is not of the scheme, or nothing is left that is
    /// allowed; the message lists all of it.</exception>
    public CRF(
        IReadOnlyList<string> tags,
        string scheme = "none",
        IReadOnlyList<(string? From, string? To)>? forbidden = null,
        bool useKernel = true,
        bool useBoundary = true,
        Initializer? kernelInitializer = null,
        Initializer? chainInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? chainRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? chainConstraint = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            tags, true, scheme, forbidden, useKernel, useBoundary,
            WeightOptions.Of(kernelInitializer, kernelRegularizer, kernelConstraint, "glorot_uniform"),
            WeightOptions.Of(chainInitializer, chainRegularizer, chainConstraint, "glorot_uniform"), name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer for a number of tags, whose names are their indices.</summary>
    /// <param name="tags">Number of tags, at least 2.</param>
    /// <param name="useKernel">Whether the input is mapped to scores of tags, true by default.</param>
    /// <param name="useBoundary">Whether the first and the last tag have scores of their own; true by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>crf</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">There are fewer than two tags.</exception>
    public CRF(int tags, bool useKernel = true, bool useBoundary = true, string? name = null, bool trainable = true,
        Shape? inputShape = null)
        : this(
            Numbered(tags), false, TagScheme.None, null, useKernel, useBoundary,
            WeightOptions.Of(null, null, null, "glorot_uniform"), WeightOptions.Of(null, null, null, "glorot_uniform"), name,
            trainable, inputShape)
    {
    }

    private CRF(
        IReadOnlyList<string> tags, bool named, string scheme, IReadOnlyList<(string? From, string? To)>? forbidden,
        bool useKernel, bool useBoundary, WeightOptions kernelOptions, WeightOptions chainOptions, string? name, bool trainable,
        Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(scheme);
        Tags = [.. tags];
        Scheme = scheme;
        UseKernel = useKernel;
        UseBoundary = useBoundary;
        this.named = named;
        this.kernelOptions = kernelOptions;
        this.chainOptions = chainOptions;
        this.forbidden = [.. forbidden ?? []];
        transitions = Checked();
        reading = new(this, transitions);
    }

    /// <inheritdoc/>
    public override string ClassName => "CRF";

    /// <summary>The tags by their indices.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The scheme of segments.</summary>
    public string Scheme { get; }

    /// <summary>Whether the input is mapped to scores of tags.</summary>
    public bool UseKernel { get; }

    /// <summary>Whether the first and the last tag have scores of their own.</summary>
    public bool UseBoundary { get; }

    /// <summary>Pairs that must not follow one another, beside those of the scheme.</summary>
    public IReadOnlyList<(string? From, string? To)> Forbidden => forbidden;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle =>
        new("the best tag of a step depends on the steps that follow");

    /// <inheritdoc/>
    internal override OutputReading? Reading => reading;

    /// <summary>What may follow what.</summary>
    internal TagTransitions Transitions => transitions;

    /// <summary>Whether a tag may follow another one.</summary>
    /// <param name="from">The tag before; null at the start of a sequence.</param>
    /// <param name="to">The tag; null at the end.</param>
    /// <exception cref="ArgumentException">There is no such tag, or both are null.</exception>
    public bool Allows(string? from, string? to) => from is not null || to is not null
        ? transitions.May(Place(from), Place(to))
        : throw new ArgumentException($"{Introduction}: from and to are both null. Name at least one tag.");

    /// <summary>The names of the tags that a model predicted, sample by sample; masked steps, −1, are left out.</summary>
    /// <param name="predicted">What <c>Predict</c> gave: (samples, timesteps).</param>
    /// <exception cref="ArgumentException">It holds something else.</exception>
    public IReadOnlyList<string[]> NamesOf(NDArray predicted)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        return predicted.Rank == 2
            ? [.. Enumerable.Range(0, predicted.Shape[0]).Select(
                i => Names(predicted.Values.AsSpan(i * predicted.Shape[1], predicted.Shape[1])))]
            : throw new ArgumentException(
                $"{Introduction}: tags have the shape (samples, timesteps), but this array has shape "
                + $"{NDArray.Describe(predicted.Shape)}.", nameof(predicted));
    }

    /// <summary>The same for sequences of unequal length.</summary>
    /// <param name="predicted">What <c>Predict</c> gave, each of shape (timesteps).</param>
    /// <exception cref="ArgumentException">It holds something else.</exception>
    public IReadOnlyList<string[]> NamesOf(RaggedSequences predicted)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        return [.. Enumerable.Range(0, predicted.Count).Select(i => Names(predicted[i].Values))];
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no sequence, or has another number of features than tags though
    /// <c>useKernel</c> is false.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank != 2 || input[1] is not int features)
        {
            throw new ShapeException(Introduction, "input of rank 3 (batch, timesteps, features) with a known number of features",
                input, "It tags every step of a sequence: set returnSequences: true on the last recurrent layer.");
        }

        return UseKernel || features == Tags.Count
            ? input.WithFeatures(checked(Tags.Count * Tags.Count))
            : throw new ShapeException(
                Introduction, FormattableString.Invariant($"{Tags.Count} features, one for each tag, because useKernel is false"),
                input, "Set useKernel: true, or put a Dense layer with one unit for each tag before it.");
    }

    /// <inheritdoc/>
    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        checked((long)input.Steps * Math.Max(input.Features, Tags.Count * Tags.Count));

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int tags = Tags.Count;
        if (UseKernel)
        {
            AddParameter(kernelOptions.NewParameter("kernel", input.Features, tags), kernelOptions.FirstValues);
            AddParameter(new("bias", [tags]), "zeros");
            kernel = new PackedMatrix(tags, input.Features);
            kernelTransposed = new PackedMatrix(input.Features, tags);
        }

        AddParameter(chainOptions.NewParameter("chain_kernel", tags, tags), chainOptions.FirstValues);
        if (UseBoundary)
        {
            AddParameter(new("left_boundary", [tags]), "zeros");
            AddParameter(new("right_boundary", [tags]), "zeros");
        }
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        kernel?.Pack(Parameters[0].Value);
        kernelTransposed?.PackTransposed(Parameters[0].Value);
    }

    /// <inheritdoc/>
    protected override CRFPass NewPass(PassOptions options) => new(this, options);

    private static string[] Numbered(int tags)
    {
        new OptionCheck(nameof(CRF)).Require(
            tags >= 2, FormattableString.Invariant($"tags must be at least 2, but is {tags}"), nameof(tags))
            .Require(tags <= MostTags, FormattableString.Invariant($"tags must be at most {MostTags}, but is {tags}"), nameof(
            tags))
            .ThrowIfAny();
        return [.. Enumerable.Range(0, tags).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }

    private string[] Names(ReadOnlySpan<Real> indices)
    {
        var names = new List<string>();
        foreach (Real index in indices)
        {
            if (index != -1)
            {
                names.Add(index >= 0 && index < Tags.Count && index == RealMath.Floor(index)
                    ? Tags[(int)index]
                    : throw new ArgumentException(FormattableString.Invariant(
                        $"{Introduction}: {index} is not the index of a tag: 0 to {Tags.Count - 1}, or -1 for a masked step.")));
            }
        }

        return [.. names];
    }
}
