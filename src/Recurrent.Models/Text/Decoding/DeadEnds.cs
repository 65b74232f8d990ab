using System.Globalization;

namespace Recurrent.Text;

/// <summary>Where sequences of a call could not go on: those that got no result at all make it fail, once all are
/// written.</summary>
/// <param name="subject">What a sequence is called in messages.</param>
internal sealed class DeadEnds(string subject)
{
    private readonly SortedDictionary<int, int> places = [];

    /// <summary>Notes that one got no result.</summary>
    /// <param name="sequence">Which, as callers count.</param>
    /// <param name="place">The last place at which no token might come.</param>
    public void Add(int sequence, int place)
    {
        lock (places)
        {
            places[sequence] = place;
        }
    }

    /// <summary>Fails where there are some.</summary>
    /// <param name="results">What was written for all.</param>
    /// <exception cref="InvalidOperationException">There are some; the message names the first, and its place.</exception>
    public void ThrowIfAny(IReadOnlyList<IReadOnlyList<DecodedSequence>> results)
    {
        if (places.Count == 0)
        {
            return;
        }

        const int Named = 8;
        ((int first, int place), int others) = (places.First(), places.Count - 1);
        string more = others == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture,
            $", nor somewhere in {others} more ({string.Join(", ", places.Keys.Skip(1).Take(Named))}"
            + $"{(others > Named ? ", …" : string.Empty)})");
        string rest = results.Count > places.Count
            ? " What was written for the others is in the inner DecodingException." : string.Empty;
        throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture,
                $"No token may come at place {place} of {subject} {first}{more}: allow refuses all tokens, or the model gives "
                + $"none a probability. Allow the end token at least.{rest}"),
            new DecodingException([.. places.Keys], results));
    }
}
