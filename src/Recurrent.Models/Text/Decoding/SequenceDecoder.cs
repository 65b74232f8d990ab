using System.Collections.Concurrent;
using System.Globalization;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Text;

/// <summary>
/// Writes sequences with any model that works step by step: language models, the decoders of encoder–decoder models with what
/// their encoders gave, transformers with their caches. Greedy, sampling or beam search, over states as values: no model is
/// rebuilt for it.
/// </summary>
/// <remarks>
/// A step of the model takes a token, as an id or as a vector of zeros and one 1, and gives a score for each token that may
/// come next: logits, or probabilities. What a sequence gets has the same bits whatever is decoded beside it, on any number
/// of threads, and is what the model gives on whole sequences.
/// </remarks>
/// <example><code>
/// var decoder = new SequenceDecoder(writer, endToken: 2);
/// var results = decoder.Decode([[1], [1]], new BeamSearch(width: 4), start: new() { ["memory"] = encoder.Predict(texts) });
/// IReadOnlyList&lt;int&gt; tokens = results[0][0].Tokens;
/// </code></example>
public sealed class SequenceDecoder
{
    private readonly StepModel model;

    // Sessions that have written all they were to, one for each thread that has decoded.
    private readonly ConcurrentBag<StreamingSession> idle = [];

    /// <summary>Looks at a model.</summary>
    /// <param name="model">The model. It keeps its weights: what it learns later, the decoder knows too.</param>
    /// <param name="endToken">The token that ends a sequence; null (the default): sequences end at their greatest
    /// length.</param>
    /// <param name="fromLogits">Whether the model gives logits; null (the default): unless its last function is
    /// softmax.</param>
    /// <exception cref="ArgumentException">The model gives no scores of tokens, or the end token is none of them.</exception>
    public SequenceDecoder(Model model, int? endToken = null, bool? fromLogits = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = new StepModel(model, endToken, fromLogits);
    }

    /// <summary>Number of tokens.</summary>
    public int TokenCount => model.TokenCount;

    /// <summary>What a sequence is called in messages.</summary>
    internal string Subject { get; init; } = "sequence";

    /// <summary>Tokens that are never written.</summary>
    internal int[] Never
    {
        get => model.Never;
        init => model.Never = value;
    }

    /// <summary>The greatest length where the decoding says none.</summary>
    internal int MaxLength { get; init; } = Decoding.DefaultMaxLength;

    /// <summary>Writes a continuation of each prompt.</summary>
    /// <param name="prompts">What comes first, at least one token each, such as a start token.</param>
    /// <param name="decoding">How; null (the default) is <see cref="GreedyDecoding"/>.</param>
    /// <param name="start">What the model is given once, as <c>OpenSession</c> takes it: one row for each prompt.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <returns>For each prompt its results, the best one first (samples in the order they were drawn).</returns>
    /// <exception cref="ArgumentException">A prompt is empty or has a token that is none; the message says where.</exception>
    /// <exception cref="InvalidOperationException">The model takes no further step; or no token may come next in a sequence that
    /// has no other result: what was written for the others is in the inner <see cref="DecodingException"/>.</exception>
    /// <exception cref="NotSupportedException">A layer cannot work step by step.</exception>
    public IReadOnlyList<IReadOnlyList<DecodedSequence>> Decode(
        IReadOnlyList<IReadOnlyList<int>> prompts,
        Decoding? decoding = null,
        ModelData? start = null,
        CancellationToken cancellationToken = default)
    {
        var stuck = new DeadEnds(Subject);
        IReadOnlyList<IReadOnlyList<DecodedSequence>> results = Decode(prompts, decoding, start, null, stuck, cancellationToken);
        stuck.ThrowIfAny(results);
        return results;
    }

