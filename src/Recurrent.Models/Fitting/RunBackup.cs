using Recurrent.Callbacks;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>The backup of a run: what it is written from, and how a run goes on from it.</summary>
internal sealed class RunBackup
{
    private readonly Model model;
    private readonly BackupAndRestore callback;
    private readonly Callback[] callbacks;
    private Config settings;
    private readonly BackupFile? found;
    private readonly string path = string.Empty;
    private readonly Config[] states = [];

    private RunBackup(Model model, BackupAndRestore callback, Callback[] callbacks, Config settings)
    {
        this.model = model;
        this.callback = callback;
        this.callbacks = [.. callbacks.Where(each => each is not ProgressDisplay)];
        this.settings = settings;
        callback.RestoredEpoch = callback.RestoredBatch = null;
        IReadOnlyList<string> existing = callback.Existing();
        for (int i = 0; i < existing.Count && found is null; i++)
        {
            path = existing[i];
            try
            {
                found = Model.ReadBackup(path);
                ReadRun(found.Run, out states);
            }
            catch (Exception exception) when (exception is ModelFormatException or ConfigException or IOException)
            {
                found = null;
                if (i == existing.Count - 1)
                {
                    throw Broken(exception);
                }
            }
        }
    }

    /// <summary>Whether there is a backup to go on from.</summary>
    public bool IsResumed => found is not null;

    /// <summary>Index of the epoch with which the run began that was broken off.</summary>
    public int InitialEpoch { get; private set; }

    /// <summary>Index of the epoch to go on with.</summary>
    public int Epoch { get; private set; }

    /// <summary>Index of the batch to go on with.</summary>
    public int Batch { get; private set; }

    /// <summary>Why the run had ended already, or null.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Where the data are to be gone on with.</summary>
    public FeedPlace Place { get; private set; }

    /// <summary>The backup of a run that has the callback for it; else null.</summary>
    /// <exception cref="ArgumentException">There are several such callbacks.</exception>
    /// <exception cref="ModelFormatException">There is a backup, and it is broken.</exception>
    public static RunBackup? For(Model model, Callback[] callbacks, Func<Config> settings) =>
        callbacks.OfType<BackupAndRestore>().ToArray() switch
        {
            [] => null,
            [var only] => new(model, only, callbacks, settings()),
            _ => throw new ArgumentException("callbacks holds more than one BackupAndRestore. A run has one backup."),
        };

    /// <summary>Checks that what is gathered in the middle of an epoch can be kept.</summary>
    public void Check(Objective objective)
    {
        if (callback.SaveFreq.Batches is int batches && objective.SaveState() is null)
        {
            throw new ArgumentException(
                $"BackupAndRestore saves every {batches} batches, but the metric '{objective.Unsaved}' does not say what it has "
                + "gathered in the middle of an epoch. Override its property Gathered, or use saveFreq: \"epoch\".");
        }
    }

    /// <summary>Whether there is to be a backup after a batch.</summary>
    public bool IsDue(int batch) => callback.SaveFreq.Batches is int every && (batch + 1) % every == 0;

    /// <summary>Checks that the backup is of this run, before anything is changed.</summary>
    /// <exception cref="ArgumentException">It is of another one; the message says what differs.</exception>
    public void Verify()
    {
        settings.TryFill("model", model.ArchitectureHash());
        if (found is null)
        {
            return;
        }

        string? differs = model.Differs(found);
        Dictionary<string, object?> theirs = found.Settings.ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach ((string name, object? value) in settings)
        {
            object? other = theirs.GetValueOrDefault(name);

            // A rate that callbacks have changed since the run began is no other one.
            bool isRate = name == FitPlan.RateKey && RateOf(found) is double rate && Text(value) == Text(rate);
            if (differs is null && !isRate && Text(value) != Text(other))
            {
                differs = name == "model"
                    ? "the layers have other options or are connected in another way"
                    : $"{name} was {Text(other)} and is {Text(value)}";
            }
        }

        if (differs is not null)
        {
            throw new ArgumentException(
                $"The backup '{path}' is of another run: {differs}. Nothing has been changed. To go on from it, call Fit as in "
                + "that run; to begin anew, delete it or give BackupAndRestore another folder.");
        }

        settings = found.Settings;
    }

    /// <summary>Sets weights, optimizer and progress to those of the backup.</summary>
    public void RestoreModel()
    {
        Guarded(() =>
        {
            model.Optimizer!.ShowAverages(false);
            model.RestoreBackup(found!);
            var reader = new ConfigReader("the backup", found!.Run);
            if (RateOf(found!) is double rate && model.Optimizer!.Schedule is Optimizers.ConstantRate)
            {
                model.Optimizer.LearningRate = rate;
            }

            double[] guard = PackedNumbers.ReadBits(reader, "guard");
            model.Context.Guard.RestoreLosses(guard.Length == 2 ? (guard[0], guard[1]) : throw new ConfigException("guard"));
            StoredArray[] states = [.. found.Arrays.Where(array => array.Name.StartsWith("states/", StringComparison.Ordinal))];
            model.Context.RestoreStates(states.Length == 0 ? null
                : (reader.Int("state_samples"), [.. states.Select(state => state.ToArray())]));
        });
    }

    private static double? RateOf(BackupFile backup) =>
        new ConfigReader("the backup", backup.Run).OptionalDouble("learning_rate");

