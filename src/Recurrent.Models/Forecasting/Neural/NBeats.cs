using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// N-BEATS: blocks of dense layers, each of which explains a part of the look-back, takes it off, and adds its part of the
/// forecast (Oreshkin, Carpov, Chapados and Bengio, "N-BEATS: Neural basis expansion analysis for interpretable time series
/// forecasting", 2020).
/// </summary>
/// <remarks>
/// <para>
/// Block l reads what the blocks before it have left, x_l: <c>h = relu(W₄·…relu(W₁·[x_l, c] + b₁)…+ b₄)</c>, with c the window's
/// deviation and roughness, static features and future covariates; then <c>x_{l+1} = x_l − B_b·θ_b</c> and <c>ŷ = Σ_l
/// B_f·θ_f</c> with <c>θ_b = U_b·h</c>, <c>θ_f = U_f·h</c>. In a generic block B is learnt; in a trend block its rows are <c>1,
/// t, …, t^degree</c>, in a seasonality block cosines and sines of periods of the horizon up to two steps, t running over the
/// look-back or the horizon. A forecast by quantiles has θ_f for each level.
/// </para>
/// <para>
/// Unlike the paper's: blocks of a stack do not share weights; series are scaled as <see cref="PanelNetwork"/> says, and not by
/// the largest value; units, stacks and members are fewer, for a CPU.
/// </para>
/// </remarks>
public sealed class NBeats : PanelNetwork
{
    private static readonly string[] Kinds = ["generic", "trend", "seasonality"];
    private readonly string[] stacks;
    private readonly int blocks;
    private readonly int layers;
    private readonly int units;
    private readonly int degree;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for a week where a season is a day of hours, half or quarter
    /// hours, two of any other long season, three of a short one, and at least two horizons.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="stacks">The stacks, each <c>generic</c>, <c>trend</c> or <c>seasonality</c>; null for two generic ones.
    /// <c>["trend", "seasonality"]</c> is the interpretable variant.</param>
    /// <param name="blocks">Blocks of each stack; default 2.</param>
    /// <param name="layers">Dense layers of each block; default 4, the paper's.</param>
    /// <param name="units">Units of each layer; default 128.</param>
    /// <param name="degree">Largest power of a trend block; default 2, as in the paper.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public NBeats(
        int? lookback = null,
        int? horizon = null,
        IReadOnlyList<string>? stacks = null,
        int blocks = 2,
        int layers = 4,
        int units = 128,
        int degree = 2,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        this.stacks = [.. stacks ?? ["generic", "generic"]];
        (this.blocks, this.layers, this.units, this.degree) = (blocks, layers, units, degree);
        string? unknown = Array.Find(this.stacks, stack => !Kinds.Contains(stack));
        CheckOptions(new OptionCheck(nameof(NBeats)))
            .Require(this.stacks.Length > 0, "stacks must have at least one entry", "stacks")
            .Require(unknown is null, $"stacks are {string.Join(", ", Kinds)}, but one is '{unknown}'", "stacks")
            .Positive(nameof(blocks), blocks)
            .Positive(nameof(layers), layers)
            .Positive(nameof(units), units)
            .AtLeast(nameof(degree), degree, 0)
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "NBeats";

