using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Gives each whole number of a vocabulary an index, and the other way round: for ids that are no indices.</summary>
/// <remarks>
/// <para><inheritdoc cref="IndexLookup{T}" path="/remarks/para"/></para>
/// <para>
/// Input: (batch, …) of whole numbers that a float holds exactly; for longer ids use <see cref="StringLookup"/>. Output: (batch,
/// …) of
/// indices, or of tokens with <c>invert</c>, or as <see cref="CategoryEncoding"/> gives it. Of several indices an unknown token
/// gets
/// <c>token mod numOovIndices</c>, or that of a hash (<c>oovMethod: "farmhash"</c>). Keras's keras.layers.IntegerLookup.
/// </para>
/// </remarks>
public sealed class IntegerLookup : IndexLookup<long>
{
    private const string FloorMod = "floormod";
    private const string FarmHash = "farmhash";

    private readonly string oovMethod;
    private readonly Salt? salt;

    /// <summary>Creates the layer.</summary>
    /// <param name="maxTokens">Most indices, with those for masked and unknown tokens; null (the default) for any number.</param>
    /// <param name="numOovIndices">Number of indices for unknown tokens; 0 refuses them. Default 1.</param>
    /// <param name="maskToken">A token that stands for nothing: index 0, or no count; null (the default) for none.</param>
    /// <param name="oovToken">What <paramref name="invert"/> gives for indices of no token. Default −1.</param>
    /// <param name="vocabulary">The tokens, each once; null where Adapt is to learn them.</param>
    /// <param name="idfWeights">
    /// A weight for each token of the vocabulary, with <c>outputMode: "tf_idf"</c>; null otherwise.
    /// </param>
    /// <param name="invert">Whether the layer maps indices to tokens. Default false.</param>
    /// <param name="outputMode">
    /// <c>"int"</c> (the default), <c>"one_hot"</c>, <c>"multi_hot"</c>, <c>"count"</c> or <c>"tf_idf"</c>.
    /// </param>
    /// <param name="padToMaxTokens">
    /// Whether encodings have maxTokens places, however many tokens there are. Default false.
    /// </param>
    /// <param name="oovMethod">
    /// How unknown tokens get one of several indices: <c>"floormod"</c> (the default) or <c>"farmhash"</c>.
    /// </param>
    /// <param name="salt">With <c>"farmhash"</c>, makes the hash another one; null (the default) for none.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>integer_lookup</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range, or the vocabulary has a token twice; the message says
    /// which.</exception>
    public IntegerLookup(
        int? maxTokens = null,
        int numOovIndices = 1,
        long? maskToken = null,
        long? oovToken = -1,
        IReadOnlyList<long>? vocabulary = null,
        IReadOnlyList<double>? idfWeights = null,
        bool invert = false,
        string outputMode = "int",
        bool padToMaxTokens = false,
        string oovMethod = FloorMod,
        Salt? salt = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            NewOptions(maxTokens, numOovIndices, maskToken, oovToken, invert, outputMode, padToMaxTokens),
            vocabulary,
            idfWeights,
            null,
            oovMethod,
            salt,
            name,
            trainable,
            inputShape)
    {
    }

    private IntegerLookup(
        LookupOptions<long> options,
        IReadOnlyList<long>? vocabulary,
        IReadOnlyList<double>? idfWeights,
        int? promisedSize,
        string oovMethod,
        Salt? salt,
        string? name,
        bool trainable,
        Shape? inputShape)
        : base(options, vocabulary, idfWeights, promisedSize, name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(oovMethod);
        new OptionCheck(Introduction)
            .OneOf(nameof(oovMethod), oovMethod, FloorMod, FarmHash)
            .Require(salt is null || oovMethod == FarmHash, "salt is for oovMethod: \"farmhash\"", nameof(salt))
            .ThrowIfAny();
        this.oovMethod = oovMethod;
        this.salt = salt;
    }

    /// <inheritdoc/>
    public override string ClassName => "IntegerLookup";

    /// <summary>Learns the vocabulary: the most frequent tokens first.</summary>
    /// <param name="data">Whole numbers; each sample is a document where documents count.</param>
    /// <exception cref="ArgumentException">There are none, or one is not whole.</exception>
    /// <exception cref="InvalidOperationException">
    /// The layer has a vocabulary that was given, is part of a model and its output would have another size, or another
    /// thread works with one. </exception>
    public void Adapt(NDArray data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.RequireFinite(nameof(data));
        int length = data.Rank == 0 || data.Shape[0] == 0 ? 1 : Math.Max(1, data.Size / data.Shape[0]);
        Learn(data.Values.Select(Whole).Chunk(length));
    }

    /// <summary>Learns the vocabulary of documents of unequal length.</summary>
    /// <param name="data">The tokens of each document.</param>
    /// <exception cref="ArgumentException">There are none, or one is not whole.</exception>
    /// <exception cref="InvalidOperationException">As above.</exception>
    public void Adapt(int[][] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Learn(data.Select(row => row.Select(token => (long)token)));
    }

