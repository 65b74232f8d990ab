using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A method that fits another one, and may stretch its intervals.</summary>
public abstract class WrappingForecaster : Forecaster
{
    private protected WrappingForecaster()
    {
    }

    /// <summary>The fitted method; null before.</summary>
    private protected Forecaster? Fitted { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainingCurves> Trainings => Fitted?.Trainings ?? [];

    /// <summary>By how much its intervals are stretched; null where they are its own.</summary>
    private protected Calibration? Calibration { get; set; }

    /// <summary>The distribution of a target of a series, from that of the method.</summary>
    private protected virtual QuantileGrid Calibrated(QuantileGrid grid, string series, int target) =>
        Calibration?.Apply(grid) ?? grid;

    /// <summary>Hands on what a fit of the method has said.</summary>
    private protected static void HandOn(Forecaster whole, FitData data)
    {
        foreach (LeftOutSeries left in whole.LeftOut)
        {
            data.LeaveOut(left.Series, new ArgumentException(left.Reason));
        }

        foreach (string note in whole.Notes)
        {
            data.Note(note);
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<QuantileGrid>> PredictCore(PredictData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return [.. Fitted!.PredictPanel(data.Horizon, data.FutureFor(Fitted), data.Run)
            .Select(forecast => forecast.Grids.Select((grid, target) => Calibrated(grid, forecast.Series, target)).ToArray())];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<double[][]>> SampleCore(PredictData data, int count, ulong key)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<IReadOnlyList<QuantileGrid>> grids = PredictCore(data);
        return [.. Fitted!.SamplePanel(data.Horizon, count, (int)key, data.FutureFor(Fitted), data.Run).Select((paths, i) =>
            Roles.Targets!.Select((target, place) => Paths.Reorder(grids[i][place], [.. paths.Of(target)])).ToArray())];
    }

    /// <inheritdoc/>
    protected override void UpdateCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Forecaster after = Fitted!.Copy();
        after.Update(data.Panel, data.Run);
        Fitted = after;
    }

    /// <inheritdoc/>
    protected internal override Config GetState() => new()
    {
        { "method", Fitted!.Content() },
        { "calibration", Calibration?.ToConfig() },
    };

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Forecaster read = state.Nested("method", ReadFitted);
        if (!read.Series.Select(series => series.Name).SequenceEqual(Series.Select(series => series.Name))
            || !read.Roles.Targets!.SequenceEqual(Roles.Targets!))
        {
            throw new ConfigException("the method inside has other series or other targets.") { Option = "method" };
        }

        Calibration = state.Raw("calibration") is null ? null : state.Nested("calibration", Calibration.Read);
        Fitted = read;
    }
}
