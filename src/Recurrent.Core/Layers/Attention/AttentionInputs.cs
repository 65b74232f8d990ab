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

        if (inputs.Count > 3 && (inputs[3].Rank != 2 || Differ(inputs[3][0], inputs[0][0]) || Differ(inputs[3][1], keys[0])))
        {
            throw new ArgumentException(
                $"{layer} expects a mask of pairs (batch, queries, keys) with {Count(inputs[0][0])} queries and "
                + $"{Count(keys[0])} keys, but it is {inputs[3]}. Its rows are the queries' timesteps, its columns those of "
                + "the keys.");
        }
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
