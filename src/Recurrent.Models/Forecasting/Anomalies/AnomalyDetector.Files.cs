using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Forecasting;

/// <content>Fitted detectors as files.</content>
public sealed partial class AnomalyDetector
{
    private const string Format = "recurrent-anomalies";
    private const long Version = 1;

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
    public void Save(string path)
    {
        FileKinds.RequireJson(path);
        Config content = Content();
        AtomicFile.Write(path, stream => ConfigFile.Write(stream, Format, Version, content));
    }

    /// <summary>Writes the fitted detector to a stream, as <see cref="Save(string)"/> does to a file.</summary>
    /// <param name="stream">Receives it; it stays open.</param>
    /// <exception cref="InvalidOperationException">The detector is not fitted, or no reader could take the file.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ConfigFile.Write(stream, Format, Version, Content());
    }

    /// <summary>Reads a detector that <see cref="Save(string)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a detector; the message says
    /// where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AnomalyDetector Load(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, limits);
    }

    /// <summary>Reads a detector to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a detector; the message says where.</exception>
    public static AnomalyDetector Load(Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Config content = ConfigFile.Read(stream, Format, Version, limits ?? ReadLimits.Default);
        try
        {
            return Read(new ConfigReader("detector", content));
        }
        catch (ConfigException exception)
        {
            throw new ModelFormatException(exception.Option ?? string.Empty, exception.Message, exception);
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException
            or NotSupportedException)
        {
            throw new ModelFormatException("state", exception.Message, exception);
        }
    }

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
        AnomalyScorer scorer = reader.OptionalComponent("scorer", AnomalyScorer.Registry)
            ?? throw new ConfigException("the scorer is missing.") { Option = "scorer" };
        AnomalyThreshold threshold = reader.OptionalComponent("threshold", AnomalyThreshold.Registry)
            ?? throw new ConfigException("the threshold is missing.") { Option = "threshold" };
        double learned = reader.OptionalDouble("limit") is { } number && double.IsFinite(number) ? number
            : throw new ConfigException("the limit must be a number.") { Option = "limit" };
        string[] names = reader.Raw("variables") is IReadOnlyList<object?> list && list.All(item => item is string)
            ? [.. list.Cast<string>()] : [];
        if (names.Length is < 1 or > MostVariables || names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            throw new ConfigException("there must be variables, and no name twice.") { Option = "variables" };
        }

        Config state = reader.Raw("state") as Config ?? throw new ConfigException("the state is missing.") { Option = "state" };
        reader.RefuseUnreadKeys();
        var inner = new ConfigReader("state", state);
        scorer.SetState(inner, names.Length);
        inner.RefuseUnreadKeys();
        return new(scorer, threshold) { limit = learned, variables = names };
    }
}
