using Recurrent.Data;

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
          --gaps G           dates that are missing: refuse, fill on a straight line, or accept as they are  (refuse)
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
        "--data", "--column", "--date", "--gaps", "--horizon", "--season", "--transform", "--model", "--units",
        "--lookback", "--epochs",
        "--seed", "--seeds", "--out",
    ];

    public string Data { get; init; } = "air_passengers";

    public string? Column { get; init; }

    public string? Date { get; init; }

    public DateGaps Gaps { get; init; }

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

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">Some are wrong; the message lists them all.</exception>
    internal static ForecastingOptions Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, Names, switches: []);
        var defaults = new ForecastingOptions();
        var options = new ForecastingOptions
        {
            Data = line.Text("--data", defaults.Data),
            Column = line.Has("--column") ? line.Text("--column", string.Empty) : null,
            Date = line.Has("--date") ? line.Text("--date", string.Empty) : null,
            Gaps = Enum.Parse<DateGaps>(line.Choice("--gaps", "refuse", "fill", "accept"), ignoreCase: true),
            Horizon = Optional("--horizon"),
            Season = Optional("--season"),
            Transform = line.Has("--transform") ? line.Choice("--transform", Transforms) : null,
            Model = line.Choice("--model", Models),
            Units = line.Number("--units", defaults.Units, least: 1),
            Lookback = Optional("--lookback"),
            Epochs = line.Number("--epochs", defaults.Epochs, least: 1),
            Seed = line.Number("--seed", defaults.Seed, least: 0),
            Seeds = line.Number("--seeds", defaults.Seeds, least: 1),
            Out = line.Text("--out", defaults.Out),
        };
        line.ThrowIfWrong();
        return options;

        int? Optional(string name) => line.Has(name) ? line.Number(name, fallback: 1, least: 1) : null;
    }
}
