using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Harmonics that a model brings by itself, before the regressors that it is given.</summary>
/// <param name="Period">Length of their season in steps.</param>
/// <param name="Count">How many pairs; 0 for none.</param>
internal sealed record HarmonicTerms(double? Period, int Count)
{
    internal static readonly HarmonicTerms None = new(null, 0);

    /// <summary>How many regressors they are.</summary>
    internal int Columns => Count == 0 ? 0 : (2 * Count) - (2 * Count == Period!.Value ? 1 : 0);

    /// <summary>The regressors with the harmonics before them.</summary>
    /// <param name="regressors">The others.</param>
    /// <param name="start">The first step.</param>
    /// <param name="count">Number of steps.</param>
    internal IReadOnlyList<double[]> Before(IReadOnlyList<double[]> regressors, int start, int count) =>
        Count == 0 ? regressors : [.. Fourier.Harmonics(Period!.Value, Count, count, start), .. regressors];

    /// <summary>Writes them.</summary>
    internal void Write(Config state)
    {
        state.Add("period", Period);
        state.Add("harmonics", Count);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="ConfigException">They are none.</exception>
    internal static HarmonicTerms Read(ConfigReader state)
    {
        double? period = state.OptionalDouble("period");
        int count = state.Int("harmonics", 0);
        Fourier.Check(state.Owner, period, count);
        return new(period, count);
    }
}
