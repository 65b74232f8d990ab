using System.Runtime.Intrinsics;

namespace Recurrent.Text;

/// <summary>A beam search over all sources of a run.</summary>
internal sealed class BeamRun
{
    private readonly DecoderRun run;
    private readonly BeamSearch how;
    private readonly int groupWidth;
    private readonly int[] next;
    private readonly int[] parents;
    private readonly Beam[] beams;
    private readonly Beam[] others;
    private readonly List<DecodedSequence>[] finished;
    private readonly bool[] groupDone;
    private readonly int[] chosenBefore;
    private readonly List<int> touched = [];
    private readonly Candidate[] best;
    private int bestCount;

    public BeamRun(DecoderRun run, BeamSearch how)
    {
        this.run = run;
        this.how = how;
        groupWidth = how.BeamWidth / how.Groups;
        int rows = run.Sources.Count * how.BeamWidth;
        next = new int[rows];
        parents = new int[rows];
        beams = [.. Enumerable.Range(0, rows).Select(_ => new Beam(run.MaxLength))];
        others = [.. Enumerable.Range(0, rows).Select(_ => new Beam(run.MaxLength))];
        finished = [.. Enumerable.Range(0, run.Sources.Count * how.Groups).Select(_ => new List<DecodedSequence>())];
        groupDone = new bool[finished.Length];
        chosenBefore = new int[run.TokenCount];

        // Of so many the first groupWidth that do not end go on, however many end.
        best = new Candidate[2 * groupWidth];
    }

    public DecodedSequence[][] Run()
    {
        var done = new bool[run.Sources.Count];
        for (int row = 0; row < beams.Length; row++)
        {
            // All begin alike, so one goes on.
            beams[row].IsLive = row % groupWidth == 0;
            next[row] = run.Prompts[row / how.BeamWidth][^1];
        }

        for (int step = 0; step < run.MaxLength && done.Contains(false); step++)
        {
            run.Drop(done);
            run.Feed(next);
            for (int source = 0; source < done.Length; source++)
            {
                if (!done[source])
                {
                    Advance(source, step);
                    done[source] = !groupDone.AsSpan(source * how.Groups, how.Groups).Contains(false);
                }
                else
                {
                    for (int row = source * how.BeamWidth; row < (source + 1) * how.BeamWidth; row++)
                    {
                        parents[row] = row;
                    }
                }
            }

            run.Reorder(parents);
        }

        return [.. Enumerable.Range(0, done.Length).Select(Results)];
    }

    /// <summary>Takes a step of one source.</summary>
    private void Advance(int source, int step)
    {
        foreach (int token in touched)
        {
            chosenBefore[token] = 0;
        }

        touched.Clear();
        for (int group = 0; group < how.Groups; group++)
        {
            int index = (source * how.Groups) + group;
            int first = (source * how.BeamWidth) + (group * groupWidth);
            for (int row = first; row < first + groupWidth; row++)
            {
                parents[row] = row;
            }

            if (!groupDone[index])
            {
                Gather(first, step);
                Choose(index, first, step);
            }
        }
    }

    /// <summary>Finds the best continuations of a group.</summary>
    private void Gather(int first, int step)
    {
        bestCount = 0;
        for (int row = first; row < first + groupWidth; row++)
        {
            if (!beams[row].IsLive)
            {
                continue;
            }

            run.Look(row, run.PlaceOf(row), how, beams[row].Tokens.AsSpan(0, step));
            double before = beams[row].LogProbability;
            double[] values = run.Scores.Values;
            bool isFirstGroup = touched.Count == 0;

            // Few get among the best: what is asked of the others is one comparison, of several at a time, which no token that
            // may not come passes.
            double least = Least;
            for (int token = 0; token < values.Length; token++)
            {
                if (isFirstGroup && token <= values.Length - Vector256<double>.Count
                    && !Vector256.GreaterThanAny(
                        Vector256.Create(before) + Vector256.Create(values, token), Vector256.Create(least)))
                {
                    token += Vector256<double>.Count - 1;
                    continue;
                }

                double total = before + values[token];
                double rank = isFirstGroup ? total : total - (how.Diversity * chosenBefore[token]);
                if (rank > least)
                {
                    Offer(new(rank, total, row, token));
                    least = Least;
                }
            }
        }
    }

