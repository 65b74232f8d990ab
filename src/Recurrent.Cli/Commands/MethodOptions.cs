using System.CommandLine;
using System.Globalization;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Registration;

namespace Recurrent.Cli.Commands;

/// <summary>The arguments that say which method is meant.</summary>
internal sealed class MethodOptions
{
    private readonly Option<string> method = new("--method", "-m")
    {
        Description = $"how to forecast: {string.Join(", ", Names)}",
        DefaultValueFactory = _ => Default,
    };

    private const string Seconds = "seconds";
    private const string Training = "training";
    private const string Horizon = "horizon";

    // Series that are not so many times as long as the horizon leave a method too little to learn so far a forecast from.
    private const int LeastHorizons = 4;

    private readonly Option<string[]> set = new("--set")
    {
        Description = "an option of the method, NAME=VALUE, of its training training.NAME=VALUE; may be given several times",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double?> seconds = Budget();

    /// <summary>The method where none is named.</summary>
    internal static string Default => Forecasters.Registry.Contains("auto") ? "auto" : "auto-arima";

    /// <summary>The names of all methods, one spelling of each.</summary>
    internal static IReadOnlyList<string> Names =>
    [
        .. Forecasters.Registry.Names
            .GroupBy(name => name.ToLowerInvariant().Replace("-", string.Empty, StringComparison.Ordinal)
                .Replace("_", string.Empty, StringComparison.Ordinal))
            .Select(spellings => spellings.OrderByDescending(name => name.Contains('-', StringComparison.Ordinal)).First())
            .Select(name => name.ToLowerInvariant())
            .Order(StringComparer.Ordinal),
    ];

    internal void AddTo(Command command)
    {
        command.Add(method);
        command.Add(set);
        command.Add(seconds);
    }

    /// <summary>The option of a budget of time.</summary>
    internal static Option<double?> Budget()
    {
        var option = new Option<double?>("--seconds")
        {
            Description = "budget in seconds for a fit of auto or of a network; what comes out then depends on the machine",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<double?>() is not (> 0 and < double.PositiveInfinity))
            {
                result.AddError($"--seconds must be above 0, but is {result.Tokens[0].Value}.");
            }
        });
        return option;
    }

    /// <summary>Whether a method, or an option of one, stands on the command line.</summary>
    internal bool IsGiven(ParseResult parsed) =>
        new Option[] { method, set, seconds }.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>Makes the method.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="panel">What it is fitted to.</param>
    /// <param name="horizon">The steps that are asked for; null where nothing is said.</param>
    internal Forecaster Create(ParseResult parsed, SeriesPanel panel, int? horizon)
    {
        string name = parsed.GetRequiredValue(method);
        string[] options = [.. parsed.GetValue(set) ?? [], .. WithHorizon(name, panel, horizon)];
        string own = $"{Horizon}=";
        options = options.Count(option => option.StartsWith(own, StringComparison.Ordinal)) > 1 ? options[..^1] : options;
        return parsed.GetValue(seconds) is { } budget
            ? Create(name, [.. options, WithBudget(name, budget) ?? throw new UsageException(
                $"--seconds is a budget for auto and for networks, and {name} has none: leave it out.")])
            : Create(name, options);
    }

    /// <summary>The horizon that a method is fitted for, where it has such an option and the series are long enough: what is
    /// asked for, and not a season.</summary>
    internal static string[] WithHorizon(string name, SeriesPanel panel, int? horizon) =>
        horizon is { } steps && steps <= panel.Min(series => series.Count) / LeastHorizons
        && KeysOf(name)?.Contains(Horizon) == true
            ? [string.Create(CultureInfo.InvariantCulture, $"{Horizon}={steps}")] : [];

    /// <summary>The option of a method that a budget is; null where it has none.</summary>
    internal static string? WithBudget(string name, double budget)
    {
        string value = budget.ToString("R", CultureInfo.InvariantCulture);
        return KeysOf(name) is not { } keys ? null
            : keys.Contains(Seconds) ? $"{Seconds}={value}"
            : keys.Contains(Training) ? $"{Training}.{Seconds}={value}" : null;
    }

    private static string[]? KeysOf(string name) => Forecasters.Registry.Contains(name)
        ? [.. Forecasters.Registry.Create(name).GetConfig().Select(entry => entry.Key)] : null;

    /// <summary>Makes a method by its name.</summary>
    internal static Forecaster Create(string name, params IReadOnlyList<string> options)
    {
        if (KeysOf(name) is not { } keys)
        {
            throw new UsageException($"There is no method '{name}'. {Spelling.DidYouMean(name, Names)}"
                + $"There are {string.Join(", ", Names)}.");
        }

        var config = new Config();
        var training = new Config();
        foreach (string option in options)
        {
            string[] parts = option.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0)
            {
                throw new UsageException($"--set needs NAME=VALUE, but is '{option}'.");
            }

            string key = parts[0].Trim();
            bool trained = key.StartsWith(Training + ".", StringComparison.Ordinal) && keys.Contains(Training);
            (Config to, string own) = trained ? (training, key[(Training.Length + 1)..]) : (config, key);
            if (to.Any(entry => entry.Key == own))
            {
                throw new UsageException($"'{key}' is given twice.");
            }

            to.Add(own, Value(parts[1].Trim()));
        }

        if (training.Count > 0)
        {
            config.Add(Training, training);
        }

        try
        {
            return Forecasters.Registry.Create(new ComponentConfig(name, config));
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException($"Method '{name}': {wrong.Message}");
        }
    }

    private static object? Value(string text) => text switch
    {
        "true" => true,
        "false" => false,
        "null" or "none" => null,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => text,
    };
}
