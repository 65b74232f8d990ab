using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// The accuracy that fits outputs and targets: <see cref="BinaryAccuracy"/> for one output,
/// <see cref="SparseCategoricalAccuracy"/> for integer labels, else <see cref="CategoricalAccuracy"/>.
/// </summary>
internal sealed class ChosenAccuracy(string name) : Metric(name)
{
    /// <inheritdoc/>
    public override string ClassName => "acc";

    /// <inheritdoc/>
    public override Metric Resolve(int predictionRows, int targetRows) =>
        predictionRows == 1 ? new BinaryAccuracy(name: Name)
        : targetRows == 1 ? new SparseCategoricalAccuracy(Name)
        : new CategoricalAccuracy(Name);

    /// <inheritdoc/>
    public override Metric Fresh() => new ChosenAccuracy(Name);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "name", Name } };

    /// <inheritdoc/>
    protected override double Compute() => double.NaN;

    /// <inheritdoc/>
    protected override void Clear()
    {
    }

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows) => throw new InvalidOperationException(
        $"'{Name}' stands for several metrics: call Resolve with the rows of predictions and targets first.");

    /// <inheritdoc/>
    protected override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
    }
}
