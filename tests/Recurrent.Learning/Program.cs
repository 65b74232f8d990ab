using System.Globalization;
using Recurrent.Learning;

const string Help = """
    Runs learning tasks and prints their curves, then a table.

      --task NAME[,NAME]   which tasks; default all
      --cell NAME[,NAME]   which recurrent layers; default LSTM,GRU
      --seeds N            how many seeds may be tried until one reaches the bar; default 3
      --threads N          most threads; the results do not depend on them; default: all processors
      --file PATH          text, dictionary or catalogue that tasks of texts learn from, in place of their own; tagging: words
                           and tags in columns (CoNLL); digits: a folder of DIGIT_SPEAKER_ANYTHING.wav, or espeak-ng
      --units N            units of the layers, where a task of texts may have others than its own
      --epochs N           epochs, or rounds, of a task of texts
      --json               one JSON line for each outcome, and nothing else
      --list               lists tasks and layers

    """;

string[] known = ["--task", "--cell", "--seeds", "--threads", "--file", "--units", "--epochs"];
bool json = args.Contains("--json");
args = [.. args.Where(arg => arg != "--json")];
if (args is ["--help"] or ["-h"])
{
    Console.Write(Help);
    return 0;
}

if (args is ["--list"])
{
    foreach ((string name, Func<LearningTask> create) in TaskList.All)
    {
        LearningTask task = create();
        Console.WriteLine($"{name}: {task.Description} Bar: {task.Bar}.");
    }

    Console.WriteLine($"Layers: {string.Join(", ", CellKind.All.Select(kind => kind.Name))}");
    return 0;
}

if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(arg => !known.Contains(arg)))
{
    Console.Error.WriteLine($"Options come in pairs and are {string.Join(", ", known)}; --help explains them.");
    return 2;
}

Dictionary<string, string> options = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
if (!TryNumber("--seeds", 3, out int seeds) || !TryNumber("--threads", Environment.ProcessorCount, out int threads)
    || !TryNumber("--units", 0, out int units) || !TryNumber("--epochs", 0, out int epochs)
    || !TryChoose("--task", [.. TaskList.All.Select(task => task.Name)], null, out string[] tasks)
    || !TryChoose("--cell", [.. CellKind.All.Select(kind => kind.Name)], "LSTM,GRU", out string[] cells))
{
    return 2;
}

List<Outcome> outcomes = [];
foreach (string task in tasks)
{
    foreach (string cell in cells)
    {
        LearningTask created = TaskList.All.First(t => t.Name == task).Create();
        if (created is TextTask text)
        {
            text.File = options.GetValueOrDefault("--file");
            text.Units = units > 0 ? units : text.Units;
            text.Epochs = epochs > 0 ? epochs : text.Epochs;
        }

        Outcome outcome = created.Run(
            CellKind.All.First(kind => kind.Name == cell), seeds, threads, json ? _ => { }
        : Console.WriteLine);
        outcomes.Add(outcome);
        Console.WriteLine(json ? outcome.Json(created.ScoreNames) : outcome.TableRow);
    }
}

if (json)
{
    return 0;
}

Console.WriteLine();
Console.WriteLine(Outcome.TableHead);
outcomes.ForEach(outcome => Console.WriteLine(outcome.TableRow));
return 0;

bool TryNumber(string option, int fallback, out int value)
{
    value = fallback;
    if (options.TryGetValue(option, out string? text)
        && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) || value < 1))
    {
        Console.Error.WriteLine($"{option} must be a whole number of at least 1, but is '{text}'.");
        return false;
    }

    return true;
}

bool TryChoose(string option, string[] names, string? fallback, out string[] chosen)
{
    string? text = options.GetValueOrDefault(option, fallback ?? string.Join(',', names));
    chosen = text.Split(',');
    string? unknown = chosen.FirstOrDefault(name => !names.Contains(name));
    if (unknown is not null)
    {
        Console.Error.WriteLine($"{option}: there is no '{unknown}'. There are: {string.Join(", ", names)}.");
        return false;
    }

    return true;
}
