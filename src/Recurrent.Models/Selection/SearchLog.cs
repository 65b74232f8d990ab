using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Selection;

/// <summary>
/// The file of a search: a first line that says which search it is, then a line for each trial that is done, each a JSON document
/// of its own. Read as if it came from an enemy; what a process was killed in the middle of writing is left out.
/// </summary>
internal sealed class SearchLog : IDisposable
{
    private const int LongestLine = 1 << 20;
    private const int LongestProblem = 1000;

    private static readonly ReadLimits Limits = new() { MaxLength = LongestLine };

    private readonly string path;
    private readonly Dictionary<int, Config> trials = [];
    private FileStream? file;

    private SearchLog(string path) => this.path = path;

    /// <summary>Opens the log of a search, or begins it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="search">The search.</param>
    /// <param name="subject">What its candidates are judged on; null where nothing is known of it.</param>
    /// <param name="writes">Whether trials are to be written.</param>
    /// <exception cref="InvalidOperationException">It is the log of another search.</exception>
    /// <exception cref="ModelFormatException">A line is no line of a log.</exception>
    public static SearchLog Open(string path, Search search, string? subject, bool writes)
    {
        FilePath.RequireWritable(path);
        var log = new SearchLog(path);
        Config head = Head(search, subject);
        if (!writes)
        {
            if (File.Exists(path))
            {
                using var other = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                log.Read(other, head);
            }

            return log;
        }

        log.file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            long end = log.Read(log.file, head);
            log.file.SetLength(end);
            log.file.Position = end;
            if (end == 0)
            {
                log.Write(head);
            }

            return log;
        }
        catch
        {
            log.file.Dispose();
            throw;
        }
    }

    /// <summary>What came of a trial earlier; null where it was not tried.</summary>
    /// <exception cref="InvalidOperationException">The log has another candidate in its place.</exception>
    public TrialResult? Find(int number, Proposal proposal)
    {
        if (!trials.TryGetValue(number, out Config? known))
        {
            return null;
        }

        Config own = proposal.Candidate.ToConfig();
        Config logged = ValueOf(known, "candidate") switch
        {
            Config config => config,
            _ => throw Bad(number, "candidate", "an object is expected here."),
        };
        long? budget = ValueOf(known, "budget") as long?;
        if (!Same(own, logged) || budget != proposal.Budget)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The log '{path}' is that of another search: its trial {number} is not {proposal.Candidate}. ")
                + "Give each search a LogPath of its own, or delete the file to begin anew.");
        }

        double value = ValueOf(known, "value") is null ? double.NaN : Number(ValueOf(known, "value"), number, "value");
        string? problem = ValueOf(known, "problem") as string;
        if (double.IsNaN(value) != problem is not null)
        {
            throw Bad(number, "value", "a trial has either a value or a problem.");
        }

        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach ((string name, object? figure) in ValueOf(known, "figures") as Config ?? [])
        {
            figures[name] = Number(figure, number, $"figures.{name}");
        }

        return new(number, proposal.Candidate, proposal.Budget, value, problem, Number(ValueOf(known, "seconds"), number,
            "seconds"),
            figures)
        { Origin = proposal.Origin };
    }

    /// <summary>Writes a trial down.</summary>
    public void Add(TrialResult result)
    {
        var figures = new Config();
        foreach ((string name, double value) in result.Figures)
        {
            figures.Add(name, value);
        }

        string? problem = result.Problem is null ? null : ReadableText.Escape(result.Problem, keepLines: false);
        Write(new Config
        {
            { "trial", (long)result.Number },
            { "candidate", result.Candidate.ToConfig() },
            { "budget", result.Budget is { } budget ? (long)budget : null },
            { "value", double.IsNaN(result.Value) ? null : result.Value },
            { "problem", problem?.Length > LongestProblem ? problem[..LongestProblem] : problem },
            { "seconds", result.Seconds },
            { "figures", figures },
        });
    }

    public void Dispose() => file?.Dispose();

    private static Config Head(Search search, string? subject) => new()
    {
        { "method", search.Method },
        { "seed", (long)search.Seed },
        { "direction", search.Maximize ? "maximize" : "minimize" },
        { "settings", search.Settings() },
        { "space", search.Space.Describe() },
        { "subject", subject },
    };

    private void Write(Config line)
    {
        if (file is null)
        {
            return;
        }

        using var text = new MemoryStream();
        ConfigFile.Save(text, FileFormat.Search, line);
        text.WriteByte((byte)'\n');
        file.Write(text.GetBuffer(), 0, (int)text.Length);

        // To the disk: a machine that goes down must not leave a trial half written behind one that was lost.
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads all lines; the place behind the last whole one.</summary>
    private long Read(FileStream stream, Config head)
    {
        long end = 0;
        int number = 0;
        foreach (byte[] line in Lines(stream))
        {
            number++;
            Config content;
            try
            {
                content = ConfigFile.Read(new MemoryStream(line), FileFormat.Search, Limits);
                if (number == 1)
                {
                    RequireSame(head, content);
                }
                else
                {
                    Keep(content);
                }
            }
            catch (ModelFormatException exception)
            {
                throw new ModelFormatException(FormattableString.Invariant($"'{path}', line {number}"), exception.Message
                    + " This is no log of a search, or one that was changed. Delete the file to begin anew.", exception);
            }

            end += line.Length + 1;
        }

        return end;
    }

    private void Keep(Config content)
    {
        if (ValueOf(content, "trial") is not long number || number is < 0 or > int.MaxValue)
        {
            throw new ModelFormatException("trial", "the number of a trial is expected here.");
        }

        foreach (string key in (string[])["candidate", "budget", "value", "problem", "seconds", "figures"])
        {
            if (!content.Any(entry => entry.Key == key))
            {
                throw new ModelFormatException(key, "the key is missing.");
            }
        }

        if (!trials.TryAdd((int)number, content))
        {
            throw new ModelFormatException("trial", FormattableString.Invariant($"trial {number} is there twice."));
        }
    }

    private void RequireSame(Config own, Config logged)
    {
        foreach ((string key, object? value) in own)
        {
            if (!SameValue(value, ValueOf(logged, key)))
            {
                string what = key switch
                {
                    "subject" => "it was run on other data, folds or training options",
                    "space" => "it has another search space",
                    _ => $"it has another {key}",
                };
                throw new InvalidOperationException($"The log '{path}' is that of another search: {what}. "
                    + "Give each search a LogPath of its own, or delete the file to begin anew.");
            }
        }
    }

    private static bool Same(Config one, Config other) => one.Count == other.Count && one.Zip(other).All(pair =>
        pair.First.Key == pair.Second.Key && SameValue(pair.First.Value, pair.Second.Value));

    private static bool SameValue(object? one, object? other) => (one, other) switch
    {
        (Config x, Config y) => Same(x, y),
        (IReadOnlyList<object?> x, IReadOnlyList<object?> y) => x.Count == y.Count && x.Zip(y).All(pair =>
            SameValue(pair.First, pair.Second)),
        (double x, long y) => x == y,
        (long x, double y) => x == y,
        _ => Equals(one, other),
    };

    private static object? ValueOf(Config config, string key) => config.FirstOrDefault(entry => entry.Key == key).Value;

    private static double Number(object? value, int trial, string key) => value switch
    {
        double number when double.IsFinite(number) => number,
        long number => number,
        _ => throw Bad(trial, key, "a number is expected here."),
    };

    private static ModelFormatException Bad(int trial, string key, string problem) =>
        new(FormattableString.Invariant($"trial {trial}.{key}"), problem);

    /// <summary>The whole lines of a file; what stands behind the last line break is half a line.</summary>
    private static IEnumerable<byte[]> Lines(FileStream stream)
    {
        byte[] block = new byte[1 << 16];
        var line = new MemoryStream();
        for (int count = stream.Read(block); count > 0; count = stream.Read(block))
        {
            for (int start = 0; start < count;)
            {
                int length = block.AsSpan(start, count - start).IndexOf((byte)'\n');
                line.Write(block, start, length < 0 ? count - start : length);
                if (line.Length > LongestLine)
                {
                    throw new ModelFormatException(FormattableString.Invariant($"A line is longer than {LongestLine} bytes."));
                }

                if (length < 0)
                {
                    break;
                }

                yield return line.ToArray();
                line.SetLength(0);
                start += length + 1;
            }
        }
    }
}
