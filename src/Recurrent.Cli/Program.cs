using Recurrent.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    // Once: finish what is being written. Twice: the system ends the program.
    key.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

return App.Run(args, Console.Out, Console.Error, stop.Token);
