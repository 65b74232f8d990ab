namespace Recurrent.Tokenizers;

/// <summary>
/// A letter for each byte, so that any bytes are a text that can be read and stored: visible ones of Latin-1 stand for
/// themselves, the others for letters from U+0100 on. Radford et al. 2019.
/// </summary>
internal static class ByteLetters
{
    private const int Bytes = 256;

    private static readonly char[] Letters = MakeLetters();

    private static readonly short[] Values = MakeValues();

    /// <summary>The letter of a byte.</summary>
    public static char Letter(byte value) => Letters[value];

    /// <summary>The byte of a letter; null where it stands for none.</summary>
    public static byte? Value(char letter) => letter < Values.Length && Values[letter] >= 0 ? (byte)Values[letter] : null;

    private static bool IsVisible(int value) => value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;

    private static char[] MakeLetters()
    {
        int next = Bytes;
        return [.. Enumerable.Range(0, Bytes).Select(value => (char)(IsVisible(value) ? value : next++))];
    }

    private static short[] MakeValues()
    {
        var values = new short[Letters.Max() + 1];
        Array.Fill(values, (short)-1);
        for (int value = 0; value < Bytes; value++)
        {
            values[Letters[value]] = (short)value;
        }

        return values;
    }
}
