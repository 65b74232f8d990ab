using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Tensors;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class PyTorchDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string[] examples = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "PyTorchExample.cs"))
            .ReplaceLineEndings("\n").Split("        // <example>\n")[1..];
        string page = File.ReadAllText(Path.Combine(root, "docs", "coming-from-pytorch.md")).ReplaceLineEndings("\n");
        Assert.That(page.Split("```csharp\n"), Has.Length.EqualTo(examples.Length + 1));
        foreach (string example in examples)
        {
            string code = example.Split("        // </example>")[0].Replace("\n        ", "\n", StringComparison.Ordinal).Trim();
            Assert.That(page, Does.Contain("```csharp\n" + code + "\n```"));
        }
    }

    [Test]
    public void The_examples_run()
    {
        string folder = Directory.CreateTempSubdirectory("recurrent-docs").FullName;
        string before = Directory.GetCurrentDirectory();
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        try
        {
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(output);
            var model = new Sequential([new LSTM(64, returnSequences: true, inputShape: (20, 3)), new LSTM(64), new Dense(1)]);
            foreach (string name in (string[])["model.pt", "model.safetensors"])
            {
                model.SavePyTorch(name, new Dictionary<string, string>
                {
                    ["lstm"] = "rnn",
                    ["lstm_1"] = "rnn[1]",
                    ["dense"] = "fc",
                });
            }

            PyTorchExample.Move();
            PyTorchExample.Read();
            using TensorFile again = TensorFile.Open("bias.safetensors");
            Assert.That(again.Tensors, Has.Count.EqualTo(1));
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }

        Assert.That(output.ToString(), Does.Contain("lstm = rnn[0] (LSTM)").And.Contain("rnn.weight_ih_l1 float32 [256, 64]"));
    }
}
