using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Text;

/// <summary>Reads the content of files of texts' models and trusts none of it.</summary>
internal static class TextFile
{
    /// <summary>Makes of a file's content what it describes.</summary>
    /// <exception cref="ModelFormatException">It does not describe one; the message says where.</exception>
    internal static T Read<T>(Config content, CustomObjects? custom, Func<ConfigReader, T> read)
    {
        try
        {
            var reader = new ConfigReader("the file", content, custom);
            T result = read(reader);
            reader.RefuseUnreadKeys();
            return result;
        }
        catch (ConfigException exception)
        {
            throw new ModelFormatException(exception.Option ?? string.Empty, exception.Message, exception);
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            throw new ModelFormatException(string.Empty, exception.Message, exception);
        }
    }
}
