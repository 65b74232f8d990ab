using Recurrent.Examples.Authorship;

return AuthorshipApp.Run(args, Console.Out, Console.Error);
