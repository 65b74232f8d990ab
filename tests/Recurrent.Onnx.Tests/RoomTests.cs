using Google.Protobuf;
using Recurrent.Models;
using Recurrent.Onnx.Export;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Tests;

/// <summary>What a graph says of its sizes is only its word: room is made for the numbers that it has, and for a limited count
/// of those that it computes.</summary>
internal sealed class RoomTests
{
    private const long Claimed = 1 << 24;
    private const long FewBytes = 1L << 20;
    private const long MostBytes = 24L << 20;

    private static readonly ReadLimits Small = new() { MaxParameters = 1 << 20 };

    private static IEnumerable<TestCaseData> Claims()
    {
        yield return Case("Conv", "The parameter 'kernel' of Conv1D 'conv' asks for room for 100663296 numbers",
            [Node("Transpose", "x", "t"), Node("Conv", "t", "y", "kernel3")], Tensor("kernel3", 2, 3, 3));
        yield return Case("MatMul", "graph.node[0] 'MatMul_y' (MatMul): The weights have 3 rows",
            [Node("MatMul", "x", "y", "kernel2")], Tensor("kernel2", 3, 2));
        yield return Case("PRelu", "The node 'PRelu_y' asks for room for 16777216 numbers",
            [Node("PRelu", "x", "y", "slope")], Tensor("slope"));
        yield return Case("LayerNormalization",
            "The parameter 'gamma' of LayerNormalization 'layernormalization' asks for room for 16777216 numbers",
            [Node("LayerNormalization", "x", "y", "gain")], Tensor("gain", 3));
        yield return Case("BatchNormalization",
            "The parameter 'gamma' of BatchNormalization 'batchnormalization' asks for room for 16777216 numbers",
            [Node("Transpose", "x", "t"), Node("BatchNormalization", "t", "y", "a", "b", "c", "d")],
            Tensor("a", 3), Tensor("b", 3), Tensor("c", 3), Tensor("d", 3));
        yield return Case("LSTM", "graph.node[0] 'LSTM_y' (LSTM): It has not as many weights as there are features",
            [Node("LSTM", "x", "y", "w", "r")], Tensor("w", 1, 8, 3), Tensor("r", 1, 8, 2));
        yield return Case("Slice", "The node 'Slice_y' asks for room for 16777215 numbers",
            [Node("Slice", "x", "y", "one", "end", "axis")], Whole("one", 1), Whole("end", Claimed), Whole("axis", 2));
        yield return Case("Gather", "The node 'Gather_y' asks for room for 16777216 numbers",
            [Node("Gather", "x", "y", "one")], Whole("one", 1));
        yield return Case("Split", "The node 'Split_y' asks for room for 8388608 numbers", [Node("Split", "x", "y")]);

        static TestCaseData Case(string name, string refusal, NodeProto[] nodes, params TensorProto[] tensors)
        {
            foreach (NodeProto node in nodes)
            {
                switch (node.OpType)
                {
                    case "Transpose":
                        node.Attribute.Add(Ints("perm", 0, 2, 1));
                        break;
                    case "LSTM":
                        node.Attribute.Add(new AttributeProto { Name = "hidden_size", I = 2 });
                        break;
                    case "Gather" or "Split":
                        node.Attribute.Add(new AttributeProto { Name = "axis", I = 2 });
                        if (node.OpType == "Split")
                        {
                            node.Output.Add("rest");
                        }

                        break;
                }
            }

            return new TestCaseData(refusal, nodes, tensors).SetArgDisplayNames(name);
        }
    }

