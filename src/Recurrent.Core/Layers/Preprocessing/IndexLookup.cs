using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Gives each token of a vocabulary an index, and the other way round: what <see cref="StringLookup"/> and <see
/// cref="IntegerLookup"/>
/// share.
/// </summary>
/// <remarks>
/// <para>
/// Indices are, in this order: 0 for what is masked (with <c>maskToken</c> and <c>outputMode: "int"</c>), <c>numOovIndices</c>
/// for tokens
/// that are not in the vocabulary, then the tokens. With several indices for unknown tokens a hash chooses one; with none, an
/// unknown token is refused. The output is the index (<c>int</c>), a place of 1 for each token (<c>one_hot</c>), which tokens
/// a sample has (<c>multi_hot</c>), how often (<c>count</c>), or <c>y[k] = count[k] · idf[k]</c> (<c>tf_idf</c>) with <c>idf
/// = log(1 + documents / (1 + documents with k))</c>; masked tokens count for nothing there. Tokens have no gradient: it is
/// zero.
/// </para>
/// <para>
/// The vocabulary stands in the config, so every file of the model has it, whether it was given or <c>Adapt</c> has learnt it.
/// </para>
/// </remarks>
/// <typeparam name="T">What a token is.</typeparam>
public abstract partial class IndexLookup<T> : UnaryLayer<TokenPass>, IAdapted
    where T : notnull
{
    private readonly LookupOptions<T> options;
    private readonly int? promisedSize;
    private Vocabulary<T>? vocabulary;
    private bool isGiven;
    private T[]? given;
    private double[]? givenWeights;

    private protected IndexLookup(
        LookupOptions<T> options,
        IReadOnlyList<T>? vocabulary,
        IReadOnlyList<double>? idfWeights,
        int? promisedSize,
        string? name,
        bool trainable,
        Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        this.options = options;
        this.promisedSize = promisedSize;
        options.Check(new OptionCheck(Introduction))
            .Require(
                idfWeights is null || vocabulary is not null,
                "idfWeights go with a vocabulary, and there is none",
                nameof(idfWeights))
            .Require(
                idfWeights is null || options.OutputMode == TokenEncoding.TfIdf,
                $"idfWeights are for the outputMode 'tf_idf', but it is '{options.OutputMode}'",
                nameof(idfWeights))
            .Require(
                vocabulary is null || idfWeights is not null || options.OutputMode != TokenEncoding.TfIdf,
                "with a vocabulary and the outputMode 'tf_idf', idfWeights must be given, one for each token",
                nameof(idfWeights))
            .ThrowIfAny();
        if (vocabulary is not null)
        {
            Take(vocabulary, idfWeights);
            new OptionCheck(Introduction)
                .Require(
                    promisedSize is null || promisedSize == VocabularySize,
                    FormattableString.Invariant(
                        $"vocabulary_size is {promisedSize}, but the vocabulary makes it {VocabularySize}"),
                    "vocabulary_size")
                .ThrowIfAny();
        }
    }

    /// <summary>Most indices, with those for masked and unknown tokens; null for any number.</summary>
    public int? MaxTokens => options.MaxTokens;

    /// <summary>Number of indices for tokens that are not in the vocabulary.</summary>
    public int NumOovIndices => options.NumOovIndices;

    /// <summary>Whether the layer maps indices to tokens.</summary>
    public bool Invert => options.Invert;

    /// <summary>What the layer gives for tokens.</summary>
    public string OutputMode => options.OutputMode;

    /// <summary>
    /// Number of indices, with those for masked and unknown tokens: the <c>inputDim</c> of an <see cref="Embedding"/> behind it.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public int VocabularySize => vocabulary?.Size ?? promisedSize ?? throw new InvalidOperationException($"{Missing}.");

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => TokenEncoding.StreamingObstacle(OutputMode, InputShape);

    internal override bool ReadsTokens => true;

    internal override string? OutputType => OutputMode == TokenEncoding.Int ? "int64" : null;

    internal override int? TokenCount => OutputMode == TokenEncoding.Int && !Invert ? vocabulary?.Size ?? promisedSize : null;

    /// <inheritdoc/>
    string? IAdapted.Missing => vocabulary is null ? Missing : null;

    private protected LookupOptions<T> Options => options;

    private string Missing => $"{Introduction} has no vocabulary yet: call Adapt with data, or give it a vocabulary";

    /// <summary>Number of places of an encoding.</summary>
    private protected int Depth =>
        options.PadToMaxTokens ? MaxTokens!.Value : OutputMode == TokenEncoding.Int ? 0 : VocabularySize;

    /// <summary>The tokens by their indices.</summary>
    /// <param name="includeSpecialTokens">
    /// Whether those for masked and unknown tokens stand in front, as they do in the indices; true by default.
    /// </param>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public IReadOnlyList<T> GetVocabulary(bool includeSpecialTokens = true)
    {
        Vocabulary<T> own = Known();
        return includeSpecialTokens ? [.. options.SpecialTokens, .. own.Tokens] : [.. own.Tokens];
    }

    /// <summary>Takes another vocabulary.</summary>
    /// <param name="tokens">
    /// The tokens, each once. Those for masked and unknown tokens may stand in front, all of them in their order, or not at all.
    /// </param>
    /// <param name="idfWeights">With <c>tf_idf</c> a weight for each token; null otherwise.</param>
    /// <exception cref="ArgumentException">Tokens come twice, are too many, or do not go with the weights.</exception>
    /// <exception cref="InvalidOperationException">
    /// The layer is part of a model and its output would have another size, or another thread works with a model of it.
    /// </exception>
    public void SetVocabulary(IReadOnlyList<T> tokens, IReadOnlyList<double>? idfWeights = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        new OptionCheck(Introduction)
            .Require(
                idfWeights is not null == (OutputMode == TokenEncoding.TfIdf),
                $"idfWeights must be given with the outputMode 'tf_idf', and with no other, but it is '{OutputMode}' and they are"
                + (idfWeights is null ? " not" : string.Empty),
                nameof(idfWeights))
            .ThrowIfAny();
        using ParameterGate.Use changing = Changing(nameof(SetVocabulary));
        Take(tokens, idfWeights);
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample has no axis.</exception>
    /// <exception cref="InvalidOperationException">The output depends on the vocabulary, and there is none yet.</exception>
    public override Shape ComputeOutputShape(Shape input) =>
        TokenEncoding.OutputShape(OutputMode, TokenEncoding.RequireAxis(this, input), InputShape, Depth);

    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        TokenEncoding.RequireRoom(this, OutputMode, input, Depth, MostOfOneSample, "vocabulary");

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("invert", Invert);
        config.Add("max_tokens", MaxTokens);
        config.Add("num_oov_indices", NumOovIndices);
        config.Add("oov_token", options.OovToken.Entry);
        config.Add("mask_token", options.MaskToken.Entry);
        config.Add("output_mode", OutputMode);
        config.Add("sparse", false);
        config.Add("pad_to_max_tokens", options.PadToMaxTokens);
        AddTypes(config);
        AddVocabulary(config);
        AddHash(config);
        return config;
    }

    /// <inheritdoc/>
    protected override TokenPass NewPass(PassOptions options) => new(this, options, OutputMode, Depth);

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(TokenPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Zero;
    }

    /// <summary>Whether there is a vocabulary.</summary>
    private protected bool HasVocabulary => vocabulary is not null;

    /// <summary>Adds the vocabulary with its weights.</summary>
    private protected void AddVocabulary(Config config)
    {
        config.Add("idf_weights", givenWeights ?? LearntWeights());
        config.Add("vocabulary", given ?? vocabulary?.Tokens);
        config.Add("vocabulary_size", vocabulary?.Size ?? promisedSize ?? SizeWithoutVocabulary);
    }

    /// <summary>The size to be told of where there is no vocabulary yet, as Keras's layer of the kind does; or null.</summary>
    private protected virtual int? SizeWithoutVocabulary => null;

    /// <summary>Adds what the config says of the type of tokens.</summary>
    private protected virtual void AddTypes(Config config)
    {
    }

    /// <summary>Adds what the config says of how unknown tokens are hashed.</summary>
    private protected abstract void AddHash(Config config);

    /// <summary>Which of several indices an unknown token gets, from 0 on.</summary>
    private protected abstract int Bucket(T token);

    /// <summary>The order of tokens that are equally frequent, which comes from the back.</summary>
    private protected abstract int Compare(T first, T second);

    /// <summary>The vocabulary, which there must be.</summary>
    /// <exception cref="InvalidOperationException">There is none yet.</exception>
    private protected Vocabulary<T> Known() => vocabulary ?? throw new InvalidOperationException($"{Missing}.");

    /// <summary>
    /// The index of a token; −1 where it is masked and counts for nothing, −2 where it is unknown and there is no index for that.
    /// </summary>
    private protected int IndexOf(Vocabulary<T> known, T token)
    {
        if (options.MaskToken.Is(token))
        {
            return OutputMode == TokenEncoding.Int ? 0 : -1;
        }

        int index = known.IndexOf(token);
        return index >= 0 ? index : NumOovIndices switch
        {
            0 => -2,
            1 => options.OovStart,
            _ => options.OovStart + Bucket(token),
        };
    }

    /// <summary>The token of an index.</summary>
    private protected T TokenOf(Vocabulary<T> known, Real index)
    {
        int place = (int)index;
        return place != index ? throw new ArgumentException(FormattableString.Invariant(
                $"{Introduction} maps whole indices to tokens, but gets {index}."))
            : options.MaskToken.HasValue && place == 0 ? options.MaskToken.Value
            : place >= known.Start && place < known.Size ? known.Tokens[place - known.Start]
            : options.OovToken.Value;
    }

    /// <summary>What to say of a token that is unknown where there is no index for such.</summary>
    private protected string Unknown(T token, string place) =>
        $"{Introduction} does not know {Describe(token)} {place}, and has no index for what it does not know. "
        + "Set numOovIndices: 1, or add it to the vocabulary.";

    private protected static string Describe(T token) =>
        token is string text ? $"'{text}'" : FormattableString.Invariant($"{token}");

    private double[]? LearntWeights() =>
        vocabulary is { Scales: { } scales, Start: int start, Size: int size }
            ? [.. scales[start..size].Select(scale => (double)scale)]
            : null;
}
