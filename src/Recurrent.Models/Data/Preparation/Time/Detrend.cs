using MathNet.Numerics.LinearAlgebra;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Takes a trend of straight pieces away, fitted by least squares: a + b·t + Σ cₖ·max(0, t − tₖ) with the kinks tₖ evenly spaced.
/// Behind the training part the last piece goes on.
/// </summary>
public sealed class Detrend : VariablePreparation
{
    /// <summary>Creates the preparation.</summary>
    /// <param name="pieces">Number of straight pieces, at least 1; 1 by default, a line.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Detrend(int pieces = 1, IReadOnlyList<string>? variables = null)
        : base(variables)
    {
        new OptionCheck(nameof(Detrend))
            .Positive(nameof(pieces), pieces)
            .Require(pieces <= 100, FormattableString.Invariant($"pieces must be at most 100, but is {pieces}"), nameof(pieces))
            .ThrowIfAny();
        Pieces = pieces;
    }

    /// <summary>Number of straight pieces.</summary>
    public int Pieces { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(Detrend);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("pieces", Pieces);
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable)
    {
        double[] values = [.. training];
        int[] known = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        if (known.Length < 2 * Pieces)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"a trend of {Pieces} {(Pieces == 1 ? "piece" : "pieces")} needs {2 * Pieces} values, ")
                + FormattableString.Invariant($"but {known.Length} are known."));
        }

        double length = Math.Max(1, values.Length - 1);
        double[] kinks = [.. Enumerable.Range(1, Pieces - 1).Select(i => i * length / Pieces)];
        var basis = Matrix<double>.Build.Dense(known.Length, Pieces + 1,
            (row, column) => Basis(known[row], kinks, column) / Scale(column));
        int exponent = Magnitude.Exponent([.. known.Select(i => values[i])]);
        var target = Vector<double>.Build.Dense(known.Length, row => Math.ScaleB(values[known[row]], -exponent));

        // Where values are missing over a whole piece, its kink cannot be told: the least of all solutions has none there.
        Vector<double> solved = basis.Svd().Solve(target);
        return new Fitted(kinks, [.. solved.Select((value, column) => Math.ScaleB(value / Scale(column), exponent))]);

        double Scale(int column) => column == 0 ? 1 : length;
    }

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state) => new Fitted(
        PreparationNames.Numbers(ClassName, state, "kinks", Pieces - 1),
        PreparationNames.Numbers(ClassName, state, "coefficients", Pieces + 1));

    private static double Basis(double time, double[] kinks, int column) => column switch
    {
        0 => 1,
        1 => time,
        _ => Math.Max(0, time - kinks[column - 2]),
    };

    private sealed class Fitted(double[] kinks, double[] coefficients) : FittedVariable
    {
        public override double[] Transform(ReadOnlySpan<double> values, int place) => Add(values, place, -1);

        public override double[] Inverse(ReadOnlySpan<double> values, int place) => Add(values, place, 1);

        public override Config GetState() => new() { { "kinks", kinks }, { "coefficients", coefficients } };

        private double[] Add(ReadOnlySpan<double> values, int place, int sign)
        {
            double[] result = [.. values];
            for (int i = 0; i < result.Length; i++)
            {
                double trend = 0;
                for (int column = 0; column < coefficients.Length; column++)
                {
                    trend += coefficients[column] * Basis(place + i, kinks, column);
                }

                result[i] += sign * trend;
            }

            return result;
        }
    }
}
