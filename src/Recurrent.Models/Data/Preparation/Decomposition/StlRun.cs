namespace Recurrent.Data;

/// <summary>The passes of STL over one series: section 2 of Cleveland et al. (1990).</summary>
internal sealed class StlRun
{
    private readonly double[] values;
    private readonly int season;
    private readonly Loess loess = new();

    // With one more period at either end.
    private readonly double[] extended;
    private readonly double[] scratch;
    private readonly double[] other;
    private readonly double[] cycle;
    private readonly double[] cycleWeights;
    private bool weighted;

    internal StlRun(double[] values, int season)
    {
        this.values = values;
        this.season = season;
        int longest = values.Length + (2 * season);
        extended = new double[longest];
        scratch = new double[longest];
        other = new double[longest];
        int periods = ((values.Length - 1) / season) + 1;
        cycle = new double[periods];
        cycleWeights = new double[periods];
        Seasonal = new double[values.Length];
        Trend = new double[values.Length];
        Weights = new double[values.Length];
        Array.Fill(Weights, 1);
    }

    internal required int SeasonalWindow { get; init; }

    internal required int SeasonalDegree { get; init; }

    internal required int SeasonalJump { get; init; }

    internal required int TrendWindow { get; init; }

    internal required int TrendDegree { get; init; }

    internal required int TrendJump { get; init; }

    internal required int LowPassWindow { get; init; }

    internal required int LowPassJump { get; init; }

    internal double[] Seasonal { get; }

    internal double[] Trend { get; }

    internal double[] Weights { get; }

    private ReadOnlySpan<double> Robustness => weighted ? Weights : [];

    /// <summary>Runs the inner passes, then as many outer ones with robustness weights.</summary>
    internal void Run(int inner, int outer)
    {
        for (int pass = 0; ; pass++)
        {
            for (int i = 0; i < inner; i++)
            {
                Inner();
            }

            if (pass == outer)
            {
                return;
            }

            Weigh();
        }
    }

    /// <summary>Gives every place in the season its mean over all periods.</summary>
    internal void KeepSeason()
    {
        for (int place = 0; place < season; place++)
        {
            double sum = 0;
            int count = 0;
            for (int i = place; i < Seasonal.Length; i += season)
            {
                sum += Seasonal[i];
                count++;
            }

            for (int i = place; i < Seasonal.Length; i += season)
            {
                Seasonal[i] = sum / count;
            }
        }
    }

    private void Inner()
    {
        int count = values.Length;
        for (int i = 0; i < count; i++)
        {
            scratch[i] = values[i] - Trend[i];
        }

        SmoothCycles();
        LowPass();
        for (int i = 0; i < count; i++)
        {
            Seasonal[i] = extended[season + i] - scratch[i];
            other[i] = values[i] - Seasonal[i];
        }

        loess.Smooth(other.AsSpan(0, count), TrendWindow, TrendDegree, TrendJump, Robustness, Trend);
    }

    /// <summary>Smooths what stands at one place in every period, one period beyond either end, for each place in turn: from the
    /// scratch memory to the extended series.</summary>
    private void SmoothCycles()
    {
        for (int place = 0; place < season; place++)
        {
            int periods = ((values.Length - place - 1) / season) + 1;
            for (int period = 0; period < periods; period++)
            {
                cycle[period] = scratch[place + (period * season)];
                cycleWeights[period] = Weights[place + (period * season)];
            }

            ReadOnlySpan<double> given = cycle.AsSpan(0, periods);
            ReadOnlySpan<double> weights = weighted ? cycleWeights.AsSpan(0, periods) : [];
            Span<double> smooth = other.AsSpan(0, periods);
            loess.Smooth(given, SeasonalWindow, SeasonalDegree, SeasonalJump, weights, smooth);
            int right = Math.Min(SeasonalWindow, periods) - 1;
            int left = Math.Max(0, periods - SeasonalWindow);
            extended[place] = loess.Fit(given, SeasonalWindow, SeasonalDegree, -1, 0, right, weights) ?? smooth[0];
            for (int period = 0; period < periods; period++)
            {
                extended[place + ((period + 1) * season)] = smooth[period];
            }

            extended[place + ((periods + 1) * season)] =
                loess.Fit(given, SeasonalWindow, SeasonalDegree, periods, left, periods - 1, weights) ?? smooth[^1];
        }
    }

    /// <summary>What of the smoothed cycles is trend: moving averages over a season, a season and 3, then loess; into the scratch
    /// memory.</summary>
    private void LowPass()
    {
        int length = extended.Length;
        Average(extended.AsSpan(0, length), season, scratch);
        length -= season - 1;
        Average(scratch.AsSpan(0, length), season, other);
        length -= season - 1;
        Average(other.AsSpan(0, length), 3, scratch);
        length -= 2;
        scratch.AsSpan(0, length).CopyTo(other);
        loess.Smooth(other.AsSpan(0, length), LowPassWindow, 1, LowPassJump, [], scratch.AsSpan(0, length));
    }

    private static void Average(ReadOnlySpan<double> values, int window, Span<double> averages)
    {
        double sum = 0;
        for (int i = 0; i < window; i++)
        {
            sum += values[i];
        }

        averages[0] = sum / window;
        for (int i = window; i < values.Length; i++)
        {
            sum += values[i] - values[i - window];
            averages[i - window + 1] = sum / window;
        }
    }

    private void Weigh()
    {
        Span<double> distances = other.AsSpan(0, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            distances[i] = Math.Abs(values[i] - (Trend[i] + Seasonal[i]));
        }

        Loess.Bisquare(distances, Weights);
        weighted = true;
    }
}
