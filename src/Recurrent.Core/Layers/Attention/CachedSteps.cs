using System.Globalization;

namespace Recurrent.Layers;

/// <summary>What attention layers say of working step by step, by what they keep of every step.</summary>
internal static class CachedSteps
{
    /// <summary>What is kept of a step.</summary>
    public static IReadOnlyList<string> Names { get; } = ["keys", "values", "mask"];

    /// <summary>Why attention cannot work step by step where its values come so; null where it can.</summary>
    /// <param name="useCausalMask">Whether a query looks at the steps up to its own only.</param>
    /// <param name="returnAttentionScores">Whether the scores are an output.</param>
    public static Obstacle? Obstacle(bool useCausalMask, bool returnAttentionScores) =>
        !useCausalMask ? new("a query looks at all steps of the values", "Set useCausalMask: true, or give the values once, "
            + "at the start of a session")
        : returnAttentionScores ? new("it gives a score for every step so far, which are more at each "
            + "step", "Set returnAttentionScores: false")
        : null;

    /// <summary>The same where some of its inputs are given once.</summary>
    public static Obstacle? ObstacleBeside(ReadOnlySpan<bool> isFixed, bool useCausalMask, int? slidingWindow, Obstacle? alone)
    {
        if (isFixed.Length > 3)
        {
            return new("it takes a mask of pairs of steps", "Leave the mask out");
        }

        if (isFixed[0])
        {
            return new("its query is given once, but its values come step by step", "Give the query step by step");
        }

        if (isFixed.Length > 2 && isFixed[1] != isFixed[2])
        {
            return new("of its values and keys only one is given once", "Give both once, or both step by step");
        }

        return !isFixed[1] ? alone
            : useCausalMask ? new("a query looks at as many steps of the values as have come, but the values are given "
                + "once", "Set useCausalMask: false")
            : slidingWindow is not null ? new("a query looks at the values around its own step, but the values are given "
                + "once", "Leave slidingWindow out")
            : null;
    }

    /// <summary>Why the steps that a causal attention looks back at cannot be taken as a state from piece to piece.</summary>
    public static Obstacle? StateObstacle(bool useCausalMask) => useCausalMask
        ? new("it looks back at every step before", "Open a session, which keeps what it needs of them")
        : null;

    /// <summary>Which columns may be looked at: those that no mask hides; null where none does.</summary>
    /// <param name="values">The mask of the values.</param>
    /// <param name="keys">That of the keys.</param>
    /// <param name="room">Where both are joined.</param>
    public static bool[]? Mask(bool[]? values, bool[]? keys, ref bool[]? room)
    {
        if (values is null || keys is null || values == keys)
        {
            return values ?? keys;
        }

        room ??= new bool[values.Length];
        for (int column = 0; column < room.Length; column++)
        {
            room[column] = values[column] && keys[column];
        }

        return room;
    }

    /// <summary>What keeps a pass from another step.</summary>
    public static string? StepObstacle(GrowingAttention? growing, int steps) => growing?.Cache.HasRoomFor(steps) != false
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"keeps {growing.Cache.Count} steps, and arrays hold no more. Reset the "
            + $"session, or take fewer sequences");
}
