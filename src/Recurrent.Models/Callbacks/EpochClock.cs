namespace Recurrent.Callbacks;

/// <summary>How long an epoch and its steps take. A step costs one look at the clock.</summary>
internal sealed class EpochClock
{
    private readonly TimeProvider time;
    private long begin;
    private long lastStep;
    private int steps;

    public EpochClock(TimeProvider time) => this.time = time;

    /// <summary>Time since the epoch began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(begin);

    /// <summary>Mean time of the steps so far, validation not counted.</summary>
    public TimeSpan PerStep => steps == 0 ? TimeSpan.Zero : time.GetElapsedTime(begin, lastStep) / steps;

    public void Begin()
    {
        begin = lastStep = time.GetTimestamp();
        steps = 0;
    }

    /// <summary>Counts a step.</summary>
    /// <returns>The time since the clock's zero, to measure pauses by.</returns>
    public long Step()
    {
        steps++;
        return lastStep = time.GetTimestamp();
    }
}
