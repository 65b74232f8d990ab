using Recurrent.Models;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class TrainingDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "TrainingExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", "training.md")).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_goes_on_where_it_stopped()
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            var x = new NDArray([20, 3, 1], [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))]);
            var y = new NDArray([20, 1], [.. Enumerable.Range(0, 20).Select(i => MathF.Cos(i))]);
            TrainingExample.Run(x, y, folder);
            Sequential model = TrainingExample.Run(x, y, folder);
            Assert.That(
                Directory.GetFiles(folder, "epoch-*").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal),
                Is.EqualTo(Enumerable.Range(1, 6).Select(i => $"epoch-0{i}.json")));
            Assert.That(
                File.ReadAllLines(Path.Combine(folder, "log.csv")).Select(line => line.Split(',')[0]),
                    Is.EqualTo(new[] { "epoch", "0", "1", "2", "3", "4", "5" }));
            Assert.That(model.Warnings, Is.Empty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
