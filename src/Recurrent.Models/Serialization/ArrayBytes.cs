using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Recurrent.Serialization;

/// <summary>The numbers of an array as bytes, in pieces: what is still coming in has no length that room could be made
/// for.</summary>
internal sealed class ArrayBytes
{
    private const int FirstPiece = 1 << 8;
    private const int LargestPiece = 1 << 20;

    private readonly List<byte[]> pieces = [];
    private readonly Real[]? whole;
    private readonly long notFinite;
    private int used;

    /// <summary>Nothing, to be added to.</summary>
    public ArrayBytes()
    {
    }

    /// <summary>Numbers that are there already.</summary>
    /// <param name="whole">The library's own numbers.</param>
    /// <param name="notFinite">Index of the first that is not finite; −1 where all are.</param>
    public ArrayBytes(Real[] whole, long notFinite)
    {
        this.whole = whole;
        this.notFinite = notFinite;
        Length = (long)whole.Length * sizeof(Real);
    }

    /// <summary>Number of bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the numbers stood in the document as numbers, and are the library's own; else they are as the document's
    /// dtype says.</summary>
    public bool ArePlain { get; init; }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (pieces.Count == 0 || used == pieces[^1].Length)
            {
                // Pieces hold whole numbers: their lengths are powers of two.
                pieces.Add(new byte[(int)Math.Clamp(Length, FirstPiece, LargestPiece)]);
                used = 0;
            }

            int count = Math.Min(bytes.Length, pieces[^1].Length - used);
            bytes[..count].CopyTo(pieces[^1].AsSpan(used));
            used += count;
            Length += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Adds a number.</summary>
    public void Append(Real number) => Append(MemoryMarshal.AsBytes(new ReadOnlySpan<Real>(in number)));

    /// <summary>Index of the first number that is not finite, or too large for this build; −1 where all are.</summary>
    /// <param name="width">Bytes of a number.</param>
    public long IndexOfNotFinite(int width)
    {
        if (whole is not null)
        {
            return notFinite;
        }

        Span<Real> block = stackalloc Real[256];
        long index = 0;
        foreach (ReadOnlySpan<byte> piece in Pieces())
        {
            for (int i = 0; i < piece.Length; i += block.Length * width)
            {
                Span<Real> part = block[..Math.Min(block.Length, (piece.Length - i) / width)];
                Convert(piece.Slice(i, part.Length * width), part, width);
                for (int k = 0; k < part.Length; k++)
                {
                    if (!Real.IsFinite(part[k]))
                    {
                        return index + k;
                    }
                }

                index += part.Length;
            }
        }

        return -1;
    }

    /// <summary>Copies the numbers.</summary>
    /// <param name="target">Receives them.</param>
    /// <param name="width">Bytes of a number.</param>
    public void CopyTo(Span<Real> target, int width)
    {
        whole?.CopyTo(target);
        foreach (ReadOnlySpan<byte> piece in Pieces())
        {
            Convert(piece, target[..(piece.Length / width)], width);
            target = target[(piece.Length / width)..];
        }
    }

    /// <summary>The numbers as an array that is the caller's from then on.</summary>
    /// <param name="width">Bytes of a number.</param>
    public Real[] Take(int width)
    {
        if (whole is not null)
        {
            return whole;
        }

        Real[] numbers = LargeArrays.Create(Length / width);
        CopyTo(numbers, width);
        return numbers;
    }

    private void Convert(ReadOnlySpan<byte> bytes, Span<Real> numbers, int width)
    {
        if (width == sizeof(Real) && (ArePlain || BitConverter.IsLittleEndian))
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(numbers));
            return;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> number = bytes.Slice(i * width, width);
            numbers[i] = width == sizeof(double) ? (Real)BinaryPrimitives.ReadDoubleLittleEndian(number)
                : BinaryPrimitives.ReadSingleLittleEndian(number);
        }
    }

    private PieceList Pieces() => new(this);

    /// <summary>The pieces, the last one as far as it is filled.</summary>
    private ref struct PieceList(ArrayBytes owner)
    {
        private int next;

        public readonly ReadOnlySpan<byte> Current =>
            owner.pieces[next - 1].AsSpan(0, next == owner.pieces.Count ? owner.used : owner.pieces[next - 1].Length);

        public readonly PieceList GetEnumerator() => this;

        public bool MoveNext() => next++ < owner.pieces.Count;
    }
}