    /// <inheritdoc/>
    public override string Name => "N-BEATS";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("stacks", stacks);
        config.Add("blocks", blocks);
        config.Add("layers", layers);
        config.Add("units", units);
        config.Add("degree", degree);
        return config;
    }

    internal static NBeats Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), ReadStacks(config), config.Int("blocks", 2),
        config.Int("layers", 4), config.Int("units", 128), config.Int("degree", 2), config.OptionalInt("season"),
        ReadTraining(config));

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var parts = new NetworkParts(sizes, summary: true);
        Symbol left = sizes.PastFeatures == 1 ? parts.SplitPast().Target : new Flatten(name: "window").Call(parts.Past);
        int seen = sizes.Lookback * sizes.PastFeatures;
        Symbol context = parts.WithContext(parts.Summary!);
        var forecasts = new List<Symbol>();
        var fixedRows = new List<(string Layer, double[][] Basis)>();
        for (int stack = 0; stack < stacks.Length; stack++)
        {
            for (int block = 0; block < blocks; block++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{stacks[stack]}_{stack + 1}_{block + 1}");
                Symbol hidden = new Concatenate(name: name + "_reads").Call(left, context);
                for (int layer = 0; layer < layers; layer++)
                {
                    string dense = string.Create(CultureInfo.InvariantCulture, $"{name}_dense_{layer + 1}");
                    hidden = new Dense(units, "relu", name: dense).Call(hidden);
                }

                forecasts.Add(Forecast(sizes, stacks[stack], name, hidden, fixedRows));
                if (stack < stacks.Length - 1 || block < blocks - 1)
                {
                    Symbol explained = Backcast(sizes, stacks[stack], name, hidden, seen, fixedRows);
                    left = new Subtract(name: name + "_left").Call(left, explained);
                }
            }
        }

        Model network = parts.Network(
            forecasts.Count == 1 ? forecasts[0] : new Add(name: "sum").Call(Symbols.Create([.. forecasts])), "n_beats");
        foreach ((string layer, double[][] basis) in fixedRows)
        {
            network.GetLayer(layer).SetWeights([Matrix(basis)]);
        }

        return network;
    }

    private Symbol Forecast(
        NetworkSizes sizes, string kind, string name, Symbol hidden, List<(string Layer, double[][] Basis)> fixedRows)
    {
        if (kind == "generic")
        {
            return new Dense(sizes.Horizon * sizes.Levels, name: name + "_forecast").Call(hidden);
        }

        double[][] basis = Basis(kind, 0, sizes.Horizon, sizes.Horizon);
        Symbol theta = new Dense(basis.Length * sizes.Levels, name: name + "_theta_forecast").Call(hidden);
        fixedRows.Add((name + "_forecast", basis));
        Symbol rows = Fixed(sizes.Horizon, name + "_forecast").Call(
            new Reshape([sizes.Levels, basis.Length], name: name + "_theta_rows").Call(theta));
        return new Flatten(name: name + "_forecast_flat").Call(new Permute([2, 1], name: name + "_steps").Call(rows));
    }

    private Symbol Backcast(
        NetworkSizes sizes, string kind, string name, Symbol hidden, int seen, List<(string Layer, double[][] Basis)> fixedRows)
    {
        if (kind == "generic" || sizes.PastFeatures > 1)
        {
            return new Dense(seen, name: name + "_backcast").Call(hidden);
        }

        double[][] basis = Basis(kind, -sizes.Lookback, sizes.Lookback, sizes.Horizon);
        fixedRows.Add((name + "_backcast", basis));
        Symbol theta = new Dense(basis.Length, name: name + "_theta_backcast").Call(hidden);
        return Fixed(seen, name + "_backcast").Call(theta);
    }

    private static Dense Fixed(int units, string name) =>
        new(units, useBias: false, kernelInitializer: "zeros", trainable: false, name: name);

    /// <summary>The rows that a stack may use: functions of the steps.</summary>
    /// <param name="kind">trend or seasonality.</param>
    /// <param name="first">First step, the first ahead being 0.</param>
    /// <param name="count">Number of steps.</param>
    /// <param name="horizon">Steps ahead.</param>
    private double[][] Basis(string kind, int first, int count, int horizon)
    {
        if (kind == "trend")
        {
            double length = Math.Max(count, 1);
            return [.. Enumerable.Range(0, degree + 1).Select(power =>
                (double[])[.. Enumerable.Range(0, count).Select(t => Math.Pow(t / length, power))])];
        }

        int waves = Math.Max(1, horizon / 2);
        return
        [
            .. Enumerable.Range(0, waves).Select(wave => Wave(wave, Math.Cos)),
            .. Enumerable.Range(1, Math.Max(1, waves - 1)).Select(wave => Wave(wave, Math.Sin)),
        ];

        double[] Wave(int wave, Func<double, double> function) =>
            [.. Enumerable.Range(first, count).Select(t => function(2 * Math.PI * wave * t / Math.Max(horizon, 2)))];
    }

    private static NDArray Matrix(double[][] rows) => new(
        [rows.Length, rows[0].Length], [.. rows.SelectMany(row => row).Select(value => (Real)value)]);

    private static string[]? ReadStacks(ConfigReader config) => config.Raw("stacks") switch
    {
        null => null,
        IReadOnlyList<object?> list when list.All(item => item is string) => [.. list.Cast<string>()],
        _ => throw new ConfigException("stacks must be a list of names.") { Option = "stacks" },
    };
}
