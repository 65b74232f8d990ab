using System.CommandLine;
using System.CommandLine.Parsing;
using Recurrent.Forecasting;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Cli.Commands;

/// <summary>Receipts of what the command line has fitted.</summary>
internal static class Receipts
{
    // What says where results go, and not what they are.
    private static readonly string[] Places = ["--out", "-o", "--report", "--horizon", "-n"];

    /// <summary>Writes the receipt of a fit beside its file.</summary>
    /// <returns>Where it stands.</returns>
    internal static string Write(ParseResult parsed, string data, string model, Forecaster forecaster)
    {
        var kept = new List<string>();
        Token[] tokens = [.. parsed.Tokens];
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Type == TokenType.Option && Places.Contains(tokens[i].Value))
            {
                i++;
            }
            else if (tokens[i].Value != "--json")
            {
                kept.Add(tokens[i].Value == data ? Path.GetFullPath(data) : tokens[i].Value);
            }
        }

        string path = Receipt.PathFor(model);
        Receipt.OfCommand(model, [Path.GetFullPath(data)], kept, Describe(forecaster)).Save(path);
        return path;
    }

    /// <summary>The method and its options, as one text.</summary>
    private static string Describe(Forecaster forecaster) => $"{forecaster.ClassName} {Text(forecaster.GetConfig())}";

    private static string Text(object? value) => value switch
    {
        null => "null",
        Config config => "{" + string.Join(", ", config.Select(entry => $"{entry.Key}: {Text(entry.Value)}")) + "}",
        ComponentConfig component => $"{component.ClassName} {Text(component.Config)}",
        string text => text,
        System.Collections.IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Text)) + "]",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
