namespace Recurrent.Losses;

/// <summary>
/// The negative log-likelihood of targets under a distribution whose parameters are the outputs of the model: what a
/// probabilistic forecaster is trained with. The mean over the targets of a column.
/// </summary>
/// <remarks>
/// With <c>k</c> parameters and targets of <c>m</c> rows the model has <c>k · m</c> outputs, parameter by parameter: row <c>i · m
/// + j</c> is parameter <c>i</c> of target <c>j</c>. Outputs are any real numbers (give the last layer no activation); what must
/// be positive is made so here.
/// </remarks>
public abstract class LikelihoodLoss : Loss
{
    private const int MostParameters = 3;

    /// <summary>Keeps what every likelihood has.</summary>
    /// <param name="reduction">How the losses of the columns become one number.</param>
    /// <param name="name">Name of the loss.</param>
    private protected LikelihoodLoss(Reduction reduction, string name)
        : base(reduction, name)
    {
    }

    /// <summary>The names of the parameters, in the order of the outputs.</summary>
    public abstract IReadOnlyList<string> ParameterNames { get; }

    /// <summary>The rows of the prediction divided by the number of parameters.</summary>
    /// <param name="predictionRows">Number of outputs of the model.</param>
    /// <exception cref="ArgumentException">The outputs do not divide into the parameters.</exception>
    public override int TargetRows(int predictionRows) => predictionRows % ParameterNames.Count == 0
        ? predictionRows / ParameterNames.Count
        : throw new ArgumentException(FormattableString.Invariant(
            $"{ClassName} needs {ParameterNames.Count} outputs for each target ({string.Join(", ", ParameterNames)}), but the ")
            + FormattableString.Invariant($"model has {predictionRows} outputs. Give the last layer a multiple of ")
            + FormattableString.Invariant($"{ParameterNames.Count} units."));

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        int count = ParameterNames.Count;
        int targetRows = TargetRows(rows);
        Span<double> outputs = stackalloc double[MostParameters];
        Span<double> slopes = stackalloc double[MostParameters];
        for (int column = 0; column < losses.Length; column++)
        {
            double sum = 0;
            for (int row = 0; row < targetRows; row++)
            {
                int first = (column * rows) + row;
                for (int i = 0; i < count; i++)
                {
                    outputs[i] = predictions[first + (i * targetRows)];
                }

                sum += Negative(targets[(column * targetRows) + row], outputs, slopes);
                for (int i = 0; i < count && !gradient.IsEmpty; i++)
                {
                    gradient[first + (i * targetRows)] = (Real)(slopes[i] / targetRows);
                }
            }

            losses[column] = (Real)(sum / targetRows);
        }
    }

    /// <summary>The parameters of the distribution that outputs stand for.</summary>
    /// <param name="outputs">One output for each of <see cref="ParameterNames"/>.</param>
    /// <param name="parameters">Receives the parameters.</param>
    public abstract void Parameters(ReadOnlySpan<double> outputs, Span<double> parameters);

    /// <summary>The negative log-likelihood of a target, and its slope in each output.</summary>
    private protected abstract double Negative(double target, ReadOnlySpan<double> outputs, Span<double> slopes);

    /// <summary><c>log(1 + eˣ)</c>, which is positive and grows like x.</summary>
    private protected static double Softplus(double x) => x > 0 ? x + Log1p(Math.Exp(-x)) : Log1p(Math.Exp(x));

    /// <summary>The slope of <see cref="Softplus"/>.</summary>
    private protected static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    /// <summary><c>log(1 + x)</c> to all digits for small x, from Kahan's correction.</summary>
    private protected static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }
}
