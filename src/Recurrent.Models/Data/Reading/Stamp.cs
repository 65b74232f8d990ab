namespace Recurrent.Data;

/// <summary>In which order the three numbers of a date stand.</summary>
internal enum DateOrder
{
    /// <summary>The text leaves no doubt: the first number is the month, the second the day.</summary>
    Known,

    /// <summary>31/1/2024.</summary>
    DayFirst,

    /// <summary>1/31/2024.</summary>
    MonthFirst,

    /// <summary>24/1/31.</summary>
    YearFirst,
}

/// <summary>How years of two digits are read.</summary>
internal enum Century
{
    /// <summary>From 00 as 2000 to 49 as 2049, and from 50 as 1950 to 99 as 1999.</summary>
    Split,

    /// <summary>All as 19..</summary>
    Last,

    /// <summary>All as 20..</summary>
    This,
}

/// <summary>What a cell says of a date, before the other cells have told what it leaves open.</summary>
/// <param name="Year">The year; two digits where <paramref name="IsShort"/>.</param>
/// <param name="First">The month; the first of the two where <paramref name="IsOpen"/>.</param>
/// <param name="Second">The day; the second of the two where <paramref name="IsOpen"/>.</param>
/// <param name="IsOpen">Whether the order of month and day is open.</param>
/// <param name="IsShort">Whether the year has two digits.</param>
/// <param name="Clock">The time of day, up to a whole day.</param>
/// <param name="Offset">What the clock is ahead of UTC; null where the cell does not say.</param>
internal readonly record struct Stamp(int Year, int First, int Second, bool IsOpen, bool IsShort, TimeSpan Clock,
    TimeSpan? Offset)
{
    private const int Hundred = 100;

    /// <summary>The date and time in an order; null where there is no such date.</summary>
    internal DateTime? In(DateOrder order, Century century)
    {
        (int year, int month, int day) = !IsOpen ? (Year, First, Second) : order switch
        {
            DateOrder.DayFirst => (Year, Second, First),
            DateOrder.MonthFirst => (Year, First, Second),
            DateOrder.YearFirst => (First, Second, Year),
            _ => (0, 0, 0),
        };
        if (IsShort)
        {
            year += century == Century.Last || (century == Century.Split && year >= Hundred / 2) ? 1900 : 2000;
        }

        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || (order == DateOrder.YearFirst && !IsShort && IsOpen))
        {
            return null;
        }

        var date = new DateTime(year, month, day);
        return Clock <= DateTime.MaxValue - date ? date + Clock : null;
    }
}
