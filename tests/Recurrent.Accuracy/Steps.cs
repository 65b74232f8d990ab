using Recurrent.Data;

namespace Recurrent.Accuracy;

/// <summary>The frequency that a season stands for in collections that give no dates.</summary>
internal static class Steps
{
    private const int Quarters = 4;
    private const int Months = 12;
    private const int Hours = 24;
    private const int Weeks = 52;
    private const int Days = 7;

    internal static Frequency? Of(int season) => season switch
    {
        Quarters => Frequency.Quarterly,
        Days => Frequency.Daily,
        Months => Frequency.Monthly,
        Hours => Frequency.Hourly,
        Weeks => Frequency.Weekly,
        _ => null,
    };
}
