using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What attention layers are called with: query, value, and where they differ from the value the keys; some also a mask
/// of pairs.</summary>
internal static class AttentionInputs
{
    /// <summary>Requires inputs that go together.</summary>
    /// <param name="layer">The layer as messages name it.</param>
    /// <param name="inputs">Shape of a sample of each input.</param>
    /// <param name="sameWidths">Whether queries and keys are compared as they are, and there is no mask of pairs.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Check(string layer, IReadOnlyList<Shape> inputs, bool sameWidths)
    {
        int most = sameWidths ? 3 : 4;
        if (inputs.Count < 2 || inputs.Count > most)
        {
            throw new ArgumentException(
                $"{layer} takes a query and a value, then keys where they differ from the "
                + $"values{(sameWidths ? string.Empty : ", then a mask of pairs")}, but {inputs.Count} "
                + $"{(inputs.Count == 1 ? "input is" : "inputs are")} given. For attention of a sequence to itself call it "
                + "with the sequence twice: layer.Call(x, x).");
        }

        for (int i = 0; i < Math.Min(inputs.Count, 3); i++)
        {
            if (inputs[i].Rank != 2 || inputs[i][1] is null)
            {
                throw new ShapeException(
                    layer,
                    $"as its {Name(i)} input of rank 3 (batch, timesteps, features) with a known number of features",
                    inputs[i],
                    "Set returnSequences: true on a recurrent layer before it.");
            }
        }

        Shape keys = inputs[inputs.Count > 2 ? 2 : 1];
        if (inputs.Count > 2 && Differ(inputs[1][0], keys[0]))
        {
            throw new ArgumentException(
                $"{layer} needs as many keys as values, but the keys are {keys} and the values {inputs[1]}. Give both as many "
                + "timesteps.");
        }

        if (sameWidths && inputs[0][1] != keys[1])
        {
            throw new ArgumentException(
                $"{layer} compares queries and keys feature by feature, but the query is {inputs[0]} and the "
                + $"{(inputs.Count > 2 ? "key" : "value")} {keys}. Bring both to one width with a Dense layer, or use "
                + "MultiHeadAttention, which projects them.");
        }
    }

    /// <summary>Requires inputs of attention with heads that go together.</summary>
    /// <param name="layer">The layer as messages name it.</param>
    /// <param name="inputs">Shape of a sample of each input.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="takesAxes">Whether there may be more axes than steps and features.</param>
    /// <param name="attentionAxes">The axes attended along; null for all.</param>
    /// <param name="needsOrder">Whether it matters which key is before which query.</param>
    /// <returns>What is attended along.</returns>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static AttentionAxes Check(
        string layer, IReadOnlyList<Shape> inputs, int heads, bool takesAxes, IReadOnlyList<int>? attentionAxes, bool needsOrder)
    {
        int rank = inputs.Count > 0 ? inputs[0].Rank + 1 : 3;
        bool hasMore = takesAxes && rank > 3;
        if (!hasMore || inputs.Count is < 2 or > 4)
        {
            Check(layer, inputs, sameWidths: false);
        }

        if (attentionAxes is not null && AttentionAxes.Wrong(attentionAxes, rank) is { } wrong)
        {
            throw new ArgumentException($"{layer}: {wrong}.");
        }

        var axes = new AttentionAxes(attentionAxes, rank);
        Shape keys = inputs[inputs.Count > 2 ? 2 : 1];
        if (hasMore)
        {
            RequireAxes(layer, inputs, axes);
            if (needsOrder && axes.Along.Count > 1)
            {
                throw new ArgumentException(
                    $"{layer}: useCausalMask and slidingWindow go by the order of steps, but it attends along {axes.Along.Count} "
                    + "axes at once. Name one in attentionAxes.");
            }
        }

        if (inputs.Count > 3 && !IsOfPairs(inputs[3], axes.Scores(heads, inputs[0], keys), 2 * axes.Along.Count))
        {
            throw new ArgumentException(hasMore
                ? $"{layer} expects a mask of pairs that stretches to its scores, {axes.Scores(heads, inputs[0], keys)}, but "
                    + $"it is {inputs[3]}. Its last {2 * axes.Along.Count} axes are those of queries and keys; axes before may "
                    + "be missing from behind, and each may be of length 1."
                : $"{layer} expects a mask of pairs (batch, queries, keys) with {Count(inputs[0][0])} queries and "
                    + $"{Count(keys[0])} keys, but it is {inputs[3]}. Its rows are the queries' timesteps, its columns those of "
                    + $"the keys; before them may stand an axis of the {heads} heads, and an axis of length 1 stands for all.");
        }

        return axes;
    }

    /// <summary>Requires as many axes of each input, of the same length where they are not attended along.</summary>
    private static void RequireAxes(string layer, IReadOnlyList<Shape> inputs, AttentionAxes axes)
    {
        int unknown = Enumerable.Range(0, Math.Min(inputs.Count, 3)).FirstOrDefault(
            i => inputs[i].Axes.Any(axis => axis is null), -1);
        if (unknown >= 0)
        {
            throw new ShapeException(
                layer, $"as its {Name(unknown)} an input of rank {inputs[0].Rank + 1} whose axes are all known", inputs[unknown],
                "Give their lengths in the shape of the Input.");
        }

        for (int i = 1; i < Math.Min(inputs.Count, 3); i++)
        {
            Shape other = inputs[i];
            bool fits = other.Rank == inputs[0].Rank && axes.Apart.All(axis => other[axis] == inputs[0][axis])
                && axes.Along.All(axis => other[axis] == inputs[1][axis]);
            if (!fits)
            {
                throw new ArgumentException(
                    $"{layer} attends along axis {NDArray.Describe(axes.Along.Select(axis => axis + 1))}: the others must be as "
                    + $"long in query, value and key, and values as many as keys, but they are "
                    + $"{string.Join(", ", inputs.Take(3).Select(shape => shape.ToString()))}.");
            }
        }
    }

    private static bool IsOfPairs(Shape mask, Shape scores, int ends)
    {
        bool fits = mask.Rank >= ends && mask.Rank <= scores.Rank;
        for (int i = 0; i < mask.Rank && fits; i++)
        {
            int own = i < mask.Rank - ends ? i : i + scores.Rank - mask.Rank;
            fits = mask[i] == 1 || !Differ(mask[i], scores[own]);
        }

        return fits;
    }

    private static string Count(int? steps) => steps is int known ? $"{known}" : "any number of";

    private static bool Differ(int? a, int? b) => a is not null && b is not null && a != b;

    private static string Name(int input) => input switch
    {
        0 => "query",
        1 => "value",
        _ => "key",
    };
}
