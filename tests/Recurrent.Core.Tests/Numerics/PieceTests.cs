using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

[TestFixture]
public sealed class PieceTests
{
    [Test]
    public void Pieces_cover_every_element_once_in_order()
    {
        int[] lengths = [1, 0, 2048, 2049, 7, 10_000];
        IEnumerable<(int Array, int Index)> elements =
            Piece.Cut(lengths).SelectMany(piece => Enumerable.Range(piece.Start, piece.Length).Select(i => (piece.Array, i)));
        Assert.That(elements,
            Is.EqualTo(lengths.SelectMany((length, array) => Enumerable.Range(0, length).Select(i => (array, i)))));
    }
}
