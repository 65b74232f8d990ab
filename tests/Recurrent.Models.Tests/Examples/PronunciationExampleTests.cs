using Recurrent.Examples.Pronunciation;

namespace Recurrent.Tests.Examples;

/// <summary>The example that says words, with few of them.</summary>
[TestFixture]
public sealed class PronunciationExampleTests
{
    [Test]
    public void Quick_says_words_and_draws_where_it_looked()
    {
        string folder = ExampleRun.Folder("pronunciation-quick");
        ExampleRun run = ExampleRun.Of(PronunciationApp.Run, "--quick", "--out", folder, "--say", "cat,banana");
        run.RequireSuccess();
        Assert.That(run.Number("Score:"), Is.LessThan(0.8), "of the phonemes wrong");
        Assert.That(run.Output, Does.Contain("  banana").And.Contain("beam of 4"));
        string page = File.ReadAllText(Path.Combine(folder, "alignment.html"));
        Assert.That(page, Does.StartWith("<!DOCTYPE html>").And.Contain("cat[END] →").And.Contain("banana[END] →"));
    }

    // The example's own claim, with the settings its users run it with.
    [Test]
    [Category("Slow")]
    public void As_it_comes_it_says_most_phonemes_right()
    {
        ExampleRun run = ExampleRun.Of(PronunciationApp.Run, "--out", ExampleRun.Folder("pronunciation-whole"));
        run.RequireSuccess();
        Assert.That(run.Number("Score:"), Is.LessThan(0.25));
    }

    [Test]
    public void Wrong_arguments_teach_and_end_with_2() => ExampleRun.Of(PronunciationApp.Run, "--beam", "0")
        .RequireUsageError("--beam must be a whole number from 1 to 64, but is '0'.");

    [Test]
    public void Help_names_every_option() => Assert.That(
        ExampleRun.Of(PronunciationApp.Run, "--help"),
        Is.EqualTo(new ExampleRun(0, PronunciationApp.Help + Environment.NewLine, string.Empty)));
}
