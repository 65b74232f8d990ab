using Recurrent.Examples.Authorship;

namespace Recurrent.Tests.Examples;

/// <summary>The example that tells who said a passage.</summary>
[TestFixture]
public sealed class AuthorshipExampleTests
{
    [Test]
    [Category("Slow")]
    public void As_it_comes_it_tells_three_of_four_passages()
    {
        ExampleRun run = Run();
        run.RequireSuccess();
        Assert.Multiple(() =>
        {
            Assert.That(run.Number("Score:"), Is.GreaterThan(0.75));
            Assert.That(run.Number("by counts of words"), Is.GreaterThan(0.75));
            Assert.That(run.Number("The most frequent author has"), Is.LessThan(0.3));
        });
    }

    [Test]
    public void Quick_is_quick_and_what_is_saved_says_the_same()
    {
        string folder = ExampleRun.Folder("authorship");
        Directory.CreateDirectory(folder);
        string model = Path.Combine(folder, "authorship.json");
        ExampleRun run = Run("--quick", "--model", model);
        run.RequireSuccess();
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Contain("passages by 4 authors to learn from"));
            Assert.That(run.Output, Does.Contain("read again, it says the same"));
            Assert.That(Run("--quick", "--model", model).Output, Is.EqualTo(run.Output));
        });
    }

    [Test]
    public void A_file_that_is_no_table_is_refused()
    {
        string folder = ExampleRun.Folder("authorship");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "addresses.tsv");
        File.WriteAllText(path, "author\tyear\ttext\nA\t1900\n");
        Run("--file", path).RequireUsageError("must have the columns author, year and text");
        File.WriteAllText(path, "author\tyear\ttext\nA\t1900\tb\n");
        Run("--file", path).RequireUsageError("at least two authors");
        Run("--file", path + ".none").RequireUsageError("addresses.tsv.none");
    }

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, AuthorshipApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(AuthorshipApp.Run, args);
}
