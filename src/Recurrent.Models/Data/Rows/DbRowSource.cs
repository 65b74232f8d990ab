using System.Data.Common;
using System.Globalization;

namespace Recurrent.Data;

/// <summary>The rows of a query.</summary>
internal sealed class DbRowSource : RowSource
{
    private readonly Func<DbDataReader>? open;

    // A reader that is open already: the caller's, or the one that the columns were learned from.
    private DbDataReader? ready;
    private string[]? columns;

    public DbRowSource(Func<DbDataReader> open, string name)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        this.open = open;
        Name = name;
    }

    public DbRowSource(DbDataReader reader, string name)
    {
        ready = reader;
        Name = name;
    }

    public override string Name { get; }

    public override IReadOnlyList<string> Columns
    {
        get
        {
            if (columns is null)
            {
                ready ??= open!() ?? throw new TableException($"{Name} gives no reader.");
                columns = [.. Enumerable.Range(0, ready.FieldCount).Select(ready.GetName)];
            }

            return columns;
        }
    }

    public override RowReader Open(IReadOnlyList<int> columns)
    {
        DbDataReader? reader = ready;
        ready = null;
        reader ??= open is null
            ? throw new TableException($"{Name} is a reader that can be read once, and has been. For several passes give "
                + "RowSource.FromDatabase a function that runs the query.")
            : open();
        return new Pass(this, reader, [.. columns], owns: open is not null);
    }

    private sealed class Pass(DbRowSource source, DbDataReader reader, int[] columns, bool owns) : RowReader
    {
        private long row;

        public override bool Read(Span<Real> values)
        {
            if (!reader.Read())
            {
                return false;
            }

            row++;
            for (int i = 0; i < columns.Length; i++)
            {
                values[i] = Number(columns[i]);
            }

            return true;
        }

        public override long Skip(long rows)
        {
            long done = 0;
            while (done < rows && reader.Read())
            {
                done++;
                row++;
            }

            return done;
        }

        protected override void Dispose(bool disposing)
        {
            if (owns)
            {
                reader.Dispose();
            }

            base.Dispose(disposing);
        }

        private Real Number(int column)
        {
            if (reader.IsDBNull(column))
            {
                throw Wrong(column, "has no value there. Fill or leave out rows with missing values");
            }

            Type type = reader.GetFieldType(column);
            double value = type == typeof(double) ? reader.GetDouble(column)
                : type == typeof(float) ? reader.GetFloat(column)
                : type == typeof(long) ? reader.GetInt64(column)
                : type == typeof(int) ? reader.GetInt32(column)
                : Other(column);
            return Real.IsFinite((Real)value) ? (Real)value
                : throw Wrong(column, "holds a number that is not finite, or larger than a float can be");
        }

        private double Other(int column) => reader.GetValue(column) switch
        {
            bool flag => flag ? 1 : 0,
            IConvertible number when Type.GetTypeCode(number.GetType()) is >= TypeCode.SByte and <= TypeCode.Decimal =>
                number.ToDouble(CultureInfo.InvariantCulture),
            var other => throw Wrong(column, $"holds a {other.GetType().Name}, which is no number"),
        };

        private TableException Wrong(int column, string problem) => new(FormattableString.Invariant(
            $"{source.Name}, row {row}: column '{source.Columns[column]}' {problem}."));
    }
}
