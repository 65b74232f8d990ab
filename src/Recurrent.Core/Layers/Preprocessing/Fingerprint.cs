using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Text;

namespace Recurrent.Layers;

/// <summary>
/// The hash of a text that Keras's layers find buckets with: FarmHash's 64-bit fingerprint (Pike, 2014), which is the same on
/// every machine and for all time; with a salt, SipHash-2-4 (Aumasson and Bernstein, 2012).
/// </summary>
internal static class Fingerprint
{
    private const ulong K0 = 0xC3A5C85C97CB3127;
    private const ulong K1 = 0xB492B66FBE98F273;
    private const ulong K2 = 0x9AE16A3B2F90404F;

    // Longer texts than this many bytes are encoded on the heap.
    private const int Short = 512;

    /// <summary>The bucket of a text.</summary>
    /// <param name="text">The text, hashed as UTF-8.</param>
    /// <param name="buckets">Number of buckets, at least 1.</param>
    /// <param name="salt">The salt, or null.</param>
    public static int Bucket(string text, int buckets, Salt? salt)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> room = most <= Short ? stackalloc byte[Short] : new byte[most];
        return Bucket(room[..Encoding.UTF8.GetBytes(text, room)], buckets, salt);
    }

    /// <summary>The bucket of a whole number, which is hashed as the text of its decimal digits.</summary>
    /// <param name="value">The number.</param>
    /// <param name="buckets">Number of buckets, at least 1.</param>
    /// <param name="salt">The salt, or null.</param>
    public static int Bucket(long value, int buckets, Salt? salt)
    {
        Span<byte> room = stackalloc byte[24];
        Utf8Formatter.TryFormat(value, room, out int written);
        return Bucket(room[..written], buckets, salt);
    }

    /// <summary>FarmHash's 64-bit fingerprint.</summary>
    public static ulong Farm(ReadOnlySpan<byte> text) => text.Length switch
    {
        <= 16 => UpTo16(text),
        <= 32 => UpTo32(text),
        <= 64 => UpTo64(text),
        _ => Longer(text),
    };

    /// <summary>SipHash with two rounds a word and four at the end.</summary>
    public static ulong Sip(ReadOnlySpan<byte> text, ulong key0, ulong key1)
    {
        ulong a = key0 ^ 0x736F6D6570736575;
        ulong b = key1 ^ 0x646F72616E646F6D;
        ulong c = key0 ^ 0x6C7967656E657261;
        ulong d = key1 ^ 0x7465646279746573;
        int whole = text.Length & ~7;
        for (int i = 0; i < whole; i += 8)
        {
            Absorb(Word(text, i));
        }

        ulong last = (ulong)text.Length << 56;
        for (int i = whole; i < text.Length; i++)
        {
            last |= (ulong)text[i] << (8 * (i - whole));
        }

        Absorb(last);
        c ^= 0xFF;
        Round();
        Round();
        Round();
        Round();
        return a ^ b ^ c ^ d;

        void Absorb(ulong word)
        {
            d ^= word;
            Round();
            Round();
            a ^= word;
        }

        void Round()
        {
            a += b;
            b = BitOperations.RotateLeft(b, 13) ^ a;
            a = BitOperations.RotateLeft(a, 32);
            c += d;
            d = BitOperations.RotateLeft(d, 16) ^ c;
            a += d;
            d = BitOperations.RotateLeft(d, 21) ^ a;
            c += b;
            b = BitOperations.RotateLeft(b, 17) ^ c;
            c = BitOperations.RotateLeft(c, 32);
        }
    }

    private static int Bucket(ReadOnlySpan<byte> text, int buckets, Salt? salt) =>
        (int)((salt is null ? Farm(text) : Sip(text, (ulong)salt.First, (ulong)salt.Second)) % (ulong)buckets);

    private static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        int n = s.Length;
        ulong factor = K2 + ((ulong)n * 2);
        if (n >= 8)
        {
            ulong first = Word(s, 0) + K2;
            ulong last = Word(s, n - 8);
            return Mix((Right(last, 37) * factor) + first, (Right(first, 25) + last) * factor, factor);
        }

        if (n >= 4)
        {
            return Mix((ulong)n + ((ulong)Half(s, 0) << 3), Half(s, n - 4), factor);
        }

        if (n == 0)
        {
            return K2;
        }

        uint ends = s[0] + ((uint)s[n >> 1] << 8);
        uint size = (uint)n + ((uint)s[n - 1] << 2);
        return Fold((ends * K2) ^ (size * K0)) * K2;
    }

    private static ulong UpTo32(ReadOnlySpan<byte> s)
    {
        int n = s.Length;
        ulong factor = K2 + ((ulong)n * 2);
        ulong a = Word(s, 0) * K1;
        ulong b = Word(s, 8);
        ulong c = Word(s, n - 8) * factor;
        ulong d = Word(s, n - 16) * K2;
        return Mix(Right(a + b, 43) + Right(c, 30) + d, a + Right(b + K2, 18) + c, factor);
    }

    private static ulong UpTo64(ReadOnlySpan<byte> s)
    {
        int n = s.Length;
        ulong factor = K2 + ((ulong)n * 2);
        ulong a = Word(s, 0) * K2;
        ulong b = Word(s, 8);
        ulong c = Word(s, n - 8) * factor;
        ulong d = Word(s, n - 16) * K2;
        ulong y = Right(a + b, 43) + Right(c, 30) + d;
        ulong z = Mix(y, a + Right(b + K2, 18) + c, factor);
        ulong e = Word(s, 16) * factor;
        ulong f = Word(s, 24);
        ulong g = (y + Word(s, n - 32)) * factor;
        ulong h = (z + Word(s, n - 24)) * factor;
        return Mix(Right(e + f, 43) + Right(g, 30) + h, e + Right(f + a, 18) + g, factor);
    }

    private static ulong Longer(ReadOnlySpan<byte> s)
    {
        const ulong Seed = 81;
        ulong x = Seed;
        ulong y = unchecked(Seed * K1) + 113;
        ulong z = Fold((y * K2) + 113) * K2;
        (ulong First, ulong Second) v = default;
        (ulong First, ulong Second) w = default;
        x = (x * K2) + Word(s, 0);
        int end = (s.Length - 1) / 64 * 64;
        for (int i = 0; i < end; i += 64)
        {
            Step(s[i..], K1, 1);
        }

        // The last 64 bytes, which may overlap those before.
        ulong factor = K1 + ((z & 0xFF) << 1);
        w.First += (ulong)((s.Length - 1) & 63);
        v.First += w.First;
        w.First += v.First;
        Step(s[^64..], factor, 9);
        return Mix(
            Mix(v.First, w.First, factor) + (Fold(y) * K0) + z,
            Mix(v.Second, w.Second, factor) + x,
            factor);

        void Step(ReadOnlySpan<byte> block, ulong by, ulong weight)
        {
            x = Right(x + y + v.First + Word(block, 8), 37) * by;
            y = Right(y + v.Second + Word(block, 48), 42) * by;
            x ^= w.Second * weight;
            y += (v.First * weight) + Word(block, 40);
            z = Right(z + w.First, 33) * by;
            v = Weak(block, v.Second * by, x + w.First);
            w = Weak(block[32..], z + w.Second, y + Word(block, 16));
            (z, x) = (x, z);
        }
    }

    private static (ulong First, ulong Second) Weak(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        ulong last = Word(s, 24);
        a += Word(s, 0);
        b = Right(b + a + last, 21);
        ulong start = a;
        a += Word(s, 8) + Word(s, 16);
        return (a + last, b + Right(a, 44) + start);
    }

    private static ulong Mix(ulong u, ulong v, ulong factor) => Fold((v ^ Fold((u ^ v) * factor)) * factor) * factor;

    private static ulong Fold(ulong value) => value ^ (value >> 47);

    private static ulong Right(ulong value, int bits) => BitOperations.RotateRight(value, bits);

    private static ulong Word(ReadOnlySpan<byte> s, int start) => BinaryPrimitives.ReadUInt64LittleEndian(s[start..]);

    private static uint Half(ReadOnlySpan<byte> s, int start) => BinaryPrimitives.ReadUInt32LittleEndian(s[start..]);
}
