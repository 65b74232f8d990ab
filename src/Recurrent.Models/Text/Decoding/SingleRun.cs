namespace Recurrent.Text;

/// <summary>Decoding that keeps one beginning of each sequence: greedy and sampling.</summary>
internal static class SingleRun
{
    /// <summary>Writes a continuation of each sequence.</summary>
    /// <param name="run">The run.</param>
    /// <param name="how">The decoding.</param>
    /// <param name="choose">Chooses a token by its scores, the sequence and the step; −1 where none may come.</param>
    public static DecodedSequence[][] Of(DecoderRun run, Decoding how, Func<TokenScores, int, int, int> choose)
    {
        int count = run.Sources.Count * run.Width;
        var tokens = new int[count][];
        var next = new int[count];
        var lengths = new int[count];
        var logs = new double[count];
        var ended = new bool[count];
        var lost = new bool[count];
        var done = new bool[run.Sources.Count];
        for (int i = 0; i < count; i++)
        {
            tokens[i] = new int[run.MaxLength];
            next[i] = run.Prompts[i / run.Width][^1];
        }

        for (int step = 0; step < run.MaxLength && done.Contains(false); step++)
        {
            run.Drop(done);
            run.Feed(next);
            Array.Fill(done, true);
            for (int i = 0; i < count; i++)
            {
                if (ended[i])
                {
                    continue;
                }

                run.Look(i, run.PlaceOf(i), how, tokens[i].AsSpan(0, step));
                int token = choose(run.Scores, i, step);
                if (token < 0)
                {
                    run.Stick(i, step);
                    ended[i] = lost[i] = true;
                    continue;
                }

                logs[i] += run.Scores.Values[token];
                next[i] = token;
                if (token == run.EndToken)
                {
                    ended[i] = true;
                }
                else
                {
                    tokens[i][step] = token;
                    lengths[i] = step + 1;
                    done[i / run.Width] = false;
                }
            }
        }

        return
        [
            .. Enumerable.Range(0, run.Sources.Count).Select(source => (DecodedSequence[])
            [
                .. Enumerable.Range(source * run.Width, run.Width).Where(i => !lost[i])
                    .Select(i => new DecodedSequence(tokens[i][..lengths[i]], logs[i], logs[i], ended[i])),
            ]),
        ];
    }
}
