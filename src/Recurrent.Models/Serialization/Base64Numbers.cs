using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Recurrent.Serialization;

/// <summary>Decodes a JSON text of base64 while it comes in, from behind its opening quote to its closing one.</summary>
internal sealed class Base64Numbers
{
    private static readonly SearchValues<byte> Digits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private readonly byte[] digits = new byte[1 << 12];
    private readonly byte[] escaped = new byte[4];
    private int count;
    private int escape;

    /// <summary>Whether nothing has come yet.</summary>
    public bool IsNew => count == 0 && escape == 0 && Bytes.Length == 0;

    /// <summary>What was decoded so far.</summary>
    public ArrayBytes Bytes { get; } = new();

    /// <summary>Whether the closing quote has come.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether something else than base64 has come.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Takes bytes up to the end of the text, as far as they are there.</summary>
    /// <returns>How many were taken.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        while (i < bytes.Length && !IsWhole && !IsBroken)
        {
            if (escape > 0)
            {
                TakeEscaped(bytes[i++]);
                continue;
            }

            int run = bytes[i..].IndexOfAnyExcept(Digits);
            run = run < 0 ? bytes.Length - i : run;
            if (run > 0)
            {
                i += Append(bytes.Slice(i, run));
                continue;
            }

            switch (bytes[i++])
            {
                case (byte)'"':
                    Decode(last: true);
                    IsWhole = !IsBroken;
                    break;
                case (byte)'\\':
                    escape = 1;
                    break;
                default:
                    IsBroken = true;
                    break;
            }
        }

        return i;
    }

    // Some writers of JSON escape '/' and '+'.
    private void TakeEscaped(byte next)
    {
        if (escape == 1)
        {
            escape = next == (byte)'u' ? 2 : 0;
            IsBroken = next is not ((byte)'u' or (byte)'/');
            if (escape == 0 && !IsBroken)
            {
                Append([next]);
            }

            return;
        }

        escaped[escape - 2] = next;
        if (++escape == 6)
        {
            escape = 0;
            IsBroken = !ushort.TryParse(escaped, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort letter)
                || letter > sbyte.MaxValue || !Digits.Contains((byte)letter);
            if (!IsBroken)
            {
                Append([(byte)letter]);
            }
        }
    }

    /// <summary>Takes as many digits as there is room for. The last ones wait, since only those may be padding.</summary>
    private int Append(ReadOnlySpan<byte> more)
    {
        if (count == digits.Length)
        {
            Decode(last: false);
        }

        int taken = Math.Min(more.Length, digits.Length - count);
        more[..taken].CopyTo(digits.AsSpan(count));
        count += taken;
        return taken;
    }

    private void Decode(bool last)
    {
        Span<byte> decoded = stackalloc byte[digits.Length / 4 * 3];
        OperationStatus status = Base64.DecodeFromUtf8(digits.AsSpan(0, count), decoded, out int consumed, out int written, last);
        IsBroken |= status != OperationStatus.Done || consumed != count;
        Bytes.Append(decoded[..written]);
        count = 0;
    }
}
