using System.Runtime.InteropServices;
using Recurrent.Random;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Text;

/// <summary>
/// A text that a <see cref="LanguageModel"/> reads and writes piece by piece: it holds the state, which can be kept and set,
/// and writes a token in constant time, without allocating where the model has no attention.
/// </summary>
/// <remarks>
/// Belongs to one text and one thread; any number of generators share a model. Draws follow from the seed, from all tokens that
/// were read, and from how many were written since.
/// </remarks>
/// <example><code>
/// TextGenerator writer = model.OpenGenerator(new SamplingDecoding(temperature: 0.7));
/// writer.Read("Once upon a time");
/// for (int i = 0; i &lt; 200 &amp;&amp; writer.Next() is { } part; i++)
/// {
///     Console.Write(part);
/// }
/// </code></example>
public sealed class TextGenerator
{
    private readonly LanguageModel owner;
    private readonly StreamingSession session;
    private readonly TokenScores scores;
    private readonly bool needsHistory;
    private readonly List<int> written = [];
    private TokenDecoder stream;
    private int[] read = [];
    private ulong key = SequenceDecoder.KeyOf([]);
    private int count;
    private int last = -1;

    internal TextGenerator(LanguageModel owner, Decoding? decoding)
    {
        this.owner = owner;
        Decoding = Checked(decoding);
        needsHistory = Decoding.RepetitionPenalty != 1 || Decoding.Allow is not null || Decoding.MinLength > 0;
        session = owner.Model.OpenSession();
        scores = new TokenScores(owner.Steps.TokenCount);
        stream = owner.Tokenizer.StartDecoding();
    }

    /// <summary>How it writes.</summary>
    public Decoding Decoding { get; }

    /// <summary>Whether the end token has come.</summary>
    public bool HasEnded => last >= 0 && last == owner.Steps.EndToken;

    /// <summary>Number of tokens written since the last text was read.</summary>
    public int Written => count;

    /// <summary>The state of the model before the last token, as a value: set it on any generator of the same model, and read
    /// on from there. A state knows no tokens: a penalty for repetition, and draws, begin anew with what is read then.</summary>
    /// <exception cref="ArgumentException">The state is of another model, or of several sequences.</exception>
    public ModelState State
    {
        get => session.State;
        set
        {
            session.State = value;
            Forget();
        }
    }

    /// <summary>Reads a text, behind what has been read and written before.</summary>
    /// <param name="text">The text; the first one gets the start token in front, if there is one.</param>
    /// <exception cref="ArgumentException">The text is no Unicode, or has something unknown.</exception>
    public void Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool first = last < 0 && session.Steps == 0;
        Read(first ? owner.PromptIds(text, -1) : owner.Tokenizer.Encode(text));
    }

    /// <summary>Writes a token, and says what it adds to the text.</summary>
    /// <returns>What it adds, which may be empty where a character is not complete; null where the text has ended.</returns>
    /// <exception cref="InvalidOperationException">Nothing has been read yet, or no token may come.</exception>
    public string? Next()
    {
        int token = NextToken();
        return token < 0 ? null : stream.Append(token);
    }

    /// <summary>Writes a token. Allocates nothing, where the model has no attention.</summary>
    /// <returns>Its id; −1 where the text has ended.</returns>
    /// <exception cref="InvalidOperationException">Nothing has been read yet, or no token may come.</exception>
    public int NextToken()
    {
        if (last < 0)
        {
            throw new InvalidOperationException("Nothing has been read yet. Call Read with the beginning of a text first.");
        }

        if (HasEnded)
        {
            return -1;
        }

        owner.Steps.Write(session, 0, last);
        session.Advance();
        owner.Steps.Read(session, 0, scores, count);
        ReadOnlySpan<int> soFar = needsHistory ? CollectionsMarshal.AsSpan(written) : default;
        owner.Steps.Shape(scores, Decoding, read, soFar, 0);
        int token = Decoding is SamplingDecoding sampling
            ? sampling.Draw(scores, sampling.StreamOf(key, 0), count)
            : scores.MostLikely();
        if (token < 0)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"No token may come at place {count} of the text: allow refuses all tokens. Allow the end token at least."));
        }

        last = token;
        count++;
        if (needsHistory)
        {
            written.Add(token);
        }

        return HasEnded ? -1 : token;
    }

    /// <summary>What is left of the text when no token comes any more: characters that were never completed.</summary>
    public string Finish() => stream.Finish();

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        session.Reset();
        Forget();
    }

    /// <summary>How many tokens can be written before a text is read again: what the decoding says, or else the model.</summary>
    internal int Most() => Decoding.MaxLength
        ?? session.StepsOf(Math.Max(Decoding.DefaultMaxLength, Decoding.MinLength)).Steps;

    /// <summary>A decoding of one text.</summary>
    /// <exception cref="ArgumentException">It is one of several.</exception>
    internal static Decoding Checked(Decoding? decoding)
    {
        decoding ??= new SamplingDecoding();
        return decoding is BeamSearch || (decoding as SamplingDecoding)?.Samples > 1
            ? throw new ArgumentException(
                $"A text that is written token by token is one text, so it cannot come from {decoding.GetType().Name} of "
                + "several. Use GreedyDecoding or SamplingDecoding with samples: 1, or GenerateAll.", nameof(decoding))
            : decoding;
    }

    private void Forget()
    {
        stream = owner.Tokenizer.StartDecoding();
        written.Clear();
        read = [];
        key = SequenceDecoder.KeyOf([]);
        count = 0;
        last = -1;
    }

    internal void Read(int[] ids)
    {
        if (ids.Length == 0)
        {
            return;
        }

        int[] all = last < 0 ? ids : [last, .. ids];
        if (all.Length > 1)
        {
            session.Run(owner.Steps.Steps([all], all.Length - 1));
        }

        foreach (int id in ids)
        {
            key = SeededRandom.Key(key, (ulong)id);
        }

        if (needsHistory)
        {
            read = [.. read, .. written, .. ids];
            written.Clear();
        }

        count = 0;
        last = ids[^1];
    }
}
