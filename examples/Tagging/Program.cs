using Recurrent.Examples.Tagging;

return TaggingApp.Run(args, Console.Out, Console.Error);
