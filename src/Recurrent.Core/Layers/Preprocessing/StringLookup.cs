using System.Globalization;
using System.Text;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Gives each string of a vocabulary an index, and the other way round.</summary>
/// <remarks>
/// <para><inheritdoc cref="IndexLookup{T}" path="/remarks/para"/></para>
/// <para>
/// Input: strings, from an <see cref="Input"/> of the dtype "string" (in a Sequential, of itself); they are looked up once,
/// when a model gets its data. By itself the layer is called on strings, <see cref="Call(StringArray)"/>; with <c>invert</c>
/// it is called on indices and gives strings, and no model has it inside. Output: (batch, …) of indices, or as <see
/// cref="CategoryEncoding"/> gives it. Strings differ by their characters alone: no case, no language. Keras's
/// keras.layers.StringLookup; its <c>encoding</c> is utf-8.
/// </para>
/// </remarks>
/// <example><code>
/// var lookup = new StringLookup();
/// lookup.Adapt(colours);
/// model.Add(lookup);
/// model.Add(new Embedding(lookup.VocabularySize, 8));
/// model.Predict(["red", "green"]);
/// var names = new StringLookup(vocabulary: lookup.GetVocabulary(), invert: true);
/// string[] again = names.Call(lookup.Call(["red", "green"])).ToArray1D();
/// </code></example>
public sealed class StringLookup : IndexLookup<string>
{
    private readonly Salt? salt;

    /// <summary>Creates the layer.</summary>
    /// <param name="maxTokens">Most indices, with those for masked and unknown tokens; null (the default) for any number.</param>
    /// <param name="numOovIndices">Number of indices for unknown tokens; 0 refuses them. Default 1.</param>
    /// <param name="maskToken">A token that stands for nothing: index 0, or no count; null (the default) for none.</param>
    /// <param name="oovToken">What <paramref name="invert"/> gives for indices of no token. Default <c>"[UNK]"</c>.</param>
    /// <param name="vocabulary">The tokens, each once; null where Adapt is to learn them.</param>
    /// <param name="idfWeights">
    /// A weight for each token of the vocabulary, with <c>outputMode: "tf_idf"</c>; null otherwise.
    /// </param>
    /// <param name="invert">Whether the layer maps indices to strings. Default false.</param>
    /// <param name="outputMode">
    /// <c>"int"</c> (the default), <c>"one_hot"</c>, <c>"multi_hot"</c>, <c>"count"</c> or <c>"tf_idf"</c>.
    /// </param>
    /// <param name="padToMaxTokens">
    /// Whether encodings have maxTokens places, however many tokens there are. Default false.
    /// </param>
    /// <param name="salt">Makes the hash of unknown tokens another one; null (the default) for none.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>string_lookup</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range, or the vocabulary has a token twice; the message says
    /// which.</exception>
    public StringLookup(
        int? maxTokens = null,
        int numOovIndices = 1,
        string? maskToken = null,
        string? oovToken = "[UNK]",
        IReadOnlyList<string>? vocabulary = null,
        IReadOnlyList<double>? idfWeights = null,
        bool invert = false,
        string outputMode = "int",
        bool padToMaxTokens = false,
        Salt? salt = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            NewOptions(maxTokens, numOovIndices, maskToken, oovToken, invert, outputMode, padToMaxTokens),
            vocabulary,
            idfWeights,
            null,
            salt,
            name,
            trainable,
            inputShape)
    {
    }

    private StringLookup(
        LookupOptions<string> options,
        IReadOnlyList<string>? vocabulary,
        IReadOnlyList<double>? idfWeights,
        int? promisedSize,
        Salt? salt,
        string? name,
        bool trainable,
        Shape? inputShape)
        : base(options, vocabulary, idfWeights, promisedSize, name, trainable, inputShape) => this.salt = salt;

    /// <inheritdoc/>
    public override string ClassName => "StringLookup";

    internal override Obstacle? SequentialObstacle => Invert
        ? new("with invert: true it gives strings, which no layer of a model reads", "Call it by itself on what the model "
            + "predicts")
        : null;

    /// <summary>Learns the vocabulary: the most frequent tokens first.</summary>
    /// <param name="data">Strings; each sample is a document where documents count.</param>
    /// <exception cref="ArgumentException">There are no strings.</exception>
    /// <exception cref="InvalidOperationException">
    /// The layer has a vocabulary that was given, is part of a model and its output would have another size, or another
    /// thread works with one. </exception>
    public void Adapt(StringArray data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Learn(data.ToRows());
    }

    /// <summary>
    /// The index of each string, or their encoding. A list by itself is one sample where tokens of a sample are gathered.
    /// </summary>
    /// <param name="strings">The strings.</param>
    /// <exception cref="ArgumentException">A string is unknown and there is no index for such, or rows are of unequal
    /// length.</exception>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet, or the layer is an inverse one.</exception>
    public NDArray Call(StringArray strings) => !Invert
        ? DirectCall.OnStrings(this, strings, OutputMode)
        : throw new InvalidOperationException($"{Introduction} maps indices to strings (invert: true). Call it on indices.");