    /// <summary>Lets callbacks go on with their counting.</summary>
    public void RestoreCallbacks()
    {
        callback.RestoredEpoch = Epoch;
        callback.RestoredBatch = Batch;
        Guarded(() =>
        {
            for (int i = 0; i < states.Length; i++)
            {
                string prefix = FormattableString.Invariant($"callbacks/{i}/");
                if (states[i] is { } state)
                {
                    callbacks[i].RestoreState(new(state, found!.Arrays
                        .Where(array => array.Name.StartsWith(prefix, StringComparison.Ordinal))
                        .ToDictionary(array => array.Name[prefix.Length..], array => new NDArray(array.Shape, array.ToArray()))));
                }
            }
        });
    }

    /// <summary>Gives back what had been gathered in the epoch, and the history.</summary>
    public void RestoreObjective(Objective objective) => Guarded(() =>
        objective.RestoreState(PackedNumbers.ReadBits(new ConfigReader("the backup", found!.Run), "objective")));

    /// <summary>Gives back the epochs that were finished.</summary>
    public void RestoreHistory(History history) => Guarded(() =>
    {
        Config metrics = new ConfigReader("the backup", found!.Run).Raw("history") as Config
            ?? throw new ConfigException("the history is missing");
        var reader = new ConfigReader("the history", metrics);
        history.Restore(metrics.Select(metric => (metric.Key, PackedNumbers.ReadBits(reader, metric.Key))), Epoch - InitialEpoch);
    });

    /// <summary>Writes a backup.</summary>
    /// <param name="place">Where the run goes on.</param>
    /// <param name="data">Where its data go on.</param>
    /// <param name="objective">What has been gathered in the epoch; null between epochs.</param>
    /// <param name="history">The epochs that are finished.</param>
    /// <param name="stopReason">Why the run has ended, or null.</param>
    public void Save((int Epoch, int Batch) place, FeedPlace data, Objective? objective, History history, string? stopReason)
    {
        var arrays = new Dictionary<string, NDArray>(StringComparer.Ordinal);
        TrainingGuard guard = model.Context.Guard;
        var saved = new Config
        {
            { "initial_epoch", history.InitialEpoch },
            { "epoch", place.Epoch },
            { "batch", place.Batch },
            { "data_pass", data.Pass },
            { "data_batch", data.Batch },
            { "stop_reason", stopReason },
            { "learning_rate", model.Optimizer!.Schedule is Optimizers.ConstantRate ? model.Optimizer.LearningRate : null },
            { "guard", PackedNumbers.WriteBits(guard.SaveLosses()) },
            { "objective", objective is null ? null : PackedNumbers.WriteBits(objective.SaveState() ?? []) },
        };
        var metrics = new Config();
        foreach ((string name, IReadOnlyList<double> values) in history.Metrics)
        {
            metrics.Add(name, PackedNumbers.WriteBits([.. values]));
        }

        saved.Add("history", metrics);
        saved.Add("callbacks", callbacks.Select((each, i) =>
        {
            CallbackState? state = each.SaveState();
            foreach ((string name, NDArray array) in state?.Arrays ?? new Dictionary<string, NDArray>())
            {
                arrays.Add(FormattableString.Invariant($"callbacks/{i}/{name}"), array);
            }

            return state?.Values;
        }).ToArray());
        if (model.Context.CarriedStates is { } carried)
        {
            saved.Add("state_samples", carried.BatchSize);
            foreach (DenseMatrix state in carried.All())
            {
                arrays.Add(FormattableString.Invariant($"states/{arrays.Count}"),
                    new NDArray([state.ColumnCount, state.RowCount], state.Values));
            }
        }

        callback.Save(file => model.WriteBackup(file, settings, saved, arrays));
    }

    /// <summary>Says that the run has come to its end.</summary>
    public void Finish() => callback.Finish();

    private static string Text(object? value) => value switch
    {
        null => "none",
        IEnumerable<object?> list => string.Join(", ", list.Select(Text)),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private void ReadRun(Config run, out Config[] callbackStates)
    {
        var reader = new ConfigReader("the backup", run);
        InitialEpoch = NotNegative(reader, "initial_epoch");
        Epoch = NotNegative(reader, "epoch");
        Batch = NotNegative(reader, "batch");
        StopReason = reader.OptionalString("stop_reason");
        Place = reader.Raw("data_pass") is long and >= 0 and var pass && reader.Raw("data_batch") is long and >= 0 and var batch
            ? new(pass, batch)
            : throw new ConfigException("the place in the data is missing.");
        callbackStates = reader.Raw("callbacks") is IReadOnlyList<object?> list && list.All(item => item is null or Config)
            && Epoch >= InitialEpoch
            ? [.. list.Cast<Config>()]
            : throw new ConfigException("the states of callbacks are missing.");
    }

    private static int NotNegative(ConfigReader reader, string key) => reader.Int(key) is >= 0 and var number ? number
        : throw new ConfigException($"{key} is negative.") { Option = key };

    private void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (Exception exception) when (exception is ArgumentException or ModelFormatException)
        {
            throw Broken(exception);
        }
    }

    private ModelFormatException Broken(Exception exception) => new(
        "run", $"the backup '{path}' cannot be gone on from: {exception.Message} Delete it to begin anew.", exception);
}
