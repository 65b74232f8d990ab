namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class TaggingDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "TaggingExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", "tagging.md")).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        NDArray words = new float[,] { { 4, 7, 9, 0 }, { 4, 9, 7, 3 }, { 9, 4, 0, 0 } };
        NDArray tags = new float[,] { { 0, 1, 2, 0 }, { 0, 3, 1, 0 }, { 3, 0, 0, 0 } };
        Assert.That(TaggingExample.Run(words, tags, words), Has.Length.EqualTo(3).And.All.Matches("^(O|[BI]-(PER|LOC))$"));
    }
}
