using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Text;
using ML = Microsoft.ML.Tokenizers;

namespace Recurrent.Tokenizers;

/// <summary>
/// SentencePiece: parts of texts that were learnt without splitting into words; spaces are letters, written <c>▁</c>.
/// </summary>
/// <remarks>
/// Reads the models that SentencePiece trains, byte pairs or unigrams (Kudo and Richardson 2018), with their own normalization.
/// The model is kept as it is, inside the file of whatever holds the tokenizer. Encoding is done by Microsoft.ML.Tokenizers.
/// </remarks>
/// <example><code>
/// SentencePieceTokenizer tokenizer = SentencePieceTokenizer.FromFile("spiece.model");
/// </code></example>
public sealed class SentencePieceTokenizer : SubwordTokenizer
{
    private const int PieceOfText = 100_000;

    private readonly byte[] model;
    private readonly ML.SentencePieceTokenizer encoder;
    private readonly HashSet<int> bytes;

    private SentencePieceTokenizer(byte[] model, SentencePieceModel pieces, ML.SentencePieceTokenizer encoder)
        : base(pieces.Tokens, SpecialsOf(pieces, encoder), normalization: null, lower: false, pieces.Controls)
    {
        this.model = model;
        this.encoder = encoder;
        bytes = [.. pieces.Bytes];
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(SentencePieceTokenizer);

    /// <summary>Reads a model that SentencePiece has trained.</summary>
    /// <param name="path">The file, often <c>….model</c>.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The file is no such model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SentencePieceTokenizer FromFile(string path, ReadLimits? limits = null)
    {
        byte[] model = TokenizerFile.ReadBytes(path, limits);
        return TokenizerFile.Make(path, () => FromModel(model));
    }

    /// <summary>Takes a model that SentencePiece has trained.</summary>
    /// <param name="model">The content of its file.</param>
    /// <exception cref="ModelFormatException">It is no such model.</exception>
    public static SentencePieceTokenizer FromModel(ReadOnlySpan<byte> model)
    {
        byte[] own = model.ToArray();
        SentencePieceModel pieces = SentencePieceModel.Read(own);
        try
        {
            using var stream = new MemoryStream(own, writable: false);
            return new(own, pieces, ML.SentencePieceTokenizer.Create(
                stream, addBeginningOfSentence: false, addEndOfSentence: false, specialTokens: null));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or ModelFormatException))
        {
            throw new ModelFormatException("This is no model of SentencePiece that can be read: " + exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override TokenDecoder StartDecoding(bool skipSpecial = true) =>
        new SentencePieceStream(this, skipSpecial, bytes, encoder.AddDummyPrefix, encoder.TreatWhitespaceAsSuffix);

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "model", Convert.ToBase64String(model).Chunk(PieceOfText).Select(piece => new string(piece)) },
    };

    internal static SentencePieceTokenizer Read(ConfigReader config)
    {
        try
        {
            return FromModel(Convert.FromBase64String(string.Concat(config.Strings("model"))));
        }
        catch (FormatException exception)
        {
            // A ModelFormatException is one.
            throw new ConfigException($"{config.Owner}: {exception.Message}", exception) { Option = "model" };
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model's normalization is broken.</exception>
    protected override void AppendIds(string text, ICollection<int> ids, int sample)
    {
        ArgumentNullException.ThrowIfNull(ids);
        IReadOnlyList<int> found;
        try
        {
            found = encoder.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException or KeyNotFoundException
            or NullReferenceException or OverflowException)
        {
            throw new InvalidOperationException(
                $"{ClassName} cannot encode the text: its model is broken. {exception.Message}", exception);
        }

        foreach (int id in found)
        {
            if (id < 0 || id >= VocabularySize)
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"{ClassName} cannot encode the text: its model is broken and gives the id {id}."));
            }

            ids.Add(id);
        }
    }

    private static SpecialTokens SpecialsOf(SentencePieceModel pieces, ML.SentencePieceTokenizer encoder)
    {
        return new(Known("<pad>"), Known(encoder.UnknownToken), Known(encoder.BeginningOfSentenceToken),
            Known(encoder.EndOfSentenceToken));

        string? Known(string? token) => string.IsNullOrEmpty(token) || !pieces.IsSpecial(token) ? null : token;
    }
}
