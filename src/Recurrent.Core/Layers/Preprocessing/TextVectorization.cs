using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Makes of each text the indices of its tokens, or what it has of each token of a vocabulary.</summary>
/// <remarks>
/// <para>
/// A text is standardized, split into tokens, and tokens in a row are combined (<c>ngrams</c>); each token has an index: with
/// <c>outputMode: "int"</c> 0 stands for nothing, 1 for unknown tokens, then comes the vocabulary; else 0 for unknown ones.
/// <c>int</c> gives the indices, 0 behind short texts; <c>multi_hot</c> which tokens the text has, <c>count</c> how often,
/// <c>tf_idf</c> that times <c>log(1 + documents / (1 + documents with the token))</c>; <c>one_hot</c> a place of 1 for each
/// token.
/// </para>
/// <para>
/// Input: one text a sample, (batch, 1) from an <see cref="Input"/> of the dtype "string" (in a Sequential, of itself); with
/// <c>split: null</c> a sample is tokens. Output: (batch, length) for <c>int</c>, (batch, tokens) otherwise. The length is
/// <c>outputSequenceLength</c>, and long texts are cut behind; without one it is that of the longest text that a call is given.
/// With <c>ragged: true</c> each text keeps its own length, so that what a model gives for one does not depend on the others,
/// and the steps that are not there are masked.
/// </para>
/// <para>
/// As in Keras (keras.layers.TextVectorization), capital letters, punctuation and white space are those of ASCII, and a character
/// is a code point; for other alphabets give <c>standardizer</c>, such as <c>text => text.ToLowerInvariant()</c>. <c>sparse</c>
/// is refused, and <c>encoding</c> is utf-8.
/// </para>
/// </remarks>
/// <example><code>
/// var vectorize = new TextVectorization(maxTokens: 5000, outputSequenceLength: 4);
/// vectorize.Adapt(["foo bar", "bar baz", "baz bada boom"]);
/// NDArray ids = vectorize.Call(["foo qux bar", "qux baz"]);   // [[2, 1, 4, 0], [1, 3, 0, 0]]
/// </code></example>
public sealed partial class TextVectorization : IndexLookup<string>
{
    private const string Mask = "";
    private const string Oov = "[UNK]";

    private readonly string? standardize;
    private readonly string? split;
    private readonly NGrams? ngrams;
    private readonly int? outputSequenceLength;
    private readonly bool ragged;
    private readonly Func<string, string>? standardizer;
    private readonly Func<string, IEnumerable<string>>? splitter;

