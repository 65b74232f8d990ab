using Recurrent.Examples.Series;

return SeriesApp.Run(args, Console.Out, Console.Error);