    /// <summary>Goes on from a state, such as that of a session.</summary>
    /// <param name="state">The state, of one sequence or several.</param>
    /// <param name="lastTokens">The last token of each sequence, which the state has not seen yet.</param>
    /// <param name="decoding">How; null (the default) is <see cref="GreedyDecoding"/>.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <returns>For each sequence its results, the best one first (samples in the order they were drawn).</returns>
    /// <exception cref="ArgumentException">The state is another model's, or a token is none.</exception>
    /// <exception cref="InvalidOperationException">The model takes no further step; or no token may come next in a sequence that
    /// has no other result: what was written for the others is in the inner <see cref="DecodingException"/>.</exception>
    public IReadOnlyList<IReadOnlyList<DecodedSequence>> Decode(
        ModelState state,
        IReadOnlyList<int> lastTokens,
        Decoding? decoding = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(lastTokens);
        if (lastTokens.Count != state.Sequences)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The state is one of {state.Sequences} sequences, but there are {lastTokens.Count} last tokens."),
                nameof(lastTokens));
        }

        int[][] prompts = [.. lastTokens.Select(token => new[] { token })];
        for (int i = 0; i < prompts.Length; i++)
        {
            model.RequireTokens(prompts[i], i, nameof(lastTokens));
        }

        int[] sources = [.. Enumerable.Range(0, prompts.Length)];
        var stuck = new DeadEnds(Subject);
        IReadOnlyList<DecodedSequence>[] results = Run(
            state, prompts, sources, KeysOf(prompts), decoding ?? new GreedyDecoding(), stuck, cancellationToken);
        stuck.ThrowIfAny(results);
        return results;
    }

    /// <summary>Writes a continuation of each prompt.</summary>
    /// <param name="prompts">What comes first.</param>
    /// <param name="decoding">How.</param>
    /// <param name="start">What the model is given once.</param>
    /// <param name="keys">What random draws of each follow from; null for the prompts.</param>
    /// <param name="stuck">Takes those that get no result.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    /// <param name="first">Which number the first prompt has for callers.</param>
    internal IReadOnlyList<IReadOnlyList<DecodedSequence>> Decode(
        IReadOnlyList<IReadOnlyList<int>> prompts,
        Decoding? decoding,
        ModelData? start,
        ulong[]? keys,
        DeadEnds stuck,
        CancellationToken cancellation,
        int first = 0)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        int[][] all = [.. prompts.Select((prompt, i) => Checked(prompt, i))];
        if (all.Length == 0)
        {
            throw new ArgumentException("There is nothing to decode: give at least one prompt.", nameof(prompts));
        }

        keys ??= KeysOf(all);
        Decoding how = decoding ?? new GreedyDecoding();
        if (Array.TrueForAll(all, prompt => prompt.Length == 1))
        {
            idle.TryTake(out StreamingSession? known);
            StreamingSession session = model.Model.OpenSession(all.Length, start, how.Width, 1 + LengthOf(how), known);
            IReadOnlyList<DecodedSequence>[] decoded =
                Run(session, all, [.. Enumerable.Range(first, all.Length)], keys, how, stuck, cancellation);
            idle.Add(session);
            return decoded;
        }

        ModelState begun = model.Model.OpenSession(all.Length, start).State;
        var results = new IReadOnlyList<DecodedSequence>[all.Length];

        // Prompts of one length go together: their states are after as many steps.
        foreach (IGrouping<int, int> group in Enumerable.Range(0, all.Length).GroupBy(i => all[i].Length))
        {
            int[] own = [.. group];
            int[][] tokens = [.. own.Select(i => all[i])];
            ModelState state = own.Length == all.Length ? begun : begun.Select(own);
            if (group.Key > 1)
            {
                StreamingSession session = model.Model.OpenSession(state, group.Key);
                session.Run(model.Steps(tokens, group.Key - 1));
                state = session.State;
            }

            IReadOnlyList<DecodedSequence>[] written =
                Run(
                    state, tokens, [.. own.Select(i => first + i)], [.. own.Select(i => keys[i])], how, stuck, cancellation);
            for (int i = 0; i < own.Length; i++)
            {
                results[own[i]] = written[i];
            }
        }

        return results;
    }

    /// <summary>What random draws follow from: the tokens themselves.</summary>
    internal static ulong KeyOf(IEnumerable<int> tokens) =>
        tokens.Aggregate(0x5445585453UL, (key, token) => SeededRandom.Key(key, (ulong)token));

    private static ulong[] KeysOf(int[][] prompts) => [.. prompts.Select(prompt => KeyOf(prompt))];

    private IReadOnlyList<DecodedSequence>[] Run(
        ModelState state, int[][] prompts, int[] sources, ulong[] keys, Decoding how, DeadEnds stuck,
        CancellationToken cancellation)
    {
        StreamingSession session = model.Model.OpenSession(state, how.Width, prompts[0].Length + LengthOf(how));
        return Run(session, prompts, sources, keys, how, stuck, cancellation);
    }

    private IReadOnlyList<DecodedSequence>[] Run(
        StreamingSession session, int[][] prompts, int[] sources, ulong[] keys, Decoding how, DeadEnds stuck,
        CancellationToken cancellation)
    {
        var run = new DecoderRun(
            model, session, prompts, sources, keys, how.Width, LengthOf(how, session, sources[0]), cancellation);
        IReadOnlyList<DecodedSequence>[] results = [.. how.Run(run)];
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i].Count == 0)
            {
                stuck.Add(sources[i], run.StuckAt(i));
            }
        }

        return results;
    }

    private int LengthOf(Decoding how) => how.MaxLength ?? Math.Max(MaxLength, how.MinLength);

    /// <summary>The greatest length of sequences that go on in a session: what the model allows where the decoding says
    /// none.</summary>
    private int LengthOf(Decoding how, StreamingSession session, int source)
    {
        int wanted = LengthOf(how);
        (int possible, string? obstacle) = session.StepsOf(wanted);
        return obstacle is null || (possible > 0 && how.MaxLength is null && how.MinLength <= possible) ? possible
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{Subject} {source} can have {possible} more tokens, but {Math.Max(how.MaxLength ?? 1, how.MinLength)} are "
                + $"asked for: {obstacle}. Give a smaller maxLength or a shorter prompt; nothing was written."));
    }

    private int[] Checked(IReadOnlyList<int> prompt, int sample)
    {
        if (prompt is null || prompt.Count == 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"prompts[{sample}] is empty. A sequence begins with at least one token, such as a start token."));
        }

        model.RequireTokens(prompt, sample, "prompts");
        return [.. prompt];
    }
}
