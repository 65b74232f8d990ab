using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Registration;

namespace Recurrent.Accuracy;

/// <summary>
/// The benchmark of long horizons: every variable of a file, standardised by its first part; trained on that part, stopped by the
/// next, scored on every window of the last.
/// </summary>
internal static class EttCommand
{
    // A month of the benchmark's files of hours and quarters of an hour has 30 days.
    private const int DaysOfMonth = 30;

    private const double ClearlyLower = 0.02;
    private static readonly string[] Candidates = ["nlinear", "dlinear", "segrnn"];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<FileInfo> file = new("--file")
        {
            Description = "CSV: a column of dates, or none, and columns of numbers.",
            Required = true,
        };
        Option<string> model = new("--model", "--method")
        {
            Description =
                "A network, naive (the last value), or auto: of NLinear, DLinear and SegRNN the one with the lowest error "
                + "on the second part, if that is clearly lower than the last value's.",
            DefaultValueFactory = _ => "auto",
        };
        Option<int> lookback = new("--lookback") { Description = "Steps that are seen.", DefaultValueFactory = _ => 96 };
        Option<int> horizon = new("--horizon") { Description = "Steps that are forecast.", DefaultValueFactory = _ => 96 };
        Option<string?> split = new("--split")
        {
            Description = "Rows to train on, validate on and score, or shares of all: 8640,2880,2880 or 0.7,0.1,0.2. By default "
                + "months of 30 days, 12,4,4, where there are dates by the hour or closer over 20 of them; else 0.7,0.1,0.2.",
        };
        Option<double?> seconds = new("--seconds") { Description = "A budget for the fit." };
        Option<string[]> set = new("--set")
        {
            Description = "Options of the method, by their names in files: units=256 training.seed=1.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> validation = new("--validation")
        {
            Description = "Scores the windows of the second part too, to compare options by.",
        };
        Option<bool> json = new("--json") { Description = "One line of JSON." };
        Command command = new("ett", "Long horizons: mean squared and absolute error of standardised values, on every window.")
        {
            file, model, lookback, horizon, split, seconds, set, validation, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(file)!.FullName, parsed.GetValue(model)!, parsed.GetValue(lookback), parsed.GetValue(horizon),
            parsed.GetValue(split), parsed.GetValue(seconds), parsed.GetValue(set) ?? [], parsed.GetValue(validation),
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(
        string path, string method, int lookback, int horizon, string? split, double? seconds, string[] set, bool onValidation,
        bool json)
    {
        CsvTable table = CsvTable.Load(path);
        (string[] names, double[][] columns) = Numbers(table);
        int[] parts = Parts(split, table, columns[0].Length);
        int known = parts[0] + parts[1];
        var whole = TimeSeries.Create(table.Name, names, columns);
        (double Mean, double Deviation)[] scales = [.. columns.Select(column => ScaleOf(column.AsSpan(0, parts[0])))];

        long start = Stopwatch.GetTimestamp();
        NetworkForecaster? forecaster = null;
        if (method.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            // What is hardly better there than repeating the last value has found nothing that goes on.
            double least = Judge(null, whole, columns, scales, parts[0], known, horizon).Mse * (1 - ClearlyLower);
            foreach (string candidate in Candidates)
            {
                NetworkForecaster fitted = Fit(candidate, seconds / Candidates.Length);
                double error = Judge(fitted, whole, columns, scales, parts[0], known, horizon).Mse;
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{candidate}: {error} on the second part, to beat {least:0.#####}"));
                (forecaster, least) = error < least ? (fitted, error) : (forecaster, least);
            }

            method = $"auto: {forecaster?.Name ?? "naive"}";
        }
        else if (!method.Equals("naive", StringComparison.OrdinalIgnoreCase))
        {
            forecaster = Fit(method, seconds);
        }

        Score test = Judge(forecaster, whole, columns, scales, known, known + parts[2], horizon);
        Score? held = onValidation ? Judge(forecaster, whole, columns, scales, parts[0], known, horizon) : null;
        var scores = new
        {
            set = table.Name,
            method,
            lookback,
            horizon,
            windows = test.Windows,
            mse = test.Mse,
            mae = test.Mae,
            seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
            validation_mse = held?.Mse,
            validation_mae = held?.Mae,
        };
        string also = held is null ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" (validation {held.Mse}, {held.Mae})");
        Console.WriteLine(json
            ? JsonSerializer.Serialize(scores)
            : string.Create(CultureInfo.InvariantCulture,
                $"{scores.set} {method}, {lookback} to {horizon}: MSE {scores.mse}, MAE {scores.mae}{also}, {scores.seconds} s"));
        return 0;

        NetworkForecaster Fit(string name, double? budget)
        {
            NetworkForecaster made = Make(name, lookback, horizon, parts[1], budget, set);
            made.Fit(whole.Slice(0, known), run: new() { Progress = new Shown(start) });
            return made;
        }
    }

    private static Score Judge(
        NetworkForecaster? forecaster, TimeSeries whole, double[][] columns, (double Mean, double Deviation)[] scales, int from,
        int to, int horizon)
    {
        int[] ends = [.. Enumerable.Range(from - 1, to - from - horizon + 1)];
        IEnumerable<IReadOnlyList<double[]>> forecasts = forecaster?.PredictFrom(whole, ends)
            ?? ends.Select(end => (IReadOnlyList<double[]>)[.. columns.Select(
                column => Enumerable.Repeat(column[end], horizon).ToArray())]);
        double squares = 0;
        double magnitudes = 0;
        int place = 0;
        foreach (IReadOnlyList<double[]> points in forecasts)
        {
            for (int v = 0; v < columns.Length; v++)
            {
                for (int step = 0; step < horizon; step++)
                {
                    double error = (columns[v][ends[place] + 1 + step] - points[v][step]) / scales[v].Deviation;
                    squares += error * error;
                    magnitudes += Math.Abs(error);
                }
            }

            place++;
        }

        double count = (double)place * columns.Length * horizon;
        return new(place, Math.Round(squares / count, 5), Math.Round(magnitudes / count, 5));
    }

    private static NetworkForecaster Make(
        string method, int lookback, int horizon, int validation, double? seconds, string[] set)
    {
        Dictionary<string, object?> options = new() { ["lookback"] = lookback, ["horizon"] = horizon };
        Dictionary<string, object?> training = new()
        {
            // As in the benchmark, what is validated on is not trained on.
            ["validation_steps"] = validation,
            ["retrain"] = false,
            ["seconds"] = seconds,
        };
        foreach (string text in set)
        {
            string[] pair = text.Split('=', 2);
            (Dictionary<string, object?> target, string key) = pair[0].StartsWith("training.", StringComparison.Ordinal)
                ? (training, pair[0]["training.".Length..])
                : (options, pair[0]);
            target[key] = Value(pair.Length == 2 ? pair[1] : string.Empty);
        }

        options["training"] = ConfigOf(training);
        return Forecasters.Registry.Create(new ComponentConfig(method, ConfigOf(options))) as NetworkForecaster
            ?? throw new ArgumentException($"{method} is no network. Take one, or naive.");
    }

    private static Config ConfigOf(Dictionary<string, object?> options)
    {
        Config config = [];
        foreach ((string key, object? value) in options)
        {
            config.Add(key, value);
        }

        return config;
    }

    private static object? Value(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out long whole) ? whole
        : double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number
        : bool.TryParse(text, out bool yes) ? yes
        : text;

    private static (string[] Names, double[][] Columns) Numbers(CsvTable table)
    {
        List<string> names = [];
        List<double[]> columns = [];
        foreach (string column in table.Columns)
        {
            try
            {
                columns.Add(table.Numbers(column));
                names.Add(column);
            }
            catch (CsvException) when (names.Count == 0 && table.Columns.Count > 1)
            {
                // The dates, which stand first.
            }
        }

        return ([.. names], [.. columns]);
    }

    private static int[] Parts(string? split, CsvTable table, int rows)
    {
        double[] numbers = split?.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()
            ?? Months(table, rows) ?? [0.7, 0.1, 0.2];
        if (numbers.Length != 3 || numbers.Any(number => number <= 0))
        {
            throw new ArgumentException("--split takes three numbers above 0: to train on, validate on and score.");
        }

        if (numbers.All(number => number < 1))
        {
            (int training, int test) = ((int)(rows * numbers[0]), (int)(rows * numbers[2]));
            return [training, rows - training - test, test];
        }

        int[] parts = [.. numbers.Select(number => (int)number)];
        return parts.Sum() <= rows
            ? parts
            : throw new ArgumentException($"--split asks for {parts.Sum()} rows, but there are {rows}.");
    }

    private static double[]? Months(CsvTable table, int rows)
    {
        try
        {
            DateTime[] dates = table.Dates(table.Columns[0]);
            double perDay = TimeSpan.FromDays(1) / (dates[1] - dates[0]);
            double month = perDay * DaysOfMonth;
            return perDay >= 24 && rows >= 20 * month ? [12 * month, 4 * month, 4 * month] : null;
        }
        catch (CsvException)
        {
            return null;
        }
    }

    private static (double Mean, double Deviation) ScaleOf(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        double variance = 0;
        foreach (double value in values)
        {
            variance += (value - mean) * (value - mean) / values.Length;
        }

        return (mean, Math.Sqrt(variance));
    }

    private sealed class Shown(long start) : IProgress<ForecastProgress>
    {
        public void Report(ForecastProgress value) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{value.Stage}: epoch {value.Done} of {value.Total}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
    }

    private sealed record Score(int Windows, double Mse, double Mae);
}
