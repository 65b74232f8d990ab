using Recurrent.Callbacks;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Examples.Pronunciation;

/// <summary>The program: learn how words sound from how they are written, and say words never seen.</summary>
internal static class PronunciationApp
{
    internal const string Help = """
        Learns how English words sound from how they are written: letters in, phonemes out, with attention between them, from 8000
        words of the CMU Pronouncing Dictionary. Words it has never seen are then said by a beam search, best first.

          dotnet run -c Release --project examples/Pronunciation -- [options]

          --file PATH        lines with a word and its phonemes, in place of the words that come along
          --words N          how many words to learn from       (7000)
          --units N          units of encoder and decoder       (96)
          --epochs N         how often every word is seen       (14)
          --beam N           width of the beam                  (4)
          --say WORDS        words to say, with commas between  (recurrent,attention,quickly,through)
          --seed N           where all randomness comes from    (0)
          --out FOLDER       where the picture goes             (pronunciation-out)
          --quick            few words and epochs, to see that it works
          --help             this text
        """;

    private const int BatchSize = 32;

    private sealed record Options(
        string File, int Words, int Units, int Epochs, int Beam, string[] Say, int Seed, string Folder);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(
            args, ["--file", "--words", "--units", "--epochs", "--beam", "--say", "--seed", "--out"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Text("--file", Path.Combine(AppContext.BaseDirectory, "data", "pronunciations.txt")),
            line.Number("--words", quick ? 1200 : 7000, least: 100),
            line.Number("--units", quick ? 48 : 96, least: 2, most: 1024) / 2 * 2,
            line.Number("--epochs", quick ? 6 : 14, least: 1),
            line.Number("--beam", 4, least: 1, most: 64),
            line.Text("--say", "recurrent,attention,quickly,through").Split(','),
            line.Number("--seed", 0, least: 0),
            line.Text("--out", "pronunciation-out"));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        (string Word, string Sound)[] all = Read(options.File);
        new SeededRandom((ulong)options.Seed).Shuffle(all.AsSpan());
        int count = Math.Min(options.Words, all.Length * 9 / 10);
        (string Word, string Sound)[] train = all[..count];
        (string Word, string Sound)[] test = all[count..Math.Min(all.Length, count + 1000)];
        output.WriteLine($"{train.Length} words to learn from, {test.Length} others to test on, such as "
            + string.Join(", ", train.Take(3).Select(pair => $"{pair.Word} = {pair.Sound}")));

        var letters = CharacterTokenizer.Learn(all.Select(pair => pair.Word).Append("abcdefghijklmnopqrstuvwxyz'"));
        var sounds = WordTokenizer.Learn(all.Select(pair => pair.Sound));
        Seq2Seq speaker = Seq2Seq.Recurrent(
            letters, sounds, options.Units, embeddingDim: 32, dropout: 0.2, maxLength: 40, seed: options.Seed);
        int updates = options.Epochs * ((train.Length + BatchSize - 1) / BatchSize);
        speaker.Compile(new Adam(new CosineDecay(0.005, updates), globalClipNorm: 1));
        speaker.Fit(
            [.. train.Select(pair => pair.Word)], [.. train.Select(pair => pair.Sound)], options.Epochs, BatchSize,
            verbose: Verbosity.Silent);

        string[] asked = [.. test.Select(pair => pair.Word)];
        output.WriteLine();
        output.WriteLine("On the test words            words right   phonemes wrong");
        output.WriteLine(Row("greedy", speaker.Translate(asked), test));
        string[] found = speaker.Translate(asked, new BeamSearch(options.Beam));
        double wrong = Errors(found, test).Phonemes;
        output.WriteLine(Row($"beam of {options.Beam}", found, test));
        output.WriteLine();
        foreach (string word in options.Say)
        {
            var beam = new BeamSearch(options.Beam, best: Math.Min(3, options.Beam));
            IReadOnlyList<GeneratedText> said = speaker.TranslateAll([word], beam)[0];
            output.WriteLine($"  {word,-12} {string.Join("   |   ", said.Select(text => text.ToString()))}");
        }

        Directory.CreateDirectory(options.Folder);
        string picture = Path.Combine(options.Folder, "alignment.html");
        IEnumerable<Alignment> looks = options.Say.Select(word => speaker.Align(word));
        File.WriteAllText(picture, Alignment.ToHtml(looks, "Which letters say which sound"));
        output.WriteLine();
        output.WriteLine($"Where the decoder looked: {picture}");
        output.WriteLine(FormattableString.Invariant($"Score: {wrong:0.000} of the phonemes are wrong."));
    }

    private static (string Word, string Sound)[] Read(string file)
    {
        (string, string)[] pairs =
        [
            .. TextFile.ReadLines(file).Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries))
                .Where(parts => parts.Length == 2 && parts[0][0] != '#').Select(parts => (parts[0], parts[1].Trim())),
        ];
        return pairs.Length >= 100 ? pairs : throw new UsageException(
            $"'{file}' has {pairs.Length} lines with a word and its phonemes; at least 100 are needed.");
    }

    private static string Row(string name, string[] said, (string Word, string Sound)[] test)
    {
        (double words, double phonemes) = Errors(said, test);
        return FormattableString.Invariant($"  {name,-24} {1 - words,13:0.000} {phonemes,16:0.000}");
    }

    private static (double Words, double Phonemes) Errors(string[] said, (string Word, string Sound)[] test)
    {
        int wrong = 0;
        int edits = 0;
        int phonemes = 0;
        for (int i = 0; i < test.Length; i++)
        {
            string[] expected = test[i].Sound.Split(' ');
            int distance = Distance(said[i].Split(' ', StringSplitOptions.RemoveEmptyEntries), expected);
            wrong += distance > 0 ? 1 : 0;
            edits += distance;
            phonemes += expected.Length;
        }

        return ((double)wrong / test.Length, (double)edits / phonemes);
    }

    private static int Distance(string[] a, string[] b)
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
}
