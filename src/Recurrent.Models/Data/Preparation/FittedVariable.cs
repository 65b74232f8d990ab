using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// What a <see cref="VariablePreparation"/> has learnt of one variable of one series. Places count from the first step of the
/// training part: 0 is its first value, and the value behind its last is at its length.
/// </summary>
public abstract class FittedVariable
{
    /// <summary>Number of steps of the history that is known: of the training part and of what followed it
    /// (<see cref="Follow"/>).</summary>
    public int End { get; internal set; }

    /// <summary>Prepares values.</summary>
    /// <param name="values">The values; NaN where one is missing, which stays so.</param>
    /// <param name="place">Where the first of them stands.</param>
    /// <returns>As many values; NaN where there is none.</returns>
    public abstract double[] Transform(ReadOnlySpan<double> values, int place);

    /// <summary>Undoes <see cref="Transform"/>.</summary>
    /// <param name="values">Prepared values.</param>
    /// <param name="place">Where the first of them stands.</param>
    public abstract double[] Inverse(ReadOnlySpan<double> values, int place);

    /// <summary>Undoes <see cref="Transform"/> for a quantile of a forecast that begins behind the history.</summary>
    /// <param name="quantile">The quantile at each step.</param>
    /// <param name="point">The prepared point forecast.</param>
    /// <param name="level">The point forecast as <see cref="Inverse"/> gives it.</param>
    public virtual double[] InverseQuantile(ReadOnlySpan<double> quantile, ReadOnlySpan<double> point,
        ReadOnlySpan<double> level) =>
        Inverse(quantile, End);

    /// <summary>What is wrong with a value, in words; null where nothing is.</summary>
    /// <param name="value">The value.</param>
    public virtual string? Refuse(double value) => null;

    /// <summary>History goes on: what follows forecasts is now another place. Nothing is fitted anew.</summary>
    /// <param name="newer">The values behind the history.</param>
    /// <returns>What is known with them.</returns>
    public virtual FittedVariable Follow(ReadOnlySpan<double> newer) => this;

    /// <summary>The same, for another series.</summary>
    internal FittedVariable Copy() => (FittedVariable)MemberwiseClone();

    /// <summary>What is known, as plain data.</summary>
    public abstract Config GetState();
}
