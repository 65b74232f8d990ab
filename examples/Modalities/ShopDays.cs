using Recurrent.Random;

namespace Recurrent.Examples.Modalities;

/// <summary>
/// Four weeks of made-up shops. What a shop sells on a day is a level that wanders, plus what the weekday adds, plus what a
/// holiday takes, plus what the price of the day adds, plus noise. The price stands on a tag written by hand: a real image of a
/// digit.
/// </summary>
/// <param name="Before">What was sold the day before, shape (shops, days, 1).</param>
/// <param name="Calendar">Weekday, one of seven, holiday, and the day before one, shape (shops, days, 9).</param>
/// <param name="Tags">The price tags, shape (shops, days, 8, 8).</param>
/// <param name="Sold">What is sold, shape (shops, days, 1).</param>
/// <param name="Known">The part of it that the calendar and the price decide, shape (shops, days, 1).</param>
internal sealed record ShopDays(NDArray Before, NDArray Calendar, NDArray Tags, NDArray Sold, NDArray Known)
{
    internal const int Days = 28;
    internal const int CalendarFeatures = 9;

    private const int Week = 7;
    private const double Keeps = 0.95;
    private const double Wandering = 0.2;
    private const double Noise = 0.1;
    private const double HolidayShare = 0.12;

    private static readonly double[] Weekdays = [-0.5, -0.3, -0.2, 0, 0.4, 0.9, -0.3];

    /// <summary>Draws shops; each day's tag is a random image of those given.</summary>
    internal static ShopDays Draw(int shops, Digits images, ulong key)
    {
        var random = new SeededRandom(key);
        var days = new ShopDays(
            new(shops, Days, 1),
            new(shops, Days, CalendarFeatures),
            new(shops, Days, Digits.Size, Digits.Size),
            new(shops, Days, 1),
            new(shops, Days, 1));
        for (int shop = 0; shop < shops; shop++)
        {
            int weekday = random.NextInt(Week);
            double level = random.NextNormal() * Wandering / Math.Sqrt(1 - (Keeps * Keeps));
            double before = level;
            bool holiday = random.NextDouble() < HolidayShare;
            for (int t = 0; t < Days; t++)
            {
                bool tomorrow = random.NextDouble() < HolidayShare;
                int tag = random.NextInt(images.Count);
                level = (Keeps * level) + (Wandering * random.NextNormal());
                double known = Weekdays[weekday] - (holiday ? 1.5 : 0) + (tomorrow ? 0.7 : 0) + PriceEffect(images.Labels[tag]);
                double sold = level + known + (Noise * random.NextNormal());

                days.Before[shop, t, 0] = (float)before;
                days.Calendar[shop, t, weekday] = 1;
                days.Calendar[shop, t, Week] = holiday ? 1 : 0;
                days.Calendar[shop, t, Week + 1] = tomorrow ? 1 : 0;
                images.Image(tag).CopyTo(days.Tags.Values.AsSpan(((shop * Days) + t) * Digits.Size * Digits.Size));
                days.Sold[shop, t, 0] = (float)sold;
                days.Known[shop, t, 0] = (float)known;
                (before, holiday, weekday) = (sold, tomorrow, (weekday + 1) % Week);
            }
        }

        return days;
    }

    /// <summary>
    /// The error of one who knows all the rules and reads every tag: what the calendar and the price decide is no secret, the
    /// level is followed as well as it can be (Kalman 1960), and nobody knows what tomorrow's chance adds.
    /// </summary>
    internal double BestPossible()
    {
        double sum = 0;
        for (int shop = 0; shop < Sold.Shape[0]; shop++)
        {
            // Before the first day its level can be anything; what was sold the day before is that level.
            double level = Before[shop, 0, 0];
            double doubt = 0;
            for (int t = 0; t < Days; t++)
            {
                level *= Keeps;
                doubt = (Keeps * Keeps * doubt) + (Wandering * Wandering);
                double surprise = Sold[shop, t, 0] - Known[shop, t, 0] - level;
                sum += surprise * surprise;
                double gain = doubt / (doubt + (Noise * Noise));
                level += gain * surprise;
                doubt *= 1 - gain;
            }
        }

        return Math.Sqrt(sum / Sold.Size);
    }

    /// <summary>The error of one who always says what is sold on average.</summary>
    internal double Ignorance()
    {
        double mean = Sold.Values.Average(value => (double)value);
        return Math.Sqrt(Sold.Values.Average(value => (value - mean) * (value - mean)));
    }

    private static double PriceEffect(int price) => 0.2 * (4.5 - price);
}
