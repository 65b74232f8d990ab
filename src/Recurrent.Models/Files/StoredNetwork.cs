using System.Text;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Models;

/// <summary>A whole model inside the file of something else, such as a forecaster or a translator.</summary>
internal static class StoredNetwork
{
    /// <summary>The model's document as a value of a <see cref="Config"/>; <see cref="Read"/> reads it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    public static object Pack(Model model, bool includeOptimizer = false)
    {
        using var stream = new MemoryStream();
        model.Save(stream, includeOptimizer);
        return PackedNumbers.WriteText(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>A model of a file.</summary>
    /// <param name="reader">The config.</param>
    /// <param name="key">The key.</param>
    /// <param name="compile">Whether to compile it as it was.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ConfigException">It is missing, or none.</exception>
    public static Model Read(ConfigReader reader, string key, bool compile = false, ReadLimits? limits = null)
    {
        string document = PackedNumbers.ReadText(reader, key);
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(document));
            return Model.Load(stream, compile, limits, reader.Custom);
        }
        catch (Exception exception) when (exception is ModelFormatException or EncoderFallbackException)
        {
            string? inside = (exception as ModelFormatException)?.Path;
            throw new ConfigException(exception.Message, exception)
            {
                Option = string.IsNullOrEmpty(inside) ? key : $"{key}.{inside}",
            };
        }
    }
}