    /// <summary>
    /// The index of each token, or their encoding, or with <c>invert</c> the token of each index. A list by itself is one
    /// sample where tokens of a sample are gathered.
    /// </summary>
    /// <param name="tokens">The tokens, or indices.</param>
    /// <exception cref="ArgumentException">A token is not whole, or it is unknown and there is no index for such.</exception>
    /// <exception cref="InvalidOperationException">There is no vocabulary yet.</exception>
    public NDArray Call(NDArray tokens) => DirectCall.OnNumbers(this, tokens, OutputMode);

    internal override bool ChecksInput => true;

    internal override string? WrongInput(Real value, string place) => Invert
        ? (Real)(long)value == value ? null : string.Create(CultureInfo.InvariantCulture, $"{Introduction} maps whole indices, "
            + $"but gets {value} {place}.")
        : (Real)(long)value != value ? NotWhole(value, place)
        : IndexOf(Known(), (long)value) == -2 ? Unknown((long)value, place)
        : null;

    internal static IntegerLookup Read(ConfigReader config)
    {
        config.Expect("sparse", false, null);
        config.Expect("vocabulary_dtype", "int64", null);
        return new(
            NewOptions(
                config.Has("max_tokens") && config.Bool("pad_to_max_tokens", false)
                    ? config.Size("max_tokens")
                    : config.OptionalInt("max_tokens"),
                config.Size("num_oov_indices", 1),
                Long(config, "mask_token", null),
                Long(config, "oov_token", -1),
                config.Bool("invert", false),
                config.OptionalString("output_mode") ?? "int",
                config.Bool("pad_to_max_tokens", false)),
            Tokens(config),
            config.OptionalDoubles("idf_weights"),
            config.OptionalInt("vocabulary_size"),
            config.OptionalString("oov_method") ?? FloorMod,
            Salt.Read(config),
            config.Name(),
            config.Trainable(),
            null)
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A token is not whole, or it is unknown and there is no index for such.</exception>
    protected override SequenceBatch Forward(TokenPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        Vocabulary<long> known = Known();
        ReadOnlySpan<Real> x = input.Values.Values;
        Span<Real> y = pass.Output.Values.Values;
        for (int i = 0; i < x.Length; i++)
        {
            if (Invert)
            {
                y[i] = TokenOf(known, x[i]);
                continue;
            }

            long token = Whole(x[i]);
            int index = IndexOf(known, token);
            if (index == -2)
            {
                throw new ArgumentException(Unknown(token, "in its input"), nameof(input));
            }

            if (OutputMode == TokenEncoding.Int)
            {
                y[i] = index;
            }
            else
            {
                pass.Tokens[i] = index;
            }
        }

        if (OutputMode == TokenEncoding.Int)
        {
            pass.Output.Mask = input.Mask;
            return pass.Output;
        }

        return pass.Encode(input, default, known.Scales);
    }

    private protected override void AddTypes(Config config) => config.Add("vocabulary_dtype", "int64");

    private protected override void AddHash(Config config)
    {
        config.Add("oov_method", oovMethod);
        config.Add("salt", salt);
    }

    private protected override int Bucket(long token) => oovMethod == FarmHash
        ? Fingerprint.Bucket(token, NumOovIndices, salt)
        : (int)(((token % NumOovIndices) + NumOovIndices) % NumOovIndices);

    private protected override int Compare(long first, long second) => first.CompareTo(second);

    private long Whole(Real value) => (Real)(long)value == value
        ? (long)value
        : throw new ArgumentException(NotWhole(value, "among its tokens"));

    private string NotWhole(Real value, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"{Introduction} looks up whole numbers, but gets {value} {place}. Use "
            + $"Discretization for measurements.");

    private static LookupOptions<long> NewOptions(
        int? maxTokens,
        int numOovIndices,
        long? maskToken,
        long? oovToken,
        bool invert,
        string outputMode,
        bool padToMaxTokens)
    {
        ArgumentNullException.ThrowIfNull(outputMode);
        return new()
        {
            MaxTokens = maxTokens,
            NumOovIndices = numOovIndices,
            MaskToken = new(maskToken is not null, maskToken ?? 0),
            OovToken = new(oovToken is not null, oovToken ?? 0),
            Invert = invert,
            OutputMode = TokenEncoding.Modern(outputMode),
            PadToMaxTokens = padToMaxTokens,
            Refusal = token => (long)(Real)token == token && token is > -(1L << 62) and < 1L << 62
                ? null
                : "of which a float would lose digits; use StringLookup for such ids",
        };
    }

    private static long? Long(ConfigReader config, string key, long? fallback) => config.Raw(key) switch
    {
        null => config.IsNull(key) ? null : fallback,
        long value => value,
        _ => throw new ConfigException($"{config.Owner}: {key} must be a whole number or null.") { Option = key },
    };

    private static long[]? Tokens(ConfigReader config) => config.Raw("vocabulary") switch
    {
        null => null,
        IReadOnlyList<object?> list when list.All(token => token is long) => [.. list.Select(token => (long)token!)],
        string => throw new ConfigException(
            $"{config.Owner}: vocabulary names a file, and a file does not read another one. Write the tokens themselves.")
        { Option = "vocabulary" },
        _ => throw new ConfigException($"{config.Owner}: vocabulary must be a list of whole numbers, or null.")
        { Option = "vocabulary" },
    };
}
