namespace Recurrent.Tests.Callbacks;

/// <summary>A clock that moves when it is told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How often somebody has looked at the clock.</summary>
    internal int Looks { get; private set; }

    public override long GetTimestamp()
    {
        Looks++;
        return now.Ticks;
    }

    internal void Advance(double milliseconds) => now += TimeSpan.FromMilliseconds(milliseconds);
}
