using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Recurrent.Learning;
using Recurrent.Learning.Tasks;
using Recurrent.Tests.Examples;

namespace Recurrent.Tests.Learning;

/// <summary>The program that runs learning tasks: its options, files of one's own, and lines of JSON.</summary>
[TestFixture]
public sealed class LearningAppTests
{
    private static string Folder => Directory.CreateDirectory(ExampleRun.Folder("learning")).FullName;

    [Test]
    public void Json_is_a_line_for_each_outcome_and_nothing_else()
    {
        string words = Path.Combine(Folder, "words.txt");
        File.WriteAllLines(words, Enumerable.Range(0, 300).Select(
            i => $"{Letters(i)}  {string.Join(' ', Letters(i).Select(letter => $"{char.ToUpperInvariant(letter)}{i % 3}"))}"));
        ExampleRun run = Run(
            "--task", "pronunciation", "--cell", "GRU,LSTM", "--seeds", "1", "--units", "8", "--epochs", "1", "--json", "--file",
            words);
        run.RequireSuccess();
        string[] lines = run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2));
        foreach (string line in lines)
        {
            using var json = JsonDocument.Parse(line);
            Assert.That(json.RootElement.GetProperty("task").GetString(), Is.EqualTo("pronunciation"));
            Assert.That(json.RootElement.GetProperty("scores").GetProperty("word_error").GetDouble(), Is.InRange(0, 1));
            Assert.That(json.RootElement.GetProperty("reached").ValueKind, Is.EqualTo(JsonValueKind.Null));
        }
    }

    [Test]
    public void A_round_is_an_epoch()
    {
        // The rate falls to nothing over all rounds, so that a round of more than one would leave nothing to the last.
        string words = Path.Combine(Folder, "rounds.txt");
        File.WriteAllLines(words, Enumerable.Range(0, 200).Select(i => $"{Letters(i)}  {Letters(i).ToUpperInvariant()[0]} X"));
        ExampleRun run = Run(
            "--task", "pronunciation", "--cell", "GRU", "--seeds", "1", "--units", "8", "--epochs", "4", "--file", words);
        run.RequireSuccess();
        double[] losses = [.. run.Output.Split("  loss ").Skip(1).Select(part => double.Parse(
            part.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.That(losses, Has.Length.EqualTo(4));
        Assert.That(losses, Is.Ordered.Descending);
        Assert.That(losses, Is.Unique);
    }

    [TestCase("--task", "tagging", "--task", "dates", "--task is given twice. Put commas between several names.")]
    [TestCase("--task", "--task needs a value behind it.")]
    [TestCase("--tusk", "dates", "There is no option '--tusk'. Options are --task, --cell")]
    [TestCase("--task", "date", "--task: there is no 'date'. There are: adding50,")]
    [TestCase("--seeds", "none", "--seeds must be a whole number of at least 1, but is 'none'.")]
    [TestCase("--seed", "-1", "--seed must be a whole number of at least 0, but is '-1'.")]
    [TestCase("--task", "dates", "--units", "0", "--units must be a whole number of at least 1, but is '0'.")]
    [TestCase("--task", "reverse", "--file", "a.txt", "reverse makes its own data and takes no --file.")]
    [TestCase("--task", "parity", "--units", "8", "parity has a size and a length of its own;")]
    [TestCase("--task", "translation", "translation needs --file. Phrases of at most 24 letters")]
    [TestCase("--file", "a.txt", "--file is for one kind of task. Say which, with --task.")]
    public void Wrong_arguments_teach_and_end_with_2(params string[] argsAndMessage) =>
        Run(argsAndMessage[..^1]).RequireUsageError(argsAndMessage[^1]);

    public static IEnumerable<TestCaseData> OddFiles
    {
        get
        {
            byte[] good = Catalogue(false, "utf-8", Encoding.UTF8);
            yield return new("pronunciation", Array.Empty<byte>(), "has no line with a word and its phonemes");
            yield return new("pronunciation", "\u0001\u0002 nothing here"u8.ToArray(), "has no line with a word");
            yield return new("translation", Array.Empty<byte>(), "is no binary catalogue of gettext (.mo)");
            yield return new("translation", good[..(good.Length - 3)], "points beyond its end");
            yield return new("translation", good[..24], "points beyond its end");
            yield return new("translation", Catalogue(false, "klingon", Encoding.UTF8), "in 'klingon', which is not known");
            yield return new("translation", good, "short phrases, which are too few");
            yield return new("pronunciation", "To be or not to be\nthat is it\n"u8.ToArray(), "has no line with a word");
            yield return new("pronunciation", "to\tT UW\n"u8.ToArray(), "has 1 words with their phonemes, which are too few");
            yield return new("pronunciation", good, "is no text file. Give a dictionary");
            yield return new("tagging", good, "is no text in UTF-8: byte 0 is 222.");
            yield return new("languages", good, "is no text in UTF-8: byte 0 is 222.");
            yield return new("tiny_shakespeare_cosine", good, "is no text in UTF-8: byte 0 is 222.");
            yield return new("tiny_shakespeare_cosine", "all\0is well"u8.ToArray(), "is no text in UTF-8: byte 3 is 0.");
            yield return new("tagging", "word\n"u8.ToArray(), "Line 1 of 'odd.bin' has a word, 'word', but no tag.");
            yield return new("tagging", "word O\n\n"u8.ToArray(), "has 1 sentences; a task needs at least 10");
            yield return new("languages", "no tab\n"u8.ToArray(), "must be a language and a text with a tab between them");
            yield return new("languages", "de\tein Text\n"u8.ToArray(), "at least five lines of each of two languages");
            yield return new("tiny_shakespeare_cosine", Array.Empty<byte>(), "can learn no vocabulary");
            yield return new("tiny_shakespeare_cosine", "To be, or not to be"u8.ToArray(), "has 17 tokens, which are too few");
            yield return new("digits", Array.Empty<byte>(), "odd.bin");
        }
    }

    [TestCaseSource(nameof(OddFiles))]
    public void Odd_files_are_named_and_end_with_1(string task, byte[] file, string message)
    {
        string path = Path.Combine(Folder, "odd.bin");
        File.WriteAllBytes(path, file);
        ExampleRun run = Run("--task", task, "--cell", "GRU", "--seeds", "1", "--epochs", "1", "--json", "--file", path);
        Assert.That((run.Code, run.Output), Is.EqualTo((1, string.Empty)));
        Assert.That(run.Error, Does.StartWith($"{task}, GRU: ").And.Contain(message));
    }

    [TestCase("pronunciation", "is a folder, but the task reads a file.")]
    [TestCase("tagging", "is a folder, but the task reads a file.")]
    [TestCase("tiny_shakespeare_cosine", "is a folder, but the task reads a file.")]
    [TestCase("digits", "has 0 speakers with a recording of each digit")]
    [TestCase("languages", "at least five lines of each of two languages")]
    [TestCase("translation", "has 0 short phrases, which are too few")]
    public void Folders_without_what_is_needed_are_named(string task, string message)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, "folder")).FullName;
        ExampleRun run = Run("--task", task, "--cell", "GRU", "--seeds", "1", "--epochs", "1", "--json", "--file", folder);
        Assert.That((run.Code, run.Output), Is.EqualTo((1, string.Empty)));
        Assert.That(run.Error, Does.StartWith($"{task}, GRU: ").And.Contain(message));
    }

    [Test]
    public void A_file_that_is_not_there_is_named([Values("pronunciation", "translation", "tagging", "languages", "digits",
        "tiny_shakespeare_cosine")] string task)
    {
        ExampleRun run = Run("--task", task, "--cell", "GRU", "--seeds", "1", "--file", Path.Combine(Folder, "missing"));
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("missing"));
    }

    [Test]
    public void Catalogues_of_either_byte_order_and_any_encoding_are_read(
        [Values] bool turned, [Values("UTF-8", "ISO-8859-1", "iso-8859-15", "windows-1252", "CHARSET")] string charset)
    {
        Encoding encoding = charset is "UTF-8" or "CHARSET" ? Encoding.UTF8
            : CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.Latin1;
        string path = Path.Combine(Folder, "one.mo");
        File.WriteAllBytes(path, Catalogue(turned, charset, encoding));
        Assert.That(Catalogues.Read(path, 40), Is.EqualTo(new[] { ("Open file", "Datei öffnen"), ("Save", "Speichern") }));
    }

    [Test]
    public void Dictionaries_of_other_languages_and_alphabets_are_learned_from()
    {
        string words = Path.Combine(Folder, "ipa.txt");
        foreach (Func<int, string> line in (Func<int, string>[])[
            i => $"{Letters(i)}ß\t/ˈ{Letters(i)}ʃ/", i => $"й{Letters(i)}  {string.Join(' ', Letters(i).ToCharArray())} ɕː",
            i => $"{Letters(i)}\t{Letters(i)[0]} ə"])
        {
            File.WriteAllLines(words, [";;; of a friend", .. Enumerable.Range(0, 200).Select(line)]);
            ExampleRun run = Run(
                "--task", "pronunciation", "--cell", "GRU", "--seeds", "1", "--units", "4", "--epochs", "1", "--file", words);
            run.RequireSuccess();
            Assert.That(run.Output, Does.Contain(" pronunciations to learn from, ").And.Not.Contain("  0 pronunciations"));
        }
    }

    [Test]
    public void Parts_of_speech_of_CoNLL_U_are_tags()
    {
        string[] sentence =
        [
            "# sent_id = 1", "# text = Vámonos al mar", "1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_",
            "1\tVamos\tir\tVERB\t_\t_\t0\troot\t_\t_", "2\tnos\tnosotros\tPRON\t_\t_\t1\tobj\t_\t_",
            "3\tal mar\tmar\tNOUN\t_\t_\t1\tobl\t_\t_", "3.1\tya\tya\tADV\t_\t_\t_\t_\t_\t_", string.Empty,
        ];
        string path = Path.Combine(Folder, "trees.conllu");
        File.WriteAllLines(path, Enumerable.Repeat(sentence, 20).SelectMany(lines => lines));
        (string[] words, string[] tags)[] all = TaggedFile.Read(path);
        Assert.That(all, Has.Length.EqualTo(20));
        Assert.That(all[19].words, Is.EqualTo(new[] { "Vamos", "nos", "al mar" }));
        Assert.That(all[19].tags, Is.EqualTo(new[] { "VERB", "PRON", "NOUN" }));
        File.AppendAllText(path, "1\tshort\n");
        Assert.That(() => TaggedFile.Read(path), Throws.TypeOf<FormatException>().With.Message.EqualTo(
            "Line 161 of 'trees.conllu' has 2 columns, not the 10 of CoNLL-U."));
    }

    [TestCase("O B I B", "entity")]
    [TestCase("O B-PER M-PER E-PER", "entity")]
    [TestCase("N V A-x N", "tags")]
    [TestCase("B N O I", "tags")]
    public void Tags_that_mark_no_spans_are_scored_by_themselves(string tags, string what)
    {
        string path = Path.Combine(Folder, "tags.txt");
        File.WriteAllLines(path, Enumerable.Range(0, 30).SelectMany(
            i => (string[])[.. tags.Split(' ').Select(tag => $"{tag.ToLowerInvariant()} {tag}"), string.Empty]));
        ExampleRun run = Run(
            "--task", "tagging", "--cell", "GRU", "--seeds", "1", "--epochs", "25", "--json", "--file", path);
        run.RequireSuccess();
        using var json = JsonDocument.Parse(run.Output);
        JsonElement scores = json.RootElement.GetProperty("scores");
        Assert.That(scores.GetProperty("token_accuracy").GetDouble(), Is.EqualTo(1), what);
        Assert.That(scores.GetProperty("entity_f1").GetDouble(), Is.EqualTo(1), what);
    }

    private static string Letters(int number) => $"{(char)('a' + (number % 26))}{(char)('a' + (number / 26))}b";

    private static byte[] Catalogue(bool turned, string charset, Encoding encoding)
    {
        (string, string)[] entries =
        [
            (string.Empty, $"Content-Type: text/plain; charset={charset}\nLanguage: de\n"), ("Open _file", "Datei ö_ffnen"),
            ("Save", "Speichern"), ("%d files", "%d Dateien"),
        ];
        byte[][] texts = [.. entries.Select(entry => encoding.GetBytes(entry.Item1)), .. entries.Select(
            entry => encoding.GetBytes(entry.Item2))];
        int tables = 28;
        int place = tables + (8 * texts.Length);
        byte[] bytes = new byte[place + texts.Sum(text => text.Length + 1)];
        foreach ((int at, uint value) in ((int, uint)[])[
            (0, 0x950412DE), (8, (uint)entries.Length), (12, (uint)tables), (16, (uint)(tables + (8 * entries.Length)))])
        {
            Write(at, value);
        }

        for (int i = 0; i < texts.Length; i++)
        {
            Write(tables + (8 * i), (uint)texts[i].Length);
            Write(tables + (8 * i) + 4, (uint)place);
            texts[i].CopyTo(bytes, place);
            place += texts[i].Length + 1;
        }

        return bytes;

        void Write(int at, uint value)
        {
            if (turned)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
            }
        }
    }

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(LearningApp.Run, args);
}
