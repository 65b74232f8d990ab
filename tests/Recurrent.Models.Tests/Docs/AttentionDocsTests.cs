using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Tests.Docs;

/// <summary>docs/attention.md: its code is compiled and runs, and what it says of shapes and scores is so.</summary>
[TestFixture]
public sealed class AttentionDocsTests
{
    private static readonly string Root = Path.GetFullPath(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));

    private static string Page => File.ReadAllText(Path.Combine(Root, "docs", "attention.md")).ReplaceLineEndings("\n");

    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string source = File.ReadAllText(Path.Combine(Root, "tests", "Recurrent.Models.Tests", "Docs", "AttentionExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        Assert.That(Page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs_and_scores_add_up_to_1()
    {
        (NDArray answers, NDArray scores) = AttentionExample.Run(Numbers(10, 3, 6), Numbers(10, 7, 2), Numbers(10, 3, 1));
        Assert.That(answers.Shape, Is.EqualTo(new[] { 10, 3, 1 }));
        Assert.That(scores.Shape, Is.EqualTo(new[] { 10, 4, 3, 7 }), "(batch, heads, queries, keys)");
        Assert.That(scores.Values.Chunk(7).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void The_transformer_is_built_and_gives_a_number()
    {
        Sequential model = AttentionExample.Transformer(steps: 9, features: 2);
        Assert.That(model.Predict(Numbers(4, 9, 2)).Shape, Is.EqualTo(new[] { 4, 1 }));
    }

    [Test]
    public void A_query_that_may_look_at_nothing_gets_what_the_page_says()
    {
        var query = new Input((1, 4));
        var value = new Input((3, 4));
        var pairs = new Input((1, 3));
        NDArray values = Numbers(2, 3, 4);
        var all = new NDArray([2, 1, 3], [1, 1, 1, 1, 1, 1]);
        foreach (double dropout in (double[])[0, 0.25])
        {
            Symbol context = new MultiHeadAttention(2, 2, useBias: false, dropout: dropout).Call(query, value, value, pairs);
            var model = new Model([query, value, pairs], context);
            NDArray headed = model.Predict([Numbers(2, 1, 4), values, new NDArray(2, 1, 3)]);

            // A query of zeros has the same score for all keys.
            NDArray mean = model.Predict([new NDArray(2, 1, 4), values, all]);
            Assert.That(headed.Values, dropout > 0 ? Is.All.Zero : Is.EqualTo(mean.Values).Within(1e-6));
            Assert.That(mean.Values, Has.Some.Not.Zero);
        }

        var masked = new Input((3, 4));
        var (_, scores) = new Attention(returnAttentionScores: true).Call(query, new Masking().Call(masked));
        NDArray weights = new Model([query, masked], scores).Predict([Numbers(2, 1, 4), new NDArray(2, 3, 4)]);
        Assert.That(weights.Values, Is.All.EqualTo(1 / 3f).Within(1e-6));
    }

    [Test]
    public void Every_attention_layer_is_on_the_page()
    {
        foreach (string name in (string[])
            [
                "Attention", "AdditiveAttention", "MultiHeadAttention", "GroupedQueryAttention", "SelfAttention",
                "PositionalEncoding", "PositionalEmbedding", "RotaryEmbedding", "TransformerEncoder", "TransformerDecoder",
            ])
        {
            Assert.That(Page, Does.Contain($"`{name}`"));
        }
    }

    private static NDArray Numbers(params int[] shape)
    {
        var random = new SeededRandom(1);
        var numbers = new NDArray(shape);
        foreach (ref float value in numbers.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return numbers;
    }
}
