using Recurrent.Inspection;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class DiagnosisDocsTests
{
    [TestCase("DiagnosisExample.cs", "diagnosis.md")]
    [TestCase("OptimizerExample.cs", "training.md")]
    public void The_code_in_the_page_is_the_code_that_is_compiled(string file, string name)
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", file));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", name)).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void Every_finding_has_its_place_on_the_page()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string page = File.ReadAllText(Path.Combine(root, "docs", "diagnosis.md"));
        Assert.That(Enum.GetNames<FindingKind>(), Is.All.Matches<string>(
            kind => page.Contains($"| `{kind}` |", StringComparison.Ordinal)));
    }

    [Test]
    public void The_examples_run()
    {
        var x = new NDArray([40, 6, 2], [.. Enumerable.Range(0, 480).Select(i => 100 * MathF.Sin(i))]);
        var y = new NDArray([40, 1], [.. Enumerable.Range(0, 40).Select(i => MathF.Cos(i))]);
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            Assert.That(DiagnosisExample.Run(x, y, folder).Has(FindingKind.UnscaledInputs));
            Assert.That(File.Exists(Path.Combine(folder, "diagnosis.html")));
            OptimizerExample.Run(x, y);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
