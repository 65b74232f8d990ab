using System.CommandLine;
using System.Globalization;
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

    private readonly Option<string[]> set = new("--set")
    {
        Description = "an option of the method, NAME=VALUE; may be given several times",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

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
    }

    /// <summary>Makes the method.</summary>
    /// <summary>Whether a method, or an option of one, stands on the command line.</summary>
    internal bool IsGiven(ParseResult parsed) =>
        parsed.GetResult(method) is { Implicit: false } || parsed.GetResult(set) is { Implicit: false };

    internal Forecaster Create(ParseResult parsed) => Create(parsed.GetRequiredValue(method), parsed.GetValue(set) ?? []);

    /// <summary>Makes a method by its name.</summary>
    internal static Forecaster Create(string name, params IReadOnlyList<string> options)
    {
        if (!Forecasters.Registry.Contains(name))
        {
            throw new UsageException($"There is no method '{name}'. {Spelling.DidYouMean(name, Names)}"
                + $"There are {string.Join(", ", Names)}.");
        }

        var config = new Config();
        foreach (string option in options)
        {
            string[] parts = option.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0)
            {
                throw new UsageException($"--set needs NAME=VALUE, but is '{option}'.");
            }

            string key = parts[0].Trim();
            if (config.Any(entry => entry.Key == key))
            {
                throw new UsageException($"--set gives '{key}' twice.");
            }

            config.Add(key, Value(parts[1].Trim()));
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