    /// <summary>What a continuation must be above to be among the best.</summary>
    private double Least => bestCount == best.Length ? best[^1].Rank : double.NegativeInfinity;

    /// <summary>Puts a continuation among the best; of equal ones the first stays in front.</summary>
    private void Offer(Candidate candidate)
    {
        int place = bestCount < best.Length ? bestCount++ : best.Length - 1;
        while (place > 0 && best[place - 1].Rank < candidate.Rank)
        {
            best[place] = best[place - 1];
            place--;
        }

        best[place] = candidate;
    }

    private void Choose(int index, int first, int step)
    {
        int source = index / how.Groups;
        int live = 0;
        for (int i = 0; i < bestCount && live < groupWidth; i++)
        {
            Candidate candidate = best[i];
            if (candidate.Token == run.EndToken)
            {
                // An end that is not among the width has not won its place.
                if (i < groupWidth && finished[index].Count < groupWidth)
                {
                    finished[index].Add(Finish(beams[candidate.Row], candidate.Total, step, ended: true));
                    Note(candidate.Token);
                }

                continue;
            }

            Beam target = others[first + live];
            beams[candidate.Row].Tokens.AsSpan(0, step).CopyTo(target.Tokens);
            target.Tokens[step] = candidate.Token;
            target.LogProbability = candidate.Total;
            target.IsLive = true;
            parents[first + live] = candidate.Row;
            next[first + live] = candidate.Token;
            Note(candidate.Token);
            live++;
        }

        if (live == 0 && finished[index].Count == 0)
        {
            run.Stick(first, step);
        }

        for (int row = first; row < first + groupWidth; row++)
        {
            others[row].IsLive = row < first + live;
            (beams[row], others[row]) = (others[row], beams[row]);
        }

        if (step + 1 == run.MaxLength)
        {
            for (int row = first; row < first + live; row++)
            {
                finished[index].Add(Finish(beams[row], beams[row].LogProbability, step + 1, ended: false));
            }
        }

        groupDone[index] = live == 0 || finished[index].Count >= groupWidth || (how.Groups == 1 && IsSettled(source, first));
    }

    /// <summary>Whether nothing that goes on can get among the best.</summary>
    private bool IsSettled(int source, int first)
    {
        List<DecodedSequence> own = finished[source];
        if (own.Count < how.Best)
        {
            return false;
        }

        double least = own.Select(sequence => sequence.Score).OrderDescending().ElementAt(how.Best - 1);

        // Log-probabilities only fall, and what is below zero is greatest over the greatest length.
        return beams[first].LogProbability <= 0 && Score(beams[first].LogProbability, run.MaxLength + 1) <= least
            && how.RepetitionPenalty >= 0;
    }

    private void Note(int token)
    {
        if (how.Groups > 1)
        {
            chosenBefore[token]++;
            touched.Add(token);
        }
    }

    private DecodedSequence Finish(Beam beam, double total, int length, bool ended) =>
        new(beam.Tokens[..length], total, Score(total, length + (ended ? 1 : 0)), ended);

    private double Score(double total, int length) =>
        how.LengthPenalty == 0 ? total : total / Math.Pow(length, how.LengthPenalty);

    private DecodedSequence[] Results(int source) =>
    [
        .. Enumerable.Range(source * how.Groups, how.Groups).SelectMany(group => finished[group])
            .OrderByDescending(sequence => sequence.Ended).ThenByDescending(sequence => sequence.Score).Take(how.Best),
    ];

    private readonly record struct Candidate(double Rank, double Total, int Row, int Token);

    /// <summary>A beginning that goes on.</summary>
    private sealed class Beam(int maxLength)
    {
        public int[] Tokens { get; } = new int[maxLength];

        public double LogProbability { get; set; }

        public bool IsLive { get; set; }
    }
}
