using Recurrent.Random;

namespace Recurrent.Examples.Tagging;

/// <summary>A sentence, word by word, and the tag of each word.</summary>
/// <param name="Words">The words.</param>
/// <param name="Tags">Their tags: O, and B- and I- of PER, LOC and ORG.</param>
internal sealed record Sentence(string[] Words, string[] Tags);

/// <summary>
/// Writes short news. People, places and firms share their names, as they do in life: <c>jordan</c> is a person, a country and a
/// brand, and which of them only the sentence tells. Most names of a test were never seen before.
/// </summary>
internal sealed class NewsWriter
{
    private static readonly string[] Phrases =
    [
        "PER flew from LOC to LOC", "PER of ORG met PER in LOC", "ORG of LOC hired PER", "shares of ORG fell", "PER left ORG",
        "in LOC PER LOC 's mayor resigned", "ORG said PER would run its plant in LOC", "the LOC office of ORG closed",
        "PER PER and PER won the cup in LOC", "he told PER that ORG ORG and ORG had merged", "rain fell on LOC LOC and LOC",
        "for ORG PER is the face of LOC", "the match between LOC and LOC was off", "PER 's book on ORG sold well in LOC",
        "ORG bought ORG of LOC for a song", "yesterday PER praised LOC", "a bank in LOC sued ORG", "PER called PER from LOC",
        "the river at LOC rose", "nobody at ORG knew PER",
    ];

    private static readonly string[] Starts = ["ka", "lo", "mi", "ter", "van", "bro", "el", "sa", "ny", "dor", "gri", "pa",
        "hu", "ze"];
    private static readonly string[] Ends = ["ton", "ra", "vic", "nel", "sen", "mar", "dale", "ski", "lin", "bury", "mond",
        "ro", "ley"];
    private readonly string[] names;
    private SeededRandom random;

    /// <summary>Begins to write.</summary>
    /// <param name="key">What the sentences follow from.</param>
    /// <param name="fresh">Whether most names are others than those of a writer without.</param>
    internal NewsWriter(ulong key, bool fresh)
    {
        random = new SeededRandom(key);

        // Every second name of the same list, and the rest: a few of them are shared.
        string[] all = [.. Starts.SelectMany(_ => Ends, (start, end) => start + end)];
        names = [.. all.Where((_, i) => i % 10 == 0 || (i % 2 == 0) == fresh)];
    }

    /// <summary>Writes a sentence.</summary>
    internal Sentence Next()
    {
        var words = new List<string>();
        var tags = new List<string>();
        string[] phrase = Phrases[random.NextInt(Phrases.Length)].Split(' ');
        foreach (string part in phrase)
        {
            string[] name = part switch { "PER" => Person(), "LOC" => Place(), "ORG" => Firm(), _ => [] };
            words.AddRange(name.Length == 0 ? [part] : name);
            tags.AddRange(name.Length == 0 ? ["O"] : name.Select((_, i) => (i == 0 ? "B-" : "I-") + part));
        }

        return new([.. words], [.. tags]);
    }

    private string[] Person() => random.NextInt(4) switch
    {
        0 => [Name()],
        1 => [Name(), "de", Name()],
        2 => ["dr", Name(), Name()],
        _ => [Name(), Name()],
    };

    private string[] Place() => random.NextInt(4) switch
    {
        0 => ["new", Name()],
        1 => [Name(), "on", Name()],
        _ => [Name()],
    };

    private string[] Firm() => random.NextInt(4) switch
    {
        0 => ["bank", "of", Name()],
        1 => [Name(), "and", Name(), "ltd"],
        2 => [Name(), "group"],
        _ => [Name()],
    };

    private string Name() => names[random.NextInt(names.Length)];
}
