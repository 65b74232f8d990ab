using System.Numerics;
using System.Runtime.InteropServices;

namespace Recurrent.Forecasting;

/// <summary>
/// What a form makes of a series: L = n·ln Σ ε² + 2·Σ ln f for multiplicative errors ε = (y − f) / f, without the sum of
/// logarithms for additive ones ε = y − f. That is −2 times the logarithm of the likelihood but for a constant. Its gradient and
/// its Gauss–Newton curvature come from the slopes of all states by all variables, carried forward with them.
/// </summary>
/// <remarks>
/// The variables are α, the place u of β = β₀ + u(α − β₀), the place v of γ = γ₀ + v(1 − α − γ₀), φ, the first level and
/// trend, and all first seasons but the oldest, which follows from their sum: 0, or the season's length.
/// </remarks>
internal sealed class EtsObjective : IBoxProblem
{
    /// <summary>The least value of α, β and γ; the greatest of α is 1 less this.</summary>
    internal const double Least = 1e-4;

    private const double LowPhi = 0.8, HighPhi = 0.98;

    // Keeps the logarithm finite where a series is followed exactly; the series is near 1.
    internal const double Floor = 1e-26;

    private readonly EtsForm form;
    private readonly double[] values;
    private readonly int season;
    private readonly EtsRun run;
    private readonly EtsRun? held;
    private readonly double[] low;
    private readonly double[] high;
    private readonly int padded;
    private readonly double[] slopes;
    private readonly double[] moments;

