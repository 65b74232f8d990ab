using Recurrent.Examples.SequenceClassification;

return ClassificationApp.Run(args, Console.Out, Console.Error);
