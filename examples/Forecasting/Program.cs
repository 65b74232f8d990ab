using Recurrent.Examples.Forecasting;

return ForecastingApp.Run(args, Console.Out, Console.Error);
