using System.Text.RegularExpressions;
using Recurrent.Examples;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>From spelling to sound.</summary>
public sealed partial class PronunciationTask : TextTask
{
    private const int Batch = 64;

    /// <inheritdoc/>
    public override string Name => "pronunciation";

    /// <inheritdoc/>
    public override string Description =>
        "Phonemes, without stress, of words of letters and apostrophes; --file is index.js of npm's "
            + "cmu-pronouncing-dictionary "
        + "3.0.0, or any text of lines with a word, blanks and phonemes, of any language and alphabet. A tenth of all "
        + "words, by a hash of their letters, is "
        + "never "
        + "trained on. Score: share of 4000 of those words with a wrong phoneme (a word with several pronunciations may have "
        + "any), and "
        + "edits per phoneme of the nearest pronunciation, by a beam of 4.";

    /// <inheritdoc/>
    public override string Bar => "word error below 0.30, phoneme error below 0.08";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["word_error", "phoneme_error"];

    /// <inheritdoc/>
    public override bool NeedsFile => true;

    /// <inheritdoc/>
    public override int Units { get; set; } = 256;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 20;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        string file = File ?? throw new ArgumentException("pronunciation needs --file with a dictionary.");
        Dictionary<string, List<string>> words = Read(file);
        string[] all = [.. words.Keys.Order(StringComparer.Ordinal)];
        string[] test = [.. all.Where(IsHeldOut).OrderBy(word => KeyOf(word)).Take(4000)];
        (string Word, string Sound)[] train =
            [.. all.Where(word => !IsHeldOut(word)).SelectMany(word => words[word].Select(sound => (word, sound)))];
        print(FormattableString.Invariant(
            $"  {train.Length} pronunciations to learn from, {test.Length} other words to test on"));
        var letters = CharacterTokenizer.Learn(all);
        var sounds = WordTokenizer.Learn(train.Select(pair => pair.Sound));
        Seq2Seq model = Seq2Seq.Recurrent(
            letters, sounds, Units, cell: CellOf(cell), embeddingDim: 48, dropout: 0.2, maxLength: 40, seed: seed);
        int updates = Epochs * ((train.Length + Batch - 1) / Batch);
        model.Compile(new Adam(new CosineDecay(0.003, updates), globalClipNorm: 1));
        string[] sources = [.. train.Select(pair => pair.Word)];
        string[] targets = [.. train.Select(pair => pair.Sound)];

        // To the end, where the rate has fallen: what comes before is no figure to keep.
        int round = 0;
        return RunRounds(
            model, threads, Epochs, _ => (sources, targets), own => Score(own, test, words),
            scores => ++round == Epochs && scores[0] < 0.30 && scores[1] < 0.08, Batch, print);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] < others[0];

    private static double[] Score(Seq2Seq model, string[] test, Dictionary<string, List<string>> words)
    {
        string[] found = model.Translate(test, new BeamSearch(4));
        int wrong = 0;
        int edits = 0;
        int phonemes = 0;
        for (int i = 0; i < test.Length; i++)
        {
            string[] said = found[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            (int distance, int length) = words[test[i]]
                .Select(sound => sound.Split(' ')).Select(sound => (Edits(said, sound), sound.Length)).Min();
            wrong += distance > 0 ? 1 : 0;
            edits += distance;
            phonemes += length;
        }

        return [(double)wrong / test.Length, (double)edits / phonemes];
    }

    private static int Edits(string[] a, string[] b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }

        return row[^1];
    }

    private static Dictionary<string, List<string>> Read(string file)
    {
        string[] lines = Lines(file);
        Dictionary<string, List<string>> words = Read(lines, Entry(), sound => Stress().Replace(sound, string.Empty));
        words = words.Count > 0 ? words : Read(lines, AnyEntry(), Phonemes);
        int heldOut = words.Keys.Count(IsHeldOut);
        return heldOut > 0 && heldOut < words.Count ? words : throw new ArgumentException(words.Count == 0
            ? $"'{file}' has no line with a word and its phonemes. Put a tab, or two blanks, between them."
            : FormattableString.Invariant($"'{file}' has {words.Count} words with their phonemes, which are too few."));
    }

    private static Dictionary<string, List<string>> Read(string[] lines, Regex entry, Func<string, string> phonemes)
    {
        var words = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (Match match in lines.Select(line => entry.Match(line)).Where(match => match.Success))
        {
            string word = match.Groups["word"].Value.ToLowerInvariant();
            string sound = phonemes(match.Groups["sound"].Value.Trim());
            List<string> own = words.TryGetValue(word, out List<string>? known) ? known : words[word] = [];
            if (!own.Contains(sound))
            {
                own.Add(sound);
            }
        }

        return words;
    }

    /// <summary>Phonemes with a blank between; of <c>/fəˈnɛtɪk/</c> each sign is one, and signs of stress are left out.</summary>
    private static string Phonemes(string sound) => sound[0] != '/'
        ? string.Join(' ', sound.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        : string.Join(' ', Signs().Matches(sound.Split('/')[1]).Select(sign => sign.Value));

    /// <summary>The lines of a dictionary; old ones are in Latin-1.</summary>
    private static string[] Lines(string file)
    {
        try
        {
            return [.. TextFile.ReadLines(file)];
        }
        catch (UsageException)
        {
            string[] lines = System.IO.File.ReadAllLines(file, System.Text.Encoding.Latin1);
            return Array.Exists(lines, line => line.Contains('\0', StringComparison.Ordinal)) ? throw new ArgumentException(
                $"'{file}' is no text file. Give a dictionary: lines with a word, blanks and its phonemes.") : lines;
        }
    }

    private static ulong KeyOf(string word) => word.Aggregate(1UL, (key, letter) => SeededRandom.Key(key, letter));

    private static bool IsHeldOut(string word) => KeyOf(word) % 10 == 0;

    // A word, perhaps in quotes or with the number of a variant, and its phonemes, perhaps with a comma behind.
    [GeneratedRegex(
        """^\s*["']?(?<word>[A-Za-z][A-Za-z']*)(\(\d+\))?["']?:?\s+["']?"""
        + """(?<sound>[A-Z]+[0-2]?( [A-Z]+[0-2]?)*)\s*["']?,?\s*$""")]
    private static partial Regex Entry();

    // Of another language or alphabet: a word of any letters, and phonemes of any signs, perhaps one word of them in slashes.
    [GeneratedRegex(
        """^\s*(?<word>\p{L}[\p{L}\p{M}'’-]*)(\(\d+\))?(\t|:?\s\s)\s*"""
        + """(?<sound>/[^/\s]+/(,.*)?|[^\s/,]+(\s[^\s/,]+)*)\s*$""")]
    private static partial Regex AnyEntry();

    // Letters with the marks behind them.
    [GeneratedRegex("""[^\p{M}\p{Lm}ˈˌ\s][\p{M}\p{Lm}]*""")]
    private static partial Regex Signs();

    [GeneratedRegex("[0-2]")]
    private static partial Regex Stress();
}
