using System.Runtime.InteropServices;
using Recurrent.Layers;
using Recurrent.Random;

namespace Recurrent.Benchmarks.Peers;

/// <summary>
/// A stack of recurrent layers as an ONNX model with random weights. The input is (steps, batch, features), the layout that the
/// operators LSTM, GRU and RNN have by default, so that nothing has to be transposed; dropout does nothing when predicting and is
/// left out.
/// </summary>
internal sealed class OnnxModel
{
    private const int Version = 8;
    private const int Operators = 14;
    private const int FloatType = 1;
    private const int Int64Type = 7;
    private const int IntAttribute = 2;

    private readonly ProtobufMessage graph = new();
    private readonly Sizes sizes;
    private readonly bool isIdentity;
    private SeededRandom random = new(1);

    private OnnxModel(Sizes sizes, bool isIdentity) => (this.sizes, this.isIdentity) = (sizes, isIdentity);

    public static IReadOnlyCollection<string> InputNames { get; } = ["x"];

    public static IReadOnlyCollection<string> OutputNames { get; } = ["y"];

    /// <summary>The layers of a workload.</summary>
    public static OnnxModel Of(Workload workload)
    {
        var model = new OnnxModel(workload.Size, isIdentity: false);
        Layer[] layers = [.. workload.Layers!().Where(layer => layer is not Dropout)];
        (string value, int width) = ("x", workload.Features);
        for (int i = 0; i < layers.Length - 1; i++)
        {
            (value, width) = model.AddRecurrent(layers[i], $"{i}", value, width, isLast: i == layers.Length - 2);
        }

        model.AddHead((Dense)layers[^1], value, width);
        model.AddEnds();
        return model;
    }

    /// <summary>A model that hands on its input.</summary>
    public static OnnxModel Identity(Sizes sizes)
    {
        var model = new OnnxModel(sizes, isIdentity: true);
        model.AddNode("Identity", ["x"], ["y"]);
        model.AddEnds();
        return model;
    }

    public long[] InputShape(int samples) => [sizes.Steps, samples, sizes.Features];

    public long[] OutputShape(int samples) => isIdentity ? InputShape(samples) : [samples, sizes.Outputs];

    public int InputCount(int samples) => (int)InputShape(samples).Aggregate((a, b) => a * b);

    public int OutputCount(int samples) => (int)OutputShape(samples).Aggregate((a, b) => a * b);

    /// <summary>The file's bytes. Numbers of fields here and below are those of onnx.proto.</summary>
    public byte[] ToBytes() => new ProtobufMessage()
        .Add(1, Version)
        .Add(7, graph)
        .Add(8, new ProtobufMessage().Add(1, "").Add(2, Operators))
        .ToArray();

    /// <summary>
    /// Adds an operator and what takes the axis of directions off its output: the whole sequence, or its last step.
    /// </summary>
    private (string Value, int Width) AddRecurrent(Layer layer, string at, string value, int width, bool isLast)
    {
        (string name, int gates, int units) = layer switch
        {
            LSTM lstm => ("LSTM", 4, lstm.Units),
            GRU gru => ("GRU", 3, gru.Units),
            SimpleRNN rnn => ("RNN", 1, rnn.Units),
            _ => throw new ArgumentException($"There is no operator for the layer {layer.GetType().Name} here.", nameof(layer)),
        };
        string[] inputs =
        [
            value, AddWeights("w" + at, units, 1, gates * units, width), AddWeights("r" + at, units, 1, gates * units, units),
            AddWeights("b" + at, units, 1, 2 * gates * units),
        ];

        // As Keras's GRU by default and PyTorch's always: the reset gate after the product.
        (string, int)[] resets = name == "GRU" ? [("linear_before_reset", 1)] : [];
        AddNode(name, inputs, ["y" + at, "h" + at], [("hidden_size", units), .. resets]);

        // y is (steps, directions, batch, units), h is (directions, batch, units).
        string axes = AddTensor("axes" + at, Int64Type, MemoryMarshal.AsBytes<long>([isLast ? 0 : 1]), 1);
        AddNode("Squeeze", [(isLast ? "h" : "y") + at, axes], ["s" + at]);
        return ("s" + at, units);
    }

    private void AddHead(Dense dense, string value, int width)
    {
        string[] inputs = [value, AddWeights("w", width, dense.Units, width), AddWeights("b", width, dense.Units)];
        AddNode("Gemm", inputs, [sizes.HasLabels ? "z" : "y"], ("transB", 1));
        if (sizes.HasLabels)
        {
            AddNode("Softmax", ["z"], ["y"], ("axis", 1));
        }
    }

    /// <summary>Names the graph, its input and its output, whose batches may have any size.</summary>
    private void AddEnds()
    {
        const int Any = 0;
        graph.Add(2, sizes.Name);
        graph.Add(11, Value("x", InputShape(Any)));
        graph.Add(12, Value("y", OutputShape(Any)));

        static ProtobufMessage Value(string name, long[] lengths)
        {
            var shape = new ProtobufMessage();
            foreach (long length in lengths)
            {
                shape.Add(1, length != Any ? new ProtobufMessage().Add(1, length) : new ProtobufMessage().Add(2, "batch"));
            }

            var tensor = new ProtobufMessage().Add(1, FloatType).Add(2, shape);
            return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor));
        }
    }

    private void AddNode(string type, string[] inputs, string[] outputs, params (string Name, int Value)[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        foreach (string output in outputs)
        {
            node.Add(2, output);
        }

        node.Add(4, type);
        foreach ((string name, int value) in attributes)
        {
            node.Add(5, new ProtobufMessage().Add(1, name).Add(3, value).Add(20, IntAttribute));
        }

        graph.Add(1, node);
    }

    private string AddWeights(string name, int width, params long[] shape)
    {
        double limit = Math.Pow(width, -0.5);
        var values = new float[shape.Aggregate((a, b) => a * b)];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)random.NextUniform(-limit, limit);
        }

        return AddTensor(name, FloatType, MemoryMarshal.AsBytes<float>(values), shape);
    }

    private string AddTensor(string name, int type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        var tensor = new ProtobufMessage();
        foreach (long length in shape)
        {
            tensor.Add(1, length);
        }

        graph.Add(5, tensor.Add(2, type).Add(8, name).Add(9, bytes));
        return name;
    }
}
