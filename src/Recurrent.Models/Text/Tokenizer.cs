namespace Recurrent.Text;

/// <summary>
/// Numbers words by how often they come, as Keras's keras.preprocessing.text.Tokenizer does: for programs that are written to it.
/// </summary>
/// <remarks>
/// Numbers begin with 1; the token for unknown words, if there is one, is 1. With <c>numWords</c> only words of lower numbers are
/// used. Words that come equally often are numbered as they were met. <see cref="WordTokenizer"/> and
/// <see cref="CharacterTokenizer"/> give texts again, too, and go into files.
/// </remarks>
/// <example><code>
/// var tokenizer = new Tokenizer(numWords: 1000, oovToken: "&lt;OOV&gt;");
/// tokenizer.FitOnTexts(texts);
/// NDArray x = PadSequences.Create(tokenizer.TextsToSequences(texts));
/// </code></example>
public sealed class Tokenizer
{
    /// <summary>
    /// What is taken out of texts where nothing else is said: punctuation but the apostrophe, tabs, line breaks.
    /// </summary>
    public const string DefaultFilters = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n";

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly List<string> met = [];
    private readonly Dictionary<string, int> documents = new(StringComparer.Ordinal);
    private Dictionary<string, int> index = new(StringComparer.Ordinal);
    private string[] words = [];

