using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Examples;

/// <summary>Arguments of the form <c>--name value</c>, <c>--name=value</c> or, for a switch, <c>--name</c>.</summary>
/// <remarks>What is wrong is collected, so that <see cref="ThrowIfWrong"/> can say all of it at once.</remarks>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> given = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];

    /// <summary>Takes the arguments apart.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="options">Names that take a value.</param>
    /// <param name="switches">Names that stand alone.</param>
    internal CommandLine(IReadOnlyList<string> args, string[] options, string[] switches)
    {
        string[] names = [.. options, .. switches, "--help"];
        for (int i = 0; i < args.Count; i++)
        {
            string[] parts = args[i].Split('=', 2);
            string name = parts[0] is "-h" or "-?" ? "--help" : parts[0];
            if (!name.StartsWith('-'))
            {
                problems.Add($"'{name}' stands alone. Options have the form --name value.");
                continue;
            }

            bool takesValue = !switches.Contains(name) && name != "--help";
            bool valueFollows = takesValue && parts.Length == 1 && i + 1 < args.Count
                && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            string? value = valueFollows ? args[++i] : parts.ElementAtOrDefault(1);
            if (!names.Contains(name))
            {
                problems.Add($"There is no option '{name}'. Did you mean '{Spelling.Nearest(name, names)}'?");
            }
            else if (!takesValue && value is not null)
            {
                problems.Add($"{name} is a switch and takes no value, but has '{value}'.");
            }
            else if (takesValue && string.IsNullOrWhiteSpace(value))
            {
                problems.Add($"{name} needs a value.");
            }
            else
            {
                given.Add(name);
                values[name] = value ?? string.Empty;
            }
        }
    }

    /// <summary>Whether an option or a switch is there.</summary>
    internal bool Has(string name) => given.Contains(name);

    /// <summary>The value of an option, or another one where it is not there.</summary>
    internal string Text(string name, string fallback) => values.GetValueOrDefault(name, fallback);

    /// <summary>The value of an option as a whole number.</summary>
    internal int Number(string name, int fallback, int least, int most = int.MaxValue)
    {
        if (!values.TryGetValue(name, out string? value))
        {
            return fallback;
        }

        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
            && number <= most)
        {
            return number;
        }

        string range = most == int.MaxValue ? FormattableString.Invariant($"of at least {least}")
            : FormattableString.Invariant($"from {least} to {most}");
        problems.Add($"{name} must be a whole number {range}, but is '{value}'.");
        return fallback;
    }

    /// <summary>The value of an option as one of several words.</summary>
    internal string Choice(string name, params string[] choices)
    {
        string value = Text(name, choices[0]);
        string choice = value.ToLowerInvariant();
        if (!choices.Contains(choice))
        {
            problems.Add($"{name} must be {string.Join(" or ", choices)}, but is '{value}'. Did you mean "
                + $"'{Spelling.Nearest(value, choices)}'?");
        }

        return choice;
    }

    /// <summary>The value of an option as several of some words, with commas between them; all of them where it is not
    /// there.</summary>
    internal string[] Choices(string name, params string[] choices)
    {
        if (!values.TryGetValue(name, out string? value))
        {
            return choices;
        }

        var chosen = new List<string>();
        foreach (string word in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (choices.FirstOrDefault(choice => choice.Equals(word, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                problems.Add($"{name} knows {string.Join(", ", choices)}, but not '{word}'. Did you mean "
                    + $"'{Spelling.Nearest(word, choices)}'?");
            }
            else if (!chosen.Contains(known))
            {
                chosen.Add(known);
            }
        }

        return [.. chosen];
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="UsageException">Something was wrong.</exception>
    internal void ThrowIfWrong()
    {
        if (problems.Count > 0)
        {
            throw new UsageException(string.Join('\n', problems));
        }
    }
}
