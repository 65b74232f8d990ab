using System.Globalization;
using System.IO.Compression;
using System.Text;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>The zip archive of a <c>.keras</c> file.</summary>
internal static class KerasArchive
{
    private const string Architecture = "config.json";
    private const string Metadata = "metadata.json";
    private const string Weights = "model.weights.h5";

    // Keras gives its own parts a fixed date, so that the same model is the same bytes.
    private static readonly DateTimeOffset Date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads the parts that make a model.</summary>
    /// <exception cref="ModelFormatException">It is no such archive, or larger than the limits.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (string Architecture, ByteSource Weights) Read(ByteSource file, ReadLimits limits) =>
        file.Reading(() => ReadParts(file, limits));

    private static (string Architecture, ByteSource Weights) ReadParts(ByteSource file, ReadLimits limits)
    {
        try
        {
            using var stream = new BytesStream(file);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            long left = limits.MaxLength;
            ByteSource architecture = Part(archive, stream, Architecture, ref left);
            var text = new byte[architecture.Length];
            architecture.Read(0, text);
            return (Encoding.UTF8.GetString(text), Part(archive, stream, Weights, ref left));
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or EndOfStreamException
            or IOException or ArgumentException or OverflowException)
        {
            throw new ModelFormatException(
                $"The zip archive of this .keras file cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes an archive.</summary>
    public static void Write(Stream stream, string architecture, byte[] weights)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd@HH:mm:ss", CultureInfo.InvariantCulture);
        Add(archive, Metadata, Encoding.UTF8.GetBytes($$"""{"keras_version": "3.15.1", "date_saved": "{{date}}"}"""));
        Add(archive, Architecture, Encoding.UTF8.GetBytes(architecture));
        Add(archive, Weights, weights);
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Date;
        using Stream part = entry.Open();
        part.Write(content);
    }

    private static ByteSource Part(ZipArchive archive, BytesStream file, string name, ref long left)
    {
        ZipArchiveEntry[] found = [.. archive.Entries.Where(entry => entry.FullName == name)];
        if (found.Length != 1)
        {
            throw new ModelFormatException(
                found.Length > 1 ? $"The archive has several parts '{name}'."
                : name == Weights && archive.Entries.Any(entry => entry.FullName == "model.weights.npz")
                    ? "The weights of this .keras file are arrays of NumPy (model.weights.npz), which are not read here. Save "
                        + "it in Keras without weights_format=\"npz\"."
                : $"The zip archive has no part '{name}': it is no .keras file.");
        }

        // What an entry says of its size is only its word: no more than that is taken, and no more than is left.
        long length = found[0].Length;
        if (length > left)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The part '{name}' has {length} bytes, more than ReadLimits.MaxLength allows."));
        }

        if (found[0].IsEncrypted)
        {
            throw new ModelFormatException(
                $"The part '{name}' is protected by a password. Unpack the archive and pack it again.");
        }

        left -= length;
        if (StoredPart.Find(found[0], file) is { } stored)
        {
            return stored;
        }

        using Stream part = found[0].Open();
        using var content = new MemoryStream();
        var piece = new byte[1 << 16];
        int read;
        while ((read = part.Read(piece)) > 0)
        {
            content.Write(piece, 0, read);
            if (content.Length > length)
            {
                throw new ModelFormatException($"The part '{name}' is longer than the archive says.");
            }
        }

        return content.Length == length ? ByteSource.Of(content)!
            : throw new ModelFormatException($"The part '{name}' ends early. Was the file cut off while it was copied?");
    }
}
