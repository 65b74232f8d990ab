using System.Globalization;
using CsvHelper;
using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>Writes the figures of every epoch to a CSV file, one line each. Keras's CSVLogger.</summary>
/// <remarks>
/// The columns are <c>epoch</c> (from 0) and then the names of the figures in alphabetical order, as the first epoch has them; a
/// figure that a later epoch lacks is written as NA. Numbers are written in full and the same in every culture. A line is on the
/// disk when its epoch is over, so a run that breaks off keeps the lines it has.
/// </remarks>
public sealed class CSVLogger : Callback
{
    private const string EpochColumn = "epoch";

    private readonly string path;
    private readonly bool append;
    private readonly char separator;
    private string[]? columns;
    private CsvWriter? writer;

    /// <summary>Creates the callback.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="separator">What separates the columns.</param>
    /// <param name="append">Whether lines are added to a file that exists, in place of starting it anew.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public CSVLogger(string path, char separator = ',', bool append = false)
    {
        bool usable = char.IsAscii(separator) && !char.IsLetterOrDigit(separator) && "\"\r\n.+-_".IndexOf(separator, StringComparison.Ordinal) < 0;
        new OptionCheck(nameof(CSVLogger))
            .Name(nameof(path), path)
            .Require(usable, $"separator must be an ASCII character that neither numbers nor names have, but is '{separator}'")
            .ThrowIfAny();
        this.path = path;
        this.separator = separator;
        this.append = append;
    }

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        columns = append ? ExistingColumns() : null;
        string[] lacking = columns is null ? [] : [.. run.MetricNames.Prepend(EpochColumn).Except(columns)];
        if (lacking.Length > 0)
        {
            throw new ArgumentException(
                $"CSVLogger is to append to '{path}', which has the columns {string.Join(", ", columns!)}, but none for {string.Join(", ", lacking)}. Give another file, or append: false.");
        }
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run)
    {
        // Others may read along while training goes on.
        var file = new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        writer = CsvWriter.Create(file, new CsvWriterOptions { Separator = separator, NewLine = "\n" }, false);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(logs);
        if (columns is null)
        {
            columns = [EpochColumn, .. run.MetricNames.Union(logs.Keys).Order(StringComparer.Ordinal)];
            writer!.WriteRecord(columns);
        }

        foreach (string column in columns)
        {
            writer!.WriteField(Field(column, epoch, logs));
        }

        writer!.EndRecord();
        writer.Flush();
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingRun run)
    {
        writer?.Dispose();
        writer = null;
    }

    private static string Field(string column, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        if (column == EpochColumn)
        {
            return epoch.ToString(CultureInfo.InvariantCulture);
        }

        return logs.TryGetValue(column, out double value) ? value.ToString("R", CultureInfo.InvariantCulture) : "NA";
    }

    /// <summary>The header of the file that is there already; null where there is none.</summary>
    private string[]? ExistingColumns()
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return null;
        }

        using var file = new StreamReader(path);
        using CsvReader reader = CsvReader.Create(file, new CsvReaderOptions { Separator = separator, HasHeader = true }, false);
        reader.ReadHeader();
        return [.. reader.Headers];
    }
}
