namespace Recurrent.Forecasting;

/// <summary>Finds the parameters and first states that make the likelihood of a form greatest.</summary>
internal static class EtsFitter
{
    private const int Scouting = 4;
    private const int Finishing = 2;
    private const int Iterations = 100;
    private const double Tolerance = 1e-9;

    // Places of α, of β and γ in their ranges, and φ, to begin from: the likelihood often has several summits.
    private static readonly (double Alpha, double Trend, double Season, double Phi)[] Starts =
    [
        (0.02, 0.1, 0.02, 0.97), (0.1, 0.1, 0.5, 0.97), (0.3, 0.05, 0.3, 0.95), (0.6, 0.5, 0.1, 0.9), (0.9, 0.1, 0.1, 0.97),
        (0.9, 0.9, 0.1, 0.9), (0.4, 0.02, 0.8, 0.85),
    ];

    // Slow levels whose slope follows them fully: where a trend turns upward late, the summit lies at β = α.
    private static readonly (double Alpha, double Trend, double Season, double Phi)[] Trending =
        [.. Starts, (0.05, 1, 0.1, 0.97), (0.1, 1, 0.1, 0.95)];

    /// <summary>Fits a form to a series near 1; null where nothing follows it.</summary>
    internal static EtsModel? Fit(double[] scaled, EtsForm form, int season, int exponent, EtsInitial initial)
    {
        var objective = new EtsObjective(form, scaled, season);
        double[] states = new double[objective.Count];
        EtsStart.States(form, objective, scaled, season, states);
        if (initial == EtsInitial.Simple)
        {
            var beginning = new EtsRun(form, season);
            objective.Start(states, beginning);
            var smoothing = new EtsObjective(form, scaled, season, beginning);
            double[] middle = new double[smoothing.Count];
            Set(smoothing, middle, 0.3, 0.05, 0.3, 0.9);
            if (!double.IsFinite(smoothing.Value(middle)))
            {
                EtsStart.Neutral(form, objective, scaled, states);
                objective.Start(states, beginning);
            }

            objective = smoothing;
            states = new double[objective.Count];
        }

        var search = new BoxGaussNewton(objective.Count);
        (double Alpha, double Trend, double Season, double Phi)[] starts =
            form.HasTrend && initial == EtsInitial.Estimated ? Trending : Starts;
        var reached = new (double Value, double[] Place)[starts.Length];
        for (int i = 0; i < reached.Length; i++)
        {
            (double alpha, double trend, double seasonal, double phi) = starts[i];
            double[] x = new double[objective.Count];
            states.CopyTo(x, 0);
            Set(objective, x, alpha, trend, seasonal, phi);
            double value = search.Minimise(objective, x, Scouting, 1e-2);
            if (!double.IsFinite(value) && initial == EtsInitial.Estimated)
            {
                EtsStart.Neutral(form, objective, scaled, x);
                Set(objective, x, alpha, 0, seasonal, phi);
                value = search.Minimise(objective, x, Scouting, 1e-2);
            }

            reached[i] = (value, x);
        }

        // The most promising go all the way.
        reached = [.. reached.OrderBy(place => place.Value)];
        double[] best = [];
        double least = double.PositiveInfinity;
        for (int i = 0; i < Finishing && double.IsFinite(reached[i].Value); i++)
        {
            double[] x = reached[i].Place;
            double value = search.Minimise(objective, x, Iterations, Tolerance);
            if (value < least - 1e-7)
            {
                (least, best) = (value, x);
            }
        }

        if (best.Length == 0)
        {
            return null;
        }

        var first = new EtsRun(form, season);
        objective.Start(best, first);
        return EtsModel.Run(scaled, form, exponent, objective.Parameters(best), first);
    }

    private static void Set(EtsObjective objective, Span<double> x, double alpha, double trend, double season, double phi)
    {
        x[0] = alpha;
        Put(x, objective.TrendPlace, trend);
        Put(x, objective.SeasonPlace, season);
        Put(x, objective.PhiPlace, phi);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Math.Clamp(x[i], objective.Low[i], objective.High[i]);
        }
    }

    private static void Put(Span<double> x, int place, double value)
    {
        if (place >= 0)
        {
            x[place] = value;
        }
    }
}
