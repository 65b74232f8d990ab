using System.Globalization;
using System.Text;

namespace Recurrent.Mpi;

/// <summary>How many cores a rank has for itself, beside the other ranks of its machine.</summary>
internal static class ThreadShare
{
    /// <summary>Asks all ranks where they may run, and takes this one's share.</summary>
    /// <param name="world">The ranks.</param>
    /// <param name="rank">This one.</param>
    public static int Of(MpiWorld world, int rank)
    {
        string[] all = [.. world.AllGather(Encoding.UTF8.GetBytes($"{Environment.MachineName} {Allowed()}"))
            .Select(Encoding.UTF8.GetString)];
        return Of(all, rank, Environment.ProcessorCount);
    }

    /// <summary>This rank's share, from what all say.</summary>
    /// <param name="all">Of each rank the machine, a space, and the cores it may run on (<c>0-3,8</c>); none where that is not
    /// known.</param>
    /// <param name="rank">This one.</param>
    /// <param name="processors">Cores that .NET counts: fewer than those where there is a limit.</param>
    public static int Of(IReadOnlyList<string> all, int rank, int processors)
    {
        string machine = all[rank].Split(' ')[0];
        string[] local = [.. all.Where(one => one.Split(' ')[0] == machine).Select(one => one[machine.Length..].Trim())];
        HashSet<int> own = Cores(all[rank][machine.Length..].Trim());
        if (own.Count == 0 || local.Any(cores => Cores(cores).Count == 0))
        {
            return Math.Max(1, processors / local.Length);
        }

        // A core counts in part where other ranks may run on it too.
        HashSet<int>[] others = [.. local.Select(Cores)];
        double share = own.Sum(core => 1.0 / others.Count(cores => cores.Contains(core)));
        return Math.Max(1, (int)((processors * share / own.Count) + 1e-9));
    }

    private static string Allowed()
    {
        try
        {
            const string Key = "Cpus_allowed_list:";
            return File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))
                ?[Key.Length..].Trim() ?? string.Empty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static HashSet<int> Cores(string list)
    {
        HashSet<int> cores = [];
        foreach (string part in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
            {
                return [];
            }

            cores.UnionWith(Enumerable.Range(first, Math.Clamp(last - first + 1, 0, 1 << 16)));
        }

        return cores;
    }
}
