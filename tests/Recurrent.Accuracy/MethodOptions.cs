using System.CommandLine;
using Recurrent.Forecasting;
using Recurrent.Registration;

namespace Recurrent.Accuracy;

/// <summary>The options that every command has: the method, its budget and what is printed.</summary>
internal sealed class MethodOptions
{
    private readonly Option<string> method = new("--method")
    {
        Description = "The method by its name in the registry; default auto.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<double?> seconds = new("--seconds") { Description = "A budget for the whole run, in seconds." };
    private readonly Option<bool> json = new("--json") { Description = "Print the line of JSON alone." };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "An option of the method, as key=value (of the training of a network: training.members=1); may come "
            + "several times.",
        DefaultValueFactory = _ => [],
    };

    internal void AddTo(Command command)
    {
        command.Add(method);
        command.Add(seconds);
        command.Add(json);
        command.Add(set);
    }

    /// <summary>Runs a command: what goes wrong with files and methods is a sentence and the exit code 1.</summary>
    internal void Run(Command command, Func<ParseResult, MethodChoice, ScoreLine> run) => command.SetAction(parsed =>
    {
        try
        {
            bool quiet = parsed.GetValue(json);
            var choice = new MethodChoice(parsed.GetValue(method)!, parsed.GetValue(seconds), parsed.GetValue(set) ?? [],
                quiet ? null : Console.Error);
            choice.Check();
            ScoreLine line = run(parsed, choice);
            Console.Out.WriteLine(line.ToJson());
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
            or FormatException or InvalidOperationException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    });
}

/// <summary>The method that was chosen.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seconds">The budget for the whole run, or null.</param>
/// <param name="Set">Further options, as key=value.</param>
/// <param name="Log">Where progress is told; null for nowhere.</param>
internal sealed record MethodChoice(string Name, double? Seconds, IReadOnlyList<string> Set, TextWriter? Log)
{
    private const string OfTraining = "training.";

    /// <summary>Refuses a method that there is not, and options that it has not.</summary>
    internal void Check()
    {
        if (Seconds is <= 0 or double.NaN)
        {
            throw new ArgumentException("--seconds must be above 0.");
        }

        Create(null, 1, Seconds);
    }

    /// <summary>The method, for a season and a share of the budget.</summary>
    /// <param name="season">The season; null where the method is to take that of the dates.</param>
    /// <param name="horizon">How many steps will be forecast.</param>
    /// <param name="budget">The budget in seconds, or null.</param>
    internal Forecaster Create(int? season, int horizon, double? budget)
    {
        Config known = Forecasters.Registry.Create(Name).GetConfig();
        var options = new Config();
        var training = new Config();
        foreach (string pair in Set)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new ArgumentException($"--set takes key=value, not '{pair}'.");
            }

            (Config target, string key) = pair.StartsWith(OfTraining, StringComparison.Ordinal)
                ? (training, pair[OfTraining.Length..equals]) : (options, pair[..equals]);
            target.Add(key, Value(pair[(equals + 1)..]));
        }

        if (budget is not null && !training.Any(option => option.Key == "seconds"))
        {
            training.Add("seconds", budget);
        }

        if (known.All(option => option.Key != "training")
            && Set.Any(pair => pair.StartsWith(OfTraining, StringComparison.Ordinal)))
        {
            throw new ArgumentException($"{Name} is no network: it has no options of training.");
        }

        foreach ((string key, object? value) in known)
        {
            object? filled = key switch
            {
                "season" when season is not null => season,
                "horizon" => horizon,
                "seconds" when budget is not null => budget,
                "training" when training.Count > 0 => training,
                _ => null,
            };
            if (filled is not null && !options.Any(option => option.Key == key))
            {
                options.Add(key, filled);
            }
        }

        return Forecasters.Registry.Create(new ComponentConfig(Name, options));
    }

    private static object Value(string text) => bool.TryParse(text, out bool flag) ? flag
        : long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long whole) ? whole
        : double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double number) ? number : text;
}
