using Recurrent.Models;
using Recurrent.Onnx.Export;
using Recurrent.Onnx.Import;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Onnx;

/// <summary>Writes models to ONNX files, which run in ONNX Runtime and elsewhere, and reads them.</summary>
/// <remarks>
/// <para>
/// Written is every layer of the library but those that run code of one's own or hash; recurrences that ONNX has no operator for
/// are loops (<c>Scan</c>). A file that was written here is read as the very model that it was written from. Others, such as
/// PyTorch and tf2onnx write them, are read where their operators form layers of the library: docs/interop.md lists them.
/// </para>
/// <para>
/// Files may come from anywhere: sizes are checked before room is made, nothing in a file is executed, no other file is read, and
/// only a model or a <see cref="ModelFormatException"/> comes out.
/// </para>
/// </remarks>
/// <example><code>
/// OnnxFile.Save(model, "model.onnx");
/// Model again = OnnxFile.Load("model.onnx");
/// </code></example>
public static class OnnxFile
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="limits">How large the file and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <returns>The model, not compiled.</returns>
    /// <exception cref="ModelFormatException">The content is no ONNX file, or has operators that cannot be read; the message
    /// names the node.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Model Load(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, limits);
    }

    /// <summary>Reads a model to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large the content and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <returns>The model, not compiled.</returns>
    /// <exception cref="ModelFormatException">The content is no ONNX file, or has operators that cannot be read; the message
    /// names the node.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Model Load(Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        return ModelImport.Create(OnnxReader.Read(stream, limits), limits);
    }

    /// <summary>Says what a file holds, whether its operators can be read here or not.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="limits">How large the file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is no ONNX file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxDescription Describe(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return OnnxDescription.Of(OnnxReader.Read(stream, limits ?? ReadLimits.Default), limits ?? ReadLimits.Default);
    }

    /// <summary>Writes a model as it predicts.</summary>
    /// <param name="model">The model, which is built.</param>
    /// <param name="path">The file, <c>….onnx</c>. Where there is one already, it is replaced as a whole, or stays as it is if
    /// anything fails.</param>
    /// <param name="options">How; null for <see cref="OnnxOptions.Default"/>.</param>
    /// <exception cref="OnnxExportException">A layer cannot be written; the message names it and says why.</exception>
    /// <exception cref="ArgumentException">The name does not end in <c>.onnx</c>, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(Model model, string path, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"'{path}' is not written: what is written here is ONNX. Let its name end in '.onnx'.", nameof(path));
        }

        Format.ModelProto file = ModelExport.Write(model, options ?? OnnxOptions.Default).File;
        AtomicFile.Write(path, stream => ModelExport.WriteTo(file, stream));
    }

    /// <summary>Writes a model as it predicts to a stream.</summary>
    /// <param name="model">The model, which is built.</param>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="options">How; null for <see cref="OnnxOptions.Default"/>.</param>
    /// <exception cref="OnnxExportException">A layer cannot be written; the message names it and says why.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="IOException">The stream cannot be written to.</exception>
    public static void Save(Model model, Stream stream, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        ModelExport.WriteTo(ModelExport.Write(model, options ?? OnnxOptions.Default).File, stream);
    }
}
