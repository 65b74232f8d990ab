using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The states of complex exponential smoothing, one step after another.</summary>
internal sealed class CesRun
{
    private readonly int season;
    private double[] levels;
    private double[] potentials;
    private double[] seasonLevels;
    private double[] seasonPotentials;
    private int place;

    internal CesRun(CesSeason kind, int season)
    {
        Kind = kind;
        this.season = season;
        Parameters = Beginning(kind);
        int pairs = kind == CesSeason.Simple ? season : 1;
        levels = new double[pairs];
        potentials = new double[pairs];
        seasonLevels = new double[kind is CesSeason.Partial or CesSeason.Full ? season : 0];
        seasonPotentials = new double[kind == CesSeason.Full ? season : 0];
    }

    internal CesSeason Kind { get; }

    internal double[] Parameters { get; private set; }

    /// <summary>Where a search for the smoothing parameters begins.</summary>
    internal static double[] Beginning(CesSeason kind) => kind switch
    {
        CesSeason.Partial => [1.3, 1, 0.1],
        CesSeason.Full => [1.3, 1, 1.3, 1],
        _ => [1.3, 1],
    };

    /// <summary>Whether errors of the past fade.</summary>
    internal static bool IsStable(CesSeason kind, double[] x) => Fades(x[0], x[1]) && kind switch
    {
        CesSeason.Partial => x[2] is > 0 and < 1,
        CesSeason.Full => Fades(x[2], x[3]),
        _ => true,
    };

    /// <summary>First states from the first season, or the first values.</summary>
    internal void Begin(double[] x, ReadOnlySpan<double> values)
    {
        Parameters = x;
        place = 0;
        int count = Math.Min(values.Length, Math.Max(season, 10));
        double mean = 0;
        for (int t = 0; t < count; t++)
        {
            mean += values[t] / count;
        }

        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = Kind == CesSeason.Simple ? values[i] : mean;
            potentials[i] = levels[i] / 1.1;
        }

        for (int i = 0; i < seasonLevels.Length; i++)
        {
            seasonLevels[i] = values[i] - mean;
            if (Kind == CesSeason.Full)
            {
                seasonPotentials[i] = seasonLevels[i] / 1.1;
            }
        }
    }

    /// <summary>The next step's forecast.</summary>
    internal double Predict() => levels[Kind == CesSeason.Simple ? place : 0]
        + (Kind is CesSeason.Partial or CesSeason.Full ? seasonLevels[place] : 0);

    /// <summary>Takes in the next step's error, and goes on.</summary>
    internal void Learn(double error)
    {
        int pair = Kind == CesSeason.Simple ? place : 0;
        Step(ref levels[pair], ref potentials[pair], Parameters[0], Parameters[1], error);
        switch (Kind)
        {
            case CesSeason.Partial:
                seasonLevels[place] += Parameters[2] * error;
                break;
            case CesSeason.Full:
                Step(ref seasonLevels[place], ref seasonPotentials[place], Parameters[2], Parameters[3], error);
                break;
            default:
                break;
        }

        place = place + 1 >= season ? 0 : place + 1;
    }

    /// <summary>Turns round in time: the seasons come in the other order.</summary>
    internal void Turn()
    {
        Reverse(levels);
        Reverse(potentials);
        Reverse(seasonLevels);
        Reverse(seasonPotentials);
        place = 0;
    }

    internal CesRun Copy() => new(Kind, season)
    {
        Parameters = (double[])Parameters.Clone(),
        levels = (double[])levels.Clone(),
        potentials = (double[])potentials.Clone(),
        seasonLevels = (double[])seasonLevels.Clone(),
        seasonPotentials = (double[])seasonPotentials.Clone(),
        place = place,
    };

    internal void Write(Config config)
    {
        config.Add("kind", Kind.ToString());
        config.Add("season", season);
        config.Add("parameters", StoredState.Pack(Parameters));
        config.Add("levels", StoredState.Pack(levels));
        config.Add("potentials", StoredState.Pack(potentials));
        config.Add("season_levels", StoredState.Pack(seasonLevels));
        config.Add("season_potentials", StoredState.Pack(seasonPotentials));
        config.Add("place", place);
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static CesRun Read(ConfigReader reader)
    {
        bool known = Enum.TryParse(reader.OptionalString("kind"), out CesSeason kind) && Enum.IsDefined(kind);
        EtsModel.Require(reader, "kind", known);
        double[] levels = StoredState.Numbers(reader, "levels", 1), potentials = StoredState.Numbers(reader, "potentials", 1);
        double[] seasonLevels = StoredState.Numbers(reader, "season_levels", 0);
        double[] seasonPotentials = StoredState.Numbers(reader, "season_potentials", 0);
        double[] parameters = StoredState.Numbers(reader, "parameters", Beginning(kind).Length);
        int season = reader.Int("season"), place = reader.Int("place");

        // Rings are as long as the season that they are made for, so no number of a file asks for room.
        int ring = kind switch
        {
            CesSeason.None => season,
            CesSeason.Simple => levels.Length,
            _ => seasonLevels.Length,
        };
        EtsModel.Require(reader, "season", season >= 1 && season == ring);
        EtsModel.Require(reader, "levels", levels.Length == (kind == CesSeason.Simple ? season : 1));
        EtsModel.Require(reader, "potentials", potentials.Length == levels.Length);
        EtsModel.Require(reader, "season_levels",
            seasonLevels.Length == (kind is CesSeason.Partial or CesSeason.Full ? season : 0));
        EtsModel.Require(reader, "season_potentials", seasonPotentials.Length == (kind == CesSeason.Full ? season : 0));
        EtsModel.Require(reader, "parameters", parameters.Length == Beginning(kind).Length && IsStable(kind, parameters));
        EtsModel.Require(reader, "place", place >= 0 && place < season);
        return new(kind, season)
        {
            Parameters = parameters,
            levels = levels,
            potentials = potentials,
            seasonLevels = seasonLevels,
            seasonPotentials = seasonPotentials,
            place = place,
        };
    }

    // The ring begins with the season of the next step; turned round, with that of the step before.
    private void Reverse(double[] ring)
    {
        if (ring.Length == season)
        {
            double[] turned = new double[season];
            for (int i = 0; i < season; i++)
            {
                turned[i] = ring[(place - 1 - i + (2 * season)) % season];
            }

            turned.CopyTo(ring, 0);
        }
    }

    private static void Step(ref double level, ref double potential, double real, double imaginary, double error)
    {
        double old = level;
        level += ((imaginary - 1) * potential) + ((real - imaginary) * error);
        potential = old + ((1 - real) * potential) + ((real + imaginary) * error);
    }

    // The eigenvalues of what carries past errors on lie inside the unit circle.
    private static bool Fades(double a, double b) =>
        ((a - 2.5) * (a - 2.5)) + (b * b) > 1.25
        && ((a - 0.5) * (a - 0.5)) + ((b - 1) * (b - 1)) > 0.25
        && ((a - 1.5) * (a - 1.5)) + ((b - 0.5) * (b - 0.5)) < 1.5;
}