    /// <summary>Creates the layer.</summary>
    /// <param name="maxTokens">
    /// Most indices, with those for nothing and for unknown tokens; null (the default) for any number.
    /// </param>
    /// <param name="standardize">
    /// <c>"lower_and_strip_punctuation"</c> (the default), <c>"lower"</c>, <c>"strip_punctuation"</c> or null.
    /// </param>
    /// <param name="split"><c>"whitespace"</c> (the default), <c>"character"</c> or null.</param>
    /// <param name="ngrams">How many tokens in a row make one; null (the default) leaves them as they are.</param>
    /// <param name="outputMode">
    /// <c>"int"</c> (the default), <c>"multi_hot"</c>, <c>"count"</c>, <c>"tf_idf"</c> or <c>"one_hot"</c>.
    /// </param>
    /// <param name="outputSequenceLength">
    /// With <c>int</c> the number of indices of each text; null (the default) for that of the longest.
    /// </param>
    /// <param name="padToMaxTokens">
    /// Whether encodings have maxTokens places, however many tokens there are. Default false.
    /// </param>
    /// <param name="vocabulary">The tokens, each once; null where Adapt is to learn them.</param>
    /// <param name="idfWeights">A weight for each token of the vocabulary, with <c>tf_idf</c>; null otherwise.</param>
    /// <param name="sparse">Not supported: false.</param>
    /// <param name="ragged">With <c>int</c> whether each text keeps its own length. Default false.</param>
    /// <param name="encoding"><c>"utf-8"</c>: strings are Unicode here, and no other encoding of bytes plays a part.</param>
    /// <param name="standardizer">
    /// A function that standardizes a text, in place of <paramref name="standardize"/>; it is code, and goes into no file.
    /// </param>
    /// <param name="splitter">
    /// A function that splits a text, in place of <paramref name="split"/>; it is code, and goes into no file.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>text_vectorization</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; null (the default) is one text.</param>
    /// <exception cref="ArgumentException">
    /// Options are out of range or do not go together, or the vocabulary has a token twice; the message says which.
    /// </exception>
    public TextVectorization(
        int? maxTokens = null,
        string? standardize = TextSteps.LowerAndStrip,
        string? split = TextSteps.Whitespace,
        NGrams? ngrams = null,
        string outputMode = TokenEncoding.Int,
        int? outputSequenceLength = null,
        bool padToMaxTokens = false,
        IReadOnlyList<string>? vocabulary = null,
        IReadOnlyList<double>? idfWeights = null,
        bool sparse = false,
        bool ragged = false,
        string? encoding = "utf-8",
        Func<string, string>? standardizer = null,
        Func<string, IEnumerable<string>>? splitter = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(
            NewOptions(maxTokens, outputMode, padToMaxTokens),
            vocabulary,
            idfWeights,
            promisedSize: null,
            name,
            trainable,
            inputShape)
    {
        new OptionCheck(Introduction)
            .Require(
                standardize is null or TextSteps.LowerAndStrip or TextSteps.Lower or TextSteps.Strip,
                $"standardize must be '{TextSteps.LowerAndStrip}', '{TextSteps.Lower}', '{TextSteps.Strip}' or null, but is "
                + $"'{standardize}'",
                nameof(standardize))
            .Require(
                split is null or TextSteps.Whitespace or TextSteps.Character,
                $"split must be '{TextSteps.Whitespace}', '{TextSteps.Character}' or null, but is '{split}'",
                nameof(split))
            .Require(
                outputSequenceLength is null or >= 1,
                FormattableString.Invariant($"outputSequenceLength must be at least 1, but is {outputSequenceLength}"),
                nameof(outputSequenceLength))
            .Require(
                outputSequenceLength is null || OutputMode == TokenEncoding.Int,
                $"outputSequenceLength is for the outputMode 'int', but it is '{OutputMode}'",
                nameof(outputSequenceLength))
            .Require(
                !ragged || OutputMode == TokenEncoding.Int,
                $"ragged: true is for the outputMode 'int', but it is '{OutputMode}'",
                nameof(ragged))
            .Require(!sparse, "sparse: true is not supported: outputs are dense", nameof(sparse))
            .Require(
                encoding is null || encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase),
                $"encoding must be 'utf-8', but is '{encoding}': read files as what they are encoded in, and give their text",
                nameof(encoding))
            .ThrowIfAny();
        this.standardize = standardize;
        this.split = split;
        this.ngrams = ngrams;
        this.outputSequenceLength = outputSequenceLength;
        this.ragged = ragged;
        this.standardizer = standardizer;
        this.splitter = splitter;
    }

    /// <inheritdoc/>
    public override string ClassName => "TextVectorization";

    /// <summary>How texts are standardized; null where they are not, or by a function.</summary>
    public string? Standardize => standardizer is null ? standardize : null;

    /// <summary>How texts are split; null where they are not, or by a function.</summary>
    public string? Split => splitter is null ? split : null;

    /// <summary>With <c>int</c> the number of indices of each text; null for that of the longest.</summary>
    public int? OutputSequenceLength => outputSequenceLength;

    /// <summary>Whether each text keeps its own length.</summary>
    public bool Ragged => ragged;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("it reads whole texts");

    internal override Shape? NaturalInputShape => new(1);

    private bool Splits => split is not null || splitter is not null;

    /// <summary>Learns the vocabulary: the most frequent tokens of the texts first.</summary>
    /// <param name="data">Texts; each is a document where documents count.</param>
    /// <exception cref="ArgumentException">There are no tokens, or a function of one's own gave none.</exception>
    /// <exception cref="InvalidOperationException">
    /// The layer has a vocabulary that was given, is part of a model and its output would have another size, or another thread
    /// works with one.
    /// </exception>
    public void Adapt(StringArray data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Learn(Tokens(data, nameof(data)));
    }

    /// <summary>The indices of each text, or their encoding.</summary>
    /// <param name="texts">The texts; the first axis counts samples.</param>
    /// <exception cref="ArgumentException">There are none, or samples are more than a text each.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no vocabulary yet, or texts keep their own lengths: <see cref="CallRagged"/>.
    /// </exception>
    public NDArray Call(StringArray texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (ragged)
        {
            throw new InvalidOperationException(
                $"{Introduction} gives each text its own length (ragged: true), which is no array. Use CallRagged.");
        }

        return DirectCall.Run(this, Feed(texts, nameof(texts)).Array!, OutputMode, hasKeys: true);
    }