    [TestCaseSource(nameof(Claims))]
    public void An_input_that_says_it_has_millions_of_features_gets_no_room_for_them(
        string refusal, NodeProto[] nodes, TensorProto[] tensors)
    {
        byte[] file = Graph(Claimed, nodes, tensors).ToByteArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => OnnxFile.Load(new MemoryStream(file), Small),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains(refusal));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(FewBytes));
    }

    /// <summary>Every layer has parameters of its own, though a file may give one array to all of them.</summary>
    [TestCase("MatMul")]
    [TestCase("Mul")]
    public void Weights_that_are_used_over_and_over_are_held_to_the_limit(string operation)
    {
        const int Size = 256;
        var nodes = new List<NodeProto> { Node("MatMul", "x", "v0", "kernel") };
        for (int i = 0; i < 900; i++)
        {
            nodes.Add(Node(operation, $"v{i}", i == 899 ? "y" : $"v{i + 1}", operation == "Mul" ? "gain" : "kernel"));
        }

        byte[] file = Graph(Size, nodes, [Tensor("kernel", Size, Size), Tensor("gain", Size)]).ToByteArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => OnnxFile.Load(new MemoryStream(file), Small),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains(nameof(ReadLimits.MaxParameters)));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostBytes));
    }

    [Test]
    public void A_limit_that_is_none_lets_every_graph_in()
    {
        byte[] file = Graph(3, [Node("MatMul", "x", "y", "kernel")], [Tensor("kernel", 3, 2)]).ToByteArray();
        Model model = OnnxFile.Load(new MemoryStream(file), new ReadLimits { MaxParameters = long.MaxValue });
        Assert.That(model.Parameters.Count, Is.EqualTo(1));
    }

    [TestCase("strides")]
    [TestCase("dilations")]
    public void A_convolution_by_steps_of_nothing_is_named(string option)
    {
        NodeProto[] nodes = [Node("Transpose", "x", "t"), Node("Conv", "t", "y", "kernel")];
        nodes[0].Attribute.Add(Ints("perm", 0, 2, 1));
        nodes[1].Attribute.Add(Ints(option, 0));
        nodes[1].Attribute.Add(new AttributeProto { Name = "auto_pad", S = ByteString.CopyFromUtf8("SAME_UPPER") });
        ModelProto graph = Graph(3, nodes, [Tensor("kernel", 2, 3, 3)]);
        graph.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new() { DimValue = 5 };
        Assert.That(() => OnnxFile.Load(new MemoryStream(graph.ToByteArray())),
            Throws.InstanceOf<ModelFormatException>()
                .With.Message.Contains("Conv_y").And.Message.Contains($"{option} is out of range"));
    }

    [Test]
    public void A_triangle_of_a_vector_is_named()
    {
        ModelProto graph = Graph(3, [Node("Trilu", "row", "t"), Node("Mul", "x", "y", "t")], [Tensor("row", 3)]);
        Assert.That(() => OnnxFile.Load(new MemoryStream(graph.ToByteArray())), Throws.InstanceOf<ModelFormatException>()
            .With.Message.Contains("Trilu_t").And.Message.Contains("The matrix has 1 axes, and not two or more"));
    }

    private static ModelProto Graph(long features, IEnumerable<NodeProto> nodes, IEnumerable<TensorProto> tensors)
    {
        var input = new ShapeProto();
        input.Dim.Add(new ShapeProto.Types.Dimension { DimParam = "batch" });
        input.Dim.Add(new ShapeProto.Types.Dimension { DimParam = "time" });
        input.Dim.Add(new ShapeProto.Types.Dimension { DimValue = features });
        var graph = new GraphProto { Name = "claims" };
        graph.Input.Add(new ValueProto
        {
            Name = "x",
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = input } },
        });
        graph.Output.Add(new ValueProto { Name = "y", Type = new TypeProto { TensorType = new() { ElemType = 1 } } });
        graph.Node.AddRange(nodes);
        graph.Initializer.AddRange(tensors);
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetProto { Version = 18 });
        return model;
    }

    private static NodeProto Node(string type, string input, string output, params string[] more)
    {
        var node = new NodeProto { OpType = type, Name = $"{type}_{output}" };
        node.Input.Add(input);
        node.Input.AddRange(more);
        node.Output.Add(output);
        return node;
    }

    private static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private static TensorProto Tensor(string name, params long[] dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Float };
        tensor.Dims.AddRange(dims);
        tensor.FloatData.AddRange(Enumerable.Repeat(0.5f, (int)dims.Aggregate(1L, (all, length) => all * length)));
        return tensor;
    }

    private static TensorProto Whole(string name, long value)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Int64 };
        tensor.Dims.Add(1);
        tensor.Int64Data.Add(value);
        return tensor;
    }
}
