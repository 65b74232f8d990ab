using Recurrent.Examples.MovingDigits;

return MovingDigitsApp.Run(args, Console.Out, Console.Error);
