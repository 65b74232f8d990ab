namespace Recurrent.Audio;

/// <summary>The two codes of telephones, ITU-T G.711: 8 bits that hold, roughly, a logarithm of 14 or 13.</summary>
/// <remarks>
/// Of each byte the first bit is the sign, three are an exponent e and four a mantissa m:
/// <code>
/// mu-law   all bits turned      ± ((2m + 33)·2^e − 33) / 8192
/// A-law    every other turned   ± (2m + 1) / 4096 where e = 0, else ± (2m + 33)·2^(e−1) / 4096
/// </code>
/// </remarks>
internal static class G711
{
    public static double MuLaw(byte code)
    {
        int bits = code ^ 0xFF;
        return Signed(isNegative: (bits & 0x80) != 0, ((((2 * Mantissa(bits)) + 33) << Exponent(bits)) - 33) / 8192.0);
    }

    public static double ALaw(byte code)
    {
        int bits = code ^ 0x55;
        int size = Exponent(bits) == 0 ? (2 * Mantissa(bits)) + 1 : ((2 * Mantissa(bits)) + 33) << (Exponent(bits) - 1);
        return Signed(isNegative: (bits & 0x80) == 0, size / 4096.0);
    }

    private static int Mantissa(int bits) => bits & 15;

    private static int Exponent(int bits) => (bits >> 4) & 7;

    private static double Signed(bool isNegative, double size) => isNegative ? -size : size;
}
