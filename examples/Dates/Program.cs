using Recurrent.Examples.Dates;

return DatesApp.Run(args, Console.Out, Console.Error);
