namespace Recurrent.Labelling;

/// <summary>The greedy strategy of a <see cref="CTCDecoder"/>: the best class of each step.</summary>
internal sealed class BestAlignment(int classes, int blank, bool mergeRepeated)
{
    private readonly double[] logs = new double[classes];
    private readonly List<int> labels = [];
    private double score;
    private double log;
    private int before = -1;

    public int Count => labels.Count;

    public IReadOnlyList<int> Labels => [.. labels];

    public void Begin()
    {
        labels.Clear();
        (score, log, before) = (0, 0, -1);
    }

    public void Step(ReadOnlySpan<Real> step)
    {
        PrefixBeam.LogSoftmax(step, logs);
        int best = 0;
        for (int k = 1; k < classes; k++)
        {
            best = step[k] > step[best] ? k : best;
        }

        score -= step[best];
        log += logs[best];
        if (best != blank && (best != before || !mergeRepeated))
        {
            labels.Add(best);
        }

        before = best;
    }

    public CTCDecoding Found() => new([new(Labels, score, log)]);

    public BestAlignment Fork()
    {
        var other = new BestAlignment(classes, blank, mergeRepeated) { score = score, log = log, before = before };
        other.labels.AddRange(labels);
        return other;
    }
}
