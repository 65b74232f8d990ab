using Recurrent.Random;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class ConvolutionDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "ConvolutionExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", "convolution.md")).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        var random = new SeededRandom(1);
        var x = new NDArray(20, 12, 2);
        foreach (ref float value in x.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        Assert.That(ConvolutionExample.Run(x, new NDArray(20, 1), [[1, 2], [3, 4]]), Has.Length.EqualTo(1).And.All.Not.NaN);
    }
}
