using System.Globalization;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Round dates for an axis.</summary>
internal static class DateTicks
{
    private static readonly int[] MonthSteps = [1, 2, 3, 6];
    private static readonly int[] DaySteps = [1, 2, 7, 14];
    private static readonly int[] HourSteps = [1, 3, 6, 12];

    /// <summary>At most about <paramref name="most"/> beginnings of years, months, days or hours between two dates.</summary>
    internal static ChartTick[] Between(DateTime low, DateTime high, int most)
    {
        double days = Math.Max((high - low).TotalDays, 1.0 / 24);
        double perTick = days / most;
        if (perTick > 183)
        {
            int years = (int)NumberTicks.Step(Math.Max(1, perTick / 366));
            var first = new DateTime(Math.Max(1, (low.Year + years - 1) / years * years), 1, 1);
            return Walk(first, low, high, date => Years(date, years), date => Text(date, "yyyy"));
        }

        if (perTick > 14)
        {
            int months = MonthSteps.First(step => step == 6 || step * 30.5 >= perTick);
            var first = new DateTime(low.Year, 1, 1);
            return Walk(first, low, high, date => date.AddMonths(months),
                date => Text(date, date.Month == 1 ? "yyyy" : "MMM yy"));
        }

        if (perTick > 0.5)
        {
            int step = DaySteps.First(s => s == 14 || s >= perTick);
            return Walk(low.Date, low, high, date => date.AddDays(step), date => Text(date, "d MMM"));
        }

        int hours = HourSteps.First(step => step == 12 || step / 24.0 >= perTick);
        return Walk(low.Date, low, high, date => date.AddHours(hours), date => Text(date, date.Hour == 0 ? "d MMM" : "HH:mm"));
    }

    private static ChartTick[] Walk(DateTime first, DateTime low, DateTime high, Func<DateTime, DateTime> next,
        Func<DateTime, string> label)
    {
        var ticks = new List<ChartTick>();
        DateTime date = first;
        while (date <= high)
        {
            if (date >= low)
            {
                ticks.Add(new(ChartLine.Days(date), label(date)));
            }

            // The last year that a date can have is 9999.
            if (date.Year == 9999 && date.Month > 6)
            {
                break;
            }

            date = next(date);
        }

        return [.. ticks];
    }

    // The last year that a date can have is 9999.
    private static DateTime Years(DateTime date, int years) => date.Year + years > 9999 ? DateTime.MaxValue
        : date.AddYears(years);

    private static string Text(DateTime date, string format) => date.ToString(format, CultureInfo.InvariantCulture);
}
