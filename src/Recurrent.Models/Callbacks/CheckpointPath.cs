using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>
/// A path with placeholders for the number of the epoch and for figures of its logs: <c>model-{epoch:D3}-{val_loss:F4}.json</c>.
/// Python's formats (<c>{epoch:03d}</c>, <c>{epoch:03}</c>, <c>{val_loss:.4f}</c>) are understood as well. What both would read
/// is .NET's where it is zeros and number signs alone, and Python's else.
/// </summary>
internal sealed partial class CheckpointPath
{
    private const string Epoch = "epoch";

    private readonly string template;
    private readonly (string Name, string Format, int Start, int End)[] placeholders;

    public CheckpointPath(string template)
    {
        this.template = template;
        placeholders =
        [
            .. Placeholder().Matches(template).Select(match =>
                (match.Groups["name"].Value, match.Groups["format"].Value, match.Index, match.Index + match.Length)),
        ];
    }

    /// <summary>What is wrong with a template, without a full stop; null where it is in order.</summary>
    public static string? Problem(string? template)
    {
        if (string.IsNullOrWhiteSpace(template))
        {
            return "path must not be blank";
        }

        if (Placeholder().Replace(template, string.Empty).AsSpan().IndexOfAny('{', '}') >= 0)
        {
            return $"path '{template}' has a brace that belongs to no placeholder such as {{epoch}} or {{val_loss:F4}}";
        }

        foreach ((string name, string format, _, _) in new CheckpointPath(template).placeholders)
        {
            try
            {
                _ = Format(name, format, 0);
            }
            catch (FormatException)
            {
                return $"path has the placeholder {{{name}:{format}}}, whose format is not known; try "
                    + $"{{{name}:{(name == Epoch ? "D3" : "F4")}}}";
            }
        }

        return Models.Model.PathProblem(template) is { } problem ? $"path '{template}' will not do: {problem}" : null;
    }

    /// <summary>Checks that a run has all that the path asks for.</summary>
    /// <param name="names">What the run logs.</param>
    /// <param name="owner">Whose path it is, for messages.</param>
    /// <exception cref="ArgumentException">It has not.</exception>
    public void Check(IReadOnlyList<string> names, string owner)
    {
        foreach (string name in placeholders.Select(placeholder => placeholder.Name))
        {
            if (name != Epoch && !names.Contains(name))
            {
                string advice = Spelling.Near(name, [.. names, Epoch]) is { } near ? $"Did you mean {{{near}}}? " : string.Empty;
                throw new ArgumentException(
                    $"{owner} has {{{name}}} in its path, but this run does not log it. {advice}There are epoch, "
                    + $"{string.Join(", ", names)}.");
            }
        }
    }

    /// <summary>The path for an epoch; null where the epoch was ended too early to have the figures it asks for.</summary>
    /// <param name="epoch">Index of the epoch, from 0; the path counts from 1.</param>
    /// <param name="logs">The logs of the epoch.</param>
    public string? For(int epoch, IReadOnlyDictionary<string, double> logs)
    {
        var path = new StringBuilder();
        int done = 0;
        foreach ((string name, string format, int start, int end) in placeholders)
        {
            double value = epoch + 1;
            if (name != Epoch && !logs.TryGetValue(name, out value))
            {
                return null;
            }

            path.Append(template, done, start - done).Append(Format(name, format, value));
            done = end;
        }

        return path.Append(template, done, template.Length - done).ToString();
    }

    private static string Format(string name, string format, double value)
    {
        bool whole = name == Epoch;
        if (!DotNetFormat().IsMatch(format))
        {
            return PythonFormat.Format(format, value, whole);
        }

        return whole
            ? ((int)value).ToString(format, CultureInfo.InvariantCulture)
            : value.ToString(format, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<format>[^{}]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    // A standard format (D3, f4), or a custom one without text of its own (000, 0.00, #,##0.0, 0.00E+00).
    [GeneratedRegex(@"^([A-Z]\d*|[a-z]\d+|[#0,]*[#0](\.[#0]+)?([eE][+-]?0+)?%?)$", RegexOptions.CultureInvariant)]
    private static partial Regex DotNetFormat();
}
