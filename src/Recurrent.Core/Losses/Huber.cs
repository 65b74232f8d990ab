using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>½ d²</c> where <c>|d| ≤ δ</c> and <c>δ |d| − ½ δ²</c> elsewhere, with <c>d = p −
/// y</c>.</summary>
/// <remarks>Gradient: <c>d / n</c> inside, <c>δ sign(d) / n</c> outside. Huber, 1964: Robust Estimation of a Location
/// Parameter.</remarks>
public sealed class Huber : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="delta">The error δ at which the square turns into a line, above 0; default 1.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>huber_loss</c>.</param>
    /// <exception cref="ArgumentException">δ is not a finite number above 0.</exception>
    public Huber(double delta = 1, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "huber_loss")
    {
        new OptionCheck(ClassName)
            .Require(double.IsFinite(delta) && delta > 0,
                FormattableString.Invariant($"{nameof(delta)} must be a finite number above 0, but is {delta}"), nameof(delta))
            .ThrowIfAny();
        Delta = delta;
    }

    /// <inheritdoc/>
    public override string ClassName => "Huber";

    /// <summary>The error at which the square turns into a line.</summary>
    public double Delta { get; }

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        ElementLoss.Mean(new Term(Delta), targets, predictions, rows, losses, gradient);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("delta", Delta);
        return config;
    }

    /// <inheritdoc/>
    internal override double Large(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) =>
        ElementLoss.Large(new Term(Delta), target, prediction);

    private readonly struct Term(double delta) : IElementLoss
    {
        public double Value(Real target, Real prediction, out Real slope)
        {
            double difference = (double)prediction - target;
            double size = Math.Abs(difference);
            if (size > delta)
            {
                slope = (Real)(difference > 0 ? delta : -delta);
                return delta * (size - (0.5 * delta));
            }

            slope = (Real)difference;
            return 0.5 * difference * difference;
        }
    }
}
