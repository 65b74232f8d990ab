using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The pinball loss, whose minimum is a quantile of the targets: the mean over the outputs of <c>q (y − p)</c> where the target
/// is above the prediction and <c>(1 − q) (p − y)</c> where it is below.
/// </summary>
/// <remarks>
/// With <c>k</c> quantiles and targets of <c>m</c> rows the model has <c>k · m</c> outputs, quantile by quantile: row <c>i · m +
/// j</c> is quantile <c>i</c> of target <c>j</c>. Gradient: <c>−q / (k m)</c> above, <c>(1 − q) / (k m)</c> below, 0 where both
/// are equal. Koenker and Bassett, 1978: Regression Quantiles. Keras has no such loss; a Keras program cannot read it.
/// </remarks>
public sealed class Quantile : Loss
{
    private readonly double[] quantiles;

    /// <summary>Creates the loss for one quantile.</summary>
    /// <param name="quantile">The quantile, between 0 and 1; default 0.5, the median.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>quantile</c>.</param>
    /// <exception cref="ArgumentException">The quantile is not between 0 and 1.</exception>
    public Quantile(double quantile = 0.5, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : this([quantile], reduction, name)
    {
    }

    /// <summary>Creates the loss for several quantiles.</summary>
    /// <param name="quantiles">The quantiles, each between 0 and 1, ascending.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>quantile</c>.</param>
    /// <exception cref="ArgumentException">There are none, one is not between 0 and 1, or they do not ascend.</exception>
    public Quantile(IReadOnlyList<double> quantiles, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "quantile")
    {
        ArgumentNullException.ThrowIfNull(quantiles);
        this.quantiles = [.. quantiles];
        var check = new OptionCheck(ClassName);
        check.Require(quantiles.Count > 0, "quantiles must have at least one entry", "quantiles");
        for (int i = 0; i < quantiles.Count; i++)
        {
            check.Require(
                quantiles[i] is > 0 and < 1,
                FormattableString.Invariant($"quantiles[{i}] must be above 0 and below 1, but is {quantiles[i]}"),
                "quantiles");
            check.Require(i == 0 || !(quantiles[i] <= quantiles[i - 1]), $"quantiles must ascend, but quantiles[{i}] does not",
                "quantiles");
        }

        check.ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "Quantile";

    /// <summary>The quantiles, ascending.</summary>
    public IReadOnlyList<double> Quantiles => quantiles;

    /// <summary>The rows of the prediction divided by the number of quantiles.</summary>
    /// <param name="predictionRows">Number of outputs of the model.</param>
    /// <exception cref="ArgumentException">The outputs do not divide into the quantiles.</exception>
    public override int TargetRows(int predictionRows) => predictionRows % quantiles.Length == 0
        ? predictionRows / quantiles.Length
        : throw new ArgumentException(
            $"Quantile with {quantiles.Length} quantiles needs {quantiles.Length} outputs for each target, but the model has "
            + $"{predictionRows} outputs. Give the last layer a multiple of {quantiles.Length} units.");

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        int targetRows = TargetRows(rows);
        Real scale = (Real)1 / rows;
        for (int column = 0; column < losses.Length; column++)
        {
            double sum = 0;
            for (int row = 0; row < rows; row++)
            {
                Real q = (Real)quantiles[row / targetRows];
                int i = (column * rows) + row;
                double difference = (double)predictions[i] - targets[(column * targetRows) + (row % targetRows)];
                Real slope = difference > 0 ? 1 - q : difference < 0 ? -q : (Real)difference;
                sum += slope * difference;
                if (!gradient.IsEmpty)
                {
                    gradient[i] = scale * slope;
                }
            }

            losses[column] = (Real)(sum / rows);
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("quantiles", quantiles);
        return config;
    }
}
