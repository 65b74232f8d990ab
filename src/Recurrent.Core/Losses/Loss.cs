using System.Diagnostics.CodeAnalysis;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Losses;

/// <summary>
/// What training makes small. A loss knows one column (one sample, or one time step of one sample) at a time; weights, masks and
/// the mean over the batch are the training engine's, by the rule of <see cref="LossReduction"/>. One that looks at whole
/// sequences or at a whole batch is a <see cref="BatchLoss"/>. It holds no state.
/// </summary>
public abstract class Loss : IConfigurable
{
    /// <summary>Keras's fuzz factor: what logarithms and divisions are kept away from zero by.</summary>
    internal const double Epsilon = 1e-7;

    /// <summary>Keeps what every loss has.</summary>
    /// <param name="reduction">How the losses of the columns become one number.</param>
    /// <param name="name">Name of the loss.</param>
    protected Loss(Reduction reduction, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Reduction = reduction;
        Name = name;
    }

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name of the loss, as a metric of the same function is called: <c>mean_squared_error</c>.</summary>
    public string Name { get; }

    /// <summary>How the losses of the columns of a batch become one number.</summary>
    public Reduction Reduction { get; }

    /// <summary>What the mean loss is multiplied by to be read as a metric: −1 for a similarity, whose loss is its
    /// negative.</summary>
    public virtual int MetricSign => 1;

    /// <summary>The axis that its columns lie along, 0 being the samples of a batch; −1, the outputs, for most.</summary>
    internal virtual int ColumnAxis => -1;

    /// <summary>Whether targets are class indices: one for all entries of a column.</summary>
    internal virtual bool TakesLabels => false;

    /// <summary>Whether a place in a column has a meaning of its own, so that none may be left out of it.</summary>
    internal virtual bool NeedsWholeColumns => TakesLabels;

    /// <summary>Whether <see cref="Ignores"/> can be true for any column at all, so that the engine need not ask.</summary>
    public virtual bool IgnoresTargets => false;

    /// <summary>Whether a column does not count, as if a mask hid it, because of its target.</summary>
    /// <param name="target">The target of one column.</param>
    public virtual bool Ignores(ReadOnlySpan<Real> target) => false;

    /// <summary>The loss to train with once the output is known: itself, or itself along another axis than the last.</summary>
    /// <param name="output">Shape of a sample of the output.</param>
    /// <exception cref="ArgumentException">There is no such axis, or the loss cannot be taken along it.</exception>
    internal Loss Along(Shape output) => ColumnAxis == -1 || ColumnAxis == output.Rank ? this : new AxisLoss(this, output);

    /// <summary>
    /// How many rows a column of the target has when the prediction has <paramref name="predictionRows"/>: the same, or 1 for
    /// integer labels.
    /// </summary>
    /// <param name="predictionRows">Number of outputs of the model.</param>
    public virtual int TargetRows(int predictionRows) => predictionRows;

    /// <summary>Checks that targets are what the loss can work with, before any training.</summary>
    /// <param name="targets">The targets, columns of <paramref name="targetRows"/> entries.</param>
    /// <param name="targetRows">Rows of the target.</param>
    /// <param name="predictionRows">Rows of the prediction.</param>
    /// <exception cref="ArgumentException">A target is not a finite number, or out of range, for instance a class
    /// index.</exception>
    public virtual void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.Finite(ClassName, targets, targetRows);

    /// <summary>The loss of every column, and its gradient with respect to the predictions of that column.</summary>
    /// <param name="targets">Targets, columns of <see cref="TargetRows"/> entries one after the other.</param>
    /// <param name="predictions">Predictions, columns of <paramref name="rows"/> entries one after the other.</param>
    /// <param name="rows">Rows of the predictions.</param>
    /// <param name="losses">Receives one loss for each column; 0 for a column that <see cref="Ignores"/> leaves out.</param>
    /// <param name="gradient">Receives the gradient of each column's loss, laid out as the predictions; empty when not
    /// wanted.</param>
    public abstract void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient);

    /// <summary>
    /// The loss of one column where it is beyond the floats, as a square of 1e20 is: in double precision, if the loss can say it.
    /// Metrics do; training ends with a loss that no float holds.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="prediction">The prediction.</param>
    internal virtual double Large(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) => double.PositiveInfinity;

    /// <inheritdoc/>
    public virtual Config GetConfig() => new() { { "name", Name }, { "reduction", ReductionNames.Of(Reduction) } };

    /// <summary>The loss of a name, such as <c>"mse"</c>, with its default options.</summary>
    /// <param name="name">One of <see cref="LossNames.Registry"/>'s names; null stays null, which is the default where it is
    /// optional.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Loss?(string? name) => name is null ? null : LossNames.Create(name);
}
