using Recurrent.Examples.Grammar;

return GrammarApp.Run(args, Console.Out, Console.Error);
