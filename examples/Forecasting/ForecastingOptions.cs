using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Examples.Forecasting;

/// <summary>What the program is asked to do. What is null follows from the data.</summary>
internal sealed record ForecastingOptions
{
    internal static readonly string[] Models = ["lstm", "gru", "simplernn"];
    internal static readonly string[] Transforms = ["log", "sqrt", "none"];

    internal const string Help = """
        Trains a recurrent network on a series, forecasts the part that was held out, and compares with simple methods.

          dotnet run -c Release --project examples/Forecasting -- [options]

          --data FILE        CSV file with a header row, or one that comes with the program: air_passengers, co2, uk_gas,
                             sunspots_monthly, lynx            (air_passengers)
          --column NAME      column to forecast                (the first one that is not the date)
          --date NAME        column of dates                   (date, where there is one)
          --horizon N        steps to hold out and forecast    (two seasons)
          --season N         steps in a season, 1 for none     (from the dates: 12 for months, 4 for quarters, …)
          --transform T      log, sqrt or none                 (log where all training values are positive)
          --model M          lstm, gru or simplernn            (lstm)
          --units N          units of the recurrent layer      (32)
          --lookback N       steps that the network sees       (two seasons)
          --epochs N         most epochs                       (300; training stops where validation says so)
          --seed N           where all randomness comes from   (0)
          --seeds N          networks to train, the first with --seed; the forecast is their median (5)
          --out FOLDER       for forecast.html and model.json  (the current folder)
          --help             this text
        """;

    private static readonly string[] Names =
    [
        "--data", "--column", "--date", "--horizon", "--season", "--transform", "--model", "--units", "--lookback", "--epochs",
        "--seed", "--seeds", "--out", "--help",
    ];

    public string Data { get; init; } = "air_passengers";

    public string? Column { get; init; }

    public string? Date { get; init; }

    public int? Horizon { get; init; }

    public int? Season { get; init; }

    public string? Transform { get; init; }

    public string Model { get; init; } = "lstm";

    public int Units { get; init; } = 32;

    public int? Lookback { get; init; }

    public int Epochs { get; init; } = 300;

    public int Seed { get; init; }

    public int Seeds { get; init; } = 5;

    public string Out { get; init; } = ".";

    public bool ShowHelp { get; init; }

    /// <summary>Reads arguments of the form <c>--name value</c> or <c>--name=value</c>.</summary>
    /// <exception cref="UsageException">Some are wrong; the message lists them all.</exception>
    internal static ForecastingOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ForecastingOptions();
        var problems = new List<string>();
        for (int i = 0; i < args.Count; i++)
        {
            string[] parts = args[i].Split('=', 2);
            string name = parts[0] is "-h" or "-?" ? "--help" : parts[0];
            if (name == "--help")
            {
                options = options with { ShowHelp = true };
                continue;
            }

            if (!name.StartsWith('-'))
            {
                problems.Add($"'{name}' stands alone. Options have the form --name value.");
                continue;
            }

            bool valueFollows = parts.Length == 1 && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            string value = valueFollows ? args[++i] : parts.ElementAtOrDefault(1) ?? string.Empty;
            if (!Names.Contains(name))
            {
                problems.Add($"There is no option '{name}'. Did you mean '{Spelling.Nearest(name, Names)}'?");
            }
            else if (string.IsNullOrWhiteSpace(value))
            {
                problems.Add($"{name} needs a value.");
            }
            else
            {
                options = options.With(name, value, problems);
            }
        }

        return problems.Count == 0
            ? options
            : throw new UsageException(string.Join('\n', problems));
    }

    private ForecastingOptions With(string name, string value, List<string> problems) => name switch
    {
        "--data" => this with { Data = value },
        "--column" => this with { Column = value },
        "--date" => this with { Date = value },
        "--horizon" => this with { Horizon = Number(name, value, 1, problems) },
        "--season" => this with { Season = Number(name, value, 1, problems) },
        "--transform" => this with { Transform = Choice(name, value, Transforms, problems) },
        "--model" => this with { Model = Choice(name, value, Models, problems) },
        "--units" => this with { Units = Number(name, value, 1, problems) },
        "--lookback" => this with { Lookback = Number(name, value, 1, problems) },
        "--epochs" => this with { Epochs = Number(name, value, 1, problems) },
        "--seed" => this with { Seed = Number(name, value, 0, problems) },
        "--seeds" => this with { Seeds = Number(name, value, 1, problems) },
        _ => this with { Out = value },
    };

    private static int Number(string name, string value, int least, List<string> problems)
    {
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least)
        {
            return number;
        }

        problems.Add($"{name} must be a whole number of at least {least}, but is '{value}'.");
        return least;
    }

    private static string Choice(string name, string value, string[] choices, List<string> problems)
    {
        string choice = value.ToLowerInvariant();
        if (!choices.Contains(choice))
        {
            problems.Add($"{name} must be {string.Join(" or ", choices)}, but is '{value}'. Did you mean '{Spelling.Nearest(value, choices)}'?");
        }

        return choice;
    }
}
