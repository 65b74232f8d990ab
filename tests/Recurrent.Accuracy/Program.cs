using System.CommandLine;
using Recurrent.Accuracy;

return new RootCommand("Scores of forecasts on files named on the command line, one line of JSON each.")
{
    EttCommand.Create(),
}.Parse(args).Invoke();
