using System.Buffers;
using System.Buffers.Text;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Recurrent.Numerics;

namespace Recurrent.Serialization;

/// <summary>Reads the numbers of large arrays piece by piece, several pieces at once, and checks each while it is in the
/// cache.</summary>
internal static class LargeArrays
{
    /// <summary>Numbers from which on an array is worth more than one piece.</summary>
    public const int Worth = Piece;

    // 256 KB, and in base64 a whole number of digits: 3 · 2¹⁴ numbers are 2¹⁸ digits.
    private const int Piece = 1 << 16;
    private const int DigitPiece = 3 << 14;
    private const int Digits = 1 << 18;

    /// <summary>An array that is filled as a whole afterwards: not cleared before.</summary>
    public static Real[] Create(long count) => GC.AllocateUninitializedArray<Real>(checked((int)count));

    /// <summary>Reads numbers as they are in memory.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">Where the first number begins.</param>
    /// <param name="target">Receives as many as it has room for.</param>
    /// <returns>Index of the first number that is not finite; −1 where all are.</returns>
    public static long Read(ByteSource bytes, long offset, Real[] target) => Read(target, (piece, first) =>
        bytes.Read(offset + ((long)first * sizeof(Real)), MemoryMarshal.AsBytes(piece)));

    /// <summary>Reads bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">Where those begin that are wanted.</param>
    /// <param name="target">Receives as many as it has room for.</param>
    public static void Read(ByteSource bytes, long offset, Memory<byte> target)
    {
        const int Bytes = Piece * sizeof(float);
        Workers.Run((int)(((long)target.Length + Bytes - 1) / Bytes), Environment.ProcessorCount, (bytes, offset, target),
            static (job, i) =>
            {
                int first = i * Bytes;
                job.bytes.Read(job.offset + first, job.target.Span.Slice(first, Math.Min(Bytes, job.target.Length - first)));
            });
    }

    /// <summary>Reads numbers in whatever way.</summary>
    /// <param name="target">Receives as many as it has room for.</param>
    /// <param name="fill">Fills a piece that begins at an index. Called by several threads.</param>
    /// <returns>Index of the first number that is not finite; −1 where all are.</returns>
    public static long Read(Real[] target, FillPiece fill)
    {
        var wrong = new FirstIndex();
        int pieces = (int)(((long)target.Length + Piece - 1) / Piece);
        Workers.Run(pieces, Environment.ProcessorCount, (target, fill, wrong), static (job, i) =>
        {
            int first = i * Piece;
            Span<Real> piece = job.target.AsSpan(first, Math.Min(Piece, job.target.Length - first));
            job.fill(piece, first);
            job.wrong.Check(piece, first);
        });
        return wrong.Value;
    }

    /// <summary>Decodes little-endian numbers of 32 bits in base64.</summary>
    /// <param name="bytes">The digits.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="target">Receives the numbers.</param>
    /// <param name="notFinite">Index of the first that is not finite; −1 where all are.</param>
    /// <returns>Whether there are digits of base64, as many as the numbers have, and nothing else.</returns>
    public static bool TryDecode(ByteSource bytes, long offset, float[] target, out long notFinite)
    {
        var wrong = new FirstIndex();
        int pieces = (int)(((long)target.Length + DigitPiece - 1) / DigitPiece);
        int broken = 0;
        Workers.Run(pieces, Environment.ProcessorCount, (bytes, offset, target, wrong), (job, i) =>
        {
            int first = i * DigitPiece;
            Span<float> piece = job.target.AsSpan(first, Math.Min(DigitPiece, job.target.Length - first));
            byte[] rented = ArrayPool<byte>.Shared.Rent(Digits);
            try
            {
                Span<byte> digits = rented.AsSpan(0, (int)DigitCount(piece.Length));
                job.bytes.Read(job.offset + ((long)i * Digits), digits);

                // Space between digits would be passed over, and is no part of such a text.
                bool isWhole = Base64.DecodeFromUtf8(digits, MemoryMarshal.AsBytes(piece), out int consumed, out int written)
                    == OperationStatus.Done && consumed == digits.Length && written == piece.Length * sizeof(float);
                if (!isWhole)
                {
                    Volatile.Write(ref broken, 1);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            job.wrong.Check(MemoryMarshal.Cast<float, Real>(piece), first);
        });
        notFinite = wrong.Value;
        return broken == 0;
    }

    /// <summary>How many digits of base64 numbers of 32 bits have.</summary>
    public static long DigitCount(long numbers) => (numbers * sizeof(float) + 2) / 3 * 4;

    /// <summary>Copies numbers.</summary>
    public static void Copy(Real[] from, Real[] to) => Workers.Run(
        (int)(((long)from.Length + Piece - 1) / Piece), Environment.ProcessorCount, (from, to), static (job, i) =>
        {
            int first = i * Piece;
            int count = Math.Min(Piece, job.from.Length - first);
            job.from.AsSpan(first, count).CopyTo(job.to.AsSpan(first));
        });

    /// <summary>Writes <c>to[toStart + column · toStride + row] = from[row · columns + column]</c>.</summary>
    /// <param name="from">A matrix, row by row.</param>
    /// <param name="rows">Number of its rows.</param>
    /// <param name="columns">Number of its columns.</param>
    /// <param name="to">Receives the transpose.</param>
    /// <param name="toStart">Where in it the transpose begins.</param>
    /// <param name="toStride">How far apart rows of the transpose begin.</param>
    public static void Turn(NumbersOf from, int rows, int columns, Real[] to, int toStart, int toStride)
    {
        const int Rows = 64;
        int parts = rows < Rows || (long)rows * columns < Piece ? 1 : (rows + Rows - 1) / Rows;
        Workers.Run(parts, Environment.ProcessorCount, (from, rows, columns, to, toStart, toStride, parts), static (job, i) =>
        {
            int top = i * Rows;
            int count = job.parts == 1 ? job.rows : Math.Min(Rows, job.rows - top);
            BlockTransposition.Run(job.from()[(top * job.columns)..], job.columns, count, job.columns,
                job.to.AsSpan(job.toStart + top), job.toStride);
        });
    }

    /// <summary>Numbers, wherever they stand.</summary>
    internal delegate ReadOnlySpan<Real> NumbersOf();

    /// <summary>Fills a piece of an array.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="first">Where in the array it begins.</param>
    internal delegate void FillPiece(Span<Real> piece, int first);

    /// <summary>The smallest index that any thread has found.</summary>
    private sealed class FirstIndex
    {
        private readonly Lock guard = new();

        public long Value { get; private set; } = -1;

        public void Check(ReadOnlySpan<Real> piece, int first)
        {
            if (TensorPrimitives.IsFiniteAll(piece))
            {
                return;
            }

            int index = 0;
            while (Real.IsFinite(piece[index]))
            {
                index++;
            }

            lock (guard)
            {
                Value = Value < 0 ? first + index : Math.Min(Value, first + index);
            }
        }
    }
}
