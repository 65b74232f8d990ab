extern alias tagging;

using tagging::Recurrent.Examples.Tagging;

namespace Recurrent.Tests.Examples;

/// <summary>The tagging example with few sentences.</summary>
[TestFixture]
public sealed class TaggingExampleTests
{
    [Test]
    public void Quick_tags_better_with_a_CRF_and_says_the_same_again()
    {
        ExampleRun run = Run("--quick");
        run.RequireSuccess();
        Assert.Multiple(() =>
        {
            Assert.That(run.Number("Score:"), Is.GreaterThan(0.65));
            Assert.That(Row(run, "with a CRF")[2], Is.GreaterThan(Row(run, "without")[2]));
            Assert.That(Row(run, "with a CRF")[4], Is.Zero, "tags that may not follow one another");
            Assert.That(Row(run, "without")[4], Is.Positive);
        });
        Assert.That(Run("--quick").Output, Is.EqualTo(run.Output));
    }

    // The example's own claim, with the settings its users run it with.
    [Test]
    [Category("Slow")]
    public void As_it_comes_a_CRF_finds_more()
    {
        ExampleRun run = Run();
        run.RequireSuccess();
        Assert.That(Row(run, "with a CRF")[2], Is.GreaterThan(0.95).And.GreaterThan(Row(run, "without")[2]));
    }

    [Test]
    public void Most_names_of_the_test_are_new_and_tags_keep_to_the_scheme()
    {
        var known = new NewsWriter(1, fresh: false);
        var fresh = new NewsWriter(1, fresh: true);
        Sentence[] first = [.. Enumerable.Range(0, 300).Select(_ => known.Next())];
        Sentence[] second = [.. Enumerable.Range(0, 300).Select(_ => fresh.Next())];
        Assert.That(Names(second).Intersect(Names(first)).Count(), Is.LessThan(0.4 * Names(second).Count()));
        Assert.That(first.All(sentence => sentence.Words.Length == sentence.Tags.Length));
        Assert.That(first.SelectMany(sentence => sentence.Tags).Distinct(), Has.Exactly(7).Items);

        static IEnumerable<string> Names(Sentence[] sentences) => sentences
            .SelectMany(sentence => sentence.Words.Where((_, i) => sentence.Tags[i] != "O")).Distinct();
    }

    [TestCase("There is no option '--unit'. Did you mean '--units'?", "--unit", "1")]
    [TestCase("--sentences must be a whole number of at least 20, but is '5'.", "--sentences", "5")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    private static double[] Row(ExampleRun run, string name) => [.. run.Output.Split('\n')
        .First(line => line.StartsWith($"  {name}", StringComparison.Ordinal))[name.Length..]
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(word => double.TryParse(word, System.Globalization.CultureInfo.InvariantCulture, out double number) ? number : -1)
        .Where(number => number >= 0)];

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(TaggingApp.Run, args);
}
