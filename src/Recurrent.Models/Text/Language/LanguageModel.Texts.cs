using System.Runtime.CompilerServices;
using System.Text;
using Recurrent.Models;
using Recurrent.Streaming;

namespace Recurrent.Text;

/// <content>Texts: how likely they are, and new ones.</content>
public sealed partial class LanguageModel
{
    private const int Chunk = 256;

    /// <summary>How well the model knows a text.</summary>
    /// <param name="text">The text. Its first token is predicted where there is a start token; else it is only read.</param>
    /// <param name="steps">
    /// Null (the default): the text is read as one, and states go on to its end. A number cuts it into windows of so many
    /// tokens, each predicted from zero states; what is left at the end is left out, as the first token of each window is
    /// only read.
    /// </param>
    /// <param name="cancellationToken">Cancels between pieces.</param>
    /// <exception cref="ArgumentException">The text is too short, no Unicode, or has something unknown.</exception>
    public LanguageScore Evaluate(string text, int? steps = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        new Registration.OptionCheck(nameof(Evaluate)).Positive(nameof(steps), steps ?? 1).ThrowIfAny();
        int[] ids = Tokenizer.Encode(text, addStart: Tokenizer.StartId is not null && steps is null);
        if (ids.Length < 1 + (steps ?? 1))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The text has {ids.Length} tokens, but {1 + (steps ?? 1)} are needed at least: one to read, others to predict."),
                nameof(text));
        }

        return steps is int window ? EvaluateWindows(ids, window, cancellationToken) : EvaluateWhole(ids, cancellationToken);
    }

    /// <summary>Writes on where a text ends.</summary>
    /// <param name="prompt">The text; it may be empty where the tokenizer has a start token.</param>
    /// <param name="decoding">How; null (the default) is <see cref="SamplingDecoding"/>. Its greatest length, by default 256,
    /// is the number of tokens that are written, unless an end token comes.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <returns>What was written, without the prompt: the best of several.</returns>
    /// <exception cref="ArgumentException">The prompt is empty, no Unicode, or has something unknown.</exception>
    /// <exception cref="InvalidOperationException">No token may come next for a text; what was written for the others is in the
    /// inner <see cref="DecodingException"/>.</exception>
    public string Generate(string prompt = "", Decoding? decoding = null, CancellationToken cancellationToken = default) =>
        GenerateAll([prompt], decoding, cancellationToken)[0][0].Text;

    /// <summary>Writes on where texts end, side by side: all results of each.</summary>
    /// <param name="prompts">The texts.</param>
    /// <param name="decoding">How; null (the default) is <see cref="SamplingDecoding"/>.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <exception cref="ArgumentException">A prompt is empty, no Unicode, or has something unknown.</exception>
    /// <exception cref="InvalidOperationException">No token may come next for a text; what was written for the others is in the
    /// inner <see cref="DecodingException"/>.</exception>
    public IReadOnlyList<IReadOnlyList<GeneratedText>> GenerateAll(
        IReadOnlyList<string> prompts, Decoding? decoding = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        decoder ??= new SequenceDecoder(Model, Tokenizer.EndId) { Never = steps.Never, Subject = "prompt" };
        int[][] ids = [.. prompts.Select(PromptIds)];
        return
        [
            .. decoder.Decode(ids, decoding ?? new SamplingDecoding(), start: null, cancellationToken).Select(all =>
                (IReadOnlyList<GeneratedText>)[.. all.Select(own => new GeneratedText(Tokenizer.Decode(own.Tokens), own))]),
        ];
    }

    /// <summary>Writes on where a text ends, token by token as they come.</summary>
    /// <param name="prompt">The text; it may be empty where the tokenizer has a start token.</param>
    /// <param name="decoding">How: greedy or sampling; null (the default) is <see cref="SamplingDecoding"/>.</param>
    /// <param name="cancellationToken">Cancels between tokens.</param>
    /// <returns>What each token adds to the text; together what <see cref="Generate"/> gives, each time it is gone
    /// through.</returns>
    /// <exception cref="ArgumentException">The prompt is empty or no Unicode, or the decoding is a beam search.</exception>
    public IAsyncEnumerable<string> GenerateAsync(
        string prompt = "", Decoding? decoding = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);

        // What is wrong is said now; the text begins anew with each enumeration.
        Decoding how = TextGenerator.Checked(decoding);
        return Parts(how, PromptIds(prompt, -1), cancellationToken);
    }

    /// <summary>Opens a generator, which holds the state of a text that is read and written piece by piece.</summary>
    /// <param name="decoding">How it writes: greedy or sampling; null (the default) is <see cref="SamplingDecoding"/>.</param>
    public TextGenerator OpenGenerator(Decoding? decoding = null) => new(this, decoding);

    /// <summary>The ids of a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="sample">Which it is of several, for messages; −1 where it is the only one.</param>
    internal int[] PromptIds(string prompt, int sample)
    {
        int[] ids = Tokenizer.EncodeSample(prompt, sample, addStart: Tokenizer.StartId is not null, nameof(prompt));
        return ids.Length > 0 ? ids : throw new ArgumentException(
            (sample < 0 ? "The prompt" : FormattableString.Invariant($"prompts[{sample}]"))
            + " is empty, and the tokenizer has no start token to begin with. Give a prompt.", nameof(prompt));
    }

    private async IAsyncEnumerable<string> Parts(
        Decoding how, int[] prompt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var generator = new TextGenerator(this, how);
        generator.Read(prompt);
        int most = generator.Most();
        for (int i = 0; i < most; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (generator.Next() is not { } part)
            {
                yield break;
            }

            if (part.Length > 0)
            {
                yield return part;
            }

            // Others may run between tokens.
            await Task.Yield();
        }

        if (generator.Finish() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    private LanguageScore EvaluateWhole(int[] ids, CancellationToken cancellationToken)
    {
        StreamingSession session = Model.OpenSession(1, capacity: ids.Length);
        var scores = new TokenScores(steps.TokenCount);
        double nats = 0;
        for (int start = 0; start + 1 < ids.Length; start += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Chunk, ids.Length - 1 - start);
            NDArray given = session.Run(steps.Steps([ids[start..(start + count)]], count));
            nats += NatsOf(given, 0, ids.AsSpan(start + 1, count), scores);
        }

        return new(nats, ids.Length - 1, CharactersOf(ids[1..]));
    }

    private LanguageScore EvaluateWindows(int[] ids, int window, CancellationToken cancellationToken)
    {
        const int Together = 64;
        var scores = new TokenScores(steps.TokenCount);
        int windows = (ids.Length - 1) / window;
        double nats = 0;
        int characters = 0;
        for (int first = 0; first < windows; first += Together)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[][] own = [.. Enumerable.Range(first, Math.Min(Together, windows - first))
                .Select(i => ids[(i * window)..((i + 1) * window)])];
            NDArray given = Model.Predict(steps.Steps(own, window), Together, cancellationToken: cancellationToken);
            for (int i = 0; i < own.Length; i++)
            {
                int start = ((first + i) * window) + 1;
                nats += NatsOf(given, i * window, ids.AsSpan(start, window), scores);
                characters += CharactersOf(ids[start..(start + window)]);
            }
        }

        return new(nats, windows * window, characters);
    }

    private double NatsOf(NDArray given, int firstRow, ReadOnlySpan<int> next, TokenScores scores)
    {
        double nats = 0;
        for (int t = 0; t < next.Length; t++)
        {
            scores.Take(given.Values.AsSpan((firstRow + t) * steps.TokenCount, steps.TokenCount), steps.AreProbabilities);
            nats -= scores.Values[next[t]];
        }

        return nats;
    }

    private int CharactersOf(IEnumerable<int> ids)
    {
        int count = 0;
        foreach (Rune _ in Tokenizer.Decode(ids).EnumerateRunes())
        {
            count++;
        }

        return Math.Max(1, count);
    }
}
