namespace Recurrent.Serialization;

/// <summary>Reads the states of sessions, and trusts none.</summary>
internal static class SessionFileReader
{
    /// <summary>Reads a file to the end of the stream, which stays open.</summary>
    /// <exception cref="ModelFormatException">The content is not that of a session's file.</exception>
    public static SessionFile Read(Stream stream, ReadLimits limits)
    {
        JsonNode root = JsonTree.Read(stream, limits);
        FileFormat.Session.Require(root);
        root.Allow("format", "format_version", "dtype", "layers", "sequences", "steps", "states");
        bool wide = FileFormat.IsWide(root["dtype"]);
        StoredArray[] states = [.. root["states"].Items.Select(item => StoredArray.Read(item, wide))];
        return new(
            [.. root["layers"].Items.Select(item => item.Text())],
            (int)root["sequences"].Whole(1, int.MaxValue),
            root["steps"].Whole(0, SaveCheck.MostSteps),
            states);
    }
}
