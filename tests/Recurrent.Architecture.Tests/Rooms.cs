namespace Recurrent.Architecture.Tests;

/// <summary>
/// Who may use whom. Rooms stand in order: each may use only rooms above it, so no arrow runs backwards. A new room, or a new
/// arrow, is a decision: write it down here, with its reason if it is not plain.
/// </summary>
internal static class Rooms
{
    /// <summary>Assemblies that only some rooms may use. Everything else (the platform, MathNet) is open to all.</summary>
    internal static readonly IReadOnlyList<string> Guarded =
        ["Newtonsoft.Json", "System.Text.Json", "System.Xml.ReaderWriter", "CsvHelper", "Spectre.Console", "System.Console"];

    private static readonly string[] Ground = ["Core/Numerics", "Core/Shapes", "Core/Random", "Core/Registration"];

    // What layers are made of.
    private static readonly string[] Parts =
        ["Core/Activations", "Core/Initializers", "Core/Regularizers", "Core/Constraints", "Core/Parameters"];

    private static readonly string[] AllOfCore =
        [.. Ground, .. Parts, "Core/Losses", "Core/Metrics", "Core/Optimizers", "Core/Layers"];

    internal static readonly IReadOnlyList<Room> All =
    [
        // The ground: nothing else in Core, and the only pointers.
        new("Core/Numerics", [], [], Pointers: true),
        new("Core/Shapes", [], []),
        new("Core/Random", [], []),
        new("Core/Registration", [], []),

        // The parts: each on the ground, none on another.
        new("Core/Activations", Ground, []),
        new("Core/Initializers", Ground, []),
        new("Core/Regularizers", Ground, []),
        new("Core/Constraints", Ground, []),
        new("Core/Losses", Ground, []),
        new("Core/Metrics", Ground, []),

        // A parameter carries its penalty and its projection; an optimizer sees parameters and never a layer; a layer knows
        // neither what it is trained for nor how.
        new("Core/Parameters", [.. Ground, "Core/Regularizers", "Core/Constraints"], []),
        new("Core/Optimizers", [.. Ground, "Core/Parameters"], []),
        new("Core/Layers", [.. Ground, .. Parts], []),

        // Series and files of numbers; what is known about forecasts. Neither knows a model.
        new("Models/Data", Ground, ["CsvHelper"]),
        new("Models/Forecasting", [.. Ground, "Models/Data"], []),

        // A callback watches a run that it does not drive; the engine calls it. A progress bar writes to the console, a log to CSV.
        new("Models/Callbacks", AllOfCore, ["Spectre.Console", "System.Console", "CsvHelper"]),
        new("Models/Training", [.. AllOfCore, "Models/Callbacks"], []),

        // The only room that knows JSON.
        new("Models/Serialization", AllOfCore, ["Newtonsoft.Json"]),

        // The models themselves tie the rooms together; a summary is a table on the console.
        new("Models", [.. AllOfCore, "Models/Callbacks", "Models/Training", "Models/Serialization"], ["Spectre.Console", "System.Console"]),
    ];

    internal static Room? Find(string name) => All.FirstOrDefault(room => room.Name == name);
}
