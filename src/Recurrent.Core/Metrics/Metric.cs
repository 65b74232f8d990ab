using System.Diagnostics.CodeAnalysis;
using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>A figure that is gathered batch by batch. It holds what it has seen so far; <see cref="Fresh"/> makes one that has
/// seen nothing.</summary>
public abstract class Metric : IConfigurable
{
    private bool hasSeen;

    /// <summary>Keeps the name.</summary>
    /// <param name="name">Name under which it appears in the history and in logs.</param>
    protected Metric(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name under which it appears in the history and in logs: the name it was asked for by, as in Keras.</summary>
    public string Name { get; }

    /// <summary>The axis that it looks along, 0 being the samples of a batch; −1, the outputs, for most.</summary>
    public virtual int Axis => -1;

    /// <summary>The figure over everything seen since the last <see cref="Reset"/>; NaN when nothing was seen.</summary>
    public double Result => hasSeen ? Compute() : double.NaN;

    /// <summary>The figures where there are several, one for each output or threshold, of which <see cref="Result"/> is the mean;
    /// else that one.</summary>
    public virtual IReadOnlyList<double> Results => [Result];

    /// <summary>A metric of the same options that has seen nothing.</summary>
    public abstract Metric Fresh();

    /// <summary>
    /// What it has gathered since the last <see cref="Reset"/>, as numbers from which it can go on, so that a run that was
    /// killed in the middle of an epoch ends the epoch with the same figure; null (the default of a metric of one's own) where it
    /// cannot say. To set it makes the metric what it was.
    /// </summary>
    /// <exception cref="ArgumentException">These are not numbers of such a metric.</exception>
    protected virtual IReadOnlyList<double>? Gathered
    {
        get => null;
        set => throw new NotSupportedException($"{ClassName} '{Name}' cannot go on from numbers.");
    }

    /// <summary>What it has gathered, and before it whether it has seen anything; null where it cannot say.</summary>
    internal double[]? SaveState() => Gathered is { } gathered ? [hasSeen ? 1 : 0, .. gathered] : null;

    /// <summary>Goes on from what <see cref="SaveState"/> gave.</summary>
    /// <exception cref="ArgumentException">These are not numbers of such a metric.</exception>
    internal void RestoreState(ReadOnlySpan<double> state)
    {
        Reset();
        if (state.IsEmpty)
        {
            throw NotGathered();
        }

        Gathered = state[1..].ToArray();
        hasSeen = state[0] != 0;
    }

    /// <summary>The parts of <see cref="Gathered"/>, which are of one length.</summary>
    /// <param name="gathered">All of it.</param>
    /// <param name="parts">How many there are.</param>
    /// <param name="length">The length each must have; null for any.</param>
    private protected double[][] Parts(IReadOnlyList<double>? gathered, int parts, int? length = null) =>
        gathered is not null && gathered.Count % parts == 0 && gathered.Count / parts == (length ?? gathered.Count / parts)
            ? [.. Enumerable.Range(0, parts).Select(part => gathered.Skip(part * (gathered.Count / parts))
                .Take(gathered.Count / parts).ToArray())]
            : throw NotGathered();

    private ArgumentException NotGathered() => new($"{ClassName} '{Name}' has not gathered such numbers.");

    /// <summary>Forgets everything seen.</summary>
    public void Reset()
    {
        hasSeen = false;
        Clear();
    }

    /// <summary>Takes in a batch of any axes, along <see cref="Axis"/>: Keras's <c>update_state</c>.</summary>
    /// <param name="targets">Targets of the predictions' shape, or without <see cref="Axis"/> where they are classes.</param>
    /// <param name="predictions">Predictions, samples first.</param>
    /// <param name="sampleWeight">
    /// A weight for each sample, or each place on the axes left; null where all count once. Metrics of single entries
    /// (<c>Accuracy</c>, <c>BinaryAccuracy</c>, <c>RootMeanSquaredError</c>, <c>R2Score</c>, <c>Mean</c>, <c>Sum</c>, those of
    /// counts and areas without <c>classId</c>, and those of unions whose targets and answers are class indices) also take one
    /// for each entry. An axis of length 1 stands for all of it.
    /// </param>
    /// <exception cref="ArgumentException">The shapes do not fit together, or the metric cannot compare such targets.</exception>
    public void Update(NDArray targets, NDArray predictions, NDArray? sampleWeight = null) =>
        AxisUpdate.Add(this, targets, predictions, sampleWeight);

    /// <summary>Takes in a batch.</summary>
    /// <param name="targets">Targets, columns of <paramref name="targetRows"/> entries one after the other.</param>
    /// <param name="targetRows">Rows of the targets: as many as the predictions have, or 1 for integer labels.</param>
    /// <param name="predictions">Predictions, columns of <paramref name="rows"/> entries one after the other.</param>
    /// <param name="rows">Rows of the predictions.</param>
    /// <param name="weights">Weight of each column (0 where a mask hides it), or of each entry where the metric is one of single
    /// entries; empty where all count once.</param>
    /// <exception cref="ArgumentException">The spans do not fit together, or the metric cannot compare such targets.</exception>
    public void Update(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targetRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        int columns = predictions.Length / rows;
        bool ofEntries = WeighsEntries && rows > 1 && targetRows == rows && weights.Length == predictions.Length;
        if (predictions.Length != columns * rows
            || targets.Length != columns * targetRows
            || (!weights.IsEmpty && !ofEntries && weights.Length != columns))
        {
            throw new ArgumentException(
                $"{ClassName}: {targets.Length} targets in rows of {targetRows}, {predictions.Length} predictions in rows of "
                + $"{rows} and {weights.Length} weights do not fit together.");
        }

        CheckRows(targetRows, rows);
        if (columns > 0)
        {
            if (ofEntries && !weights.IsEmpty)
            {
                AddEntries(targets, predictions, rows, weights);
            }
            else
            {
                Add(targets, targetRows, predictions, rows, weights);
            }

            hasSeen = true;
        }
    }

    /// <inheritdoc/>
    public virtual Config GetConfig() => new() { { "name", Name }, { "dtype", "float32" } };

    /// <summary>The metric of a name, such as <c>"mae"</c>, with its default options; it appears under that name.</summary>
    /// <param name="name">One of <see cref="MetricNames.Registry"/>'s names; null stays null, which is the default where it is
    /// optional.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Metric?(string? name) => name is null ? null : MetricNames.Create(name);

    /// <summary>A loss as a metric: its mean over the columns.</summary>
    /// <param name="loss">The loss.</param>
    public static implicit operator Metric(Loss loss) => new LossMetric(loss);

    /// <summary>The figure over what was seen, which is something.</summary>
    protected abstract double Compute();

    /// <summary>Forgets what was seen.</summary>
    protected abstract void Clear();

    /// <summary>Takes in a batch of at least one column whose spans fit together.</summary>
    /// <param name="targets">Targets.</param>
    /// <param name="targetRows">Rows of the targets.</param>
    /// <param name="predictions">Predictions.</param>
    /// <param name="rows">Rows of the predictions.</param>
    /// <param name="weights">Weight of each column; empty where all count once.</param>
    protected abstract void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights);