    /// <param name="form">The form.</param>
    /// <param name="values">The series, near 1.</param>
    /// <param name="season">Length of the season; 1 where the form has none.</param>
    /// <param name="held">The first states, where they are no variables.</param>
    internal EtsObjective(EtsForm form, double[] values, int season, EtsRun? held = null)
    {
        this.held = held;
        this.form = form;
        this.values = values;
        this.season = season;
        run = new(form, season);
        int next = 1;
        TrendPlace = form.HasTrend ? next++ : -1;
        SeasonPlace = form.HasSeason ? next++ : -1;
        PhiPlace = form.Damped ? next++ : -1;
        LevelPlace = held is null ? next++ : -1;
        SlopePlace = form.HasTrend && held is null ? next++ : -1;
        FirstSeason = next;
        Count = next + (form.HasSeason && held is null ? season - 1 : 0);
        low = new double[Count];
        high = new double[Count];
        Array.Fill(low, double.NegativeInfinity);
        Array.Fill(high, double.PositiveInfinity);
        (low[0], high[0]) = (Least, 1 - Least);
        Bound(TrendPlace, 0, 1);
        Bound(SeasonPlace, 0, 1);
        Bound(PhiPlace, LowPhi, HighPhi);
        if (form.Trend == EtsComponent.Multiplicative)
        {
            Bound(SlopePlace, 1e-2, 1e2);
        }

        if (form.Season == EtsComponent.Multiplicative)
        {
            for (int i = FirstSeason; i < Count; i++)
            {
                Bound(i, 1e-6, season);
            }
        }

        int width = Vector<double>.Count;
        padded = (Count + width - 1) / width * width;

        // α, β/α, γ, φ, q, growth, f, level, trend, and the seasons.
        slopes = new double[(9 + (form.HasSeason ? season : 0)) * padded];
        moments = new double[(Count + 2) * padded];
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Low => low;

    /// <inheritdoc/>
    public ReadOnlySpan<double> High => high;

    internal int TrendPlace { get; }

    internal int SeasonPlace { get; }

    internal int PhiPlace { get; }

    internal int LevelPlace { get; }

    internal int SlopePlace { get; }

    internal int FirstSeason { get; }

    /// <summary>The smoothing parameters that variables stand for.</summary>
    internal EtsParameters Parameters(ReadOnlySpan<double> x)
    {
        double alpha = x[0];
        return new(alpha, form.HasTrend ? Least + (x[TrendPlace] * (alpha - Least)) : 0,
            form.HasSeason ? Least + (x[SeasonPlace] * (1 - alpha - Least)) : 0, form.Damped ? x[PhiPlace] : 1);
    }

    /// <summary>Sets a run to the first states.</summary>
    internal void Start(ReadOnlySpan<double> x, EtsRun target)
    {
        if (held is not null)
        {
            target.CopyFrom(held);
            return;
        }

        target.Level = x[LevelPlace];
        target.Slope = form.HasTrend ? x[SlopePlace] : 0;
        target.Place = 0;
        if (form.HasSeason)
        {
            double rest = form.Season == EtsComponent.Additive ? 0 : season;
            for (int i = 1; i < season; i++)
            {
                target.Seasons[i] = x[FirstSeason + i - 1];
                rest -= target.Seasons[i];
            }

            target.Seasons[0] = rest;
        }
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> x)
    {
        EtsParameters parameters = Parameters(x);
        if (!Begin(x, parameters))
        {
            return double.PositiveInfinity;
        }

        double share = parameters.Beta / parameters.Alpha;
        bool relative = form.Error == EtsComponent.Multiplicative;
        double squares = 0;
        double product = 1;
        double logarithms = 0;
        for (int t = 0; t < values.Length; t++)
        {
            double forecast = run.Predict(parameters);
            double error = values[t] - forecast;
            if (relative)
            {
                if (!(forecast > 0))
                {
                    return double.PositiveInfinity;
                }

                error /= forecast;
                product *= forecast;
                if (product is < 1e-100 or > 1e100)
                {
                    logarithms += Math.Log(product);
                    product = 1;
                }
            }

            squares += error * error;
            run.Learn(parameters, share, values[t]);
        }

        double value = (values.Length * Math.Log(squares + Floor)) + (relative ? 2 * (logarithms + Math.Log(product)) : 0);
        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public double Linearise(ReadOnlySpan<double> x, Span<double> gradient, Span<double> curvature)
    {
        EtsParameters parameters = Parameters(x);
        if (!Begin(x, parameters))
        {
            return double.PositiveInfinity;
        }

        double share = parameters.Beta / parameters.Alpha;
        StartSlopes(x, parameters);
        Array.Clear(moments);
        bool relative = form.Error == EtsComponent.Multiplicative;
        double squares = 0, logarithms = 0;
        Span<Vector<double>> errors = Cast(moments.AsSpan(0, padded));
        Span<Vector<double>> logs = Cast(moments.AsSpan(padded, padded));
        for (int t = 0; t < values.Length; t++)
        {
            double forecast = run.Predict(parameters);
            double error = values[t] - forecast;
            double byForecast = -1;
            if (relative)
            {
                if (!(forecast > 0))
                {
                    return double.PositiveInfinity;
                }

                error /= forecast;
                byForecast = -values[t] / (forecast * forecast);
                logarithms += Math.Log(forecast);
            }

            squares += error * error;
            Span<Vector<double>> forecastSlopes = CarryForward(parameters, share, values[t]);
            Gather(forecastSlopes, byForecast, error, relative ? 1 / forecast : 0, errors, logs);
        }

        double value = (values.Length * Math.Log(squares + Floor)) + (2 * logarithms);
        double scale = 2 * values.Length / (squares + Floor);
        for (int i = 0; i < Count; i++)
        {
            gradient[i] = (scale * moments[i]) + (2 * moments[padded + i]);
            for (int j = i; j < Count; j++)
            {
                curvature[(i * Count) + j] = curvature[(j * Count) + i] = scale * moments[((2 + i) * padded) + j];
            }
        }

        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    private void Gather(ReadOnlySpan<Vector<double>> slope, double byForecast, double error, double inverse,
        Span<Vector<double>> errors, Span<Vector<double>> logs)
    {
        var first = new Vector<double>(error * byForecast);
        var second = new Vector<double>(inverse);
        for (int k = 0; k < slope.Length; k++)
        {
            errors[k] += first * slope[k];
            logs[k] += second * slope[k];
        }

        double weight = byForecast * byForecast;
        ReadOnlySpan<double> each = MemoryMarshal.Cast<Vector<double>, double>(slope);
        Span<Vector<double>> products = Cast(moments.AsSpan(2 * padded));
        for (int i = 0; i < Count; i++)
        {
            var factor = new Vector<double>(weight * each[i]);
            Span<Vector<double>> row = products.Slice(i * slope.Length, slope.Length);
            for (int k = i / Vector<double>.Count; k < row.Length; k++)
            {
                row[k] += factor * slope[k];
            }
        }
    }

    /// <summary>Sets the run to the first states; false where the variables are out of their region.</summary>
    private bool Begin(ReadOnlySpan<double> x, in EtsParameters parameters)
    {
        Start(x, run);
        return (form.Season != EtsComponent.Multiplicative || run.Seasons[0] > 0)
            && (!form.HasTrend || !form.HasSeason || EtsStability.Forgets(parameters, season));
    }

    private void Bound(int place, double least, double most)
    {
        if (place >= 0)
        {
            (low[place], high[place]) = (least, most);
        }
    }

    private void StartSlopes(ReadOnlySpan<double> x, in EtsParameters parameters)
    {
        Array.Clear(slopes);
        double alpha = parameters.Alpha;
        slopes[0] = 1;
        if (form.HasTrend)
        {
            // β/α = u + β₀(1 − u)/α.
            slopes[padded] = -Least * (1 - x[TrendPlace]) / (alpha * alpha);
            slopes[padded + TrendPlace] = 1 - (Least / alpha);
            if (held is null)
            {
                slopes[(8 * padded) + SlopePlace] = 1;
            }
        }

        if (form.HasSeason)
        {
            slopes[2 * padded] = -x[SeasonPlace];
            slopes[(2 * padded) + SeasonPlace] = 1 - alpha - Least;
            for (int i = 1; i < season && held is null; i++)
            {
                slopes[((9 + i) * padded) + FirstSeason + i - 1] = 1;
                slopes[(9 * padded) + FirstSeason + i - 1] = -1;
            }
        }

        if (form.Damped)
        {
            slopes[(3 * padded) + PhiPlace] = 1;
        }

        if (held is null)
        {
            slopes[(7 * padded) + LevelPlace] = 1;
        }
    }

    /// <summary>Takes in a value, and carries the slopes of the states on; gives those of the forecast.</summary>
    private Span<Vector<double>> CarryForward(in EtsParameters parameters, double share, double value)
    {
        double alpha = parameters.Alpha;
        double oldLevel = run.Level, oldSlope = run.Slope, growth = run.Growth, trended = run.Trended;
        int place = run.Place;
        double old = form.HasSeason ? run.Seasons[place] : 0;
        run.Learn(parameters, share, value);

        double growthBySlope = 0, growthByPhi = 0, byLevel = 1, byGrowth = 0, riseByNew = 0, riseByOld = 0;
        if (form.Trend == EtsComponent.Additive)
        {
            (growthBySlope, growthByPhi, byGrowth, riseByNew, riseByOld) = (parameters.Phi, oldSlope, 1, 1, -1);
        }
        else if (form.Trend == EtsComponent.Multiplicative)
        {
            growthBySlope = form.Damped ? parameters.Phi * growth / oldSlope : 1;
            growthByPhi = form.Damped ? growth * Math.Log(oldSlope) : 0;
            (byLevel, byGrowth, riseByNew) = (growth, oldLevel, 1 / oldLevel);
            riseByOld = -run.Level / (oldLevel * oldLevel);
        }

        double forecastByTrended = 1, forecastBySeason = 0, adjustedBySeason = 0, seasonalByTrended = 0;
        if (form.Season == EtsComponent.Additive)
        {
            (forecastBySeason, adjustedBySeason, seasonalByTrended) = (1, -1, -1);
        }
        else if (form.Season == EtsComponent.Multiplicative)
        {
            (forecastByTrended, forecastBySeason) = (old, trended);
            (adjustedBySeason, seasonalByTrended) = (-value / (old * old), -value / (trended * trended));
        }

        int width = padded / Vector<double>.Count;
        Span<Vector<double>> all = Cast(slopes);
        ReadOnlySpan<Vector<double>> ofAlpha = all[..width], ofShare = all.Slice(width, width);
        ReadOnlySpan<Vector<double>> ofGamma = all.Slice(2 * width, width), ofPhi = all.Slice(3 * width, width);
        Span<Vector<double>> forecasts = all.Slice(6 * width, width);
        Span<Vector<double>> levels = all.Slice(7 * width, width), trends = all.Slice(8 * width, width);
        Span<Vector<double>> seasons = form.HasSeason ? all.Slice((9 + place) * width, width) : [];
        double pull = run.Adjusted - trended, bend = run.Rise - growth, turn = run.Seasonal - old;
        for (int k = 0; k < forecasts.Length; k++)
        {
            Vector<double> level = levels[k], byTrend = byLevel * level, grown = default;
            if (form.HasTrend)
            {
                grown = (growthBySlope * trends[k]) + (growthByPhi * ofPhi[k]);
                byTrend += byGrowth * grown;
            }

            Vector<double> forecast = forecastByTrended * byTrend;
            Vector<double> newLevel = ((1 - alpha) * byTrend) + (pull * ofAlpha[k]);
            if (form.HasSeason)
            {
                Vector<double> ofSeason = seasons[k];
                forecast += forecastBySeason * ofSeason;
                newLevel += alpha * adjustedBySeason * ofSeason;
                seasons[k] = ((1 - parameters.Gamma) * ofSeason) + (parameters.Gamma * seasonalByTrended * byTrend)
                    + (turn * ofGamma[k]);
            }

            if (form.HasTrend)
            {
                trends[k] = ((1 - share) * grown) + (share * ((riseByNew * newLevel) + (riseByOld * level)))
                    + (bend * ofShare[k]);
            }

            forecasts[k] = forecast;
            levels[k] = newLevel;
        }

        return forecasts;
    }

    private static Span<Vector<double>> Cast(Span<double> numbers) => MemoryMarshal.Cast<double, Vector<double>>(numbers);
}
