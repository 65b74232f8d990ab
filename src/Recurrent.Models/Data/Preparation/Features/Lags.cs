using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Puts earlier values of variables beside them, as variables <c>x_lag1</c>, <c>x_lag12</c>, …. Where there is no
/// earlier value it is missing; what follows the history has the history before it.</summary>
public sealed class Lags : VariablePreparation
{
    private readonly int[] lags;

    /// <summary>Creates the preparation.</summary>
    /// <param name="lags">How many steps before; each at least 1.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Lags(IReadOnlyList<int> lags, IReadOnlyList<string>? variables = null)
        : base(variables)
    {
        ArgumentNullException.ThrowIfNull(lags);
        new OptionCheck(nameof(Lags))
            .Require(
                lags.Count > 0 && lags.All(lag => lag >= 1) && lags.Distinct().Count() == lags.Count,
                $"lags must be numbers of steps of at least 1, each once, but are ({string.Join(", ", lags)})", nameof(lags))
            .ThrowIfAny();
        this.lags = [.. lags];
    }

    /// <summary>How many steps before.</summary>
    public IReadOnlyList<int> Steps => lags;

    /// <inheritdoc/>
    public override string ClassName => nameof(Lags);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("lags", lags);
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable) =>
        new Fitted(lags.Max(), []).Follow(training);

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double[] tail = PreparationNames.Numbers(ClassName, state, "tail");
        foreach (int place in state.Ints("missing"))
        {
            tail[place >= 0 && place < tail.Length ? place
                : throw new ConfigException($"{ClassName}: missing must be places of the tail.")] = double.NaN;
        }

        return new Fitted(lags.Max(), tail);
    }

    /// <inheritdoc/>
    private protected override TimeSeries Put(
        TimeSeries prepared, string variable, ReadOnlySpan<double> values, FittedVariable fitted, int place)
    {
        foreach (int lag in lags)
        {
            prepared = prepared.With(NameOf(variable, lag), ((Fitted)fitted).Before(values, place, lag));
        }

        return prepared;
    }

    /// <inheritdoc/>
    private protected override TimeSeries Take(TimeSeries prepared, string variable, FittedVariable fitted, int place) =>
        Without(prepared, name => Array.Exists(lags, lag => name == NameOf(variable, lag)));

    private static string NameOf(string variable, int lag) => variable + "_lag" + lag.ToString(CultureInfo.InvariantCulture);

    private sealed class Fitted(int reach, double[] tail) : FittedVariable
    {
        public override double[] Transform(ReadOnlySpan<double> values, int place) => [.. values];

        public override double[] Inverse(ReadOnlySpan<double> values, int place) => [.. values];

        public override FittedVariable Follow(ReadOnlySpan<double> newer)
        {
            double[] all = [.. tail, .. newer];
            return new Fitted(reach, all[Math.Max(0, all.Length - reach)..]);
        }

        public override Config GetState() => new()
        {
            { "tail", FillMissing.With(tail, 0) },
            { "missing", Enumerable.Range(0, tail.Length).Where(i => double.IsNaN(tail[i])).ToArray() },
        };

        internal double[] Before(ReadOnlySpan<double> values, int place, int lag)
        {
            double[] before = place == End ? tail : [];
            double[] all = [.. before, .. values];
            var result = new double[values.Length];
            for (int i = 0; i < result.Length; i++)
            {
                int from = before.Length + i - lag;
                result[i] = from < 0 ? double.NaN : all[from];
            }

            return result;
        }
    }
}
