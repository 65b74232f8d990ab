using System.Collections;
using Newtonsoft.Json;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>
/// Files that hold a config: what a fitted forecaster or a language model consists of, its networks inside. How such a thing
/// is saved, and how what is read is distrusted, is the same for all of them. Lists of many numbers stand in them as texts of
/// base64 (64-bit IEEE 754, little-endian), so that they keep their bits and stay small.
/// </summary>
internal static class ConfigFile
{
    private const string ClassName = "class_name";
    private const string ConfigKey = "config";

    /// <summary>Most values of a file; no reader would take more.</summary>
    private const int MostValues = 1 << 20;

    /// <summary>Writes a thing to a file, as a whole or not at all.</summary>
    /// <exception cref="ArgumentException">The name ends as those of another format do.</exception>
    /// <exception cref="InvalidOperationException">No reader could take the file; the message says why.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, FileFormat format, Config content)
    {
        FileKinds.RequireJson(path);
        AtomicFile.Write(path, stream => Save(stream, format, content));
    }

    /// <summary>Writes a thing to a stream, which stays open.</summary>
    /// <exception cref="InvalidOperationException">No reader could take the file; the message says why.</exception>
    public static void Save(Stream stream, FileFormat format, Config content)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using StreamWriter text = ModelFileWriter.Text(stream);
        using JsonTextWriter json = ModelFileWriter.Open(text, indented: false);
        int values = 0;
        format.Begin(json);
        foreach ((string key, object? value) in content)
        {
            json.WritePropertyName(key);
            WriteValue(json, value, key, ref values);
        }

        json.WriteEndObject();
    }

    /// <summary>Makes of a file the thing that was saved in it.</summary>
    /// <exception cref="ModelFormatException">The content is not that of one; the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static T Load<T>(
        string path, FileFormat format, ReadLimits? limits, CustomObjects? custom, Func<ConfigReader, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, format, limits, custom, read);
    }

    /// <summary>Makes of what a stream holds to its end the thing that was saved in it. The stream stays open.</summary>
    /// <exception cref="ModelFormatException">The content is not that of one; the message says where.</exception>
    public static T Load<T>(
        Stream stream, FileFormat format, ReadLimits? limits, CustomObjects? custom, Func<ConfigReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Config content = Read(stream, format, limits ?? ReadLimits.Default);
        try
        {
            var reader = new ConfigReader("the file", content, custom);
            T result = read(reader);
            reader.RefuseUnreadKeys();
            return result;
        }
        catch (Exception exception) when (exception is (ArgumentException or OverflowException or InvalidOperationException
            or NotSupportedException) and not (ArgumentNullException or ObjectDisposedException))
        {
            throw new ModelFormatException(
                (exception as ConfigException)?.Option ?? string.Empty, exception.Message, exception);
        }
    }

    /// <summary>Reads the config of a file to the end of the stream, which stays open.</summary>
    /// <exception cref="ModelFormatException">The content is not that of such a file.</exception>
    public static Config Read(Stream stream, FileFormat format, ReadLimits limits)
    {
        JsonNode root = JsonTree.Read(stream, limits);
        format.Require(root);
        var content = new Config();
        foreach ((string key, object? value) in root.Entries)
        {
            if (key is not ("format" or "format_version"))
            {
                content.Add(key, Read(new JsonNode(key, value)));
            }
        }

        return content;
    }

    /// <summary>Writes a config as a value of a document.</summary>
    /// <exception cref="InvalidOperationException">No reader could take it; the message says why.</exception>
    internal static void Write(JsonTextWriter json, Config content, string path)
    {
        int values = 0;
        WriteValue(json, content, path, ref values);
    }

    private static void WriteValue(JsonTextWriter json, object? value, string path, ref int values)
    {
        if (++values > MostValues)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"The file would hold more than {MostValues} values, and no reader would take it. ")
                + "Save parts of the panel in files of their own.");
        }

        switch (value)
        {
            case ComponentConfig component:
                json.WriteStartObject();
                json.WritePropertyName(ClassName);
                json.WriteValue(component.ClassName);
                json.WritePropertyName(ConfigKey);
                WriteValue(json, component.Config, $"{path}.{ConfigKey}", ref values);
                json.WriteEndObject();
                break;
            case Config config:
                json.WriteStartObject();
                foreach ((string key, object? inner) in config)
                {
                    json.WritePropertyName(key);
                    WriteValue(json, inner, $"{path}.{key}", ref values);
                }

                json.WriteEndObject();
                break;
            case string text:
                json.WriteValue(Readable(text, path));
                break;
            case double number when !double.IsFinite(number):
                throw new InvalidOperationException(
                    $"'{path}' is not a finite number: the method has diverged, and such a state is not saved.");
            case IList list:
                json.WriteStartArray();
                for (int i = 0; i < list.Count; i++)
                {
                    WriteValue(json, list[i], FormattableString.Invariant($"{path}[{i}]"), ref values);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteValue(value);
                break;
        }
    }

    private static string Readable(string text, string path) =>
        text.Length > StrictJson.MostLetters
            ? throw new InvalidOperationException($"The text '{path}' is too long for a file.")
            : ReadableText.FirstUnsafe(text) is { } found && !JsonTree.IsToken(path)
            ? throw new InvalidOperationException(
                $"The text '{path}' holds the character {found}, which no reader would take. Give it another name.")
            : text;

    private static object? Read(JsonNode node) => node.Value switch
    {
        Dictionary<string, object?> { Count: 2 } entries when entries.GetValueOrDefault(ClassName) is string name
            && entries.GetValueOrDefault(ConfigKey) is Dictionary<string, object?> =>
            new ComponentConfig(name, (Config)Read(node[ConfigKey])!),
        Dictionary<string, object?> => ReadConfig(node),
        List<object?> => (object?[])[.. node.Items.Select(Read)],
        ArrayBytes => throw node.Fail("a list of numbers cannot stand here."),
        _ => node.Value,
    };

    /// <summary>A config that is a value of a document.</summary>
    internal static Config ReadConfig(JsonNode node)
    {
        var config = new Config();
        foreach ((string key, object? value) in node.Entries)
        {
            config.Add(key, Read(new JsonNode(node.Below(key), value)));
        }

        return config;
    }
}
