using System.CommandLine;

return new RootCommand("Scores of forecasts on files named on the command line, one line of JSON each.").Parse(args).Invoke();
