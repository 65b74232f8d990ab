using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Recurrent.Cli.Output;

/// <summary>Prints results: tables for people, or one JSON document for programs.</summary>
internal sealed class Printer
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter output;
    private readonly IAnsiConsole console;
    private readonly Dictionary<string, object?> document = [];

    internal Printer(TextWriter output, bool json)
    {
        this.output = output;
        Json = json;
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new Screen(output) });
    }

    /// <summary>Whether JSON is printed.</summary>
    internal bool Json { get; }

    /// <summary>Prints named values.</summary>
    internal void Facts(Facts facts, string? below = null)
    {
        if (Json)
        {
            foreach (Fact fact in facts)
            {
                document[fact.Key] = Plain(fact.Value);
            }

            Finish();
            return;
        }

        var table = new Table { ShowHeaders = false, Border = TableBorder.None };
        table.AddColumn("name").AddColumn("value");
        foreach (Fact fact in facts.Where(fact => fact.Value is not null))
        {
            table.AddRow(new Spectre.Console.Text(fact.Title), new Spectre.Console.Text(Texts.Any(fact.Value)));
        }

        console.Write(table);
        if (below is not null)
        {
            output.WriteLine(below);
        }
    }

    /// <summary>Adds to the JSON document; <see cref="Finish"/> prints it.</summary>
    internal void Put(string key, object? value)
    {
        if (Json)
        {
            document[key] = Plain(value);
        }
    }

    /// <summary>Prints a table; numbers stand right.</summary>
    internal void Table(string[] headings, IEnumerable<object?[]> rows, string? title = null)
    {
        if (Json)
        {
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        if (title is not null)
        {
            table.Title = new TableTitle(Markup.Escape(title));
        }

        object?[][] all = [.. rows];
        for (int i = 0; i < headings.Length; i++)
        {
            bool numbers = all.Any(row => row[i] is double or int or long);
            table.AddColumn(new TableColumn(new Spectre.Console.Text(headings[i]))
            {
                Alignment = numbers ? Justify.Right : Justify.Left,
                NoWrap = true,
            });
        }

        foreach (object?[] row in all)
        {
            table.AddRow(row.Select(cell => new Spectre.Console.Text(Texts.Any(cell))));
        }

        console.Write(table);
    }

    /// <summary>Prints a line for people.</summary>
    internal void Line(string text)
    {
        if (!Json)
        {
            output.WriteLine(text);
        }
    }

    /// <summary>Prints the JSON document, where one is wanted.</summary>
    internal void Finish()
    {
        if (Json)
        {
            output.WriteLine(JsonSerializer.Serialize(document, Options));
        }
    }

    /// <summary>Numbers that JSON does not know are null.</summary>
    private static object? Plain(object? value) => value switch
    {
        double number => double.IsFinite(number) ? number : null,
        double[] numbers => numbers.Select(number => Plain(number)).ToArray(),
        IReadOnlyDictionary<string, object?> nested => nested.ToDictionary(pair => pair.Key, pair => Plain(pair.Value)),
        IEnumerable<object?> list => list.Select(Plain).ToArray(),
        _ => value,
    };

    /// <summary>The console as it is; a file or a pipe is wide and has no colours.</summary>
    private sealed class Screen(TextWriter writer) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput inner = new(writer);

        public TextWriter Writer => writer;

        public bool IsTerminal => inner.IsTerminal;

        public int Width => IsTerminal ? inner.Width : 400;

        public int Height => inner.Height;

        public void SetEncoding(System.Text.Encoding encoding) => inner.SetEncoding(encoding);
    }
}
