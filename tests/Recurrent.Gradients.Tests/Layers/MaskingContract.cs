using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MaskingContract : LayerContract<MaskingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("without padding", () => new Masking(), (4, 3), Weights: 0),
        new("with padding of zeros", () => new Masking(), (4, 3), Weights: 0)
        {
            Arrange = input => Pad(input, 0),
            JumpsAt = IsPadding,
        },
        new("with padding of another value", () => new Masking(-0.5), (4, 3), Weights: 0)
        {
            Arrange = input => Pad(input, -0.5f),
            JumpsAt = IsPadding,
        },
        new("with a mask that it replaces", () => new Masking(), (2, 3), Weights: 0) {
            Mask = [true, true, true, true, false, false] },
        new("of vectors", () => new Masking(), 3, Weights: 0) { Arrange = input => Pad(input, 0), JumpsAt = IsPadding },
    ];

    private static bool IsPadding(int column) => column is 2 or 7;

    private static void Pad(SequenceBatch input, Real value)
    {
        int features = input.Values.RowCount;
        for (int i = 0; i < input.Values.Values.Length; i++)
        {
            if (IsPadding(i / features))
            {
                input.Values.Values[i] = value;
            }
        }
    }
}
