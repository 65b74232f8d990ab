using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>Reads and writes the files that Keras saves models in.</summary>
/// <remarks>
/// <para>
/// Read are <c>.keras</c> (Keras 3), whole models in <c>.h5</c> (Keras 2 and 3), with what they are compiled for and the state
/// of the optimizer, and weights alone in <c>.weights.h5</c> (Keras 3) and <c>.h5</c>. Which of them a file is, its content
/// says and not its name. Written are <c>.keras</c> and <c>.weights.h5</c>, as Keras 3.15 does.
/// </para>
/// <para>
/// Files may come from anywhere: sizes are checked before room is made, nothing in a file can name a type or be executed, and
/// only a model or a <see cref="ModelFormatException"/> comes out.
/// </para>
/// </remarks>
/// <example><code>
/// Model model = KerasFile.Load("model.keras");
/// NDArray y = model.Predict(x);
/// KerasFile.Save(model, "again.keras");
/// </code></example>
public static class KerasFile
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">A <c>.keras</c> file, or a whole model in <c>.h5</c>.</param>
    /// <param name="compile">Whether to compile the model as it was, with the state of its optimizer.</param>
    /// <param name="limits">How large the file and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers and other components of one's own that the file may name; null for none.</param>
    /// <returns>The model; of a Sequential a <see cref="Sequential"/>.</returns>
    /// <exception cref="ModelFormatException">The content is not such a model, or has layers or options that are not
    /// here.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Model Load(string path, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, compile, limits, custom);
    }

    /// <summary>Reads a model to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="compile">Whether to compile the model as it was, with the state of its optimizer.</param>
    /// <param name="limits">How large the content and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers and other components of one's own that the file may name; null for none.</param>
    /// <returns>The model; of a Sequential a <see cref="Sequential"/>.</returns>
    /// <exception cref="ModelFormatException">The content is not such a model.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Model Load(Stream stream, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        using KerasContent content = KerasContent.Read(stream, limits);
        string architecture = content.Architecture
            ?? throw new ModelFormatException(
                "These are the weights of a model without the model. Build the model or read its JSON, and read them into it "
                + "with KerasFile.LoadWeights.");
        Model model = ModelFromKeras.Create(architecture, content, compile, limits, custom);
        content.Weights.CopyTo(model, isNew: true);
        if (model.Optimizer is { } optimizer)
        {
            content.Weights.CopyTo(model, optimizer);
        }

        return model;
    }

    /// <summary>Reads weights into a model.</summary>
    /// <param name="model">The model, which is built.</param>
    /// <param name="path">A <c>.weights.h5</c> or <c>.h5</c> file, or a <c>.keras</c> file of which only the weights are
    /// taken.</param>
    /// <param name="limits">How large the file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ModelFormatException">The content is not the weights of such a model; nothing has been changed
    /// then.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void LoadWeights(Model model, string path, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        LoadWeights(model, stream, limits);
    }

    /// <summary>Reads weights into a model, to the end of a stream.</summary>
    /// <param name="model">The model, which is built.</param>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large the content may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ModelFormatException">The content is not the weights of such a model; nothing has been changed
    /// then.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static void LoadWeights(Model model, Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        using KerasContent content = KerasContent.Read(stream, limits ?? ReadLimits.Default);
        content.Weights.CopyTo(model);
    }

    /// <summary>Writes a model with its weights, what it is compiled for, and the state of its optimizer.</summary>
    /// <param name="model">The model, which is built.</param>
    /// <param name="path">The file, <c>….keras</c>. Where there is one already, it is replaced as a whole, or stays as it is if
    /// anything fails.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer is written.</param>
    /// <exception cref="ArgumentException">The name does not end in <c>.keras</c>, without which Keras does not read
    /// it.</exception>
    /// <exception cref="InvalidOperationException">The model is not built, or has a layer or an optimizer with options that
    /// Keras has not; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(Model model, string path, bool includeOptimizer = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireEnd(path, ".keras");
        KerasWriter.RequireKerasOptimizer(model);
        byte[] weights = KerasWriter.Weights(model, includeOptimizer);
        string architecture = model.ToJson();
        KerasWriter.RequireKerasComponents(model, architecture);
        AtomicFile.Write(path, stream => KerasArchive.Write(stream, architecture, weights));
    }

    /// <summary>Writes the weights of a model.</summary>
    /// <param name="model">The model, which is built.</param>
    /// <param name="path">The file, <c>….weights.h5</c>. Where there is one already, it is replaced as a whole, or stays as it is
    /// if anything fails.</param>
    /// <exception cref="ArgumentException">The name does not end in <c>.weights.h5</c>, without which Keras does not read
    /// it.</exception>
    /// <exception cref="InvalidOperationException">The model is not built, or has a layer that Keras has not; the message names
    /// it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveWeights(Model model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireEnd(path, ".weights.h5");
        byte[] weights = KerasWriter.Weights(model, includeOptimizer: true);
        AtomicFile.Write(path, stream => stream.Write(weights));
    }

    /// <summary>Whether a file in HDF5 holds a whole model, and not weights alone.</summary>
    /// <exception cref="ModelFormatException">It cannot be read.</exception>
    internal static bool HasModel(string path)
    {
        using FileStream stream = AtomicFile.OpenRead(path);
        using KerasContent content = KerasContent.Read(stream, ReadLimits.Default);
        return content.Architecture is not null;
    }

    private static void RequireEnd(string path, string end)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.EndsWith(end, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"'{path}' is not written: Keras reads such a file only where its name ends in '{end}'.", nameof(path));
        }
    }
}
