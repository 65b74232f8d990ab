namespace Recurrent.Accuracy;

/// <summary>A file of comma-separated values, every field as text; quotes as in RFC 4180.</summary>
internal sealed class Table
{
    private Table(string file, string[] header, List<string[]> rows)
    {
        File = file;
        Header = header;
        Rows = rows;
    }

    internal string File { get; }

    internal string[] Header { get; }

    internal List<string[]> Rows { get; }

    /// <summary>Reads a file with a header row.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is empty.</exception>
    internal static Table Read(string file)
    {
        List<string[]> rows = [.. System.IO.File.ReadLines(file).Where(line => line.Trim().Length > 0).Select(Split)];
        return rows.Count > 1
            ? new(file, [.. rows[0].Select(name => name.Trim().TrimStart('\uFEFF'))], rows[1..])
            : throw new FormatException($"'{file}' has no row below a header.");
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="FormatException">There is none of that name.</exception>
    internal int Column(string name)
    {
        int place = Array.FindIndex(Header, column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase));
        return place >= 0 ? place
            : throw new FormatException($"'{File}' has no column '{name}'. It has: {string.Join(", ", Header.Take(20))}.");
    }

    /// <summary>Whether there is a column of a name.</summary>
    internal bool Has(string name) =>
        Array.Exists(Header, column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A number of a row; NaN where it is empty or marked as missing.</summary>
    /// <exception cref="FormatException">It is neither; the message names the row.</exception>
    internal double Number(string text, int row) => text.Trim() switch
    {
        "" or "NA" or "NaN" or "nan" or "null" => double.NaN,
        string field when double.TryParse(field, System.Globalization.NumberStyles.Float,
            System.Globalization.CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => number,
        string field => throw new FormatException($"'{File}', row {row + 2}: '{field}' is not a number."),
    };

    private static string[] Split(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}
