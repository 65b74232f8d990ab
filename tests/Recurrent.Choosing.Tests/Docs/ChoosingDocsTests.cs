using Recurrent.Selection;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class ChoosingDocsTests
{
    private static string Root =>
        Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));

    [TestCase("choosing.md", 3)]
    [TestCase("interpretability.md", 1)]
    public void Every_line_of_code_in_the_page_is_compiled(string page, int blocks)
    {
        string[] compiled = Lines(File.ReadAllText(
            Path.Combine(Root, "tests", "Recurrent.Choosing.Tests", "Docs", "ChoosingExample.cs")));
        string[] found = File.ReadAllText(Path.Combine(Root, "docs", page)).ReplaceLineEndings("\n").Split("```csharp\n")[1..];
        Assert.That(found, Has.Length.EqualTo(blocks));
        Assert.That(found.SelectMany(block => Lines(block.Split("```")[0])), Is.SubsetOf(compiled));
    }

    [Test]
    public void The_examples_run()
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "choosing-docs");
        Directory.CreateDirectory(folder);
        string log = Path.Combine(folder, "search.jsonl");
        File.Delete(log);
        TextWriter console = Console.Out;
        string before = Directory.GetCurrentDirectory();
        try
        {
            Console.SetOut(TextWriter.Null);
            Directory.SetCurrentDirectory(folder);
            NDArray x = RandomArrays.Noise(200, 12, 2);
            NDArray y = RandomArrays.Noise(200, 1);
            SearchResult found = ChoosingExample.Choose(x, y, [.. Enumerable.Range(0, 200).Select(i => i % 3)],
                [.. Enumerable.Range(0, 200).Select(i => $"p{i % 7}")], log);
            Assert.That(found.Trials, Has.Count.EqualTo(30));
            Assert.That(ChoosingExample.Measure(ChoosingExample.Build(2, 0.01, 1), x, y).Parameters, Is.GreaterThan(3));
            Assert.That(ChoosingExample.Explain(ChoosingExample.Build(3, 0.01, 1), x, y).Inputs, Has.Count.EqualTo(1));
            Assert.That(File.Exists("search.html") && File.Exists("why.html") && File.Exists("importance.html"));
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }
    }

    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
