namespace Recurrent.Architecture.Tests;

/// <summary>A folder of the library, and what its code may use besides itself.</summary>
/// <param name="Name">Project and folder: <c>Core/Layers</c>; a project's own folder is <c>Models</c>.</param>
/// <param name="Uses">The rooms it may use.</param>
/// <param name="Packages">The guarded assemblies (<see cref="Rooms.Guarded"/>) it may use.</param>
/// <param name="Pointers">Whether its code may be unsafe.</param>
internal sealed record Room(string Name, IReadOnlyList<string> Uses, IReadOnlyList<string> Packages, bool Pointers = false)
{
    /// <summary>The room of a source file: <c>src/Recurrent.Core/Layers/Recurrent/LSTM.cs</c> lies in
    /// <c>Core/Layers</c>. A folder that is a part of a project's own room (<see cref="Rooms.Groups"/>) is no room.</summary>
    internal static string Of(string path)
    {
        string[] parts = path.Replace('\\', '/').Split('/');
        int project = Array.FindIndex(parts, part => part.StartsWith("Recurrent.", StringComparison.Ordinal));
        string name = parts[project]["Recurrent.".Length..];
        string folder = $"{name}/{parts[project + 1]}";
        return project + 2 < parts.Length && !Rooms.Groups.Contains(folder) ? folder : name;
    }
}
