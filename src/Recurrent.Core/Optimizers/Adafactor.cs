using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Adaptive steps that remember of a matrix the mean squares of its rows and columns alone.</summary>
/// <remarks>
/// At update t: <c>ρ = min(η, 1/√t)</c>, <c>α = ρ max(ε₂, rms(w))</c>, <c>β = 1 − t^decay</c>, <c>q = g² + ε₁</c>. Of a parameter
/// of two axes or more, over its last two: <c>r ← β r + (1 − β) mean_columns(q)</c>, <c>c ← β c + (1 − β) mean_rows(q)</c>,
/// <c>v = r cᵀ / mean(r)</c>; of others <c>v ← β v + (1 − β) q</c>. Then <c>u = g / √v</c> and
/// <c>w ← w − α u / max(1, rms(u) / d)</c>. Slots: <c>r</c>, <c>c</c> (a 0 that is not used where there are no two axes),
/// <c>velocity</c> (v). Gradients beyond 1.8e19, whose square is no number in single precision, count as 1.8e19.
/// Shazeer and Stern, 2018: Adafactor; Keras's variant, whose v is kept too, so that files can be exchanged.
/// </remarks>
public sealed class Adafactor : Optimizer
{
    private DenseMatrix[] ofRows = [];
    private DenseMatrix[] ofColumns = [];
    private DenseMatrix[] velocities = [];
    private double[] rowSums = [];
    private double[] columnSums = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="beta2Decay">How fast the means grow slow, an exponent of at most 0; default −0.8.</param>
    /// <param name="epsilon1">The small ε₁ that keeps squares above 0; default 1e-30.</param>
    /// <param name="epsilon2">The least size of weights that a step is measured by, ε₂; default 1e-3.</param>
    /// <param name="clipThreshold">The greatest root mean square of a step before it is scaled, d above 0; default 1.</param>
    /// <param name="relativeStep">Whether a rate that is a number falls with the updates, to at most 1/√t; default true. (As in
    /// Keras, a step is at most that long in any case.)</param>
    /// <param name="weightDecay">Share of the weights, times the learning rate, that is taken off before each step; default
    /// none.</param>
    /// <param name="clipNorm">Greatest length of the gradient of one parameter; default none.</param>
    /// <param name="clipValue">Greatest size of an entry of a gradient; default none.</param>
    /// <param name="globalClipNorm">Greatest length of all gradients together; default none. Only one of the three can be
    /// set.</param>
    /// <param name="useEma">Whether a running mean of the weights is kept, which they are set to when training ends; default
    /// false.</param>
    /// <param name="emaMomentum">How slowly that mean forgets, in [0, 1]; default 0.99.</param>
    /// <param name="emaOverwriteFrequency">After how many updates the weights are set to that mean; default never before the
    /// end.</param>
    /// <param name="gradientAccumulationSteps">How many batches share one update, with the mean of their gradients; default
    /// one.</param>
    /// <param name="name">Name of the optimizer; default <c>adafactor</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Adafactor(
        LearningRateSchedule? learningRate = null,
        double beta2Decay = -0.8,
        double epsilon1 = 1e-30,
        double epsilon2 = 1e-3,
        double clipThreshold = 1,
        bool relativeStep = true,
        double? weightDecay = null,
        double? clipNorm = null,
        double? clipValue = null,
        double? globalClipNorm = null,
        bool useEma = false,
        double emaMomentum = OptimizerOptions.DefaultEmaMomentum,
        int? emaOverwriteFrequency = null,
        int? gradientAccumulationSteps = null,
        string? name = null,
        double? lossScaleFactor = null)
        : this(learningRate, beta2Decay, epsilon1, epsilon2, clipThreshold, relativeStep,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal Adafactor(LearningRateSchedule? learningRate, double beta2Decay, double epsilon1, double epsilon2,
        double clipThreshold, bool relativeStep, OptimizerOptions options)
        : base(learningRate ?? 0.001, options, "adafactor")
    {
        Check()
            .Require(double.IsFinite(beta2Decay) && beta2Decay <= 0,
                FormattableString.Invariant($"{nameof(beta2Decay)} must be at most 0, but is {beta2Decay}"), nameof(beta2Decay))
            .AtLeast(nameof(epsilon1), epsilon1, 0)
            .AtLeast(nameof(epsilon2), epsilon2, 0)
            .Above(nameof(clipThreshold), clipThreshold, 0)
            .ThrowIfAny();
        Beta2Decay = beta2Decay;
        Epsilon1 = epsilon1;
        Epsilon2 = epsilon2;
        ClipThreshold = clipThreshold;
        RelativeStep = relativeStep;
    }

    /// <inheritdoc/>
    public override string ClassName => "Adafactor";

    /// <summary>How fast the means grow slow.</summary>
    public double Beta2Decay { get; }

    /// <summary>What keeps squares above 0.</summary>
    public double Epsilon1 { get; }

    /// <summary>The least size of weights that a step is measured by.</summary>
    public double Epsilon2 { get; }

    /// <summary>The greatest root mean square of a step before it is scaled.</summary>
    public double ClipThreshold { get; }

    /// <summary>Whether a rate that is a number falls with the updates.</summary>
    public bool RelativeStep { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() =>
        new Adafactor(Schedule, Beta2Decay, Epsilon1, Epsilon2, ClipThreshold, RelativeStep, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("beta_2_decay", Beta2Decay);
        config.Add("epsilon_1", Epsilon1);
        config.Add("epsilon_2", Epsilon2);
        config.Add("clip_threshold", ClipThreshold);
        config.Add("relative_step", RelativeStep);
        return config;
    }

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "r" or "c" or "velocity";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        int count = ParameterCount;
        (ofRows, ofColumns, velocities) = (new DenseMatrix[count], new DenseMatrix[count], new DenseMatrix[count]);
        for (int i = 0; i < count; i++)
        {
            Parameter parameter = ParameterAt(i);
            IReadOnlyList<int> shape = parameter.Shape;
            bool factored = shape.Count >= 2;
            ofRows[i] = Add("r", i, factored ? [.. shape.SkipLast(1)] : [], factored);
            ofColumns[i] = Add("c", i, factored ? [.. shape.SkipLast(2), shape[^1]] : [], factored);
            velocities[i] = new DenseMatrix(parameter.Value.RowCount, parameter.Value.ColumnCount);
            AddSlot("velocity", i, shape, velocities[i]);
            if (factored)
            {
                rowSums = new double[Math.Max(rowSums.Length, shape[^2])];
                columnSums = new double[Math.Max(columnSums.Length, shape[^1])];
            }
        }
    }

    private DenseMatrix Add(string name, int index, int[] shape, bool used)
    {
        var values = new DenseMatrix(shape.Aggregate(1, (size, axis) => size * axis), 1);
        AddSlot(name, index, shape, values, !used);
        return values;
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update)
    {
        update.Decay();
        int size = update.Weights.Length;
        if (size == 0)
        {
            return;
        }

        double step = Updates + 1;
        double rate = RelativeStep && Schedule is ConstantRate ? Math.Min(update.Rate, 1 / Math.Sqrt(step)) : update.Rate;
        rate = Math.Min(rate, 1 / Math.Sqrt(step));
        double alpha = Math.Max(Epsilon2, Sums.Norm<Real>(update.Weights) / Math.Sqrt(size)) * rate;
        double keep = 1 - Math.Pow(step, Beta2Decay);
        IReadOnlyList<int> shape = ParameterAt(index).Shape;
        (int rows, int columns) = shape.Count >= 2 ? (shape[^2], shape[^1]) : (0, size);
        double squares = 0;
        for (int start = 0; start < size; start += Math.Max(rows, 1) * columns)
        {
            squares += rows > 0
                ? Follow(index, update.Gradient.Slice(start, rows * columns), start, columns, keep)
                : Follow(index, update.Gradient, keep);
        }

        double scale = alpha / Math.Max(1, Math.Sqrt(squares / size) / ClipThreshold);
        Span<Real> velocity = velocities[index].Values;
        for (int i = 0; i < size; i++)
        {
            update.Weights[i] -= (Real)(scale * Direction(update.Gradient[i], velocity[i]));
        }
    }

    /// <summary>Follows the mean squares of one matrix of a parameter.</summary>
    /// <returns>The sum of the squares of u.</returns>
    private double Follow(int index, ReadOnlySpan<Real> gradient, int start, int columns, double keep)
    {
        int rows = gradient.Length / columns;
        int matrix = start / gradient.Length;
        Span<Real> r = ofRows[index].Values.AsSpan(matrix * rows, rows);
        Span<Real> c = ofColumns[index].Values.AsSpan(matrix * columns, columns);
        Span<double> rowSums = this.rowSums.AsSpan(0, rows);
        Span<double> columnSums = this.columnSums.AsSpan(0, columns);
        rowSums.Clear();
        columnSums.Clear();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double square = Square(gradient[(i * columns) + j]);
                rowSums[i] += square;
                columnSums[j] += square;
            }
        }

        double mean = 0;
        for (int i = 0; i < rows; i++)
        {
            r[i] = (Real)((keep * r[i]) + ((1 - keep) * (rowSums[i] / columns)));
            mean += (double)r[i] / rows;
        }

        for (int j = 0; j < columns; j++)
        {
            c[j] = (Real)((keep * c[j]) + ((1 - keep) * (columnSums[j] / rows)));
        }

        double squares = 0;
        Span<Real> velocity = velocities[index].Values.AsSpan(start, gradient.Length);
        for (int i = 0; i < rows; i++)
        {
            double share = mean == 0 ? 0 : r[i] / mean;
            for (int j = 0; j < columns; j++)
            {
                int place = (i * columns) + j;
                velocity[place] = (Real)Math.Min(share * c[j], Adaptive.MostSquares);
                double u = Direction(gradient[place], velocity[place]);
                squares += u * u;
            }
        }

        return squares;
    }

    /// <summary>Follows the squares of a parameter that is no matrix.</summary>
    private double Follow(int index, ReadOnlySpan<Real> gradient, double keep)
    {
        double squares = 0;
        Span<Real> velocity = velocities[index].Values;
        for (int i = 0; i < gradient.Length; i++)
        {
            velocity[i] = (Real)((keep * velocity[i]) + ((1 - keep) * Square(gradient[i])));
            double u = Direction(gradient[i], velocity[i]);
            squares += u * u;
        }

        return squares;
    }

    private double Square(Real gradient)
    {
        double squarable = Adaptive.Squarable(gradient);
        return Math.Min((squarable * squarable) + Epsilon1, Adaptive.MostSquares);
    }

    /// <summary>The gradient over the root of its mean square, and 0 where no gradient has come yet.</summary>
    private static double Direction(Real gradient, Real meanSquare) =>
        meanSquare == 0 ? 0 : Adaptive.Squarable(gradient) / Math.Sqrt(meanSquare);
}
