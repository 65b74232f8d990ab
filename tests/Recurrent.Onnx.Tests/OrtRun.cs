using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Recurrent.Models;

namespace Recurrent.Onnx.Tests;

/// <summary>Runs ONNX files in ONNX Runtime.</summary>
internal sealed class OrtRun : IDisposable
{
    private readonly InferenceSession session;

    /// <summary>Opens a file.</summary>
    public OrtRun(byte[] file)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = new InferenceSession(file, options);
    }

    /// <summary>Writes a model and opens the file.</summary>
    public static OrtRun Of(Model model, OnnxOptions? options = null) => new(Bytes(model, options));

    /// <summary>The bytes of a model's file.</summary>
    public static byte[] Bytes(Model model, OnnxOptions? options = null)
    {
        using var stream = new MemoryStream();
        OnnxFile.Save(model, stream, options);
        return stream.ToArray();
    }

    /// <summary>The names of the inputs, in their order.</summary>
    public IReadOnlyList<string> Inputs => session.InputNames;

    /// <summary>The names of the outputs, in their order.</summary>
    public IReadOnlyList<string> Outputs => session.OutputNames;

    /// <summary>The length of the last axis of an input.</summary>
    public int SizeOf(string input) => session.InputMetadata[input].Dimensions[^1];

    /// <summary>Runs it on inputs, given in their order.</summary>
    public NDArray[] Run(params NDArray[] inputs) => Run([.. inputs.Select((x, i) => ValueOf(session.InputNames[i], x))]);

    /// <summary>Runs it on strings.</summary>
    public NDArray[] Run(string[] values, int[] shape) =>
        Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<string>(values, shape))]);

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private NDArray[] Run(NamedOnnxValue[] inputs)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs);
        return [.. results.Select(ArrayOf)];
    }

    private NamedOnnxValue ValueOf(string name, NDArray x)
    {
        int[] shape = [.. x.Shape];
        Type type = session.InputMetadata[name].ElementType;
        return type == typeof(long)
            ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(Array.ConvertAll(x.Values, v => (long)v), shape))
            : type == typeof(int)
            ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<int>(Array.ConvertAll(x.Values, v => (int)v), shape))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(x.Values, shape));
    }

    private static NDArray ArrayOf(DisposableNamedOnnxValue value)
    {
        if (value.ElementType == TensorElementType.Int64)
        {
            Tensor<long> whole = value.AsTensor<long>();
            return new NDArray([.. whole.Dimensions], [.. whole.Select(v => (float)v)]);
        }

        Tensor<float> tensor = value.AsTensor<float>();
        return new NDArray([.. tensor.Dimensions], [.. tensor]);
    }
}
