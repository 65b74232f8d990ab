using System.CommandLine;
using Recurrent.Accuracy;

return new RootCommand("Scores of forecasts on files named on the command line, one line of JSON each.")
{
    M4Command.Create(),
    McompCommand.Create(),
    EttCommand.Create(),
    SeriesCommand.Create(),
}.Parse(args).Invoke();
