using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Models;

/// <content>Weights in files of their own.</content>
public partial class Model
{
    /// <summary>What is wrong with the name of a file that a model is to be written to, without a full stop; null where nothing
    /// is.</summary>
    internal static string? PathProblem(string path) => FileKinds.WrongExtension(path);

    /// <summary>Writes the weights alone to a file, by their paths: <c>lstm/lstm_cell/kernel</c>.
    /// <see cref="LoadWeights(string, bool, ReadLimits?)"/> reads them.</summary>
    /// <param name="path">The file: JSON, or safetensors where its name ends in <c>.safetensors</c>. Where there is one already,
    /// it is replaced as a whole, or stays as it is if anything fails.</param>
    /// <param name="plainNumbers">Whether they are written as decimal numbers, and not in base64: larger, but readable.</param>
    /// <exception cref="ArgumentException">The name ends as those of another format do, such as <c>.h5</c>.</exception>
    /// <exception cref="InvalidOperationException">The model is not built, or a weight is not a finite number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveWeights(string path, bool plainNumbers = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool asTensors = Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase);
        if (!asTensors)
        {
            FileKinds.RequireJson(path);
        }

        using ParameterGate.Use use = Gate.Read(nameof(SaveWeights));
        StoredArray[] weights = CaptureWeights();
        if (asTensors)
        {
            TensorFile.Write(path, [.. weights.Select(each => new NamedTensor(each.Name, each.Shape, each.Take()))],
                new Dictionary<string, string> { ["format"] = FileFormat.Weights.Name });
            return;
        }

        AtomicFile.Write(path, stream => WeightFile.Write(stream, weights, plainNumbers));
    }

    /// <summary>Writes the weights alone to a stream, as <see cref="SaveWeights(string, bool)"/> does to a file.</summary>
    /// <param name="stream">Receives them; it stays open.</param>
    /// <param name="plainNumbers">Whether they are written as decimal numbers, and not in base64.</param>
    /// <exception cref="InvalidOperationException">The model is not built, or a weight is not a finite number.</exception>
    public void SaveWeights(Stream stream, bool plainNumbers = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using ParameterGate.Use use = Gate.Read(nameof(SaveWeights));
        WeightFile.Write(stream, CaptureWeights(), plainNumbers);
    }

    /// <summary>Reads weights that <see cref="SaveWeights(string, bool)"/> has written, or Keras (docs/model-json.md), into this
    /// model. Weights of a model of PyTorch are read by <see cref="LoadPyTorch"/>.</summary>
    /// <param name="path">The file: JSON or safetensors, which its content says.</param>
    /// <param name="inOrder">
    /// Whether the arrays are taken in their order, whatever they are called: for a model whose layers have other names. Default
    /// false: each goes to the parameter of its name.
    /// </param>
    /// <param name="limits">How large the file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ModelFormatException">
    /// The content is not the weights of such a model; the message names the first that differs, and nothing has been changed.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void LoadWeights(string path, bool inOrder = false, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireBuilt();
        using FileStream stream = AtomicFile.OpenRead(path);
        LoadWeights(stream, inOrder, limits);
    }

    /// <summary>Reads weights to the end of a stream, as <see cref="LoadWeights(string, bool, ReadLimits?)"/> does from a
    /// file.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="inOrder">Whether the arrays are taken in their order, whatever they are called.</param>
    /// <param name="limits">How large the content may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ModelFormatException">The content is not the weights of such a model; nothing has been
    /// changed.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public void LoadWeights(Stream stream, bool inOrder = false, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RequireBuilt();
        Parameter[] parameters = [.. AllParameters];
        (string, IReadOnlyList<int>)[] expected = [.. NamedParameters.Select(named => (named.Path, named.Parameter.Shape))];
        limits ??= ReadLimits.Default;
        StoredArray[] arrays = WeightFile.Match(
            IsSafetensors(stream) ? ReadTensors(stream, limits) : WeightFile.Read(stream, limits), expected, inOrder);
        using ParameterGate.Use use = Gate.Change(nameof(LoadWeights), within: true);
        for (int i = 0; i < parameters.Length; i++)
        {
            LargeArrays.Copy(arrays[i].Take(), parameters[i].Value.Values);
            parameters[i].MarkChanged();
        }
    }

    /// <summary>Whether a stream that can seek goes on with safetensors.</summary>
    private static bool IsSafetensors(Stream stream)
    {
        if (!stream.CanSeek)
        {
            return false;
        }

        const int Few = 32;
        var start = new byte[Few];
        long position = stream.Position;
        int read = stream.ReadAtLeast(start, Few, throwOnEndOfStream: false);
        stream.Position = position;
        return FileKinds.Of(start.AsSpan(0, read)) == FileKind.Safetensors;
    }

    private static StoredArray[] ReadTensors(Stream stream, ReadLimits limits)
    {
        TensorFile file = stream is FileStream { Position: 0 } ? TensorFile.Over(stream, limits)
            : TensorFile.Read(stream, limits);
        return [.. file.Tensors.Select(tensor => new StoredArray(tensor.Name, tensor.Shape, Finite(file, tensor.Name)))];
    }

    private StoredArray[] CaptureWeights()
    {
        RequireBuilt();
        StoredArray[] weights = [.. NamedParameters.Select(named => Stored(
            named.Path, named.Parameter.Shape, named.Parameter.Value))];
        SaveCheck.RequireWeights(Name, weights);
        return weights;
    }
}
