using Recurrent.Callbacks;
using Recurrent.Models;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class LongRunDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "LongRunExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", "long-runs.md")).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_leaves_what_it_says()
    {
        string folder = Directory.CreateTempSubdirectory("recurrent-docs-").FullName;
        TextWriter console = Console.Out;
        try
        {
            Console.SetOut(TextWriter.Null);
            var x = new NDArray([40, 3, 1], [.. Enumerable.Range(0, 120).Select(i => MathF.Sin(i))]);
            var y = new NDArray([40, 1], [.. Enumerable.Range(0, 40).Select(i => MathF.Cos(i))]);
            History history = LongRunExample.Run(x, y, folder);
            Assert.Multiple(() =>
            {
                Assert.That(history.Epochs, Is.GreaterThan(3));
                Assert.That(Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal),
                    Is.EqualTo(new[] { "best.json", "log.csv", "logs", "model.json", "model.receipt.json", "training.html" }));
                Assert.That(Receipt.Load(Path.Combine(folder, "model.receipt.json"))
                    .Compare(Receipt.Of(Sequential.Load(Path.Combine(folder, "model.json")), x, y)).Same);
            });
        }
        finally
        {
            Console.SetOut(console);
            Directory.Delete(folder, recursive: true);
        }
    }
}
