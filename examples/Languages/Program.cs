using Recurrent.Examples.Languages;

return LanguagesApp.Run(args, Console.Out, Console.Error);
