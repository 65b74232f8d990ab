using Recurrent.Examples.Pronunciation;

return PronunciationApp.Run(args, Console.Out, Console.Error);
