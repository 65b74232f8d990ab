using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// An autoregression by the equations of Yule and Walker, of the order of least AIC: y_t − μ = Σ φ_i (y_{t−i} − μ) + ε_t.
/// Orders far
/// above those of <see cref="AutoArima"/> are as cheap, so that cycles of many steps are followed: sunspots, lynx.
/// </summary>
/// <remarks>
/// φ of order k solves Σ_i φ_i γ(|j − i|) = γ(j), j = 1, …, k (Yule, 1927; Walker, 1931), by the recursion of Levinson and
/// Durbin;
/// the order has the least n log σ_k² + 2k. The method of Burg (1975) finds each partial coefficient from forward and
/// backward errors instead and is sharper on short series. Both are stationary always.
/// </remarks>
public sealed class Autoregression : LocalForecaster
{
    private readonly string transform;
    private readonly string method;

    /// <summary>Creates the method.</summary>
    /// <param name="order">The order; null to choose it by AIC.</param>
    /// <param name="maxOrder">The highest that is tried; null for the greater of 10 log₁₀ n and three seasons, or, where
    /// there are several seasons, the longest and the first of them. Never above a third of the values.</param>
    /// <param name="season">Length of a season in steps, for <paramref name="maxOrder"/> only; null to take that of the series'
    /// frequency.</param>
    /// <param name="transform">The scale the model works on: <c>none</c>, <c>log</c>, <c>sqrt</c> or <c>box_cox</c> with the
    /// power of Guerrero. Forecasts are medians then.</param>
    /// <param name="method"><c>yule_walker</c> or <c>burg</c>.</param>
    /// <param name="cycle">Whether the order is the length of the series' cycle, where it has one: the lag of the highest
    /// autocorrelation after the first that is negative. Far ahead such a model is better than one of the order of least AIC,
    /// which is the best one step ahead.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Autoregression(
        int? order = null,
        int? maxOrder = null,
        int? season = null,
        string transform = "none",
        string method = "yule_walker",
        bool cycle = false)
        : base(season)
    {
        new OptionCheck(nameof(Autoregression))
            .OneOf(nameof(method), method, "yule_walker", "burg")
            .Require(order is null or (>= 0 and <= 1000), "order must lie between 0 and 1000", nameof(order))
            .Require(maxOrder is null or (>= 0 and <= 1000), "maxOrder must lie between 0 and 1000", nameof(maxOrder))
            .ThrowIfAny();
        (Order, MaxOrder, Cycle, this.method) = (order, maxOrder, cycle, method);
        this.transform = SeriesPower.Check(nameof(Autoregression), transform);
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Autoregression);

    /// <inheritdoc/>
    public override string Name => "AR";

    /// <summary>The order; null where it is chosen.</summary>
    public int? Order { get; }

    /// <summary>The highest order that is tried; null for the default.</summary>
    public int? MaxOrder { get; }

    /// <summary>Whether the order is the length of the cycle.</summary>
    public bool Cycle { get; }

    /// <summary>Gaps are left to the Kalman filter.</summary>
    protected override bool TakesGaps => true;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("order", Order);
        config.Add("max_order", MaxOrder);
        config.Add("transform", transform);
        config.Add("method", method);
        config.Add("cycle", Cycle);
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        SeriesPower power = SeriesPower.Of(transform, task);
        ArimaData data = ArimaData.Of(power.Forth(task.Values), []);
        double[] values = Gaps.Bridge(data.Values, task.Season);
        int count = values.Length;
        int? order = Order ?? (Cycle ? CycleLength.Of(values) : null);
        int most = order ?? Math.Min(count / 3, MaxOrder ?? HighestOrder(task));
        if (most >= count)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"An autoregression of order {most} needs more than {most} values, but there are {count}."));
        }

        double mean = values.Sum() / count;
        double[] centred = [.. values.Select(value => value - mean)];
        bool flat = Varies.Not(values);
        (double[] phi, double left) = flat ? ([], 0) : Choose(centred, most, order);
        double variance = centred.Sum(value => value * value) / count;
        var parameters = new ArimaParameters
        {
            Order = new ArimaOrder(phi.Length, 0, 0),
            Coefficients = phi,
            Constant = mean,
            Beta = [],
            Variance = flat ? 0 : variance * left * count / Math.Max(1, count - phi.Length - 1),
            Exponent = data.Exponent,
        };
        ArimaProblem problem = data.Problem(0, 0, 1, constant: true);
        return ArimaFitting.Made(
            task, data, problem, parameters, [mean], power, HarmonicTerms.None, Criteria(problem, parameters));
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return ArimaFit.Read(state);
    }

    /// <summary>Makes the method of its config.</summary>
    internal static Autoregression Read(ConfigReader reader) => new(
        reader.OptionalInt("order"), reader.OptionalInt("max_order"), reader.OptionalInt("season"),
        reader.OptionalString("transform") ?? SeriesPower.None, reader.OptionalString("method") ?? "yule_walker",
        reader.Bool("cycle", false));

    // What the longest season that is held three times needs is its last period, and the season before the same step of it.
    private static int HighestOrder(LocalTask task)
    {
        int count = task.Values.Length;
        int longest = task.Seasons.Where(season => count >= 3L * (season + task.Season)).DefaultIfEmpty(0).Max();
        double most = Math.Max(10 * Math.Log10(count), Math.Max(3.0 * task.Season, longest + task.Season));
        return (int)Math.Min(1000, most);
    }

    private static ArimaCriteria Criteria(ArimaProblem problem, ArimaParameters parameters)
    {
        ArimaEstimate? estimate = ArimaEstimation.At(problem, parameters.Order, parameters.Coefficients);
        return estimate is null ? new(0, 0, 0, 0) : ArimaCriteria.Of(estimate, parameters.Exponent);
    }

    private (double[] Phi, double Left) Choose(double[] centred, int most, int? given)
    {
        double[] phi = [];
        double share = 1;
        double least = 0;
        void Consider(int k, double[] current, double left)
        {
            double criterion = (centred.Length * Math.Log(Math.Max(left, 1e-300))) + (2 * k);
            if ((given is { } order ? k <= order : criterion < least)
                && ArimaEstimation.IsStationary(current.AsSpan(0, k), new ArimaOrder(k, 0, 0)))
            {
                (phi, share, least) = (current[..k], left, criterion);
            }
        }

        if (method == "burg")
        {
            Burg.Recurse(centred, most, Consider);
        }
        else
        {
            _ = YuleWalker.Recurse(YuleWalker.Autocovariances(centred, most), most, Consider);
        }

        return (phi, share);
    }
}
