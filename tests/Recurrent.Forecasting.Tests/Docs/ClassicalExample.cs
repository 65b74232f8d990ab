// <example>
using Recurrent.Data;
using Recurrent.Forecasting;

internal static class ClassicalExample
{
    public static double[] Run(TimeSeries series, TimeSeries newer)
    {
        var method = new ExponentialSmoothing(season: 12);
        double[] next = method.Forecast(series.Values, 24);   // bare numbers

        method.Fit(series);                                   // or a SeriesPanel: the series side by side on all cores
        Forecast forecast = method.Predict(24);
        (double[] low, double[] high) = forecast.Interval(0.8);
        method.Update(newer);                                 // parameters stay, the state is carried on
        Console.WriteLine(method.FitOf().Describe());         // ETS(M,Ad,M), AICc 1395.9, alpha 0.71, …
        return [next[0], low[0], high[0], method.Predict(1).Point[0]];
    }
}
// </example>
