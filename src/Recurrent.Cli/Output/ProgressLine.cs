using Recurrent.Forecasting;

namespace Recurrent.Cli.Output;

/// <summary>Says on the terminal how far the work has come; says nothing where errors go to a file.</summary>
internal sealed class ProgressLine(TextWriter error) : IProgress<ForecastProgress>, IDisposable
{
    private const int Width = 60;

    private readonly bool speaks = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
    private readonly Lock turn = new();
    private long next;

    public void Report(ForecastProgress value)
    {
        if (!speaks || Environment.TickCount64 < Interlocked.Read(ref next))
        {
            return;
        }

        lock (turn)
        {
            next = Environment.TickCount64 + 100;
            error.Write(FormattableString.Invariant($"\r{value.Stage} {value.Done} of {value.Total}").PadRight(Width));
        }
    }

    public void Dispose()
    {
        if (speaks && next > 0)
        {
            error.Write($"\r{new string(' ', Width)}\r");
        }
    }
}
