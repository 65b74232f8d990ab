using Recurrent.Layers;

namespace Recurrent.Serialization;

/// <summary>Holds the masks that calls in a document have as arguments to those that follow from the layers before.</summary>
/// <param name="operations">What the document computes beside its layers, by name.</param>
internal sealed class MaskMatch(IReadOnlyDictionary<string, OperationEntry> operations)
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>What the document calls an operation; null where no call that was held to it has met it.</summary>
    /// <param name="operation">Its own name.</param>
    public string? NameOf(string operation) => names.GetValueOrDefault(operation);

    /// <summary>What is said of a mask that does not follow from the layers before.</summary>
    public static string OfItsOwn(string layer) =>
        $"{layer} is called with a mask of its own, which is not supported: masks follow from Masking and Embedding layers, and "
        + "go from layer to layer.";

    /// <summary>Requires that a call has as its mask the one that follows, or none, for which Keras takes that one too.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="call">The call as it was read.</param>
    /// <param name="follow">The masks that follow, one for each input.</param>
    /// <param name="own">The operations that compute them: what each is, and what it reads.</param>
    /// <exception cref="ModelFormatException">It has another one.</exception>
    public void Require(
        string layer,
        CallEntry call,
        IReadOnlyList<TensorPlace?> follow,
        IReadOnlyDictionary<string, (MaskOperation Operation, IReadOnlyList<TensorPlace> Inputs)> own)
    {
        for (int i = 0; i < call.Masks.Count; i++)
        {
            if (call.Masks[i] is { } given && !(i < follow.Count && follow[i] is { } expected && IsSame(given, expected, own)))
            {
                throw new ModelFormatException(given.Path, OfItsOwn(layer));
            }
        }
    }

    /// <summary>Whether two values are computed alike; step by step, since what computes them may be long.</summary>
    private bool IsSame(
        TensorPlace given,
        TensorPlace expected,
        IReadOnlyDictionary<string, (MaskOperation Operation, IReadOnlyList<TensorPlace> Inputs)> own)
    {
        var open = new Stack<(TensorPlace Given, TensorPlace Expected)>([(given, expected)]);
        while (open.TryPop(out (TensorPlace Given, TensorPlace Expected) pair))
        {
            bool isOperation = operations.TryGetValue(pair.Given.Layer, out OperationEntry? entry);
            if (!own.TryGetValue(pair.Expected.Layer, out (MaskOperation Operation, IReadOnlyList<TensorPlace> Inputs) other))
            {
                if (isOperation || !IsSamePlace(pair.Given, pair.Expected))
                {
                    return false;
                }

                continue;
            }

            if (!isOperation || pair.Given.Call != 0 || pair.Given.Output != 0)
            {
                return false;
            }

            if (names.TryGetValue(pair.Expected.Layer, out string? name))
            {
                if (name != entry!.Name)
                {
                    return false;
                }

                continue;
            }

            if (!IsSame(entry!, other.Operation, other.Inputs.Count))
            {
                return false;
            }

            names.Add(pair.Expected.Layer, entry!.Name);
            foreach ((object? argument, TensorPlace input) in entry.Arguments.Zip(other.Inputs))
            {
                if (argument is not TensorPlace place)
                {
                    return false;
                }

                open.Push((place, input));
            }
        }

        return true;
    }

    private static bool IsSamePlace(TensorPlace a, TensorPlace b) =>
        a.Layer == b.Layer && a.Call == b.Call && a.Output == b.Output;

    private static bool IsSame(OperationEntry entry, MaskOperation operation, int inputs) =>
        entry.ClassName == operation.ClassName
        && entry.Arguments.Count == inputs + (operation.Constant is null ? 0 : 1)
        && (operation.Constant is null || IsSame(entry.Arguments[^1], operation.Constant))
        && entry.Options.All(option =>
            option.Value is null or false
            || operation.Options.Any(own => own.Key == option.Key && IsSame(option.Value, own.Value)))
        && operation.Options.All(own =>
            own.Value is null or false
            || !entry.Options.TryGetValue(own.Key, out object? value)
            || IsSame(value, own.Value));

    private static bool IsSame(object? a, object? b) => (a, b) switch
    {
        (long x, long y) => x == y,
        (long or double, long or double) => Convert.ToDouble(a, null) == Convert.ToDouble(b, null),
        _ => Equals(a, b),
    };
}
