using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Recurrent.Benchmarks.Libtorch;

/// <summary>
/// Loads TorchSharp's native library, also on systems whose libstdc++ is older than the one it was built with (GCC 13's; Debian
/// 12 has GCC 12's). All that it wants of the newer one is a symbol that reminds the linker to set up standard streams and that
/// nothing calls. So where loading fails over that version, the copy beside this program is changed to take the version, and the
/// symbol, as optional.
/// </summary>
internal static class LibtorchLoader
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Symbol = "_ZSt21ios_base_library_initv";

    // ELF's names for what is read: section types, the flag of an optional version, the binding of an optional symbol.
    private const uint DynamicSymbols = 11;
    private const uint SymbolVersions = 0x6fffffff;
    private const uint NeededVersions = 0x6ffffffe;
    private const ushort WeakVersion = 2;
    private const byte WeakSymbol = 2;

    /// <summary>Loads the library.</summary>
    /// <exception cref="DllNotFoundException">It, or a library that it needs, is not there or does not fit this
    /// system.</exception>
    public static void Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // TorchSharp loads it where it is first used.
        }

        string rid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        string path = Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native", "libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception) when (exception.Message.Contains(Version, StringComparison.Ordinal))
        {
            byte[] library = File.ReadAllBytes(path);
            MakeOptional(library);

            // Moved into place: the file may be a link to the package's.
            File.WriteAllBytes(path + ".new", library);
            File.Move(path + ".new", path, overwrite: true);
            NativeLibrary.Load(path);
        }
    }

    /// <summary>Marks the version, and the one symbol that may be of it, as optional.</summary>
    private static void MakeOptional(Span<byte> library)
    {
        Section[] sections = Section.Table(library);
        Section needs = sections.First(section => section.Type == NeededVersions);
        ushort index = MarkVersion(library, needs.Offset, sections[needs.Link].Offset);

        Section symbols = sections.First(section => section.Type == DynamicSymbols);
        int names = sections[symbols.Link].Offset;
        int versions = sections.First(section => section.Type == SymbolVersions).Offset;
        for (int i = 0; i < symbols.Size / 24; i++)
        {
            Span<byte> symbol = library.Slice(symbols.Offset + (24 * i), 24);
            if (Word(library, versions + (2 * i)) != index)
            {
                continue;
            }

            string name = Name(library, names + (int)Long(symbol, 0));
            if (name != Symbol)
            {
                throw new DllNotFoundException(
                    $"TorchSharp's library needs {name} of {Version}, a newer libstdc++ than this system has.");
            }

            symbol[4] = (byte)((WeakSymbol << 4) | (symbol[4] & 15));
        }
    }

    /// <summary>Marks the version as optional where it is asked for, and tells its index.</summary>
    private static ushort MarkVersion(Span<byte> library, int file, int names)
    {
        for (uint toNextFile = 1; toNextFile != 0; file += (int)toNextFile)
        {
            int version = file + (int)Long(library, file + 8);
            for (int left = Word(library, file + 2); left > 0; left--)
            {
                if (Name(library, names + (int)Long(library, version + 8)) == Version)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(library[(version + 4)..], WeakVersion);
                    return Word(library, version + 6);
                }

                version += (int)Long(library, version + 12);
            }

            toNextFile = Long(library, file + 12);
        }

        throw new DllNotFoundException($"TorchSharp's library does not ask for {Version}.");
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint Long(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static string Name(ReadOnlySpan<byte> bytes, int offset)
    {
        ReadOnlySpan<byte> rest = bytes[offset..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    /// <summary>
    /// An entry of the table of sections: its type, where it lies, how long it is, and the section that has its names.
    /// </summary>
    private readonly record struct Section(uint Type, int Offset, int Size, int Link)
    {
        public static Section[] Table(ReadOnlySpan<byte> library)
        {
            var table = new Section[Word(library, 60)];
            for (int i = 0; i < table.Length; i++)
            {
                ReadOnlySpan<byte> entry = library[((int)Long(library, 40) + (64 * i))..];
                table[i] = new(Long(entry, 4), (int)Long(entry, 24), (int)Long(entry, 32), (int)Long(entry, 40));
            }

            return table;
        }
    }
}
