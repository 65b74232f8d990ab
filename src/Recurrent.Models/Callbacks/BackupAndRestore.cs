using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>
/// Keeps a backup of the run, so that the same program, started again after it was killed, goes on from there and takes the very
/// steps that it would have taken. Keras's BackupAndRestore.
/// </summary>
/// <remarks>
/// <para>
/// Kept are the weights, the state of the optimizer with its learning rate, the place in the epoch and in the data, loss and
/// metrics so far, states of stateful layers, the history, and what other callbacks have counted
/// (<see cref="Callback.SaveState"/>). It is written after every callback has seen the batch or the epoch, wherever it stands in
/// the list. The file is replaced as a whole, so that whenever the process ends there is one to go on from.
/// </para>
/// <para>
/// The run that goes on must be the same: the same model, loss and optimizer, batch size and data, and the same kinds of
/// callbacks; what differs is named, and nothing is changed. The learning rate of the optimizer is that of the backup. When the
/// last epoch is done the backup is removed. A run that is cancelled, or whose data fail, is backed up where it stands.
/// </para>
/// </remarks>
/// <example><code>model.Fit(x, y, epochs: 100, callbacks: new BackupAndRestore("backup"));</code></example>
public sealed class BackupAndRestore : Callback
{
    private const string FileName = "backup.json";
    private const string PreviousName = "backup-previous.json";

    private readonly string backupDir;
    private readonly bool doubleCheckpoint;
    private readonly bool deleteCheckpoint;

    /// <summary>Creates the callback.</summary>
    /// <param name="backupDir">The folder of the backup; made where it is missing. Give each run its own.</param>
    /// <param name="saveFreq">
    /// <c>"epoch"</c> (the default): after every epoch; <c>"batch"</c> or a number: after every batch, or so many, as well.
    /// </param>
    /// <param name="doubleCheckpoint">Whether the backup before the last is kept too, and taken where the last cannot be read;
    /// default false.</param>
    /// <param name="deleteCheckpoint">Whether the backup is removed when the run has come to its end; default true. Else the
    /// same call of <c>Fit</c> finds that all is done.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public BackupAndRestore(
        string backupDir, SaveFrequency saveFreq = default, bool doubleCheckpoint = false, bool deleteCheckpoint = true)
    {
        new OptionCheck(nameof(BackupAndRestore)).Name(nameof(backupDir), backupDir).ThrowIfAny();
        this.backupDir = backupDir;
        SaveFreq = saveFreq;
        this.doubleCheckpoint = doubleCheckpoint;
        this.deleteCheckpoint = deleteCheckpoint;
    }

    /// <summary>How often the run is backed up.</summary>
    public SaveFrequency SaveFreq { get; }

    /// <summary>The epoch (from 0) in which the last run went on from a backup; null where it began anew.</summary>
    public int? RestoredEpoch { get; internal set; }

    /// <summary>The batch of <see cref="RestoredEpoch"/> (from 0) at which it went on.</summary>
    public int? RestoredBatch { get; internal set; }

    /// <summary>The file.</summary>
    internal string BackupPath => Path.Combine(backupDir, FileName);

    private string PreviousPath => Path.Combine(backupDir, PreviousName);

    /// <summary>The backups there are, the one to be taken first.</summary>
    internal IReadOnlyList<string> Existing() => [.. new[] { BackupPath, PreviousPath }.Where(File.Exists)];

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        if (File.Exists(backupDir))
        {
            throw new ArgumentException($"backupDir '{backupDir}' is a file; BackupAndRestore needs a folder.");
        }
    }

    /// <summary>Writes a backup over the last one.</summary>
    /// <param name="write">Writes to a path, as a whole or not at all.</param>
    internal void Save(Action<string> write)
    {
        try
        {
            Directory.CreateDirectory(backupDir);
            if (doubleCheckpoint && File.Exists(BackupPath))
            {
                File.Move(BackupPath, PreviousPath, overwrite: true);
            }

            write(BackupPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string kept = Existing().Count > 0 ? "The backup before it is still there" : "There is no earlier backup";
            throw new IOException(
                $"The run could not be backed up to '{BackupPath}': {exception.Message} {kept}, and the model holds what it has "
                + "learned. Make room, or give another backupDir, and call Fit again.", exception);
        }
    }

    /// <summary>Says that the run has come to its end.</summary>
    internal void Finish()
    {
        if (!deleteCheckpoint)
        {
            return;
        }

        File.Delete(PreviousPath);
        File.Delete(BackupPath);
        if (Directory.Exists(backupDir) && !Directory.EnumerateFileSystemEntries(backupDir).Any())
        {
            Directory.Delete(backupDir);
        }
    }
}
