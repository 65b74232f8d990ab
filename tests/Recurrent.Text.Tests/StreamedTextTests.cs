using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Text.Tests;

/// <summary>Texts that come token by token: gone through twice, cancelled, side by side, as long as the model
/// allows.</summary>
[TestFixture]
public sealed class StreamedTextTests
{
    private static readonly CharacterTokenizer Letters = CharacterTokenizer.Learn(["hello world"], SpecialTokens.None);

    private static LanguageModel Model()
    {
        LanguageModel model = LanguageModel.Recurrent(Letters, 12, embeddingDim: 6);
        DecodingModels.Randomize(model.Model, 4);
        return model;
    }

    [Test]
    public async Task A_stream_begins_anew_each_time()
    {
        LanguageModel model = Model();
        var how = new SamplingDecoding(maxLength: 20, seed: 2);
        IAsyncEnumerable<string> stream = model.GenerateAsync("he", how);
        string whole = model.Generate("he", how);
        Assert.That(await Joined(stream), Is.EqualTo(whole));
        Assert.That(await Joined(stream), Is.EqualTo(whole));
    }

    [Test]
    public async Task A_stream_ends_where_the_whole_text_does()
    {
        LanguageModel model = Model();
        var how = new SamplingDecoding(minLength: 300);
        Assert.That(await Joined(model.GenerateAsync("he", how)), Is.EqualTo(model.Generate("he", how)).And.Length.EqualTo(300));

        var positions = new LanguageModel(Letters, DecodingModels.Randomize(new Sequential(
            [
                new Embedding(Letters.VocabularySize, 6, inputShape: new Shape([null])), new PositionalEmbedding(10),
                new TransformerEncoder(6, 2, 8, useCausalMask: true), new Dense(Letters.VocabularySize),
            ]), 1));
        Assert.That(await Joined(positions.GenerateAsync("hel")), Is.EqualTo(positions.Generate("hel")).And.Length.EqualTo(8));
    }

    [Test]
    public async Task A_stream_can_be_cancelled_between_tokens()
    {
        using var stop = new CancellationTokenSource();
        int count = 0;
        try
        {
            await foreach (string _ in Model().GenerateAsync("he").WithCancellation(stop.Token))
            {
                if (++count == 5)
                {
                    await stop.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            count = -count;
        }

        Assert.That(count, Is.EqualTo(-5));
        Assert.Catch<OperationCanceledException>(() => Model().Generate("he", cancellationToken: stop.Token));
    }

    [Test]
    public async Task Many_write_with_one_model_at_once()
    {
        LanguageModel model = Model();
        Func<int, SamplingDecoding> how = seed => new(maxLength: 30, seed: seed);
        string[] alone = [.. Enumerable.Range(0, 16).Select(i => model.Generate("hello"[..(1 + (i % 5))], how(i)))];
        string[] together = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => i % 2 == 0
            ? Task.FromResult(model.Generate("hello"[..(1 + (i % 5))], how(i)))
            : Joined(model.GenerateAsync("hello"[..(1 + (i % 5))], how(i))))));
        Assert.That(together, Is.EqualTo(alone));
    }

    [Test]
    public void A_state_that_is_set_leaves_nothing_of_what_was_read_before()
    {
        LanguageModel model = Model();
        var how = new SamplingDecoding(repetitionPenalty: 1.5);
        TextGenerator first = model.OpenGenerator(how);
        first.Read("hello");
        string begun = string.Concat(Enumerable.Range(0, 5).Select(_ => first.Next()));
        States.ModelState state = first.State;
        string[] texts = [.. ((TextGenerator[])[first, model.OpenGenerator(how), first]).Select(generator =>
        {
            generator.State = state;
            generator.Read("lo");
            return string.Concat(Enumerable.Range(0, 20).Select(_ => generator.Next()));
        })];
        Assert.That(begun, Has.Length.EqualTo(5));
        Assert.That(texts, Has.All.EqualTo(texts[0]));
    }

    [Test]
    public void A_prompt_that_is_wrong_is_named()
    {
        LanguageModel model = Model();
        Assert.That(() => model.GenerateAll(["he", "hez"]),
            Throws.ArgumentException.With.Message.Contains("The text of sample 1 has 'z' at 2"));
        Assert.That(() => model.GenerateAll(["he", "l\udc00"]),
            Throws.ArgumentException.With.Message.Contains("The text of sample 1 is no Unicode text"));
        Assert.That(() => model.GenerateAll(["he", ""]),
            Throws.ArgumentException.With.Message.Contains("prompts[1] is empty"));
        Assert.That(() => model.GenerateAsync(string.Empty),
            Throws.ArgumentException.With.Message.Contains("The prompt is empty, and the tokenizer has no start token"));
    }

    [Test]
    public void A_schedule_gives_numbers() => Assert.That(
        () => TeacherForcing.Schedule(_ => double.NaN).Ratio(3),
        Throws.InvalidOperationException.With.Message.Contains("gives NaN for update 3"));

    private static async Task<string> Joined(IAsyncEnumerable<string> parts)
    {
        string text = string.Empty;
        await foreach (string part in parts)
        {
            text += part;
        }

        return text;
    }
}
