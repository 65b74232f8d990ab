using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Puts values in the place of missing ones, and says beside each variable where that was, if asked to: a variable
/// <c>x_missing</c> that is 1 there and 0 elsewhere.
/// </summary>
/// <remarks>
/// Means, medians and modes are those of the training part. Other methods look at the values around a gap; what follows the
/// history sees its last values. <see cref="Preparation.Inverse(TimeSeries)"/> takes the added variables away and makes values of
/// the training part missing again.
/// </remarks>
public sealed class Imputation : VariablePreparation
{
    /// <summary>Ending of the names of added variables.</summary>
    public const string Indicator = "_missing";

    private static readonly string[] Methods =
        ["mean", "median", "mode", "constant", "forward", "backward", "linear", "seasonal", "model"];

    private readonly GapModel? model;

    /// <summary>Creates the preparation.</summary>
    /// <param name="method">
    /// <c>mean</c>, <c>median</c> or <c>mode</c> of the training part; a <c>constant</c>; the value before (<c>forward</c>) or
    /// behind (<c>backward</c>); a straight line (<c>linear</c>), also beside the season that robust STL finds (<c>seasonal</c>).
    /// </param>
    /// <param name="indicator">Whether a variable says where values were missing. With <c>constant</c> this keeps them apart from
    /// known ones: the model is told which are none.</param>
    /// <param name="value">The number that <c>constant</c> puts there; 0 by default.</param>
    /// <param name="seasons">Lengths of the seasons for <c>seasonal</c>; null takes those of the series' frequency.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Imputation(
        string method = "linear",
        bool indicator = false,
        double value = 0,
        IReadOnlyList<int>? seasons = null,
        IReadOnlyList<string>? variables = null)
        : this(method, null, indicator, value, seasons, variables)
    {
        new OptionCheck(nameof(Imputation))
            .Require(method != "model", "the method 'model' needs one: new Imputation(model)", nameof(method))
            .ThrowIfAny();
    }

    /// <summary>
    /// Creates a preparation that lets a model forecast each gap from the values before it and, read backwards, from those behind
    /// it, and goes over from one to the other. It cannot be saved: a file holds no such model.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="indicator">Whether a variable says where values were missing.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    public Imputation(GapModel model, bool indicator = false, IReadOnlyList<string>? variables = null)
        : this("model", model ?? throw new ArgumentNullException(nameof(model)), indicator, 0, null, variables)
    {
    }

    private Imputation(
        string method, GapModel? model, bool indicator, double value, IReadOnlyList<int>? seasons,
            IReadOnlyList<string>? variables)
        : base(variables)
    {
        ArgumentNullException.ThrowIfNull(method);
        new OptionCheck(nameof(Imputation))
            .OneOf(nameof(method), method, Methods)
            .Finite(nameof(value), value)
            .Check(seasons)
            .ThrowIfAny();
        this.model = model;
        (Method, HasIndicator, Value, Seasons) = (method, indicator, value, seasons is null ? null : [.. seasons]);
    }

    /// <summary>How values are found.</summary>
    public string Method { get; }

    /// <summary>Whether a variable says where values were missing.</summary>
    public bool HasIndicator { get; }

    /// <summary>The number that <c>constant</c> puts there.</summary>
    public double Value { get; }

    /// <summary>Lengths of the seasons; null for those of the frequency.</summary>
    public IReadOnlyList<int>? Seasons { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(Imputation);

    /// <inheritdoc/>
    public override Config GetConfig() => model is null
        ? base.GetConfig()
        : throw new NotSupportedException("A file cannot hold a model that is given as code, so an Imputation by one is neither "
            + "saved nor copied. Fill the series first (FillMissing.ByModel, or FitTransform of this preparation by itself), or "
            + "take another method, 'seasonal' for instance.");

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("method", Method);
        config.Add("indicator", HasIndicator);
        config.Add("value", Value);
        config.Add("seasons", Seasons);
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable)
    {
        ArgumentNullException.ThrowIfNull(series);
        int[] seasons = Method == "seasonal"
            ? [.. Seasons ?? series.Frequency?.Seasons.Where(season => season > 1).ToArray() ?? []]
            : [];
        double number = Method switch
        {
            "mean" => FillMissing.MeanOf(training),
            "median" => FillMissing.MedianOf(training),
            "mode" => FillMissing.ModeOf(training),
            "constant" => Value,
            _ => FillMissing.MeanOf(training),
        };
        double[] values = [.. training];
        int[] missing = [.. Enumerable.Range(0, values.Length).Where(i => double.IsNaN(values[i]))];
        var fitted = new Fitted(this, number, seasons, missing, []);
        return fitted.Follow(training);
    }

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int[] seasons = [.. state.Ints("seasons")];
        return seasons.All(season => season >= 2)
            ? new Fitted(
                this, state.Double("number"), seasons, [.. state.Ints("missing")],
                PreparationNames.Numbers(ClassName, state, "tail"))
            : throw new ConfigException($"{ClassName}: seasons must be at least 2.");
    }

    /// <inheritdoc/>
    private protected override TimeSeries Put(
        TimeSeries prepared, string variable, ReadOnlySpan<double> values, FittedVariable fitted, int place)
    {
        TimeSeries filled = base.Put(prepared, variable, values, fitted, place);
        double[] given = [.. values];
        return HasIndicator
            ? filled.With(variable + Indicator, [.. given.Select(value => double.IsNaN(value) ? 1.0 : 0)])
            : filled;
    }

    /// <inheritdoc/>
    private protected override TimeSeries Take(TimeSeries prepared, string variable, FittedVariable fitted, int place)
    {
        TimeSeries taken = base.Take(prepared, variable, fitted, place);
        return HasIndicator ? Without(taken, name => name == variable + Indicator) : taken;
    }

    private double[] Fill(double[] values, int[] seasons) => Method switch
    {
        "forward" => FillMissing.Forward(values),
        "backward" => FillMissing.Backward(values),
        "seasonal" => FillMissing.Seasonal(values, seasons),
        "model" => FillMissing.ByModel(values, model!),
        _ => FillMissing.Linear(values),
    };

    private sealed class Fitted(Imputation owner, double number, int[] seasons, int[] missing, double[] tail) : FittedVariable
    {
        // The model and the season see some periods of what was before.
        private int Reach => Math.Max(64, 4 * seasons.DefaultIfEmpty(1).Max());

        public override double[] Transform(ReadOnlySpan<double> values, int place)
        {
            double[] before = place == End ? tail : [];
            double[] all = [.. before, .. values];
            return owner.Method is "mean" or "median" or "mode" or "constant" || Array.TrueForAll(all, double.IsNaN)
                ? FillMissing.With(values, number)
                : owner.Fill(all, seasons)[before.Length..];
        }

        public override double[] Inverse(ReadOnlySpan<double> values, int place)
        {
            double[] result = [.. values];
            foreach (int at in missing.Select(one => one - place).Where(at => at >= 0 && at < result.Length))
            {
                result[at] = double.NaN;
            }

            return result;
        }

        public override FittedVariable Follow(ReadOnlySpan<double> newer)
        {
            double[] all = [.. tail, .. Transform(newer, End)];
            return new Fitted(owner, number, seasons, missing, all[Math.Max(0, all.Length - Reach)..]);
        }

        public override Config GetState() => new()
        {
            { "number", number }, { "seasons", seasons }, { "missing", missing }, { "tail", tail },
        };
    }
}
