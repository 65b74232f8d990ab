using System.Text;
using Recurrent.Selection;

namespace Recurrent.Mpi;

/// <summary>
/// Runs the trials of a search on all ranks: every rank follows the search, and runs its share of the trials. The result is
/// the same as that of one process, and all ranks have it; rank 0 writes the log.
/// </summary>
/// <example><code>
/// SearchResult result = new TpeSearch(space, trials: 200, batchSize: 2 * world.Size) { Runner = new MpiTrials(world)
/// }.Run(Score);
/// </code></example>
/// <remarks>
/// Trials run in waves, as many at a time as there are ranks (times <see cref="Search.Workers"/>): a wave takes as long as
/// its slowest trial. A search by TPE has at most its <see cref="TpeSearch.BatchSize"/> in a wave.
/// </remarks>
/// <param name="world">The ranks.</param>
public sealed class MpiTrials(MpiWorld world) : ITrialRunner
{
    /// <inheritdoc/>
    public int Workers => 1;

    /// <inheritdoc/>
    public bool WritesLog => world.Rank == 0;

    /// <inheritdoc/>
    public void Run(int count, int workers, Func<int, TrialOutcome> trial, Func<int, TrialOutcome, bool> done)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(done);
        int each = Math.Max(1, workers);
        for (int start = 0; start < count; start += each * world.Size)
        {
            int end = Math.Min(count, start + (each * world.Size));
            int[] own = [.. Enumerable.Range(start, end - start).Where(i => (i - start) % world.Size == world.Rank)];
            var outcomes = new TrialOutcome[own.Length];
            Numerics.Workers.Run(own.Length, each, 0, (_, i) => outcomes[i] = trial(own[i]));
            var all = new SortedDictionary<int, TrialOutcome>();
            foreach (byte[] part in world.AllGather(Write(own, outcomes)))
            {
                Read(part, all);
            }

            bool goesOn = true;
            foreach ((int place, TrialOutcome outcome) in all)
            {
                goesOn &= done(place, outcome);
            }

            if (!goesOn)
            {
                return;
            }
        }
    }

    private static byte[] Write(int[] places, TrialOutcome[] outcomes)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(places.Length);
        for (int i = 0; i < places.Length; i++)
        {
            writer.Write(places[i]);
            writer.Write(outcomes[i].Value);
            writer.Write(outcomes[i].Problem is not null);
            writer.Write(outcomes[i].Problem ?? string.Empty);
            writer.Write(outcomes[i].Seconds);
            writer.Write(outcomes[i].Figures.Count);
            foreach ((string name, double value) in outcomes[i].Figures)
            {
                writer.Write(name);
                writer.Write(value);
            }
        }

        writer.Flush();
        return bytes.ToArray();
    }

    private static void Read(byte[] bytes, SortedDictionary<int, TrialOutcome> all)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            int place = reader.ReadInt32();
            double value = reader.ReadDouble();
            bool failed = reader.ReadBoolean();
            string problem = reader.ReadString();
            double seconds = reader.ReadDouble();
            var figures = new Dictionary<string, double>(StringComparer.Ordinal);
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                string name = reader.ReadString();
                figures[name] = reader.ReadDouble();
            }

            all[place] = new(value, failed ? problem : null, seconds, figures);
        }
    }
}
