using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <content>The model as plain data.</content>
public sealed partial class EtsModel
{
    /// <inheritdoc/>
    public override Config State => new()
    {
        { "form", Form.Code },
        { "alpha", Parameters.Alpha },
        { "beta", Parameters.Beta },
        { "gamma", Parameters.Gamma },
        { "phi", Parameters.Phi },
        { "exponent", Exponent },
        { "level", state.Level },
        { "slope", state.Slope },
        { "seasons", StoredState.Pack(state.Seasons) },
        { "place", state.Place },
        { "variance", Variance },
        { "count", Count },
        { "log_likelihood", LogLikelihood },
        { "initial_level", InitialLevel },
        { "initial_trend", InitialTrend },
    };

    /// <inheritdoc/>
    public override string Describe() => double.IsFinite(Aicc)
        ? FormattableString.Invariant($"{Form}, AICc {Aicc:F1}, alpha {Parameters.Alpha:G4}")
            + (Form.HasTrend ? FormattableString.Invariant($", beta {Parameters.Beta:G4}") : "")
            + (Form.HasSeason ? FormattableString.Invariant($", gamma {Parameters.Gamma:G4}") : "")
            + (Form.Damped ? FormattableString.Invariant($", phi {Parameters.Phi:G4}") : "")
        : FormattableString.Invariant($"{Form}, alpha {Parameters.Alpha:G4}, of {Count} values");

    /// <summary>Makes a model of what <see cref="State"/> has written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static EtsModel Read(ConfigReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        EtsForm form;
        try
        {
            form = EtsForm.Parse(reader.OptionalString("form") ?? "");
        }
        catch (ArgumentException exception)
        {
            throw new ConfigException(exception.Message) { Option = "form" };
        }

        double[] seasons = StoredState.Numbers(reader, "seasons", 1);
        var run = new EtsRun(form, seasons.Length)
        {
            Level = reader.Double("level"),
            Slope = reader.Double("slope"),
            Place = reader.Int("place"),
        };
        Require(reader, "seasons", run.Seasons.Length == seasons.Length);
        Require(reader, "place", run.Place >= 0 && run.Place < seasons.Length);
        Require(reader, "slope", form.Trend != EtsComponent.Multiplicative || run.Slope > 0);
        seasons.CopyTo(run.Seasons, 0);
        var parameters = new EtsParameters(
            reader.Double("alpha"), reader.Double("beta"), reader.Double("gamma"), reader.Double("phi"));
        Require(reader, "alpha", parameters.Alpha is > 0 and < 1);
        Require(reader, "beta", parameters.Beta >= 0 && parameters.Beta <= parameters.Alpha);
        Require(reader, "gamma", parameters.Gamma is >= 0 and < 1);
        Require(reader, "phi", parameters.Phi is > 0 and <= 1);
        int exponent = reader.Int("exponent"), count = reader.Int("count");
        Require(reader, "exponent", exponent is >= -1100 and <= 1100);
        Require(reader, "count", count >= 1);
        return new(form, parameters, run, exponent)
        {
            Variance = LocalFits.NotNegative(reader, "variance"),
            Count = count,
            LogLikelihood = reader.Double("log_likelihood"),
            InitialLevel = reader.Double("initial_level"),
            InitialTrend = reader.Double("initial_trend"),
        };
    }

    /// <summary>Refuses a value of a file that no model has.</summary>
    internal static void Require(ConfigReader reader, string key, bool right)
    {
        if (!right)
        {
            throw new ConfigException($"{reader.Owner}: {key} is out of range.") { Option = key };
        }
    }
}