    /// <summary>Creates a tokenizer that knows no word yet.</summary>
    /// <param name="numWords">Words of this number and above are not used; null (the default) for all.</param>
    /// <param name="filters">Characters in whose place a separator is put.</param>
    /// <param name="lower">Whether capital letters become small ones. Default true.</param>
    /// <param name="split">What separates words; a space by default.</param>
    /// <param name="charLevel">Whether each character (code point) is a word. Default false.</param>
    /// <param name="oovToken">Stands for unknown words; null (the default) leaves them out.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Tokenizer(
        int? numWords = null,
        string filters = DefaultFilters,
        bool lower = true,
        string split = " ",
        bool charLevel = false,
        string? oovToken = null)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentException.ThrowIfNullOrEmpty(split);
        if (numWords is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(numWords), numWords, "numWords must be at least 1, or null for all.");
        }

        (NumWords, Filters, Lower, Split, CharLevel, OovToken) = (numWords, filters, lower, split, charLevel, oovToken);
    }

    /// <summary>Words of this number and above are not used; null for all.</summary>
    public int? NumWords { get; }

    /// <summary>Characters in whose place a separator is put.</summary>
    public string Filters { get; }

    /// <summary>Whether capital letters become small ones.</summary>
    public bool Lower { get; }

    /// <summary>What separates words.</summary>
    public string Split { get; }

    /// <summary>Whether each character is a word.</summary>
    public bool CharLevel { get; }

    /// <summary>Stands for unknown words; null leaves them out.</summary>
    public string? OovToken { get; }

    /// <summary>The number of each word, <see cref="NumWords"/> or not.</summary>
    public IReadOnlyDictionary<string, int> WordIndex => index;

    /// <summary>How often each word came.</summary>
    public IReadOnlyDictionary<string, int> WordCounts => counts;

    /// <summary>In how many texts each word came.</summary>
    public IReadOnlyDictionary<string, int> WordDocs => documents;

    /// <summary>Number of texts.</summary>
    public int DocumentCount { get; private set; }

    /// <summary>Counts the words of texts; further calls go on counting.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="ArgumentException">A text is null, or no Unicode.</exception>
    public void FitOnTexts(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (string[] sequence in texts.Select((text, sample) => WordsOf(text, sample)).ToArray())
        {
            DocumentCount++;
            foreach (string word in sequence)
            {
                if (!counts.TryAdd(word, 1))
                {
                    counts[word]++;
                }
                else
                {
                    met.Add(word);
                }
            }

            foreach (string word in sequence.Distinct())
            {
                documents[word] = documents.GetValueOrDefault(word) + 1;
            }
        }

        words = [.. OovToken is null ? [] : (string[])[OovToken], .. met.OrderByDescending(word => counts[word])];
        index = new(StringComparer.Ordinal);
        for (int i = 0; i < words.Length; i++)
        {
            index[words[i]] = i + 1;
        }
    }

    /// <summary>The numbers of each text's words.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="ArgumentException">A text is null, or no Unicode.</exception>
    public int[][] TextsToSequences(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int? unknown = OovToken is null || !index.TryGetValue(OovToken, out int number) ? null : number;
        return [.. texts.Select((text, sample) => WordsOf(text, sample)
            .Select(word => index.TryGetValue(word, out int own) && (NumWords is null || own < NumWords) ? own : unknown)
            .OfType<int>().ToArray())];
    }

    /// <summary>The words of numbers, with a space between them; unknown numbers are left out, or the token for such.</summary>
    /// <param name="sequences">The numbers of each text.</param>
    /// <exception cref="ArgumentException">A sequence is null.</exception>
    public string[] SequencesToTexts(IEnumerable<IReadOnlyList<int>> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        IReadOnlyList<int>[] all = [.. sequences];
        ScoreText.RequireAll(all, nameof(sequences));
        return [.. all.Select(sequence => string.Join(' ', sequence
            .Select(number => number >= 1 && number <= words.Length && (NumWords is null || number < NumWords)
                ? words[number - 1] : OovToken)
            .OfType<string>()))];
    }

    /// <summary>What each text has of each word.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="mode">
    /// <c>"binary"</c> (the default), <c>"count"</c>, <c>"freq"</c>: the share of the text, or <c>"tfidf"</c>:
    /// <c>(1 + log count) · log(1 + documents / (1 + documents with the word))</c>.
    /// </param>
    /// <returns>(texts, numWords), or one column for each word and the unused 0.</returns>
    /// <exception cref="ArgumentException">There is no such mode, or there are no texts.</exception>
    public NDArray TextsToMatrix(IEnumerable<string> texts, string mode = "binary") =>
        SequencesToMatrix(TextsToSequences(texts), mode);

    /// <summary>What each sequence of numbers has of each.</summary>
    /// <inheritdoc cref="TextsToMatrix"/>
    /// <param name="sequences">The numbers of each text.</param>
    /// <param name="mode">As for texts.</param>
    public NDArray SequencesToMatrix(IEnumerable<IReadOnlyList<int>> sequences, string mode = "binary")
    {
        ArgumentNullException.ThrowIfNull(sequences);
        IReadOnlyList<int>[] all = [.. sequences];
        ScoreText.RequireAll(all, nameof(sequences));
        int columns = NumWords ?? (index.Count + 1);
        if (mode is not ("binary" or "count" or "freq" or "tfidf"))
        {
            throw new ArgumentException($"mode must be 'binary', 'count', 'freq' or 'tfidf', but is '{mode}'.", nameof(mode));
        }

        if (all.Length == 0 || words.Length == 0)
        {
            throw new ArgumentException(
                all.Length == 0 ? "There are no texts. Give at least one." : "No word is known yet. Call FitOnTexts.",
                nameof(sequences));
        }

        var matrix = new NDArray(all.Length, columns);
        for (int row = 0; row < all.Length; row++)
        {
            foreach (IGrouping<int, int> same in all[row]
                .Where(number => number >= 0 && number < columns).GroupBy(number => number))
            {
                int count = same.Count();
                matrix.Values[(row * columns) + same.Key] = (Real)(mode switch
                {
                    "count" => count,
                    "freq" => count / (double)all[row].Count,
                    "tfidf" => (1 + Math.Log(count)) * Math.Log(1 + (DocumentCount / (1.0 + DocumentsWith(same.Key)))),
                    _ => 1,
                });
            }
        }

        return matrix;
    }

    private int DocumentsWith(int number) =>
        number >= 1 && number <= words.Length ? documents.GetValueOrDefault(words[number - 1]) : 0;

    private string[] WordsOf(string text, int sample)
    {
        UnicodeText.Require(text, sample, "texts");
        string own = Lower ? text.ToLowerInvariant() : text;
        if (CharLevel)
        {
            return TextScores.Characters(own, graphemes: false);
        }

        return string.Concat(own.Select(letter => Filters.Contains(letter, StringComparison.Ordinal) ? Split : letter.ToString()))
            .Split(Split, StringSplitOptions.RemoveEmptyEntries);
    }
}
