using Recurrent.Examples.Languages;

namespace Recurrent.Tests.Examples;

/// <summary>The example that tells languages.</summary>
[TestFixture]
public sealed class LanguagesExampleTests
{
    [Test]
    [Category("Slow")]
    public void As_it_comes_it_tells_98_of_100_lines()
    {
        ExampleRun run = Run();
        run.RequireSuccess();
        Assert.Multiple(() =>
        {
            Assert.That(run.Number("Score:"), Is.GreaterThanOrEqualTo(0.98));
            Assert.That(run.Number("in no order"), Is.GreaterThan(run.Number("letter by letter (GRU)")));
            Assert.That(run.Output, Does.Contain("de  Wo ist denn hier der Bahnhof?"));
        });
    }

    [Test]
    public void Quick_is_quick_and_what_is_saved_says_the_same()
    {
        string folder = ExampleRun.Folder("languages");
        Directory.CreateDirectory(folder);
        string model = Path.Combine(folder, "languages.json");
        ExampleRun run = Run("--quick", "--model", model, "--text", "Dit is een zin");
        run.RequireSuccess();
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Contain("800 lines in 8 languages to learn from, 1200 to test on"));
            Assert.That(run.Output, Does.Contain("read again, it says the same"));
            Assert.That(run.Number("Score:"), Is.GreaterThan(0.9));
            Assert.That(Run("--quick", "--model", model, "--text", "Dit is een zin").Output, Is.EqualTo(run.Output));
        });
    }

    [Test]
    public void Lines_of_ones_own()
    {
        string folder = ExampleRun.Folder("languages");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "lines.tsv");
        File.WriteAllLines(path, Enumerable.Range(0, 30).SelectMany(i => (string[])[$"a\tabba {i} baab", $"x\txyyx {i} yxxy"]));
        ExampleRun run = Run("--quick", "--file", path, "--text", "abab");
        run.RequireSuccess();
        Assert.That(run.Output, Does.Contain("48 lines in 2 languages to learn from, 12 to test on"));
        string files = Path.Combine(folder, "files");
        Directory.CreateDirectory(files);
        File.WriteAllLines(Path.Combine(files, "a.txt"), Enumerable.Range(0, 10).Select(i => $"abba {i}"));
        File.WriteAllLines(Path.Combine(files, "x.txt"), Enumerable.Range(0, 10).Select(i => $"xyyx {i}"));
        Assert.That(
            Run("--quick", "--file", files).Output, Does.Contain("16 lines in 2 languages to learn from, 4 to test on"));
        File.WriteAllText(path, "no tab");
        Run("--file", path).RequireUsageError("Line 1 of");
        File.WriteAllText(path, "a\tb\n");
        Run("--file", path).RequireUsageError("at least five lines of each of two languages");
    }

    [TestCase("There is no option '--unit'. Did you mean '--units'?", "--unit", "3")]
    [TestCase("--epochs must be a whole number of at least 1, but is '0'.", "--epochs", "0")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, LanguagesApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(LanguagesApp.Run, args);
}