    /// <summary>The string of each index.</summary>
    /// <param name="indices">Whole indices; one of no token gives <c>oovToken</c>.</param>
    /// <exception cref="ArgumentException">An index is not whole.</exception>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet, or the layer is not an inverse one.</exception>
    public StringArray Call(NDArray indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (!Invert)
        {
            throw new InvalidOperationException(
                $"{Introduction} maps strings to indices. For strings of indices: new StringLookup(vocabulary: "
                + "lookup.GetVocabulary(), invert: true).");
        }

        Vocabulary<string> known = Known();
        return new(indices.Shape, indices.Values.Select(index => TokenOf(known, index)));
    }

    internal override bool? ReadsStrings(int input) => !Invert;

    /// <exception cref="ArgumentException">A string is unknown and there is no index for such.</exception>
    internal override void LookUp(StringArray strings, string argument, Span<Real> keys)
    {
        Vocabulary<string> known = Known();
        for (int i = 0; i < keys.Length; i++)
        {
            string token = strings.Values[i];
            int index = IndexOf(known, token);
            keys[i] = index >= -1
                ? index
                : throw new ArgumentException(Unknown(token, $"in {argument} {strings.Place(i)}"), argument);
        }
    }

    internal static StringLookup Read(ConfigReader config)
    {
        config.Expect("sparse", false, null);
        config.Expect("encoding", "utf-8", null);
        config.Expect("oov_method", "floormod", "farmhash", null);
        return new(
            NewOptions(
                config.Has("max_tokens") && config.Bool("pad_to_max_tokens", false)
                    ? config.Size("max_tokens")
                    : config.OptionalInt("max_tokens"),
                config.Size("num_oov_indices", 1),
                config.OptionalString("mask_token"),
                config.IsNull("oov_token") ? null : config.OptionalString("oov_token") ?? "[UNK]",
                config.Bool("invert", false),
                config.OptionalString("output_mode") ?? "int",
                config.Bool("pad_to_max_tokens", false)),
            ReadTokens(config),
            config.OptionalDoubles("idf_weights"),
            config.OptionalInt("vocabulary_size"),
            Salt.Read(config),
            config.Name(),
            config.Trainable(),
            null)
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(TokenPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);

        // What comes here are indices: strings are looked up where they come in.
        Vocabulary<string> known = Known();
        ReadOnlySpan<Real> x = input.Values.Values;
        for (int i = 0; i < x.Length; i++)
        {
            int index = (int)x[i];
            if (index != x[i] || index < -1 || index >= known.Size)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{Introduction} reads strings, but "
                    + $"gets the number {x[i]}."));
            }

            if (OutputMode != TokenEncoding.Int)
            {
                pass.Tokens[i] = index;
            }
        }

        if (OutputMode == TokenEncoding.Int)
        {
            x.CopyTo(pass.Output.Values.Values);
            pass.Output.Mask = input.Mask;
            return pass.Output;
        }

        return pass.Encode(input, default, known.Scales);
    }

    private protected override void AddHash(Config config)
    {
        config.Add("oov_method", "floormod");
        config.Add("salt", salt);
        config.Add("encoding", "utf-8");
    }

    private protected override int Bucket(string token) => Fingerprint.Bucket(token, NumOovIndices, salt);

    private protected override int Compare(string first, string second) => CompareTokens(first, second);

    /// <summary>The order of tokens: as UTF-8 sorts, not UTF-16.</summary>
    internal static int CompareTokens(string first, string second) =>
        Encoding.UTF8.GetBytes(first).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(second));

    private static LookupOptions<string> NewOptions(
        int? maxTokens,
        int numOovIndices,
        string? maskToken,
        string? oovToken,
        bool invert,
        string outputMode,
        bool padToMaxTokens)
    {
        ArgumentNullException.ThrowIfNull(outputMode);
        return new()
        {
            MaxTokens = maxTokens,
            NumOovIndices = numOovIndices,
            MaskToken = new(maskToken is not null, maskToken ?? string.Empty),
            OovToken = new(oovToken is not null, oovToken ?? string.Empty),
            Invert = invert,
            OutputMode = TokenEncoding.Modern(outputMode),
            PadToMaxTokens = padToMaxTokens,
            Refusal = TextSteps.Refusal,
        };
    }

    internal static string[]? ReadTokens(ConfigReader config) => config.Raw("vocabulary") switch
    {
        null => null,
        IReadOnlyList<object?> list when list.All(token => token is string) => [.. list.Select(token => (string)token!)],
        string => throw new ConfigException(
            $"{config.Owner}: vocabulary names a file, and a file does not read another one. Write the tokens themselves.")
        { Option = "vocabulary" },
        _ => throw new ConfigException($"{config.Owner}: vocabulary must be a list of texts, or null.") { Option = "vocabulary" },
    };
}
