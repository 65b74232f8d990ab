return Recurrent.Learning.LearningApp.Run(args, Console.Out, Console.Error);
