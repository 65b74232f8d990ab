namespace Recurrent.Layers;

/// <summary>
/// Attention of a continuing pass to all the steps so far: their keys and values, and the attention over them, made anew where
/// they outgrow it.
/// </summary>
internal sealed class GrowingAttention
{
    private readonly Func<int, (SoftmaxAttention Attention, AttentionMask Mask)> make;
    private int room;

    /// <summary>Makes room.</summary>
    /// <param name="cache">What is kept of each step.</param>
    /// <param name="make">Makes the attention over so many keys, and its mask.</param>
    public GrowingAttention(StepCache cache, Func<int, (SoftmaxAttention Attention, AttentionMask Mask)> make)
    {
        Cache = cache;
        this.make = make;
        (Attention, Mask) = make(cache.Capacity);
        room = cache.Capacity;
    }

    /// <summary>What is kept of each step.</summary>
    public StepCache Cache { get; }

    /// <summary>The attention over what is kept.</summary>
    public SoftmaxAttention Attention { get; private set; }

    /// <summary>Which keys a query may look at.</summary>
    public AttentionMask Mask { get; private set; }

    /// <summary>Takes the next steps, whose parts are to be written to the cache; queries of these steps follow.</summary>
    /// <param name="steps">Number of steps.</param>
    /// <param name="mask">Which of their columns hold data; null where all do.</param>
    public void Extend(int steps, bool[]? mask)
    {
        Cache.Extend(steps, mask);
        if (room != Cache.Capacity)
        {
            (Attention, Mask) = make(Cache.Capacity);
            room = Cache.Capacity;
        }

        Attention.Keys = Cache.Count;
        Mask.StepsBefore = Cache.Count - steps;
        Mask.Keys = Cache.Mask;
    }
}
