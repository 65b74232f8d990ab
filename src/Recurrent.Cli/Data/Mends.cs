using Recurrent.Data;

namespace Recurrent.Cli.Data;

/// <summary>The options with which a file can be read whose dates are not as they should be: all of them at once, and no more
/// than it takes.</summary>
internal static class Mends
{
    private static readonly (bool Sort, bool Twice, DateGaps Gaps)[] Ways =
    [
        (true, false, DateGaps.Refuse), (false, true, DateGaps.Refuse), (false, false, DateGaps.Missing),
        (true, true, DateGaps.Refuse), (true, false, DateGaps.Missing), (false, true, DateGaps.Missing),
        (true, true, DateGaps.Missing), (false, false, DateGaps.Accept), (true, false, DateGaps.Accept),
        (false, true, DateGaps.Accept), (true, true, DateGaps.Accept),
    ];

    /// <summary>Finds the options.</summary>
    /// <param name="given">What is given already.</param>
    /// <param name="reads">Whether a file can be read with some options.</param>
    /// <returns>As they stand on a command line; null where none of them help.</returns>
    internal static string? Of(CsvOptions given, Func<CsvOptions, bool> reads)
    {
        foreach ((bool sort, bool twice, DateGaps gaps) in Ways)
        {
            if ((sort && given.Sort) || (twice && given.Duplicates != DuplicateDates.Refuse))
            {
                continue;
            }

            CsvOptions mended = given with
            {
                Sort = given.Sort || sort,
                Duplicates = twice ? DuplicateDates.First : given.Duplicates,
                Gaps = gaps,
            };
            if (reads(mended))
            {
                return string.Join(' ', new[]
                {
                    sort ? "--sort" : string.Empty, twice ? "--duplicates First" : string.Empty,
                    gaps == DateGaps.Refuse ? string.Empty : $"--gaps {gaps}",
                }.Where(option => option.Length > 0)) + (gaps == DateGaps.Accept
                    ? ", which takes values as equally spaced, or with --grid, such as --grid hourly" : string.Empty);
            }
        }

        return null;
    }
}