    /// <summary>Whether each entry may have a weight of its own, and not the columns alone.</summary>
    internal virtual bool WeighsEntries => false;

    /// <summary>Takes in a batch of at least one column, as <see cref="Add"/> does, with a weight for each entry.</summary>
    /// <param name="targets">Targets, as many as predictions.</param>
    /// <param name="predictions">Predictions.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="weights">Weight of each entry.</param>
    private protected virtual void AddEntries(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights) =>
        Add(targets, 1, predictions, 1, weights);

    /// <summary>Requires rows that the metric can compare; the default is that both have as many.</summary>
    /// <param name="targetRows">Rows of the targets.</param>
    /// <param name="rows">Rows of the predictions.</param>
    /// <exception cref="ArgumentException">It cannot compare them.</exception>
    public virtual void CheckRows(int targetRows, int rows)
    {
        if (targetRows != rows)
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' needs one target for each output, but the targets have {targetRows} and the model has "
                + $"{rows} outputs.");
        }
    }

    /// <summary>Requires one class index for each column.</summary>
    /// <param name="targetRows">Rows of the targets.</param>
    private protected void RequireLabels(int targetRows)
    {
        if (targetRows != 1)
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' needs one class index in each row of the targets, but a row has {targetRows} entries.");
        }
    }

    /// <summary>The weight of a column.</summary>
    /// <param name="weights">All weights; empty where all count once.</param>
    /// <param name="column">The column.</param>
    private protected static double Weight(ReadOnlySpan<Real> weights, int column) => weights.IsEmpty ? 1 : weights[column];
}
