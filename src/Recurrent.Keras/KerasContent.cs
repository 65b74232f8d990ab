using System.Globalization;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>What a file of Keras holds: an architecture or none, and weights in one of two layouts.</summary>
internal sealed class KerasContent : IDisposable
{
    private const int Start = 4096;

    private readonly Hdf5 hdf5;

    private KerasContent(Hdf5 hdf5, string? architecture, long length)
    {
        this.hdf5 = hdf5;
        Architecture = architecture;
        Length = length;
        Weights = hdf5.Has("model_weights") ? new LegacyWeights(hdf5, "model_weights")
            : hdf5.Text(string.Empty, "layer_names0") is not null || hdf5.Texts(string.Empty, "layer_names") is not null
                ? new LegacyWeights(hdf5, string.Empty)
                : new GroupedWeights(hdf5);
    }

    /// <summary>The JSON of the architecture with what the model is compiled for; null where the file has weights
    /// alone.</summary>
    public string? Architecture { get; }

    /// <summary>Bytes of the weights, each of which can hold less than one number.</summary>
    public long Length { get; }

    /// <summary>The weights.</summary>
    public KerasWeights Weights { get; }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="ModelFormatException">It holds no file of Keras.</exception>
    public static KerasContent Read(Stream stream, ReadLimits limits)
    {
        // A file, or bytes that are at hand, are read where they stand: weights are not held twice.
        ByteSource file = (stream.CanSeek && stream.Position == 0 ? ByteSource.Of(stream) : null)
            ?? ByteSource.Of(BoundedContent.Read(stream, limits))!;
        if (file.Length > limits.MaxLength)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The file is longer than the {limits.MaxLength} bytes that ReadLimits.MaxLength allows."));
        }

        var start = new byte[Math.Min(file.Length, Start)];
        file.Read(0, start);
        switch (FileKinds.Of(start))
        {
            case FileKind.Keras or FileKind.Zip or FileKind.Protected:
                (string architecture, ByteSource weights) = KerasArchive.Read(file, limits);
                return new(Hdf5.Open(weights), architecture, weights.Length);
            case FileKind.Hdf5:
                break;
            default:
                throw new ModelFormatException(FileKinds.Recognize(start)
                    ?? "This is no file of Keras: neither .keras nor HDF5 (.h5). Read JSON with Model.FromJson or Model.Load.");
        }

        Hdf5 hdf5 = Hdf5.Open(file);
        try
        {
            return new(hdf5, WholeModel(hdf5), file.Length);
        }
        catch
        {
            hdf5.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => hdf5.Dispose();

    /// <summary>The architecture of a whole model in HDF5, with its training config where Keras 3 has its compile
    /// config.</summary>
    private static string? WholeModel(Hdf5 hdf5)
    {
        if (hdf5.Text(string.Empty, "model_config") is not { } config)
        {
            return null;
        }

        string text = config.TrimStart();
        return hdf5.Text(string.Empty, "training_config") is { } training && text.StartsWith('{')
            ? $"{{\"compile_config\": {training}, {text[1..]}"
            : config;
    }
}
