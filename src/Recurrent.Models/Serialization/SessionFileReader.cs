namespace Recurrent.Serialization;

/// <summary>Reads the states of sessions, and trusts none.</summary>
internal static class SessionFileReader
{
    /// <summary>Reads a file to the end of the stream, which stays open.</summary>
    /// <exception cref="ModelFormatException">The content is not that of a session's file.</exception>
    public static SessionFile Read(Stream stream, ReadLimits limits)
    {
        JsonNode root = JsonTree.Read(stream, limits);
        if (root["format"].Text() != SessionFileWriter.Format)
        {
            throw root["format"].Fail($"the format is '{root["format"].Text()}', not '{SessionFileWriter.Format}'.");
        }

        long version = root["format_version"].Whole(1, long.MaxValue);
        if (version > SessionFileWriter.Version)
        {
            throw root["format_version"].Fail(FormattableString.Invariant(
                $"the file is of version {version} of the format, and this library knows version {SessionFileWriter.Version}. Use a newer library."));
        }

        root.Allow("format", "format_version", "dtype", "layers", "sequences", "steps", "states");
        bool wide = root["dtype"].Text() switch
        {
            "float32" => false,
            "float64" => true,
            _ => throw root["dtype"].Fail("states are float32 or float64."),
        };
        StoredArray[] states = [.. root["states"].Items.Select(item => StoredArray.Read(item, wide))];
        return new(
            [.. root["layers"].Items.Select(item => item.Text())],
            (int)root["sequences"].Whole(1, int.MaxValue),
            root["steps"].Whole(0, SaveCheck.MostSteps),
            states);
    }
}
