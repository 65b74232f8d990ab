using Recurrent.Examples.FromScratch;

return FromScratchApp.Run(args, Console.Out, Console.Error);
