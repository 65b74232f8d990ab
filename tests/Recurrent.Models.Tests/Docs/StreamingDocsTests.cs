using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class StreamingDocsTests
{
    [TestCase("StreamingExample.cs", "streaming.md")]
    [TestCase("AttentionStepsExample.cs", "streaming.md")]
    [TestCase("DecoderExample.cs", "functional-models.md")]
    public void The_code_in_the_page_is_the_code_that_is_compiled(string file, string page)
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", file))
            .ReplaceLineEndings("\n");
        string example = source.Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        Assert.That(File.ReadAllText(Path.Combine(root, "docs", page)).ReplaceLineEndings("\n"),
            Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_decoder_runs()
    {
        (Model training, Model encoder, Model decoder) = DecoderExample.Create();
        var text = new NDArray(1, 5, 3);
        Assert.That(DecoderExample.Write(encoder, decoder, text, 4), Has.Length.EqualTo(16));
        Assert.That(training.InputNames, Is.EqualTo((string[])["source", "target"]));
    }

    [Test]
    public void The_beams_run()
    {
        var target = new Input(((int?)null, 2), name: "target");
        var memory = new Input(((int?)null, 3), name: "memory");
        Symbol h = new SelfAttention(4, useCausalMask: true).Call(target);
        var writer = new Model(
            [target, memory], new Dense(2).Call(new MultiHeadAttention(2, 4).Call(h, memory)));
        Assert.That(AttentionStepsExample.TwoBeams(writer, new NDArray(1, 6, 3), [1, 2], [3, 4]), Has.Length.EqualTo(4));
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
