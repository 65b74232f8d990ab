using System.Buffers.Text;
using System.Text;
using CsvHelper;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>The rows of a CSV file, however long it is.</summary>
internal sealed class CsvRowSource : RowSource
{
    private const int LongestRecord = 1 << 24;

    private readonly string path;
    private readonly CsvOptions options;
    private readonly bool hasHeader;

    public CsvRowSource(string path, CsvOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        new OptionCheck("FromCsv")
            .Require(options.Comment.Length <= 1, "Comment must be one character, or empty, for a file that is read row by row",
                "Comment")
            .ThrowIfAny();
        this.path = path;
        this.options = options;
        Name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        }

        using CsvReader reader = Open();
        string[] first = Next(reader) ? reader.Current.ToArray()
            : throw new CsvException($"{Name} has no header and no rows.");
        hasHeader = options.HasHeader ?? !first.All(cell => NumberText.IsMissing(cell)
            || NumberText.TryRead(cell, '.', out _) || NumberText.TryRead(cell, ',', out _));
        Columns = hasHeader ? [.. first.Select(cell => cell.Trim())]
            : [.. first.Select((_, i) => FormattableString.Invariant($"column {i + 1}"))];
    }

    public override string Name { get; }

    public override IReadOnlyList<string> Columns { get; }

    public override RowReader Open(IReadOnlyList<int> columns)
    {
        CsvReader reader = Open();
        if (hasHeader)
        {
            _ = Next(reader);
        }

        return new Pass(this, reader, [.. columns]);
    }

    private CsvReader Open()
    {
        CsvReaderOptions how = CsvReaderOptions.Default with
        {
            Separator = options.Separator,
            Encoding = options.Encoding,
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = LongestRecord,
            CommentPrefix = options.Comment.Length == 0 ? null : options.Comment[0],
            MalformedData = CsvMalformedDataHandling.Throw,
        };
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16,
            FileOptions.SequentialScan);
        return CsvReader.Create(file, how, false);
    }

    private bool Next(CsvReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException malformed)
        {
            throw new CsvException(FormattableString.Invariant($"{Name}, line {malformed.LineNumber}: {malformed.Message}"),
                malformed);
        }
    }

    private sealed class Pass(CsvRowSource source, CsvReader reader, int[] columns) : RowReader
    {
        public override bool Read(Span<Real> values)
        {
            if (!source.Next(reader))
            {
                return false;
            }

            int cells = reader.FieldCount;
            for (int i = 0; i < columns.Length; i++)
            {
                values[i] = columns[i] < cells ? Number(reader.GetSpan(columns[i]), columns[i])
                    : throw new CsvException(FormattableString.Invariant(
                        $"{source.Name}, line {reader.LineNumber}: the row ends after {cells} of {source.Columns.Count} cells, ")
                        + $"before column '{source.Columns[columns[i]]}'. The file may be cut off there.");
            }

            return true;
        }

        public override long Skip(long rows)
        {
            long done = 0;
            while (done < rows && source.Next(reader))
            {
                done++;
            }

            return done;
        }

        protected override void Dispose(bool disposing)
        {
            reader.Dispose();
            base.Dispose(disposing);
        }

        private Real Number(ReadOnlySpan<byte> cell, int column)
        {
            // Most cells are plain numbers, read where they lie.
            if (!(source.options.DecimalMark is null or '.'
                && Utf8Parser.TryParse(cell, out double value, out int used) && used == cell.Length))
            {
                value = Read(Encoding.UTF8.GetString(cell), column);
            }

            return Real.IsFinite((Real)value) ? (Real)value
                : throw Wrong(column, "holds a number that is not finite, or larger than a float can be");
        }

        private double Read(string text, int column)
        {
            if (NumberText.IsMissing(text) || source.options.Missing.Contains(text))
            {
                throw Wrong(column, "has no value there. Fill or leave out rows with missing values");
            }

            return NumberText.TryRead(text, source.options.DecimalMark ?? '.', out double value) ? value
                : throw Wrong(column, $"holds '{(text.Length > 40 ? text[..40] + "…" : text)}', which is no number");
        }

        private CsvException Wrong(int column, string problem) => new(FormattableString.Invariant(
            $"{source.Name}, line {reader.LineNumber}: column '{source.Columns[column]}' {problem}."));
    }
}
