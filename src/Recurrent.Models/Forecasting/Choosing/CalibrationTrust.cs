using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>How far a <see cref="Calibration"/> goes where its scores say that intervals are too narrow or too wide: 1 all the
/// way, 0 not at all.</summary>
/// <param name="Narrower">Where they are too wide.</param>
/// <param name="Wider">Where they are too narrow.</param>
/// <param name="Bounded">Whether a factor is brought within bounds before it is believed at all: where outcomes are few, one that
/// was met exactly, or one that is far off, says little.</param>
/// <remarks>
/// Forecasts of one series from origins close together err together, so that hundreds of outcomes may be worth four. A
/// factor f that such outcomes ask for becomes f^(n / (n + 2)) where it widens and f^(n / (n + 6)) where it narrows, n being how
/// many horizons fit side by side into what was held out: a series that was quiet for four horizons is not quiet for good.
/// </remarks>
internal readonly record struct CalibrationTrust(double Narrower, double Wider, bool Bounded)
{
    // Independent outcomes at which half of a factor, on the scale of logarithms, is believed.
    private const double HalfNarrower = 6;
    private const double HalfWider = 2;

    // The bounds of a factor that few outcomes ask for; Most holds where widening is believed in part alone.
    private const double Least = 0.05;
    private const double Most = 20;

    /// <summary>All the way.</summary>
    internal static CalibrationTrust Full => Many(1);

    /// <summary>The trust in outcomes of many series, the same in both directions.</summary>
    internal static CalibrationTrust Many(double share) => new(share, share, Bounded: false);

    /// <summary>The trust in outcomes of which only so many are independent.</summary>
    internal static CalibrationTrust Few(double independent) =>
        new(independent / (independent + HalfNarrower), independent / (independent + HalfWider), Bounded: true);

    /// <summary>The trust in outcomes of which nothing was chosen by: all the way where intervals are too narrow, and where they
    /// are too wide the less, the more the outcomes overlap.</summary>
    /// <param name="outcomes">How many there are.</param>
    /// <param name="independent">How many of them are independent.</param>
    internal static CalibrationTrust Cautious(int outcomes, double independent)
    {
        double overlap = outcomes == 0 ? 0 : 1 - Math.Min(1, independent / outcomes);
        return overlap == 0 ? Full : new(independent / (independent + (HalfNarrower * overlap)), 1, Bounded: true);
    }

    /// <summary>A trust of plain data.</summary>
    /// <exception cref="ConfigException">A number is out of range.</exception>
    internal static CalibrationTrust Read(ConfigReader reader)
    {
        double wider = Share(reader, "trust", 1);
        double narrower = Share(reader, "narrower", wider);

        // Files that do not say it were written when few outcomes alone had a trust of their own in each direction.
        return new(narrower, wider, reader.Bool("bounded", narrower != wider));
    }

    /// <summary>Adds the trust to a config.</summary>
    internal void Write(Config config)
    {
        config.Add("trust", Wider);
        config.Add("narrower", Narrower);
        config.Add("bounded", Bounded);
    }

    /// <summary>By how much an interval is stretched, where scores ask for a factor.</summary>
    internal double Of(double factor)
    {
        double believed = Bounded ? Math.Clamp(factor, Least, Wider < 1 ? Most : double.PositiveInfinity) : factor;
        return Math.Pow(believed, believed < 1 ? Narrower : Wider);
    }

    private static double Share(ConfigReader reader, string key, double missing) =>
        reader.Double(key, missing) is >= 0 and <= 1 and var share ? share
            : throw new ConfigException($"{key} lies from 0 to 1.") { Option = key };
}
