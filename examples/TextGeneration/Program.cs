using Recurrent.Examples.TextGeneration;

return TextGenerationApp.Run(args, Console.Out, Console.Error);
