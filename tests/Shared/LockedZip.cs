namespace Recurrent.Tests;

/// <summary>Zip archives that say of their parts that they are protected by a password.</summary>
internal static class LockedZip
{
    /// <summary>The archive with that flag in every header, before the parts and at the end.</summary>
    public static byte[] Of(ReadOnlySpan<byte> archive)
    {
        byte[] locked = archive.ToArray();
        Mark(locked, "PK\u0003\u0004"u8, 6);
        Mark(locked, "PK\u0001\u0002"u8, 8);
        return locked;
    }

    private static void Mark(byte[] archive, ReadOnlySpan<byte> header, int flags)
    {
        for (int i = 0; i + flags < archive.Length; i++)
        {
            if (archive.AsSpan(i).StartsWith(header))
            {
                archive[i + flags] |= 1;
            }
        }
    }
}
