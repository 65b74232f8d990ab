using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Differences from the value so many steps before, (1 − Bˡ)ᵈ y: a series without trend (lag 1) or season (lag of a season). The
/// first lag·order values have none and become missing. Forecasts are summed up from the last values of the history.
/// </summary>
/// <remarks>
/// Quantiles of forecasts are summed up as errors that are independent from step to step: their distance from the point grows
/// with the root of the sum of squares.
/// </remarks>
public class Difference : VariablePreparation
{
    /// <summary>Creates the preparation.</summary>
    /// <param name="lag">How many steps before; at least 1.</param>
    /// <param name="order">How often differences are taken; at least 1.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Difference(int lag = 1, int order = 1, IReadOnlyList<string>? variables = null)
        : this((int?)lag, order, variables)
    {
    }

    private protected Difference(int? lag, int order, IReadOnlyList<string>? variables)
        : base(variables)
    {
        new OptionCheck(GetType().Name)
            .Positive(nameof(lag), lag ?? 1)
            .Positive(nameof(order), order)
            .Require(order <= 10, FormattableString.Invariant($"order must be at most 10, but is {order}"), nameof(order))
            .Require((long)(lag ?? 1) * order < int.MaxValue, "lag times order is more than a series has steps", nameof(lag))
            .ThrowIfAny();
        (Lag, Order) = (lag, order);
    }

    /// <summary>How many steps before; null for a season of the series' frequency.</summary>
    public int? Lag { get; }

    /// <summary>How often differences are taken.</summary>
    public int Order { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(Difference);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("lag", Lag);
        config.Add("order", Order);
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable)
    {
        ArgumentNullException.ThrowIfNull(series);
        int lag = Lag ?? SeasonLengths.Require(series, nameof(SeasonalDifference));
        int reach = lag * Order;
        if (training.Length <= reach)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"differences of lag {lag} and order {Order} need more than {reach} values, but there are {training.Length}."));
        }

        var fitted = new Fitted(lag, Order, [], [], FillMissing.Linear(training)[^reach..]) { End = training.Length };

        // Where there is no difference, the value itself is kept.
        double[] values = [.. training];
        double[] differences = fitted.Transform(values, 0);
        int[] places = [.. Enumerable.Range(0, values.Length).Where(place => double.IsNaN(differences[place]))];
        return new Fitted(lag, Order, places, [.. places.Select(place => values[place])], fitted.Tail);
    }

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int lag = state.Int("lag");
        if (lag < 1 || (Lag is int own && own != lag))
        {
            throw new ConfigException($"{ClassName}: a state of lag {lag} is not one of this preparation.");
        }

        double[] tail = PreparationNames.Numbers(ClassName, state, "tail");
        int[] places = [.. state.Ints("places")];
        double[] values = PreparationNames.Numbers(ClassName, state, "values", places.Length);
        int[] missing = [.. state.Ints("missing")];
        HashSet<int> all = [.. places, .. missing];
        if (tail.Length != (long)lag * Order || all.Count < places.Length + missing.Length
            || Enumerable.Range(0, tail.Length).Any(place => !all.Contains(place)))
        {
            throw new ConfigException($"{ClassName}: the values of a state are not those of differences of lag {lag}.");
        }

        return new Fitted(
            lag, Order, [.. places, .. missing], [.. values, .. Enumerable.Repeat(double.NaN, missing.Length)], tail);
    }

    private sealed class Fitted : FittedVariable
    {
        private readonly int lag;
        private readonly int order;
        private readonly double[] tail;

        // The values that have no difference: the first ones, and those around missing ones, which are NaN.
        private readonly int[] places;
        private readonly double[] values;
        private readonly Dictionary<int, double> kept;

        // Of (1 − z)ᵈ: 1, −d, …
        private readonly double[] coefficients;

        internal Fitted(int lag, int order, int[] places, double[] values, double[] tail)
        {
            (this.lag, this.order, this.places, this.values, this.tail) = (lag, order, places, values, tail);
            kept = places.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
            coefficients = new double[order + 1];
            coefficients[0] = 1;
            for (int power = 1; power <= order; power++)
            {
                for (int i = power; i >= 1; i--)
                {
                    coefficients[i] -= coefficients[i - 1];
                }
            }
        }

        internal double[] Tail => tail;

        public override double[] Transform(ReadOnlySpan<double> values, int place)
        {
            double[] before = place == End ? tail : [];
            double[] all = [.. before, .. values];
            var result = new double[values.Length];
            for (int i = 0; i < result.Length; i++)
            {
                double sum = 0;
                int at = before.Length + i;
                for (int k = 0; k <= order; k++)
                {
                    int from = at - (k * lag);
                    sum += from < 0 ? double.NaN : coefficients[k] * all[from];
                }

                result[i] = sum;
            }

            return result;
        }

        public override double[] Inverse(ReadOnlySpan<double> values, int place)
        {
            return place == End ? Sum(values, tail, [])[tail.Length..]
                : place == 0 ? Sum(values, [], kept)
                : throw new ArgumentException(
                    "Differences can be undone from the first step of the training part on, or from the step behind the history, "
                    + FormattableString.Invariant($"which is step {End} of it, but these values begin at step {place}."));
        }

        public override double[] InverseQuantile(
            ReadOnlySpan<double> quantile, ReadOnlySpan<double> point, ReadOnlySpan<double> level)
        {
            // Errors of several steps add up as the differences do, but by their squares: each comes with the weight it has in
            // the sum (1, 1, 1, … for lag and order of 1).
            double[] weights = Sum([1, .. new double[Math.Max(0, quantile.Length - 1)]], new double[tail.Length],
                [])[tail.Length..];
            var result = new double[quantile.Length];
            for (int i = 0; i < result.Length; i++)
            {
                double squares = 0;
                for (int k = 0; k <= i; k++)
                {
                    double error = weights[i - k] * (quantile[k] - point[k]);
                    squares += error * error;
                }

                result[i] = level[i] + (Math.Sign(quantile[i] - point[i]) * Math.Sqrt(squares));
            }

            return result;
        }

        public override FittedVariable Follow(ReadOnlySpan<double> newer)
        {
            double[] all = [.. tail, .. newer];
            return new Fitted(lag, order, places, values, FillMissing.Linear(all)[^tail.Length..]);
        }

        public override Config GetState() => new()
        {
            { "lag", lag },
            { "tail", tail },
            { "places", places.Where((_, i) => !double.IsNaN(values[i])).ToArray() },
            { "values", values.Where(value => !double.IsNaN(value)).ToArray() },
            { "missing", places.Where((_, i) => double.IsNaN(values[i])).ToArray() },
        };

        /// <summary>The values whose differences are given, behind the ones that they begin from.</summary>
        private double[] Sum(ReadOnlySpan<double> differences, double[] start, Dictionary<int, double> known)
        {
            double[] level = [.. start, .. differences];
            for (int i = start.Length; i < level.Length; i++)
            {
                if (known.TryGetValue(i, out double value))
                {
                    level[i] = value;
                    continue;
                }

                for (int k = 1; k <= order; k++)
                {
                    level[i] -= coefficients[k] * level[i - (k * lag)];
                }
            }

            return level;
        }
    }
}
