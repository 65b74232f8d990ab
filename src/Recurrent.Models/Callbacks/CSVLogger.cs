using System.Globalization;
using CsvHelper;
using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>Writes the figures of every epoch to a CSV file, one line each. Keras's CSVLogger.</summary>
/// <remarks>
/// The columns are <c>epoch</c> (from 0; a model that was trained before, or loaded, goes on counting) and then the names of the
/// figures in alphabetical order, as the first epoch has them; a figure that a later epoch lacks is written as NA. Numbers are
/// written in full and the same in every culture. A line is on the disk when its epoch is over, so a run that breaks off keeps
/// the lines it has.
/// </remarks>
public sealed class CSVLogger : Callback
{
    private const string EpochColumn = "epoch";

    private readonly string path;
    private readonly bool? append;
    private bool appends;
    private bool resumes;
    private readonly char separator;
    private string[]? columns;
    private CsvWriter? writer;

    /// <summary>Creates the callback.</summary>
    /// <param name="path">The file. Folders of the path are made where they are missing.</param>
    /// <param name="separator">What separates the columns.</param>
    /// <param name="append">
    /// Whether lines are added to a file that exists, in place of starting it anew. Null (the default) adds them where the run
    /// goes on from an epoch after the first (<see cref="TrainingRun.InitialEpoch"/>) and the file has the run's columns.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public CSVLogger(string path, char separator = ',', bool? append = null)
    {
        bool usable = char.IsAscii(separator) && !char.IsLetterOrDigit(separator)
            && "\"\r\n.+-_".IndexOf(separator, StringComparison.Ordinal) < 0;
        new OptionCheck(nameof(CSVLogger))
            .Name(nameof(path), path)
            .Require(usable, $"separator must be an ASCII character that neither numbers nor names have, but is '{separator}'",
                "separator")
            .ThrowIfAny();
        this.path = path;
        this.separator = separator;
        this.append = append;
    }

    internal override bool WritesOutside => true;

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        // A run that was killed goes on with its file, whatever was said of files that were there before it.
        resumes = run.IsResumed;
        columns = resumes || (append ?? run.InitialEpoch > 0) ? ExistingColumns() : null;
        string[] lacking = columns is null ? [] : [.. run.MetricNames.Prepend(EpochColumn).Except(columns)];
        if (lacking.Length > 0 && append == true)
        {
            throw new ArgumentException(
                $"CSVLogger is to append to '{path}', which has the columns {string.Join(", ", columns!)}, but none for "
                + $"{string.Join(", ", lacking)}. Give another file, or append: false.");
        }

        columns = lacking.Length > 0 ? null : columns;
        appends = append == true || columns is not null;
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run)
    {
        FilePath.RequireNoFolder(path);
        CallbackOptions.MakeFolderOf(path);
        if (appends)
        {
            KeepWholeLines(run);
        }

        // Others may read along while training goes on.
        var file = new FileStream(path, appends ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        writer = CsvWriter.Create(file, new CsvWriterOptions { Separator = separator, NewLine = "\n" }, false);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(logs);
        WriteFailure.Tell(nameof(CSVLogger), path, () => Write(run, epoch, logs));
    }

    private void Write(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
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
        CsvWriter? own = writer;
        writer = null;
        if (own is not null)
        {
            WriteFailure.Tell(nameof(CSVLogger), path, own.Dispose);
        }
    }

    private static string Field(string column, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        if (column == EpochColumn)
        {
            return epoch.ToString(CultureInfo.InvariantCulture);
        }

        return logs.TryGetValue(column, out double value) ? value.ToString("R", CultureInfo.InvariantCulture) : "NA";
    }

    /// <summary>
    /// Ends the last line of a file that is gone on with, which a run that broke off may have left open. Where nobody has asked
    /// for all lines to stay, the epochs that this run repeats, because it starts from an older checkpoint, are taken out.
    /// </summary>
    private void KeepWholeLines(TrainingRun run)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return;
        }

        string text = File.ReadAllText(path);
        string whole = text.EndsWith('\n') ? text : text + "\n";
        if (resumes)
        {
            // Behind what the backup knows of stand lines of epochs that come again, the last of them perhaps half a line. Lines
            // of other runs, which append: true keeps, stand before.
            List<string> lines = [.. text.Split('\n')[..^1]];
            while (lines.Count > 1 && Repeats(lines[^1], run.InitialEpoch))
            {
                lines.RemoveAt(lines.Count - 1);
            }

            whole = string.Concat(lines.Select(line => line + "\n"));
        }
        else if (append is null)
        {
            whole = string.Concat(whole.Split('\n')[..^1].Where(line => !Repeats(line, run.InitialEpoch))
                .Select(line => line + "\n"));
        }

        if (whole != text)
        {
            // As a whole or not at all: the process may end here too.
            string beside = path + ".part";
            File.WriteAllText(beside, whole);
            File.Move(beside, path, overwrite: true);
        }
    }

    private bool Repeats(string line, int initialEpoch)
    {
        string[] fields = line.Split(separator);
        int column = Array.IndexOf(columns!, EpochColumn);
        return column < fields.Length
            && int.TryParse(fields[column], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)
            && epoch >= initialEpoch;
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
