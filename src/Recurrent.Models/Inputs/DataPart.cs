namespace Recurrent.Models;

/// <summary>What goes to one input or output of a model: an array, or sequences of unequal length.</summary>
/// <param name="Array">The array; null where it is not one.</param>
/// <param name="Sequences">The sequences; null where they are one array.</param>
/// <param name="Argument">What the caller calls it, for messages: <c>x</c>, <c>x[1]</c>, <c>x["title"]</c>.</param>
internal sealed record DataPart(NDArray? Array, RaggedSequences? Sequences, string Argument)
{
    /// <summary>The strings; null where they are numbers.</summary>
    public StringArray? Strings { get; init; }

    /// <summary>The array whose samples are computed when they are read; null where it is not one.</summary>
    public LazyArray? Lazy { get; init; }

    /// <summary>Shape of the array, written out or not.</summary>
    public IReadOnlyList<int>? Shape => Lazy?.Shape ?? Array?.Shape;

    /// <summary>The same with its samples written out.</summary>
    public DataPart WrittenOut() => Lazy is null ? this : new(Lazy.ToArray(), null, Argument);

    /// <summary>Entries of one shape as one array.</summary>
    /// <exception cref="ArgumentException">They are not of one shape.</exception>
    public DataPart Stacked()
    {
        if (Sequences is null)
        {
            return this;
        }

        try
        {
            return new(Sequences.Stack(), null, Argument);
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentException(
                $"{Argument} has entries of unequal length, but the model's inputs are of one length. {exception.Message}",
                    Argument, exception);
        }
    }
}
