using System.Globalization;
namespace Recurrent.Serialization;

/// <summary>What files say of themselves.</summary>
internal static class FileFormat
{
    /// <summary>Requires a file of a format, in a version that is known.</summary>
    /// <param name="root">The document.</param>
    /// <param name="format">The format.</param>
    /// <param name="newest">The newest version.</param>
    /// <returns>The version.</returns>
    /// <exception cref="ModelFormatException">It is another one; where it is one of this library, the message says what reads
    /// it.</exception>
    public static long Require(JsonNode root, string format, long newest)
    {
        if (!root.Entries.ContainsKey("format") && (root.Entries.ContainsKey("class_name") || root.Entries.ContainsKey("layers")))
        {
            throw root.Fail("this is an architecture without weights. Read it with Model.FromJson.");
        }

        if (root.Entries.ContainsKey("modelTopology"))
        {
            throw root.Fail("this is a model of TensorFlow.js. Read it with TensorFlowJsFile.Load.");
        }

        string found = root["format"].Text();
        if (found != format)
        {
            throw root["format"].Fail($"the format is '{found}', not '{format}'.{Advice(found)}");
        }

        long version = root["format_version"].Whole(1, long.MaxValue);
        return version <= newest
            ? version
            : throw root["format_version"].Fail(string.Create(CultureInfo.InvariantCulture,
                $"the file is of version {version} of the format, and this library knows version {newest}. Use a newer "
                + $"library."));
    }

    /// <summary>Refuses a file of this library where an architecture is expected.</summary>
    /// <param name="root">The document.</param>
    /// <exception cref="ModelFormatException">It is one.</exception>
    public static void RequireNone(JsonNode root)
    {
        if (root.Entries.GetValueOrDefault("format") is string found)
        {
            throw root["format"].Fail($"this is a file of the format '{found}', and not an architecture.{Advice(found)}");
        }
    }

    /// <summary>Whether numbers in base64 have 64 bits.</summary>
    /// <param name="dtype">What the file says.</param>
    /// <exception cref="ModelFormatException">It says something else.</exception>
    public static bool IsWide(JsonNode dtype) => dtype.Text() switch
    {
        "float32" => false,
        "float64" => true,
        _ => throw dtype.Fail("numbers are float32 or float64."),
    };

    private static string Advice(string format) => format switch
    {
        ModelFileWriter.Format => " It is a model with its weights: read it with Model.Load.",
        SessionFileWriter.Format => " It is the state of a session or of a layer: read it with model.ResumeSession, "
            + "ModelState.Load or RecurrentStateFile.Load.",
        "recurrent-forecaster" => " It is a fitted forecaster: read it with Forecaster.Load.",
        BackupFile.Format => " It is the backup of a run: give its folder to BackupAndRestore, and Fit goes on from it.",
        WeightFile.Format => " It is weights without a model: build the model, and give it the file with LoadWeights.",
        _ => string.Empty,
    };
}
