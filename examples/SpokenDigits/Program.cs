using Recurrent.Examples.SpokenDigits;

return SpokenDigitsApp.Run(args, Console.Out, Console.Error);
