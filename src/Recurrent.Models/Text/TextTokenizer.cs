using System.Globalization;
using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Makes whole numbers of a text, one for each token, and a text of such numbers again.</summary>
/// <remarks>
/// <para>
/// Ids count from 0: first the special tokens there are (<see cref="SpecialTokens"/>), then the vocabulary. A tokenizer does not
/// change once it is made, so any number of threads may use one. It is data, too: <see cref="Save(string)"/> writes it to a file
/// of its own, and what holds one, such as a <c>TextClassifier</c>, keeps it in its own file.
/// </para>
/// <para>
/// A text is any Unicode text. Half of a surrogate pair is none, and is refused with the sample and place where it stands.
/// </para>
/// </remarks>
public abstract partial class TextTokenizer : IConfigurable
{
    private readonly SpecialTokens specials;

    /// <summary>Takes what all tokenizers have.</summary>
    /// <param name="specialTokens">Tokens that stand for no text.</param>
    /// <param name="normalization">
    /// The Unicode normal form that texts are brought to first: <c>"NFC"</c>, <c>"NFD"</c>, <c>"NFKC"</c> or <c>"NFKD"</c>; null
    /// leaves them as they are.
    /// </param>
    /// <param name="lower">Whether capital letters become small ones.</param>
    /// <exception cref="ArgumentException">Special tokens come twice, or there is no such form.</exception>
    protected TextTokenizer(SpecialTokens specialTokens, string? normalization, bool lower)
    {
        ArgumentNullException.ThrowIfNull(specialTokens);
        specials = specialTokens;
        Normalization = normalization;
        Lower = lower;
        specials.Check(new OptionCheck(ClassName))
            .Require(
                normalization is null || UnicodeText.Forms.Contains(normalization),
                $"normalization must be null, '{string.Join("', '", UnicodeText.Forms)}', but is '{normalization}'",
                nameof(normalization))
            .ThrowIfAny();
        PadId = specials.IdOf(specials.Pad);
        UnknownId = specials.IdOf(specials.Unknown);
        StartId = specials.IdOf(specials.Start);
        EndId = specials.IdOf(specials.End);
        SpecialCount = specials.InOrder.Length;
    }

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>
    /// Number of ids, special ones included: the <c>inputDim</c> of an <c>Embedding</c>, the units of a last layer.
    /// </summary>
    public abstract int VocabularySize { get; }

    /// <summary>The tokens that stand for no text.</summary>
    public SpecialTokens SpecialTokens => specials;

    /// <summary>The normal form that texts are brought to first; null for none.</summary>
    public string? Normalization { get; }

    /// <summary>Whether capital letters become small ones.</summary>
    public bool Lower { get; }

    /// <summary>Id of the token that fills up short sequences; null where there is none.</summary>
    public virtual int? PadId { get; }

    /// <summary>Id of the token for what is not in the vocabulary; null where there is none.</summary>
    public virtual int? UnknownId { get; }

    /// <summary>Id of the token before a sequence; null where there is none.</summary>
    public virtual int? StartId { get; }

    /// <summary>Id of the token behind a sequence; null where there is none.</summary>
    public virtual int? EndId { get; }

    /// <summary>Number of special tokens in front of the vocabulary.</summary>
    protected int SpecialCount { get; }

    /// <summary>Whether an id is that of a special token.</summary>
    /// <param name="id">The id.</param>
    public virtual bool IsSpecial(int id) => id >= 0 && id < SpecialCount;

    /// <summary>The token of an id, special ones under their names.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public abstract string TokenOf(int id);

    /// <summary>The id of a token; null where the vocabulary has it not.</summary>
    /// <param name="token">The token.</param>
    public abstract int? IdOf(string token);

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text; one without letters has no ids.</param>
    /// <param name="addStart">Whether the start token stands in front. Default false.</param>
    /// <param name="addEnd">Whether the end token stands behind. Default false.</param>
    /// <exception cref="ArgumentException">
    /// The text has half of a surrogate pair, or something that is not in the vocabulary where there is no unknown token.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no start or end token.</exception>
    public int[] Encode(string text, bool addStart = false, bool addEnd = false) =>
        Encode(text, -1, addStart, addEnd, nameof(text));

    /// <summary>The ids of each text: sequences of unequal length, as <c>Fit</c> takes them.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="addStart">Whether the start token stands in front. Default false.</param>
    /// <param name="addEnd">Whether the end token stands behind. Default false.</param>
    /// <exception cref="ArgumentException">
    /// There are no texts, one has no ids, no Unicode, or something unknown; the message says which and where.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no start or end token.</exception>
    public int[][] EncodeAll(IEnumerable<string> texts, bool addStart = false, bool addEnd = false) =>
        EncodeAll(texts, addStart, addEnd, nameof(texts));

    /// <summary>The ids of each text, brought to one length.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="maxlen">The length; null takes that of the longest.</param>
    /// <param name="addStart">Whether the start token stands in front. Default false.</param>
    /// <param name="addEnd">Whether the end token stands behind. Default false.</param>
    /// <param name="padding">Where short ones are filled up with the pad token; behind by default.</param>
    /// <param name="truncating">Where long ones are cut; behind by default.</param>
    /// <returns>(texts, length).</returns>
    /// <exception cref="ArgumentException">As <see cref="EncodeAll(IEnumerable{string}, bool, bool)"/>, or
    /// <paramref name="maxlen"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is no pad token, or no start or end token.</exception>
    public NDArray EncodePadded(
        IEnumerable<string> texts,
        int? maxlen = null,
        bool addStart = false,
        bool addEnd = false,
        SequenceEnd padding = SequenceEnd.Post,
        SequenceEnd truncating = SequenceEnd.Post)
    {
        int pad = PadId ?? throw new InvalidOperationException(
            $"{ClassName} has no pad token to fill up short sequences with. Give it one, or use EncodeAll.");
        return PadSequences.Create(EncodeAll(texts, addStart, addEnd), maxlen, padding, truncating, pad);
    }

