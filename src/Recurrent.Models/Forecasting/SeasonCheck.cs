namespace Recurrent.Forecasting;

/// <summary>Checks that a training part is long enough for its season.</summary>
internal static class SeasonCheck
{
    /// <summary>Throws unless the training part holds a whole season and a few values more.</summary>
    /// <param name="trainingLength">Length of the training part.</param>
    /// <param name="season">Length of a season.</param>
    /// <param name="more">How many values it must hold besides.</param>
    internal static void Require(int trainingLength, int season, int more)
    {
        if (season < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(season), season, "A season has at least 1 step.");
        }

        if (trainingLength < (long)season + more)
        {
            throw new ArgumentException(
                $"A season of {season} steps needs a training part of at least {(long)season + more} values, but there are "
                + $"{trainingLength}.", nameof(season));
        }
    }
}
