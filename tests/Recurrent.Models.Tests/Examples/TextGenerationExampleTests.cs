using Recurrent.Examples.TextGeneration;
using Recurrent.Text;

namespace Recurrent.Tests.Examples;

/// <summary>The example that generates text, with little of it.</summary>
[TestFixture]
public sealed class TextGenerationExampleTests
{
    [Test]
    public void Quick_learns_writes_and_saves([Values("no", "yes")] string tied)
    {
        string folder = ExampleRun.Folder($"text-quick-{tied}");
        ExampleRun run = ExampleRun.Of(TextGenerationApp.Run, "--quick", "--tied", tied, "--out", folder);
        run.RequireSuccess();
        Assert.That(run.Number("Score:"), Is.LessThan(4.6), "bits a character; letters by their frequency take 4.8");
        Assert.That(run.Output, Does.Contain("ROMEO:").And.Contain("beam of 4"));

        // What it writes is like what it read: these are more than half of all characters of English.
        string written = run.Output.Split("ROMEO:")[1].Split("most likely")[0];
        Assert.That(written.Count(" etaonihsr".Contains) / (double)written.Length, Is.GreaterThan(0.45), written);
        LanguageModel again = LanguageModel.Load(Path.Combine(folder, "writer.json"));
        Assert.That(again.Generate("ROMEO:", new GreedyDecoding(maxLength: 5)), Has.Length.EqualTo(5));
    }

    [Test]
    public void Wrong_arguments_teach_and_end_with_2() => ExampleRun.Of(TextGenerationApp.Run, "--letters", "5")
        .RequireUsageError("--letters must be a whole number of at least 10000, but is '5'.");

    [Test]
    public void Help_names_every_option() => Assert.That(
        ExampleRun.Of(TextGenerationApp.Run, "--help"),
        Is.EqualTo(new ExampleRun(0, TextGenerationApp.Help + Environment.NewLine, string.Empty)));
}
