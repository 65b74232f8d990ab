// docs/forecasting-networks.md shows this file between the two lines; NetworkForecastDocsTests holds the two together.
// <example>
using Recurrent.Data;
using Recurrent.Forecasting;

internal static class NetworkForecastExample
{
    public static Forecast Run(TimeSeries series, string path)
    {
        // series: "sales" is forecast, "price" is known ahead, "visitors" up to the last step.
        (TimeSeries known, TimeSeries next) = series.HoldOut(14);
        var forecaster = new RecurrentForecaster("GRU", horizon: 14, lookback: 56, training: new() { Epochs = 20, Seed = 1 });
        forecaster.Fit(known, new SeriesRoles(Targets: ["sales"], Past: ["visitors"], Future: ["price"]));
        Forecast forecast = forecaster.Predict(14, future: next.Select("price"));
        forecaster.Save(path);
        return forecast;
    }
}
// </example>
