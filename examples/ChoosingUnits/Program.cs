using Recurrent.Examples.ChoosingUnits;

return ChoosingApp.Run(args, Console.Out, Console.Error);
