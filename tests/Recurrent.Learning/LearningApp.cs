using System.Globalization;
using Recurrent.Examples;

namespace Recurrent.Learning;

/// <summary>The program: learning tasks by name, their curves, and a table or lines of JSON.</summary>
public static class LearningApp
{
    internal const string Help = """
        Runs learning tasks and prints their curves, then a table.

          --task NAME[,NAME]   which tasks; default all, but for those that need a file where there is none
          --cell NAME[,NAME]   which recurrent layers; default LSTM,GRU
          --seeds N            how many seeds may be tried until one reaches the bar; default 3
          --seed N             the first of them; default 0
          --threads N          most threads; the results do not depend on them; default: all processors
          --file PATH          text, dictionary or catalogue that a task of texts learns from, in place of its own; tagging:
                               words and tags in columns (CoNLL); digits: a folder of DIGIT_SPEAKER_ANYTHING.wav, or
                               espeak-ng; --list says which tasks take one
          --units N            units of the layers, where a task of texts may have others than its own
          --epochs N           epochs, or rounds, of a task of texts
          --json               one JSON line for each outcome, and nothing else
          --list               lists tasks and layers

        A task that cannot work with what it is given says why, the others run, and the program ends with 1.
        """;

    private static readonly string[] Known =
        ["--task", "--cell", "--seeds", "--seed", "--threads", "--file", "--units", "--epochs"];

    private sealed record Options(
        string[] Tasks, string[] Cells, int Seeds, int Seed, int Threads, string? File, int? Units, int? Epochs, bool Json);

    /// <summary>Runs the program.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="output">Takes curves, and the table or the lines.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <returns>0; 1 where a task could not run; 2 where the arguments are wrong.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        if (args is ["--help"] or ["-h"])
        {
            output.WriteLine(Help);
            return 0;
        }

        if (args is ["--list"])
        {
            List(output);
            return 0;
        }

        try
        {
            return Run(Parse(args, error), output, error);
        }
        catch (UsageException wrong)
        {
            error.WriteLine(wrong.Message);
            error.WriteLine("--help explains the options.");
            return 2;
        }
    }

    private static int Run(Options options, TextWriter output, TextWriter error)
    {
        List<Outcome> outcomes = [];
        int code = 0;
        foreach (string task in options.Tasks)
        {
            foreach (string cell in options.Cells)
            {
                LearningTask created = Create(task);
                created.FirstSeed = options.Seed;
                if (created is TextTask text)
                {
                    text.File = options.File;
                    text.Units = options.Units ?? text.Units;
                    text.Epochs = options.Epochs ?? text.Epochs;
                }

                try
                {
                    Outcome outcome = created.Run(
                        CellKind.All.First(kind => kind.Name == cell), options.Seeds, options.Threads,
                        options.Json ? _ => { }
                    : output.WriteLine);
                    outcomes.Add(outcome);
                    output.WriteLine(options.Json ? outcome.Json(created.ScoreNames) : outcome.TableRow);
                }
                catch (Exception wrong) when (wrong is ArgumentException or FormatException or IOException or UsageException
                    or UnauthorizedAccessException or InvalidOperationException)
                {
                    bool isFolder = wrong is UnauthorizedAccessException && Directory.Exists(options.File);
                    error.WriteLine($"{task}, {cell}: " + (isFolder
                        ? $"'{options.File}' is a folder, but the task reads a file." : wrong.Message));
                    code = 1;
                }
            }
        }

        if (!options.Json && outcomes.Count > 0)
        {
            output.WriteLine();
            output.WriteLine(Outcome.TableHead);
            outcomes.ForEach(outcome => output.WriteLine(outcome.TableRow));
        }

        return code;
    }

    private static void List(TextWriter output)
    {
        foreach ((string name, Func<LearningTask> create) in TaskList.All)
        {
            LearningTask task = create();
            string file = task is TextTask { NeedsFile: true } ? " Needs --file."
                : task is TextTask { ReadsFile: true } ? " Takes --file." : string.Empty;
            output.WriteLine($"{name}: {task.Description} Bar: {task.Bar}.{file}");
        }

        output.WriteLine($"Layers: {string.Join(", ", CellKind.All.Select(kind => kind.Name))}");
    }

    private static Options Parse(IReadOnlyList<string> args, TextWriter error)
    {
        string[] rest = [.. args.Where(arg => arg != "--json")];
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < rest.Length; i += 2)
        {
            if (!Known.Contains(rest[i]) || i + 1 == rest.Length)
            {
                throw new UsageException(Known.Contains(rest[i]) ? $"{rest[i]} needs a value behind it."
                    : $"There is no option '{rest[i]}'. Options are {string.Join(", ", Known)}, each with a value, and --json.");
            }

            if (!given.TryAdd(rest[i], rest[i + 1]))
            {
                throw new UsageException($"{rest[i]} is given twice. Put commas between several names.");
            }
        }

        string? file = given.GetValueOrDefault("--file");
        return new(
            Tasks(given, file, error),
            Choose(given, "--cell", [.. CellKind.All.Select(kind => kind.Name)], "LSTM,GRU"),
            Number(given, "--seeds") ?? 3,
            Number(given, "--seed", least: 0) ?? 0,
            Number(given, "--threads") ?? Environment.ProcessorCount,
            file,
            Number(given, "--units"),
            Number(given, "--epochs"),
            rest.Length < args.Count);
    }

    /// <summary>The tasks that were chosen, or all that can run; those by name must take all options that are given.</summary>
    private static string[] Tasks(Dictionary<string, string> given, string? file, TextWriter error)
    {
        string[] all = [.. TaskList.All.Select(task => task.Name)];
        if (!given.ContainsKey("--task"))
        {
            if (file is not null)
            {
                throw new UsageException("--file is for one kind of task. Say which, with --task.");
            }

            string[] without = [.. all.Where(task => Create(task) is TextTask { NeedsFile: true })];
            error.WriteLine($"Left out without --file: {string.Join(", ", without)}.");
            return [.. all.Except(without)];
        }

        string[] chosen = Choose(given, "--task", all, string.Empty);
        foreach (string task in chosen)
        {
            LearningTask created = Create(task);
            bool reads = created is TextTask { ReadsFile: true };
            string? problem = file is not null && !reads ? "makes its own data and takes no --file"
                : file is null && created is TextTask { NeedsFile: true } ? $"needs --file. {created.Description}"
                : created is not TextTask && (given.ContainsKey("--units") || given.ContainsKey("--epochs"))
                    ? "has a size and a length of its own; --units and --epochs are for tasks of texts"
                : null;
            if (problem is not null)
            {
                throw new UsageException($"{task} {problem}.".Replace("..", ".", StringComparison.Ordinal));
            }
        }

        return chosen;
    }

    private static LearningTask Create(string name) => TaskList.All.First(task => task.Name == name).Create();

    private static int? Number(Dictionary<string, string> given, string option, int least = 1) =>
        !given.TryGetValue(option, out string? text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least ? value
        : throw new UsageException($"{option} must be a whole number of at least {least}, but is '{text}'.");

    private static string[] Choose(Dictionary<string, string> given, string option, string[] names, string fallback)
    {
        string[] chosen = given.GetValueOrDefault(option, fallback).Split(',');
        return Array.Find(chosen, name => !names.Contains(name)) is { } unknown
            ? throw new UsageException($"{option}: there is no '{unknown}'. There are: {string.Join(", ", names)}.")
            : chosen;
    }
}
