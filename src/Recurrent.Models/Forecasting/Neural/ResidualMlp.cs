using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Dense layers with residual connections over the look-back, beside a linear map, for panels of many series: the forecaster of
/// choice where hundreds of related series are to be forecast on a CPU.
/// </summary>
/// <remarks>
/// <para>
/// With x the window, scaled as <see cref="PanelNetwork"/> says, and c its context (its deviation and roughness before that,
/// static features, future covariates): <c>h₀ = relu(W₀·[x, c] + b₀)</c>, <c>h_k = h_{k−1} + relu(W_k·h_{k−1} + b_k)</c>, <c>ŷ =
/// A·x + V·h_K + b</c>, with V zero at first. The outputs are quantiles, trained by the pinball loss.
/// </para>
/// <para>
/// It is the encoder of TiDE (Das et al., "Long-term forecasting with TiDE", 2023), with its linear residual and without its
/// decoder.
/// </para>
/// </remarks>
public sealed class ResidualMlp : PanelNetwork
{
    private readonly int? units;
    private readonly int blocks;
    private readonly double dropout;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for a week where a season is a day of hours, half or quarter
    /// hours, two of any other long season, three of a short one, and at least two horizons.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="units">Units of each layer; null for 512 where there are 50 000 windows or more, 128 where there are fewer
    /// than 2000, and else 256.</param>
    /// <param name="blocks">Number of layers with a residual connection; default 2.</param>
    /// <param name="dropout">Share of the units of each of them that training drops; default 0.1.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults: quantiles, 5000 updates (1200 and 3000 where there are so
    /// few windows) at the rate 0.001 on all windows, three members.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ResidualMlp(
        int? lookback = null,
        int? horizon = null,
        int? units = null,
        int blocks = 2,
        double dropout = 0.1,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        (this.units, this.blocks, this.dropout) = (units, blocks, dropout);
        CheckOptions(new OptionCheck(nameof(ResidualMlp)))
            .Positive(nameof(units), units ?? 1)
            .AtLeast(nameof(blocks), blocks, 0)
            .Rate(nameof(dropout), dropout)
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "ResidualMlp";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("units", units);
        config.Add("blocks", blocks);
        config.Add("dropout", dropout);
        return config;
    }

    internal static ResidualMlp Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.OptionalInt("units"), config.Int("blocks", 2),
        config.Double("dropout", 0.1), config.OptionalInt("season"), ReadTraining(config));

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        int width = units ?? sizes.Windows switch { >= ManyWindows => 512, < FewWindows => 128, _ => 256 };
        var parts = new NetworkParts(sizes, summary: true);
        Symbol window = sizes.PastFeatures == 1
            ? parts.SplitPast().Target
            : new Flatten(name: "window").Call(parts.Past);
        Symbol context = parts.WithContext(new Concatenate(name: "with_summary").Call(window, parts.Summary!));
        Symbol hidden = new Dense(width, "relu", name: "encode").Call(context);
        for (int block = 1; block <= blocks; block++)
        {
            string number = block.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Symbol inner = new Dense(width, "relu", name: "block_" + number).Call(hidden);
            inner = dropout > 0 ? new Dropout(dropout, name: "dropout_" + number).Call(inner) : inner;
            hidden = new Add(name: "residual_" + number).Call(hidden, inner);
        }

        Symbol linear = new Dense(parts.Numbers, name: "linear").Call(window);
        Symbol beyond = new Dense(parts.Numbers, useBias: false, kernelInitializer: "zeros", name: "beyond_linear").Call(hidden);
        return parts.Network(new Add(name: "sum").Call(linear, beyond), "residual_mlp");
    }
}
