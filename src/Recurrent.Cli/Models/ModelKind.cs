namespace Recurrent.Cli.Models;

/// <summary>A kind of file of models or of weights.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Ends">How names of such files end.</param>
/// <param name="Reader">What reads it in a program.</param>
internal sealed record ModelKind(string Name, string Title, IReadOnlyList<string> Ends, string Reader)
{
    internal static readonly ModelKind Json = new("json", "model of this library", [".json"], "Model.Load");

    internal static readonly ModelKind Architecture = new(
        "architecture", "architecture without weights, as Keras writes it (JSON)", [], "Model.FromJson");

    internal static readonly ModelKind JsonWeights = new(
        "weights", "weights of this library, without a model (JSON)", [".weights.json"], "model.LoadWeights");

    internal static readonly ModelKind Keras = new(
        "keras", "model of Keras 3 (.keras)", [".keras"], "KerasFile.Load, package Recurrent.Keras");

    internal static readonly ModelKind KerasWhole = new(
        "h5", "model of Keras in HDF5 (.h5)", [], "KerasFile.Load, package Recurrent.Keras");

    internal static readonly ModelKind KerasWeights = new(
        "weights.h5", "weights of Keras, without a model (HDF5)", [".weights.h5"],
        "KerasFile.LoadWeights, package Recurrent.Keras");

    internal static readonly ModelKind Onnx = new(
        "onnx", "ONNX", [".onnx"], "OnnxFile.Load, package Recurrent.Onnx");

    internal static readonly ModelKind Safetensors = new(
        "safetensors", "safetensors: tensors without a model", [".safetensors"],
        "model.LoadPyTorch, model.LoadWeights or TensorFile.Open");

    internal static readonly ModelKind Torch = new(
        "pt", "state_dict of PyTorch: tensors without a model", [".pt", ".pth", ".bin"], "model.LoadPyTorch or TensorFile.Open");

    internal static readonly ModelKind TensorFlowJs = new(
        "tfjs", "layers model of TensorFlow.js (model.json and shards)", [], "TensorFlowJsFile.Load");

    /// <summary>All kinds that can be written, for which names end as no others' do before those for which they may.</summary>
    internal static readonly IReadOnlyList<ModelKind> Written =
        [JsonWeights, KerasWeights, Json, Keras, Onnx, Safetensors, Torch, TensorFlowJs, Architecture];

    /// <summary>Whether the file holds tensors by name, and says nothing of layers.</summary>
    internal bool IsTensors => this == Safetensors || this == Torch;

    /// <summary>Whether the file needs a model that it is read into.</summary>
    internal bool IsWeights => IsTensors || this == JsonWeights || this == KerasWeights;
}
