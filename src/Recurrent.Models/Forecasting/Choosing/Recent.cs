using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A method that is fitted to the last part of each series alone: what lies long ago costs time and teaches
/// little.</summary>
public sealed class Recent : WrappingForecaster
{
    private const int DefaultLength = 1000;

    private readonly Forecaster method;

    /// <summary>Creates the method.</summary>
    /// <param name="method">The method to fit; it is not changed, another one of the same options is fitted.</param>
    /// <param name="length">Number of the last steps it is fitted to; default 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public Recent(Forecaster method, int length = DefaultLength)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        this.method = method;
        Length = length;
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Recent);

    /// <inheritdoc/>
    public override string Name => method.Name;

    /// <summary>Number of the last steps it is fitted to.</summary>
    public int Length { get; }

    /// <summary>The method; once fitted, the fitted one.</summary>
    public Forecaster Method => Fitted ?? method;

    /// <inheritdoc/>
    public override Covariates Uses => method.Uses;

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "method", method }, { "length", Length } };

    /// <summary>Makes one of its config.</summary>
    internal static Recent Read(ConfigReader reader) => new(
        reader.OptionalComponent("method", Forecasters.Registry) ?? new SeasonalNaive(), reader.Int("length", DefaultLength));

    /// <inheritdoc/>
    protected override void FitCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Forecaster whole = method.Unfitted();
        whole.Fit(data.Panel.Map(series => series.Count <= Length ? series : series.Slice(series.Count - Length, Length)),
            data.Roles, data.Run);
        HandOn(whole, data);
        Fitted = whole;
    }
}
