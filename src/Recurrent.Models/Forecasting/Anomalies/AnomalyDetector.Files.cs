using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Forecasting;

/// <content>Fitted detectors as files.</content>
public sealed partial class AnomalyDetector
{
    // A file may ask for no wider steps than this.
    private const int MostVariables = 10_000;

    /// <summary>
    /// Writes the fitted detector as one JSON file: scorer, what it learned and where it stands, threshold, limit. One read from
    /// it gives the same scores, to the bit.
    /// </summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
    /// <exception cref="InvalidOperationException">The detector is not fitted, or no reader could take the file.</exception>
    /// <exception cref="ArgumentException">The name ends as those of another format do.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) =>
        ConfigFile.Save(path, FileFormat.AnomalyDetector, Content());

    /// <summary>Writes the fitted detector to a stream, as <see cref="Save(string)"/> does to a file.</summary>
    /// <param name="stream">Receives it; it stays open.</param>
    /// <exception cref="InvalidOperationException">The detector is not fitted, or no reader could take the file.</exception>
    public void Save(Stream stream) =>
        ConfigFile.Save(stream, FileFormat.AnomalyDetector, Content());

    /// <summary>Reads a detector that <see cref="Save(string)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a detector; the message says
    /// where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AnomalyDetector Load(string path, ReadLimits? limits = null) =>
        ConfigFile.Load(path, FileFormat.AnomalyDetector, limits, null, Read);

    /// <summary>Reads a detector to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a detector; the message says where.</exception>
    public static AnomalyDetector Load(Stream stream, ReadLimits? limits = null) =>
        ConfigFile.Load(stream, FileFormat.AnomalyDetector, limits, null, Read);

    private Config Content()
    {
        double learned = Limit;
        return new()
        {
            { "scorer", ComponentConfig.Of(Scorer) },
            { "threshold", ComponentConfig.Of(Threshold) },
            { "limit", learned },
            { "variables", variables },
            { "state", Scorer.GetState() },
        };
    }

    private static AnomalyDetector Read(ConfigReader reader)
    {
        AnomalyScorer scorer = reader.Component("scorer", AnomalyScorer.Registry);
        AnomalyThreshold threshold = reader.Component("threshold", AnomalyThreshold.Registry);
        double learned = reader.Double("limit");
        string[] names = [.. reader.Strings("variables")];
        if (names.Length is < 1 or > MostVariables || names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            throw new ConfigException("there must be variables, and no name twice.") { Option = "variables" };
        }

        reader.Nested("state", state => scorer.SetState(state, names.Length));
        return new(scorer, threshold) { limit = learned, variables = names };
    }
}
