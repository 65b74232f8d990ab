namespace Recurrent.Forecasting;

/// <summary>The smoothing parameters of an exponential smoothing model.</summary>
/// <param name="Alpha">α: how far an error moves the level.</param>
/// <param name="Beta">β: how far it moves the trend; 0 without one.</param>
/// <param name="Gamma">γ: how far it moves the season; 0 without one.</param>
/// <param name="Phi">φ: what is left of the trend after a step; 1 where it is not damped.</param>
public readonly record struct EtsParameters(double Alpha, double Beta, double Gamma, double Phi);

/// <summary>
/// The recursion of all 30 forms, one step after another: q from level and trend, the forecast f from q and season, then what the
/// value teaches. Errors enter all states through y, so additive and multiplicative errors have the same recursion.
/// </summary>
internal sealed class EtsRun
{
    private readonly EtsForm form;
    private readonly bool seasonal;

    internal EtsRun(EtsForm form, int season)
    {
        this.form = form;
        seasonal = form.HasSeason;
        Seasons = new double[seasonal ? season : 1];
    }

    /// <summary>The level l.</summary>
    internal double Level { get; set; }

    /// <summary>The trend b: a difference, or a factor.</summary>
    internal double Slope { get; set; }

    /// <summary>The seasons, in a ring.</summary>
    internal double[] Seasons { get; }

    /// <summary>Where the next step's season stands in the ring.</summary>
    internal int Place { get; set; }

    /// <summary>What the trend adds, or multiplies by, in the next step: φ·b or b^φ.</summary>
    internal double Growth { get; private set; }

    /// <summary>q: level and trend of the next step.</summary>
    internal double Trended { get; private set; }

    /// <summary>p: the value without its season.</summary>
    internal double Adjusted { get; private set; }

    /// <summary>t: what the value says of the season.</summary>
    internal double Seasonal { get; private set; }

    /// <summary>r: what the levels say of the trend.</summary>
    internal double Rise { get; private set; }

    /// <summary>The forecast of the next step.</summary>
    internal double Predict(in EtsParameters parameters)
    {
        switch (form.Trend)
        {
            case EtsComponent.Additive:
                Growth = form.Damped ? parameters.Phi * Slope : Slope;
                Trended = Level + Growth;
                break;
            case EtsComponent.Multiplicative:
                Growth = form.Damped ? Math.Pow(Slope, parameters.Phi) : Slope;
                Trended = Level * Growth;
                break;
            default:
                Trended = Level;
                break;
        }

        return form.Season switch
        {
            EtsComponent.Additive => Trended + Seasons[Place],
            EtsComponent.Multiplicative => Trended * Seasons[Place],
            _ => Trended,
        };
    }

    /// <summary>Takes in the value of the step that was predicted last.</summary>
    /// <param name="parameters">The smoothing parameters.</param>
    /// <param name="share">β / α.</param>
    /// <param name="value">The value.</param>
    internal void Learn(in EtsParameters parameters, double share, double value)
    {
        double season = Seasons[Place];
        Adjusted = form.Season switch
        {
            EtsComponent.Additive => value - season,
            EtsComponent.Multiplicative => value / season,
            _ => value,
        };
        double level = Trended + (parameters.Alpha * (Adjusted - Trended));
        if (form.HasTrend)
        {
            Rise = form.Trend == EtsComponent.Additive ? level - Level : level / Level;
            Slope = Growth + (share * (Rise - Growth));
        }

        Level = level;
        if (seasonal)
        {
            Seasonal = form.Season == EtsComponent.Additive ? value - Trended : value / Trended;
            Seasons[Place] = season + (parameters.Gamma * (Seasonal - season));
            Turn();
        }
    }

    /// <summary>Goes on as predicted last, without a value.</summary>
    internal void Advance()
    {
        Level = Trended;
        Slope = Growth;
        if (seasonal)
        {
            Turn();
        }
    }

    /// <summary>Whether it can go on from here: the states are numbers, and a trend that multiplies is above 0.</summary>
    internal bool GoesOn => double.IsFinite(Level) && double.IsFinite(Slope) && Array.TrueForAll(Seasons, double.IsFinite)
        && (form.Trend != EtsComponent.Multiplicative || Slope > 0);

    /// <summary>A run that goes on from here by itself.</summary>
    internal EtsRun Copy()
    {
        var copy = new EtsRun(form, Seasons.Length);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Takes over another run's states.</summary>
    internal void CopyFrom(EtsRun other)
    {
        (Level, Slope, Place) = (other.Level, other.Slope, other.Place);
        other.Seasons.CopyTo(Seasons, 0);
    }

    private void Turn() => Place = Place + 1 == Seasons.Length ? 0 : Place + 1;
}
