using System.Data.Common;
using System.Globalization;

namespace Recurrent.Data;

/// <summary>Reads the rows of a database query into a table of columns.</summary>
internal static class ReaderTable
{
    /// <summary>Reads all rows that are left.</summary>
    internal static SeriesTable Read(DbDataReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Builder[] builders = [.. Enumerable.Range(0, reader.FieldCount).Select(_ => new Builder())];
        int rows = 0;
        while (reader.Read())
        {
            rows++;
            for (int column = 0; column < builders.Length; column++)
            {
                builders[column].Add(reader.IsDBNull(column) ? null : reader.GetValue(column));
            }
        }

        return rows == 0 ? throw new TableException($"{name} has no rows.")
            : new(name, [.. builders.Select((builder, place) => builder.Column(reader.GetName(place)))]);
    }

    /// <summary>The cells of a column: numbers or dates as long as all are, else texts.</summary>
    private sealed class Builder
    {
        private List<double>? numbers = [];
        private List<DateTime?>? dates = [];
        private List<string?>? texts;

        internal void Add(object? value)
        {
            double? number = value switch
            {
                null => double.NaN,
                double real => real,
                bool flag => flag ? 1 : 0,
                sbyte or byte or short or ushort or int or uint or long or ulong or float or decimal =>
                    Convert.ToDouble(value, CultureInfo.InvariantCulture),
                _ => null,
            };
            (bool isDate, DateTime? date) = value switch
            {
                null => (true, null),
                DateTime moment => (true, moment),
                DateTimeOffset instant => (true, instant.UtcDateTime),
                DateOnly day => (true, day.ToDateTime(TimeOnly.MinValue)),
                _ => (false, (DateTime?)null),
            };
            if ((number is null ? null : numbers) is null && (isDate ? dates : null) is null)
            {
                texts ??= Texts();
            }

            if (texts is not null)
            {
                texts.Add(Text(value));
                return;
            }

            numbers = number is null ? null : numbers;
            dates = isDate ? dates : null;
            numbers?.Add(number!.Value);
            dates?.Add(date);
        }

        internal TableColumn Column(string name) => texts is not null ? TableColumn.OfTexts(name, texts)
            : numbers is not null ? TableColumn.OfNumbers(name, numbers) : TableColumn.OfDates(name, dates!);

        private List<string?> Texts() => numbers is not null
            ? [.. numbers.Select(number => double.IsNaN(number) ? null : Text(number))]
            : [.. (dates ?? []).Select(date => date is null ? null : Text(date))];

        private static string? Text(object? value) => value switch
        {
            null => null,
            string text => text,
            DateTime date => EvenDates.Text(date)
                + (date.Kind == DateTimeKind.Utc && date.TimeOfDay != default ? "Z" : string.Empty),
            DateTimeOffset instant => EvenDates.Text(instant.UtcDateTime) + "Z",
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
    }
}
