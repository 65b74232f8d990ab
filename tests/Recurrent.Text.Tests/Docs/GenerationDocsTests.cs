using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Text.Tests.Docs;

/// <summary>The pages on text generation and sequence to sequence: their code is compiled, and runs.</summary>
[TestFixture]
public sealed class GenerationDocsTests
{
    [TestCase("text-generation.md", "TextGenerationExample.cs")]
    [TestCase("seq2seq.md", "Seq2SeqExample.cs")]
    public void The_code_in_the_page_is_the_code_that_is_compiled(string page, string file)
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Text.Tests", "Docs", file));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string text = File.ReadAllText(Path.Combine(root, "docs", page)).ReplaceLineEndings("\n");
        Assert.That(text, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public async Task Text_is_generated()
    {
        string text = string.Concat(Enumerable.Repeat("the cat sat on the mat, the dog sat on the cat. ", 60));
        Assert.That(await TextGenerationExample.Run(text, text[..200], FileOf("generation.json")), Is.Not.Empty);
    }

    [Test]
    public void Sequences_become_others()
    {
        string[] sources = ["abc", "ab", "cb", "abcb", "b", "ca"];
        string[] targets = [.. sources.Select(source => source.ToUpperInvariant())];
        Assert.That(Seq2SeqExample.Run(sources, targets, FileOf("seq2seq.json")), Does.Match("^[ABC]*$"));
        var letters = CharacterTokenizer.Learn(sources);
        (Seq2Seq any, Seq2Seq transformer) = Seq2SeqExample.Others(WordTokenizer.Learn(["a b"]), letters);
        Assert.That(any.Translate("a b") + transformer.Translate("b"), Is.Not.Null);
        var writer = new Sequential(
            [new Embedding(5, 4, inputShape: new Shape([null])), new GRU(4, returnSequences: true), new Dense(5)]);
        Assert.That(Seq2SeqExample.Own(writer, 0, 4), Is.Not.Empty);
    }

    private static string FileOf(string name) => Path.Combine(TestContext.CurrentContext.WorkDirectory, name);
}
