using Recurrent.Callbacks;

namespace Recurrent.Models;

/// <summary>The list of callbacks that a call is given.</summary>
internal static class CallbackList
{
    /// <summary>Checks the list of callbacks itself; what each one needs, it checks when the run is known.</summary>
    public static IReadOnlyList<Callback> Check(IReadOnlyList<Callback>? callbacks)
    {
        var seen = new HashSet<Callback>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < callbacks?.Count; i++)
        {
            if (callbacks[i] is null)
            {
                throw new ArgumentException($"callbacks[{i}] is null.", nameof(callbacks));
            }

            if (!seen.Add(callbacks[i]))
            {
                throw new ArgumentException(
                    $"callbacks[{i}], {callbacks[i].GetType().Name}, is in the list already. Create an object of its own for "
                    + "each place.", nameof(callbacks));
            }
        }

        if (callbacks?.OfType<LearningRateScheduler>().Count() > 1)
        {
            throw new ArgumentException(
                $"{nameof(LearningRateScheduler)} is in the list twice, and the second would undo what the first does. Give one "
                + "of them, with a schedule that does both.", nameof(callbacks));
        }

        return callbacks ?? [];
    }
}