    /// <summary>The indices of one text, or their encoding, without an axis of samples.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet, or texts keep their own lengths.</exception>
    public NDArray Call(string text)
    {
        NDArray output = Call(new StringArray([1], [text]));
        return output.Reshape([.. output.Shape.Skip(1)]);
    }

    /// <summary>The indices of each text, as many as it has tokens.</summary>
    /// <param name="texts">The texts; the first axis counts samples.</param>
    /// <exception cref="ArgumentException">There are none, or one has no token; the message says which.</exception>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet, or the output mode is another.</exception>
    public RaggedSequences CallRagged(StringArray texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return OutputMode == TokenEncoding.Int
            ? new(Rows(texts, nameof(texts)).Select(row => row.Reshape(row.Size)))
            : throw new InvalidOperationException(
                $"{Introduction} gives all texts the same number of places with outputMode: '{OutputMode}'. Use Call.");
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">A sample is more than one text.</exception>
    /// <exception cref="InvalidOperationException">The output depends on the vocabulary, and there is none yet.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Shape fed = FedShape(input);
        return OutputMode switch
        {
            TokenEncoding.Int => new(fed[0]),
            TokenEncoding.OneHot => new(fed[0], Depth),
            _ => new(Depth),
        };
    }

    /// <summary>
    /// Texts are fed as their tokens, (tokens, 1): an axis more than texts have, so that the two shapes are told apart.
    /// </summary>
    /// <inheritdoc/>
    internal override Shape FedShape(Shape strings) =>
        strings.Rank == 2 && strings[1] == 1 ? strings
        : strings.Rank > 1 || (Splits && strings.Rank == 1 && strings[0] != 1)
            ? throw new ShapeException(
                Introduction, "one text a sample, (batch, 1)", strings,
                Splits ? "Give each text a sample of its own, or set split: null for tokens that are split already."
                    : "Tokens of a sample stand along one axis.")
        : ragged ? new(null, 1)
        : outputSequenceLength is { } length ? new(length, 1)
        : Splits || ngrams is not null ? new(null, 1)
        : new(strings.Rank == 0 ? 1 : strings[0], 1);

    internal override TokenFeed? FeedOf(StringArray strings, string argument) => Feed(strings, argument);

    internal override bool? ReadsStrings(int input) => true;

    /// <inheritdoc/>
    protected override SequenceBatch Forward(TokenPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        Vocabulary<string> known = Known();
        ReadOnlySpan<Real> x = input.Values.Values;
        foreach (Real index in x)
        {
            if ((int)index != index || index < -1 || index >= known.Size)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{Introduction} reads texts, but gets the number {index}."));
            }
        }

        if (OutputMode != TokenEncoding.Int)
        {
            for (int i = 0; i < x.Length; i++)
            {
                pass.Tokens[i] = (int)x[i];
            }

            return pass.Encode(input, default, known.Scales);
        }

        // Step by step, and a text a column with its steps down.
        Span<Real> y = pass.Output.Values.Values;
        int batch = input.BatchSize;
        int steps = input.Steps;
        for (int i = 0; i < x.Length; i++)
        {
            y[(i % batch * steps) + (i / batch)] = x[i];
        }

        return pass.Output;
    }

    private protected override bool CanShare(Shape built, Shape other) => true;

    private protected override void AddHash(Config config) => config.Add("encoding", "utf-8");

    private protected override int? SizeWithoutVocabulary => Options.Start;

    private protected override int Bucket(string token) => 0;

    private protected override int Compare(string first, string second) => StringLookup.CompareTokens(first, second);

    private static LookupOptions<string> NewOptions(int? maxTokens, string outputMode, bool padToMaxTokens)
    {
        ArgumentNullException.ThrowIfNull(outputMode);
        return new()
        {
            MaxTokens = maxTokens,
            NumOovIndices = 1,
            MaskToken = new(true, Mask),
            OovToken = new(true, Oov),
            Invert = false,
            OutputMode = TokenEncoding.Modern(outputMode),
            PadToMaxTokens = padToMaxTokens,
            Refusal = TextSteps.Refusal,
        };
    }
}
