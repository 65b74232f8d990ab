using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Text;

/// <content>Tokenizers as files.</content>
public abstract partial class TextTokenizer
{
    private const string Key = "tokenizer";

    /// <summary>Writes the tokenizer to a file, as JSON.</summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays if anything fails.</param>
    /// <exception cref="ArgumentException">The name ends as those of another format do.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ConfigFile.Save(path, FileFormat.Tokenizer, new() { { Key, this } });

    /// <summary>Writes the tokenizer to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    public void Save(Stream stream) => ConfigFile.Save(stream, FileFormat.Tokenizer, new() { { Key, this } });

    /// <summary>Reads a tokenizer of any kind that <see cref="Save(string)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="custom">Tokenizers of one's own, or of another package, that the file may name; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a tokenizer.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TextTokenizer Load(string path, CustomObjects? custom = null, ReadLimits? limits = null) =>
        ConfigFile.Load(path, FileFormat.Tokenizer, limits, custom, Read);

    /// <summary>Reads a tokenizer to the end of a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="custom">Tokenizers of one's own, or of another package, that the file may name; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a tokenizer.</exception>
    public static TextTokenizer Load(Stream stream, CustomObjects? custom = null, ReadLimits? limits = null) =>
        ConfigFile.Load(stream, FileFormat.Tokenizer, limits, custom, Read);

    private static TextTokenizer Read(ConfigReader reader) => reader.Component(Key, TextTokenizers.Registry);
}
