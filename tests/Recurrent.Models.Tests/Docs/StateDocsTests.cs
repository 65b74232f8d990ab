using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class StateDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "StateExample.cs"))
            .ReplaceLineEndings("\n");
        string example = source.Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        Assert.That(File.ReadAllText(Path.Combine(root, "docs", "state.md")).ReplaceLineEndings("\n"),
            Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-state-docs-{Environment.ProcessId}.json");
        TextWriter console = Console.Out;
        try
        {
            Console.SetOut(TextWriter.Null);
            Sequential model = new([new LSTM(8, returnSequences: true, inputShape: ((int?)null, 1)), new Dense(1)]);
            model.Compile("adam", "mse");
            Assert.That(StateExample.Run(model, new(2, 31, 1), new(2, 28, 1), new(2, 31, 1), path).Shape,
                Is.EqualTo((int[])[2, 28, 8]));
            StateExample.Train(model, new(4, 130, 1), new(4, 130, 1));
            Assert.That(model.Optimizer!.Iterations, Is.EqualTo(6));
        }
        finally
        {
            Console.SetOut(console);
            File.Delete(path);
        }
    }
}