    /// <summary>The text of ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecial">
    /// Whether pad, start and end tokens are left out, as by default. The unknown token is text in either case.
    /// </param>
    /// <exception cref="ArgumentException">There is no such id; the message says where.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        TokenDecoder stream = StartDecoding(skipSpecial);
        var text = new System.Text.StringBuilder();
        int place = 0;
        foreach (int id in ids)
        {
            text.Append(stream.Append(RequireId(id, place++, nameof(ids))));
        }

        return text.Append(stream.Finish()).ToString();
    }

    /// <summary>The text of each row of ids.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="skipSpecial">Whether pad, start and end tokens are left out, as by default.</param>
    /// <exception cref="ArgumentException">There is no such id; the message says where.</exception>
    public string[] DecodeAll(IEnumerable<IReadOnlyList<int>> rows, bool skipSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. rows.Select(row => Decode(row, skipSpecial))];
    }

    /// <summary>Begins a text whose tokens come one by one.</summary>
    /// <param name="skipSpecial">Whether pad, start and end tokens are left out, as by default.</param>
    public abstract TokenDecoder StartDecoding(bool skipSpecial = true);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>Adds the ids of a text that has been checked and brought to its normal form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <param name="sample">Which sample it is, for messages; −1 where it is the only one.</param>
    /// <exception cref="ArgumentException">Something is not in the vocabulary, and there is no unknown token.</exception>
    protected abstract void AppendIds(string text, ICollection<int> ids, int sample);

    /// <summary>Starts a config: special tokens, normal form, letters.</summary>
    protected Config StartConfig()
    {
        var config = new Config();
        specials.AddTo(config);
        config.Add("normalization", Normalization);
        config.Add("lower", Lower);
        return config;
    }

    /// <summary>The special tokens of a config that <see cref="StartConfig"/> has begun.</summary>
    /// <param name="config">The config.</param>
    protected static SpecialTokens ReadSpecialTokens(ConfigReader config) => SpecialTokens.Read(config);

    /// <summary>Whether an id is left out of a text: a special token, but for the unknown one.</summary>
    /// <param name="id">The id.</param>
    protected internal bool IsSkipped(int id) => IsSpecial(id) && id != UnknownId;

    /// <summary>What to say of a token that is unknown where there is none for such.</summary>
    /// <param name="token">The token.</param>
    /// <param name="place">Where it begins in the text.</param>
    /// <param name="sample">Which sample it is; −1 where it is the only one.</param>
    protected ArgumentException Unknown(string token, int place, int sample) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{UnicodeText.Subject(sample)} has '{ReadableText.Escape(token, keepLines: false)}' at {place}, which is not in the "
        + $"vocabulary of {ClassName}, and there is no unknown token. Give it one (SpecialTokens.Unknown), or add it to the "
        + $"vocabulary."));

    /// <summary>The ids of each text of an argument, which messages name as the caller's callers call it.</summary>
    internal int[][] EncodeAll(IEnumerable<string> texts, bool addStart, bool addEnd, string argument)
    {
        ArgumentNullException.ThrowIfNull(texts, argument);
        int[][] all = [.. texts.Select((text, sample) => Encode(text, sample, addStart, addEnd, argument))];
        int empty = Array.FindIndex(all, ids => ids.Length == 0);
        return all.Length == 0 ? throw new ArgumentException("There are no texts. Give at least one.", argument)
            : empty < 0 ? all
            : throw new ArgumentException(
                $"{UnicodeText.Subject(empty)} is empty: it has no token. Leave it out, or add a start or end token.", argument);
    }

    /// <summary>The ids of one of several texts, which messages name.</summary>
    internal int[] EncodeSample(string text, int sample, bool addStart, string argument) =>
        Encode(text, sample, addStart, addEnd: false, argument);

    private int[] Encode(string text, int sample, bool addStart, bool addEnd, string argument)
    {
        UnicodeText.Require(text, sample, argument);
        var ids = new List<int>(text.Length + 2);
        if (addStart)
        {
            ids.Add(StartId ?? throw Without("start", nameof(addStart)));
        }

        try
        {
            AppendIds(UnicodeText.Prepare(text, Normalization, Lower), ids, sample);
        }
        catch (ArgumentException wrong) when (wrong.ParamName is null)
        {
            throw new ArgumentException(wrong.Message, argument, wrong);
        }

        if (addEnd)
        {
            ids.Add(EndId ?? throw Without("end", nameof(addEnd)));
        }

        return [.. ids];
    }

    private int RequireId(int id, int place, string argument) => id >= 0 && id < VocabularySize ? id
        : throw new ArgumentException(FormattableString.Invariant(
            $"The id {id} at {place} is none of {ClassName}, whose ids are 0 to {VocabularySize - 1}."), argument);

    private InvalidOperationException Without(string what, string argument) =>
        new($"{argument} is true, but {ClassName} has no {what} token. Give it one (SpecialTokens).");
}
