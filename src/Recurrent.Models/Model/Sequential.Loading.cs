using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Models;

/// <content>Sequential models read from JSON.</content>
public sealed partial class Sequential
{
    /// <summary>Makes a Sequential model of an architecture that <see cref="Model.ToJson"/> or <c>keras.Model.to_json</c> has
    /// written.</summary>
    /// <param name="json">The architecture of a Sequential model, or its <c>config</c> alone.</param>
    /// <param name="compile">Whether to compile the model as the text says it was; its optimizer starts anew.</param>
    /// <param name="limits">How large a model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the text may name; null for none.</param>
    /// <returns>The model, with first weights from its initializers where its input shape is known.</returns>
    /// <exception cref="ModelFormatException">
    /// The text does not describe a model of layers and options that there are here, or one that is a graph, which
    /// <see cref="Model.FromJson"/> reads.
    /// </exception>
    public static new Sequential FromJson(string json, bool compile = true, ReadLimits? limits = null,
        CustomObjects? custom = null) =>
        Require(Model.FromJson(json, compile, limits, custom), nameof(FromJson));

    /// <summary>Reads a Sequential model that <see cref="Model.Save(string, bool, bool)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compile">Whether to compile the model as it was, with the state of its optimizer.</param>
    /// <param name="limits">How large the file and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the file may name; null for none.</param>
    /// <exception cref="ModelFormatException">
    /// The content of the file is not that of a model file, or the model is a graph, which
    /// <see cref="Model.Load(string, bool, ReadLimits?, CustomObjects?)"/> reads.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new Sequential Load(string path, bool compile = true, ReadLimits? limits = null,
        CustomObjects? custom = null) =>
        Require(Model.Load(path, compile, limits, custom), nameof(Load));

    /// <summary>Reads a Sequential model to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="compile">Whether to compile the model as it was, with the state of its optimizer.</param>
    /// <param name="limits">How large the file and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers, cells and other components of one's own that the file may name; null for none.</param>
    /// <exception cref="ModelFormatException">The content is not that of a model file, or the model is a graph.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static new Sequential Load(Stream stream, bool compile = true, ReadLimits? limits = null,
        CustomObjects? custom = null) =>
        Require(Model.Load(stream, compile, limits, custom), nameof(Load));

    /// <inheritdoc cref="Model.Clone"/>
    public new Sequential Clone(CustomObjects? custom = null) => (Sequential)base.Clone(custom);

    private static Sequential Require(Model model, string method) => model as Sequential ?? throw new ModelFormatException(
        $"this is a Functional model, whose layers are a graph, and not a Sequential. Read it with Model.{method}, which "
        + "reads both.");
}
