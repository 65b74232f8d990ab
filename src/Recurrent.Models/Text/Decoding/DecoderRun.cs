using Recurrent.Streaming;

namespace Recurrent.Text;

/// <summary>
/// Sequences that are decoded side by side: a session with so many for each source, and what has come before in each.
/// </summary>
internal sealed class DecoderRun
{
    private readonly StepModel model;
    private readonly ulong[] keys;
    private readonly int[] stuckAt;
    private readonly CancellationToken cancellation;
    private StreamingSession session;
    private int[] rows;
    private int[] places;

    /// <summary>Begins with a session that has taken all of the prompts but their last tokens.</summary>
    /// <param name="model">The model.</param>
    /// <param name="session">The session, of <paramref name="width"/> sequences for each source.</param>
    /// <param name="prompts">What comes before, for each source; the last token has not been fed yet.</param>
    /// <param name="sources">Which number each source has for callers.</param>
    /// <param name="keys">What random draws of each source follow from.</param>
    /// <param name="width">Sequences of a source.</param>
    /// <param name="maxLength">Most tokens.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public DecoderRun(
        StepModel model,
        StreamingSession session,
        IReadOnlyList<int[]> prompts,
        IReadOnlyList<int> sources,
        ulong[] keys,
        int width,
        int maxLength,
        CancellationToken cancellation)
    {
        this.model = model;
        this.session = session;
        this.keys = keys;
        this.cancellation = cancellation;
        Prompts = prompts;
        Sources = sources;
        stuckAt = new int[sources.Count];
        Width = width;
        MaxLength = maxLength;
        rows = [.. Enumerable.Range(0, session.Sequences)];
        places = PlacesOf(rows.Length);
        Scores = new TokenScores(model.TokenCount);
    }

    /// <summary>Room for the scores of a sequence.</summary>
    public TokenScores Scores { get; }

    /// <summary>Sequences of a source.</summary>
    public int Width { get; }

    /// <summary>Most tokens of a sequence.</summary>
    public int MaxLength { get; }

    /// <summary>Number of tokens.</summary>
    public int TokenCount => model.TokenCount;

    /// <summary>The token that ends a sequence; null for none.</summary>
    public int? EndToken => model.EndToken;

    /// <summary>What comes before, for each source.</summary>
    public IReadOnlyList<int[]> Prompts { get; }

    /// <summary>Which number each source has for callers.</summary>
    public IReadOnlyList<int> Sources { get; }

    /// <summary>What the random draws of a source follow from.</summary>
    public ulong KeyOf(int source) => keys[source];

    /// <summary>Takes a step.</summary>
    /// <param name="tokens">A token for each sequence of all sources, those that are done included.</param>
    public void Feed(ReadOnlySpan<int> tokens)
    {
        cancellation.ThrowIfCancellationRequested();
        for (int i = 0; i < rows.Length; i++)
        {
            model.Write(session, i, tokens[rows[i]]);
        }

        session.Advance();
    }

    /// <summary>Looks at the next token of a sequence: its scores, as a decoding wants them.</summary>
    /// <param name="row">Which sequence of all.</param>
    /// <param name="place">Where it stands among those that are still going on.</param>
    /// <param name="how">The decoding.</param>
    /// <param name="soFar">What it has so far.</param>
    public void Look(int row, int place, Decoding how, ReadOnlySpan<int> soFar)
    {
        model.Read(session, place, Scores, soFar.Length);
        model.Shape(Scores, how, Prompts[row / Width], soFar, Sources[row / Width]);
    }

    /// <summary>Where a sequence stands among those that are still going on; −1 where it is no more.</summary>
    public int PlaceOf(int row) => places[row];

    /// <summary>Lets sequences go on from one another.</summary>
    /// <param name="parents">For each sequence of all, the one that it goes on from, of the same source.</param>
    public void Reorder(ReadOnlySpan<int> parents)
    {
        Span<int> from = rows.Length <= 256 ? stackalloc int[rows.Length] : new int[rows.Length];
        bool moves = false;
        for (int i = 0; i < from.Length; i++)
        {
            from[i] = PlaceOf(parents[rows[i]]);
            moves |= from[i] != i;
        }

        if (moves)
        {
            session.Reorder(from);
        }
    }

    /// <summary>Lets sources go whose sequences are done, where that makes the session much smaller.</summary>
    public void Drop(ReadOnlySpan<bool> done)
    {
        const int WorthIt = 8;
        int live = 0;
        foreach (int row in rows)
        {
            live += done[row / Width] ? 0 : 1;
        }

        if (live > 0 && rows.Length >= WorthIt && 2 * live <= rows.Length)
        {
            var kept = new List<int>(live);
            for (int i = 0; i < rows.Length; i++)
            {
                if (!done[rows[i] / Width])
                {
                    kept.Add(i);
                }
            }

            session = session.Keep([.. kept]);
            rows = [.. kept.Select(place => rows[place])];
            places = PlacesOf(places.Length);
        }
    }

    private int[] PlacesOf(int count)
    {
        var all = new int[count];
        Array.Fill(all, -1);
        for (int place = 0; place < rows.Length; place++)
        {
            all[rows[place]] = place;
        }

        return all;
    }

    /// <summary>Notes that a sequence cannot go on, where none of its source has yet a result.</summary>
    public void Stick(int row, int step) => stuckAt[row / Width] = step;

    /// <summary>The last place at which a sequence of a source could not go on.</summary>
    public int StuckAt(int source) => stuckAt[source];
}
