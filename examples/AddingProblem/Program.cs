using Recurrent.Examples.AddingProblem;

return AddingApp.Run(args, Console.Out, Console.Error);
