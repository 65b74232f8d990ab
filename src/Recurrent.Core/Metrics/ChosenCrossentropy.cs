using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// The crossentropy that fits outputs and targets: binary for one output, sparse for integer labels, else categorical.
/// </summary>
internal sealed class ChosenCrossentropy(string name) : Metric(name)
{
    /// <inheritdoc/>
    public override string ClassName => "ce";

    /// <inheritdoc/>
    public override Metric Resolve(int predictionRows, int targetRows) =>
        new LossMetric(new Crossentropy().Resolve(predictionRows, targetRows), Name);

    /// <inheritdoc/>
    public override Metric Fresh() => new ChosenCrossentropy(Name);

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
