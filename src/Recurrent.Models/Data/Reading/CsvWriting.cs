using System.Globalization;
using System.Text;
using CsvHelper;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Writes series as CSV that is read back as it was.</summary>
internal sealed class CsvWriting
{
    private const string Missing = "NA";

    private static readonly string[] DateNames = ["date", "time", "timestamp", "stamp"];
    private static readonly string[] SeriesNames = ["series", "name", "id", "series name"];

    private readonly TextWriter writer;
    private readonly CsvWriterOptions form;
    private readonly CsvOptions options;
    private readonly char mark;

    /// <summary>Creates a writer.</summary>
    internal CsvWriting(TextWriter writer, CsvOptions? options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        this.writer = writer;
        this.options = options ?? new CsvOptions();
        mark = this.options.DecimalMark ?? '.';
        char separator = this.options.Separator ?? (mark == ',' ? ';' : ',');
        if (separator == mark || mark is not ('.' or ','))
        {
            throw new ArgumentException(
                $"Numbers have the decimal mark '{mark}', and columns the separator '{separator}': choose a point or a comma, "
                + "and another separator.", nameof(options));
        }

        form = new CsvWriterOptions { Separator = separator, NewLine = "\n" };
    }

    /// <summary>Writes a file; one that is there is replaced as a whole, or stays as it is if anything fails.</summary>
    internal static void ToFile(string path, Action<TextWriter> write, CsvOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath.RequireNoFolder(path);
        AtomicFile.Write(path, stream =>
        {
            using var file = new StreamWriter(stream, options?.Encoding ?? new UTF8Encoding(false), leaveOpen: true);
            write(file);
        });
    }

    /// <summary>Writes a series.</summary>
    internal void Write(TimeSeries series)
    {
        string[] header = [.. series.Variables];
        string[] dates = Dates(series.Dates);
        using var csv = CsvWriter.Create(writer, form, true);
        Row(csv, series.Dates is null ? header : [Free(DateNames, header), .. header]);
        for (int row = 0; row < series.Count; row++)
        {
            string[] values = Values(series, row);
            Row(csv, series.Dates is null ? values : [dates[row], .. values]);
        }
    }

    /// <summary>Writes a panel.</summary>
    internal void Write(SeriesPanel panel)
    {
        if (options.Form == PanelForm.Rows)
        {
            throw new ArgumentException("A panel is written with its series one below the other (PanelForm.Long) or side by side "
                + "(PanelForm.Columns), not in rows.");
        }

        bool dated = panel.All(series => series.Dates is not null);
        if (!dated && panel.Any(series => series.Dates is not null))
        {
            throw new ArgumentException(
                $"Series '{panel.First(series => series.Dates is null).Name}' of the panel has no dates, and others "
                + "have: give all dates, or none.");
        }

        using var csv = CsvWriter.Create(writer, form, true);
        if (options.Form == PanelForm.Columns)
        {
            WriteColumns(csv, panel, dated);
        }
        else
        {
            WriteLong(csv, panel, dated);
        }
    }

    private void WriteLong(CsvWriter csv, SeriesPanel panel, bool dated)
    {
        bool alike = panel.All(series => series.Variables.SequenceEqual(panel.Variables));
        string[] header = [.. alike ? panel.Variables : ["value"], .. panel.AttributeNames];
        string[] start = dated ? [Free(SeriesNames, header), Free(DateNames, header)] : [Free(SeriesNames, header)];
        Row(csv, [.. start, .. header]);
        foreach (TimeSeries series in panel)
        {
            string[] attributes = [.. panel.AttributeNames.Select(name => panel.Attributes[series.Name][name])
                .Select(value => value.IsNumber ? Number(value.Number) : value.Text!)];
            string[] dates = Dates(series.Dates);
            for (int row = 0; row < series.Count; row++)
            {
                string[] values = [.. Values(series, row), .. attributes];
                Row(csv, dated ? [series.Name, dates[row], .. values] : [series.Name, .. values]);
            }
        }
    }

    private void WriteColumns(CsvWriter csv, SeriesPanel panel, bool dated)
    {
        if (panel.Variables.Count > 1 || panel.AttributeNames.Count > 0)
        {
            throw new ArgumentException($"Side by side there is room for one variable and no attributes, but the panel has "
                + $"{panel.Variables.Count} variables and {panel.AttributeNames.Count} attributes: select one variable, or write "
                + "PanelForm.Long.");
        }

        string[] names = [.. panel.Names];
        DateTime[] dates = !dated ? [] : [.. panel.SelectMany(series => series.Dates!).Distinct().Order()];
        int count = dated ? dates.Length : panel.Max(series => series.Count);
        string[] texts = Dates(dates);
        Dictionary<DateTime, int>[] places = !dated ? [] : [.. panel.Select(series =>
            series.Dates!.Select((date, place) => (date, place)).ToDictionary(pair => pair.date, pair => pair.place))];
        Row(csv, dated ? [Free(DateNames, names), .. names] : names);
        for (int row = 0; row < count; row++)
        {
            string[] values = [.. panel.Select((series, place) => (dated ? places[place].GetValueOrDefault(dates[row], -1)
                : row < series.Count ? row : -1) is >= 0 and int at ? Number(series[at]) : Missing)];
            Row(csv, dated ? [texts[row], .. values] : values);
        }
    }

    private static void Row(CsvWriter csv, string[] cells)
    {
        foreach (string cell in cells)
        {
            // A first cell that begins like a comment is quoted.
            csv.WriteField(cell, cell is ['#' or '%' or '/', ..] or [' ', ..] or [.., ' '] ? CsvQuoting.Always
                : CsvQuoting.WhenNeeded);
        }

        csv.EndRecord();
    }

    private static string Free(string[] names, string[] taken) =>
        names.FirstOrDefault(name => !taken.Contains(name, StringComparer.OrdinalIgnoreCase)) ?? names[0] + " (of the row)";

    private string[] Values(TimeSeries series, int row) =>
        [.. Enumerable.Range(0, series.Variables.Count).Select(variable => Number(series.Variable(variable)[row]))];

    private string Number(double value)
    {
        if (double.IsNaN(value))
        {
            return options.Missing.Count > 0 ? options.Missing[0] : Missing;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return mark == '.' ? text : text.Replace('.', mark);
    }

    /// <summary>Dates in the shortest form that keeps all of them.</summary>
    private string[] Dates(IReadOnlyList<DateTime>? dates)
    {
        if (dates is null)
        {
            return [];
        }

        bool instants = dates.Any(date => date.Kind == DateTimeKind.Utc);
        string format = options.DateFormat ?? (instants ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"
            : dates.All(date => date.TimeOfDay == default) ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF");
        return NumericDates.IsFormat(format)
            ? throw new ArgumentException($"Dates are not written as the format '{format}' counts: choose another DateFormat.")
            : [.. dates.Select(date => date.ToString(format, CultureInfo.InvariantCulture))];
    }
}
