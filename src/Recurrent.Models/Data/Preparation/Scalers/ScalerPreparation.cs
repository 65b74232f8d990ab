using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>A preparation that brings every value to another scale by itself: a <see cref="Scaler"/> for each variable.</summary>
public abstract class ScalerPreparation : VariablePreparation
{
    /// <summary>Creates the preparation.</summary>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <param name="pooled">Whether all series of a panel share a scale for each variable, fitted on all of them.</param>
    protected ScalerPreparation(IReadOnlyList<string>? variables, bool pooled)
        : base(variables) => Pooled = pooled;

    /// <summary>Whether all series of a panel share a scale.</summary>
    public bool Pooled { get; }

    /// <summary>The scale of a variable.</summary>
    /// <param name="training">The values in their order, at least one of them known; NaN where one is missing.</param>
    /// <param name="known">Those that are known.</param>
    /// <param name="series">The series they are from, for its frequency.</param>
    protected abstract Scaler FitScaler(ReadOnlySpan<double> training, ReadOnlySpan<double> known, TimeSeries series);

    /// <summary>A fitted scale as plain data.</summary>
    /// <param name="scaler">The scale.</param>
    protected abstract Config StateOf(Scaler scaler);

    /// <summary>The scale that <see cref="StateOf"/> has written.</summary>
    /// <param name="state">The state.</param>
    protected abstract Scaler ScalerOf(ConfigReader state);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (Pooled)
        {
            config.Add("pooled", true);
        }
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable) =>
        new Fitted(this, FitScaler(training, FillMissing.Known(training), series));

    /// <inheritdoc/>
    protected override FittedVariable? FitPooled(SeriesPanel training, int variable)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (!Pooled)
        {
            return null;
        }

        double[] all = [.. training.SelectMany(series => series.Variable(variable).ToArray())];
        return new Fitted(this, FitScaler(all, FillMissing.Known(all), training[0]));
    }

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state) => new Fitted(this, ScalerOf(state));

    private sealed class Fitted(ScalerPreparation owner, Scaler scaler) : FittedVariable
    {
        public override double[] Transform(ReadOnlySpan<double> values, int place) => scaler.Transform(values);

        public override double[] Inverse(ReadOnlySpan<double> values, int place) => scaler.Inverse(values);

        public override string? Refuse(double value) => scaler.Refuse(value);

        public override Config GetState() => owner.StateOf(scaler);
    }
}
