using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class StreamingDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "StreamingExample.cs"))
            .ReplaceLineEndings("\n");
        string example = source.Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        Assert.That(File.ReadAllText(Path.Combine(root, "docs", "streaming.md")).ReplaceLineEndings("\n"),
            Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-streaming-docs-{Environment.ProcessId}.json");
        try
        {
            Sequential model = new([new LSTM(8, inputShape: ((int?)null, 1)), new Dense(1)]);
            Assert.That(StreamingExample.Run(model, [3, 4, 5, 4], path), Is.Not.NaN);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
