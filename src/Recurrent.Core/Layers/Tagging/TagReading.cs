using System.Globalization;
using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a <see cref="CRF"/> gives, read as the best sequence of tags that its constraints allow.</summary>
/// <param name="layer">The layer.</param>
/// <param name="transitions">What it allows.</param>
internal sealed class TagReading(CRF layer, TagTransitions transitions) : OutputReading
{
    // Any number of threads may read at once, so room is rented from here.
    private readonly System.Collections.Concurrent.ConcurrentBag<Room> rooms = [];

    /// <inheritdoc/>
    public override int Rows => layer.Tags.Count;

    /// <inheritdoc/>
    public override void Read(SequenceBatch output, Span<Real> classes)
    {
        classes.Fill(-1);
        if (!rooms.TryTake(out Room? room))
        {
            room = new(layer.Tags.Count);
        }

        for (int sample = 0; sample < output.BatchSize; sample++)
        {
            ReadOnlySpan<int> columns = room.Columns(output, sample);
            if (columns.IsEmpty)
            {
                continue;
            }

            var chain = new LinearChain(output.Values.Values, columns, layer.Tags.Count);
            room.Paths.Find(chain, transitions.Allowed, transitions.Starts, transitions.Ends);
            if (room.Paths.Found == 0)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"{layer.Introduction}: no sequence of {columns.Length} tags is allowed by its scheme and what it "
                    + $"forbids, or its scores are no numbers."));
            }

            Span<int> path = room.Path.AsSpan(0, columns.Length);
            room.Paths.Write(0, path);
            for (int t = 0; t < path.Length; t++)
            {
                classes[columns[t]] = path[t];
            }
        }

        rooms.Add(room);
    }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> target, int sample)
    {
        for (int t = 0; t <= target.Length && !transitions.IsFree; t++)
        {
            int from = t == 0 ? -1 : (int)target[t - 1];
            int to = t == target.Length ? -1 : (int)target[t];
            if (!transitions.May(from, to))
            {
                string what = from < 0 ? $"begins with '{layer.Tags[to]}'"
                    : to < 0 ? $"ends with '{layer.Tags[from]}'"
                    : string.Create(CultureInfo.InvariantCulture, $"has '{layer.Tags[to]}' after '{layer.Tags[from]}' at step "
                    + $"{t}");
                throw new ArgumentException(
                    $"Sample {sample.ToString(CultureInfo.InvariantCulture)} of the targets {what}, which {layer.Introduction} "
                    + $"does not allow. Mend the targets, or change its scheme ('{layer.Scheme}') or what it forbids.");
            }
        }
    }

    private sealed class Room(int tags)
    {
        private int[] columns = [];

        public BestPaths Paths { get; } = new(tags);

        public int[] Path { get; private set; } = [];

        public ReadOnlySpan<int> Columns(SequenceBatch output, int sample)
        {
            if (columns.Length < output.Steps)
            {
                columns = new int[output.Steps];
                Path = new int[output.Steps];
            }

            return columns.AsSpan(0, LinearChain.Find(output.Mask, sample, output.BatchSize, output.Steps, columns));
        }
    }
}
