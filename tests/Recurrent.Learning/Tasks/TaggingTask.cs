using Recurrent.Examples.Tagging;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Names of people, places and firms, or other tags, with a CRF as the last layer and without.</summary>
public sealed class TaggingTask : TextTask
{
    private static readonly string[] Schemes = ["bio", "iob1", "bioes"];

    /// <inheritdoc/>
    public override string Name => "tagging";

    /// <inheritdoc/>
    public override string Description =>
        "Tags of words, read both ways, with a CRF as the last layer. Made-up news (800 sentences to learn, 1000 with other "
            + "names to "
        + "test), or every fifth sentence of a file tested. Score: F1 of entities as CoNLL counts them (of other tags, those "
        + "that are "
        + "right), tags right, and the first without the CRF.";

    /// <inheritdoc/>
    public override string Bar => "F1 at least 0.92 on the news, and above that without the CRF";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["entity_f1", "token_accuracy", "entity_f1_without_crf"];

    /// <inheritdoc/>
    public override int Units { get; set; } = 16;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 25;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(print);
        (string[] Words, string[] Tags)[] all = File is null ? [.. Written(seed, false, 800), .. Written(seed, true, 1000)]
            : TaggedFile.Read(File);
        (string[] Words, string[] Tags)[] train = [.. all.Where((_, i) => File is null ? i < 800 : i % 5 != 4)];
        (string[] Words, string[] Tags)[] test = [.. all.Where((_, i) => File is null ? i >= 800 : i % 5 == 4)];
        string[] tags = [.. all.SelectMany(sentence => sentence.Tags).Distinct().Order(StringComparer.Ordinal)];
        string scheme = Schemes.FirstOrDefault(name => Fits(tags, name, all.Select(sentence => sentence.Tags))) ?? "none";
        var ids = new Vocabulary(train.SelectMany(sentence => sentence.Words), byLook: File is not null);
        print(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {train.Length} sentences, {test.Length} to "
            + $"test, {tags.Length} tags, scheme "
            + $"{scheme}"));
        (double best, double right) = Learn(cell, new CRF(tags, scheme), seed, threads, tags, train, test, ids);
        (double plain, _) = Learn(cell, null, seed, threads, tags, train, test, ids);
        double[] scores = [best, right, plain];
        print($"  {Outcome.Text(scores)}");
        return (scores, best >= 0.92 && (File is not null || best > plain) ? Epochs : null);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];

    private static IEnumerable<(string[] Words, string[] Tags)> Written(int seed, bool fresh, int count)
    {
        var writer = new NewsWriter(SeededRandom.Key((ulong)seed, fresh ? 2UL : 1), fresh);
        return [.. Enumerable.Range(0, count).Select(_ => writer.Next()).Select(sentence => (sentence.Words, sentence.Tags))];
    }

    /// <summary>Whether a tag is one of those that mark spans.</summary>
    private static bool IsOfSpans(string tag) =>
        tag == "O" || ("BIESLUM".Contains(tag[0], StringComparison.Ordinal) && (tag.Length == 1 || tag[1] == '-'));

    /// <summary>Whether all sentences keep to a scheme.</summary>
    private static bool Fits(string[] tags, string scheme, IEnumerable<string[]> sentences)
    {
        try
        {
            var layer = new CRF(tags, scheme);
            return sentences.All(sentence => Enumerable.Range(0, sentence.Length + 1).All(t =>
                layer.Allows(t == 0 ? null : sentence[t - 1], t == sentence.Length ? null : sentence[t])));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Every third word is taken out, so that the network learns to do without knowing each.</summary>
    private static (string[] Words, string[] Tags)[] Hidden((string[] Words, string[] Tags)[] sentences, int seed)
    {
        SeededRandom random = Draw(seed, 3);
        return [.. sentences.Select(sentence => (
            sentence.Words.Select(word => random.NextInt(3) == 0 ? Hide(word) : word).ToArray(), sentence.Tags))];
    }

    /// <summary>A word that nobody knows, but looks like this one.</summary>
    private static string Hide(string word) => $"{word[..1]}\u0001{word[^Math.Min(2, word.Length)..]}";

    private (double Best, double Right) Learn(
        CellKind cell, CRF? crf, int seed, int threads, string[] tags, (string[] Words, string[] Tags)[] train,
        (string[] Words, string[] Tags)[] test, Vocabulary ids)
    {
        var model = new Sequential(seed: seed) { MaxDegreeOfParallelism = threads };
        model.Add(new Embedding(ids.Count, Math.Max(16, Units), inputShape: new([null])));
        model.Add(new Dropout(0.3));
        model.Add(new Bidirectional((RecurrentLayer)cell.Create(Units, true)));
        model.Add((Layer?)crf ?? new Dense(tags.Length));
        model.Compile(new Adam(0.01), crf is not null ? new CRFLoss() : new SparseCategoricalCrossentropy(fromLogits: true));
        RaggedSequences targets = new(train.Select(sentence => new NDArray(
            [sentence.Tags.Length], [.. sentence.Tags.Select(tag => (float)Array.IndexOf(tags, tag))])));
        model.Fit(Ids(Hidden(train, seed)), targets, epochs: Epochs, batchSize: 16, verbose: 0);
        RaggedSequences found = model.Predict(Ids(test));
        IReadOnlyList<string[]> names = crf is not null ? crf.NamesOf(found)
            : [.. found.Select(scores => scores.Values.Chunk(tags.Length).Select(s => tags[Array.IndexOf(s, s.Max())]).ToArray(
            ))];
        double right = names.SelectMany(own => own).Zip(test.SelectMany(own => own.Tags), (a, b) => a == b ? 1.0 : 0).Average();
        bool entities = tags.Contains("O") && tags.All(IsOfSpans);
        return (entities ? EntityScores.Of(test.Select(sentence => sentence.Tags), names).F1 : right, right);

        RaggedSequences Ids((string[] Words, string[] Tags)[] sentences) => new(sentences.Select(sentence =>
            new NDArray([sentence.Words.Length], [.. sentence.Words.Select(word => (float)ids.IndexOf(word))])));
    }

    /// <summary>Words, and for those of a file that come once or twice what they look like: capitals, digits, the last two
    /// letters.</summary>
    private sealed class Vocabulary
    {
        private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

        public Vocabulary(IEnumerable<string> words, bool byLook)
        {
            foreach ((string word, int count) in words.CountBy(word => word))
            {
                places.TryAdd(byLook && count <= 2 ? Look(word) : word, places.Count + 1);
            }
        }

        public int Count => places.Count + 1;

        public int IndexOf(string word) => places.TryGetValue(word, out int place) ? place : places.GetValueOrDefault(Look(word));

        private static string Look(string word) =>
            $"?{(char.IsUpper(word[0]) ? 'A' : 'a')}{(word.Any(char.IsDigit) ? '1' : '-')}{word[Math.Max(0, word.Length - 2)..]}";
    }
}
