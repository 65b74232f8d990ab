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

    /// <summary>The rooms that may know each other: there is one such circle, and it must not grow.</summary>
    internal static readonly IReadOnlyList<string> Circle = ["Models/Callbacks", "Models"];

    /// <summary>Folders that group files of a project's own room: the model, a file for each thing that it does, what it is given
    /// and compiled for and what it gives, the loops of <c>Fit</c>, its graph, its files, and blocks of layers.</summary>
    internal static readonly IReadOnlyList<string> Groups =
    [
        "Models/Model", "Models/Inputs", "Models/Compiling", "Models/Outputs", "Models/Fitting", "Models/Graphs", "Models/Files",
        "Models/Blocks",
    ];

    internal static readonly IReadOnlyList<Room> All =
    [
        // The ground: nothing else in Core, and the only pointers.
        new("Core/Numerics", [], [], Pointers: true),
        new("Core/Shapes", [], []),
        new("Core/Random", [], []),
        new("Core/Registration", [], []),

        // The parts: each on the ground, and none on another but for one.
        new("Core/Activations", Ground, []),
        new("Core/Initializers", Ground, []),
        new("Core/Regularizers", Ground, []),
        new("Core/Constraints", Ground, []),
        new("Core/Losses", Ground, []),

        // A metric may be the mean of a loss, so that a formula is written once.
        new("Core/Metrics", [.. Ground, "Core/Losses"], []),

        // A parameter carries its penalty and its projection; an optimizer sees parameters and never a layer; a layer knows
        // neither what it is trained for nor how.
        new("Core/Parameters", [.. Ground, "Core/Regularizers", "Core/Constraints"], []),
        new("Core/Optimizers", [.. Ground, "Core/Parameters"], []),
        new("Core/Layers", [.. Ground, .. Parts], []),

        // Pictures: numbers in, text out.
        new("Models/Drawing", [], []),

        // Series and files of numbers; it knows no model.
        new("Models/Data", Ground, ["CsvHelper"]),

        // What outputs mean as labels: decoding of arrays. It knows no model.
        new("Models/Labelling", Ground, []),

        // Sound files, and signals as arrays; it knows no model.
        new("Models/Audio", Ground, []),

        // The only room that knows JSON.
        new("Models/Serialization", AllOfCore, ["Newtonsoft.Json"]),

        // Tensors in files of other tools, and what PyTorch calls those of layers; it knows no model.
        new("Models/Tensors", [.. AllOfCore, "Models/Serialization"], []),

        // What a model remembers, as a value that can be saved.
        new("Models/States", [.. AllOfCore, "Models/Serialization"], []),

        // A model step by step: it sees layers and takes and gives states, and knows nothing of training.
        new("Models/Streaming", [.. AllOfCore, "Models/Serialization", "Models/States"], []),

        // What layers do inside: it reads their passes, and draws them.
        new("Models/Inspection", [.. AllOfCore, "Models/Drawing"], []),

        // The engine: it trains layers for a model, which it does not know.
        new("Models/Training", AllOfCore, []),

        // What is likely wrong with a model and its data: it trains copies, and looks at what layers do inside.
        new("Models/Diagnosing", [.. AllOfCore, "Models/Training", "Models/Inspection"], []),

        // The circle of a running model, the only one: a model is fitted to arrays or to rows of files; it calls the callbacks,
        // and a callback may ask the model. A progress display writes to the console and a log to CSV; a history is drawn as a
        // page; a summary is a table on the console.
        new("Models/Callbacks", [.. AllOfCore, .. Circle, "Models/Training", "Models/Drawing"],
            ["Spectre.Console", "System.Console", "CsvHelper"]),
        new("Models", [.. AllOfCore, .. Circle, "Models/Training", "Models/Serialization", "Models/Tensors", "Models/States",
            "Models/Streaming", "Models/Inspection", "Models/Diagnosing", "Models/Data"], ["Spectre.Console", "System.Console"]),

        // Texts: tokenizers, models that take and give texts, and how those are judged. Scheduled sampling hears how training
        // goes.
        new("Models/Text", [.. AllOfCore, .. Circle, "Models/Training", "Models/Data", "Models/Drawing", "Models/Serialization",
            "Models/States", "Models/Streaming"], []),

        // Which model: folds, searches and criteria. Models are trained here as any program trains them; criteria ask the engine
        // for the losses of columns.
        new("Models/Selection", [.. AllOfCore, .. Circle, "Models/Training", "Models/Drawing", "Models/Serialization"], []),

        // What a model goes by: it runs the passes of a model backward to its inputs, and draws what it finds.
        new("Models/Interpretability", [.. AllOfCore, .. Circle, "Models/Training", "Models/Drawing"], []),

        // Forecasts: simple, classical and learned ones behind one interface, and how they are judged. Models are trained here
        // as any program trains them, and run step by step where anomalies are found in a stream.
        new("Models/Forecasting", [.. AllOfCore, .. Circle, "Models/Data", "Models/Drawing", "Models/Serialization",
            "Models/Interpretability", "Models/States", "Models/Streaming"], []),
    ];

    internal static Room? Find(string name) => All.FirstOrDefault(room => room.Name == name);
}
