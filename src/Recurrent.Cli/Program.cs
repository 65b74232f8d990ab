using System.CommandLine;

return new RootCommand("Forecasts series in files.").Parse(args).Invoke();
