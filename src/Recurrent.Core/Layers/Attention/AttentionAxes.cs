using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// How a sample of several axes of places is attended over: along some of its axes, the steps, while each place on the others, a
/// group, is attended over by itself, as if it were a sample.
/// </summary>
internal sealed class AttentionAxes
{
    private readonly int[] along;
    private readonly int[] apart;

    /// <summary>Takes the axes.</summary>
    /// <param name="axes">The axes that are attended along, 1 being the first of a sample; null for all but the features.</param>
    /// <param name="rank">Number of axes of the input, samples and features included.</param>
    public AttentionAxes(IReadOnlyList<int>? axes, int rank)
    {
        along = axes is null ? [.. Enumerable.Range(0, rank - 2)] : [.. axes.Select(axis => (axis < 0 ? axis + rank : axis) - 1)];
        apart = [.. Enumerable.Range(0, rank - 2).Except(along)];
    }

    /// <summary>The axes attended along, counted from 0 in a sample.</summary>
    public IReadOnlyList<int> Along => along;

    /// <summary>The axes whose places are attended over by themselves.</summary>
    public IReadOnlyList<int> Apart => apart;

    /// <summary>Why axes cannot be these; null where they can.</summary>
    public static string? Wrong(IReadOnlyList<int> axes, int rank)
    {
        int[] counted = [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
        bool rising = counted.Zip(counted.Skip(1)).All(pair => pair.First < pair.Second);
        return counted.Length > 0 && rising && counted[0] >= 1 && counted[^1] <= rank - 2
            ? null
            : FormattableString.Invariant($"attentionAxes must name some of the axes 1 to {rank - 2} in rising order, those ")
                + $"between samples and features, but names {NDArray.Describe(axes)}";
    }

    /// <summary>Number of steps.</summary>
    public int Steps(Shape sample) => Product(along, sample);

    /// <summary>Number of groups.</summary>
    public int Groups(Shape sample) => Product(apart, sample);

    /// <summary>For each step and, faster, each group its place in a sample; null where that is the same order.</summary>
    public int[]? Order(Shape sample)
    {
        int[] axes = [.. along, .. apart];
        int places = Product(axes, sample);
        int[] order = new int[places];
        for (int i = 0; i < places; i++)
        {
            int left = i;
            for (int at = axes.Length - 1; at >= 0; at--)
            {
                int length = sample[axes[at]]!.Value;
                order[i] += left % length * Stride(axes[at], sample);
                left /= length;
            }
        }

        return order.Where((place, i) => place != i).Any() ? order : null;
    }

    /// <summary>Shape of a sample of the scores: groups, heads, axes of the queries, axes of the keys.</summary>
    public Shape Scores(int heads, Shape query, Shape value) => new(
        [
            .. apart.Select(axis => query[axis]), heads, .. along.Select(axis => query[axis]),
            .. along.Select(axis => value[axis]),
        ]);

    /// <summary>
    /// Where a mask of pairs says whether a query of a head in a group may look at a key, of one sample: group, head (of 1 or
    /// all), query, key, the fastest. Its axes are those of the scores; those of groups and heads may be missing from behind, and
    /// each may be of length 1.
    /// </summary>
    /// <returns>The number of columns before it, and its row.</returns>
    public (int Step, int Row)[] Pairs(Shape mask, Shape scores, int maskHeads)
    {
        int ends = 2 * along.Length;
        int missing = scores.Rank - mask.Rank;
        int[] lengths = [.. scores.Axes.Select((axis, i) => i == apart.Length ? maskHeads : axis!.Value)];
        var places = new (int, int)[lengths.Aggregate(1, (a, b) => a * b)];
        int[] index = new int[lengths.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int left = i;
            for (int axis = lengths.Length - 1; axis >= 0; axis--)
            {
                index[axis] = left % lengths[axis];
                left /= lengths[axis];
            }

            int step = 0;
            int row = 0;
            for (int axis = 0; axis < mask.Rank; axis++)
            {
                int own = axis < mask.Rank - ends ? axis : axis + missing;
                int at = mask[axis] == 1 ? 0 : index[own];
                (step, row) = axis == mask.Rank - 1 ? (step, at) : ((step * mask[axis]!.Value) + at, 0);
            }

            places[i] = (step, row);
        }

        return places;
    }

    private static int Product(int[] axes, Shape sample) => axes.Aggregate(1, (size, axis) => size * sample[axis]!.Value);

    private static int Stride(int axis, Shape sample) =>
        Enumerable.Range(axis + 1, sample.Rank - 2 - axis).Aggregate(1, (size, other) => size * sample[other]!.Value);
}
