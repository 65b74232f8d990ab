using PureHDF;
using Recurrent.Keras;
using Recurrent.Models;

namespace Recurrent.Tests.Keras;

/// <summary>Whole models as Keras 1 and 2 wrote them: arrays gate by gate, kernels for CuDNN, first moments before
/// second.</summary>
public sealed class OldFileTests
{
    private string folder = string.Empty;

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("keras-old").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Kernels_for_CuDNN_are_turned_and_their_biases_added()
    {
        float[] kernel = Numbers(2 * 12, 1);
        float[] recurrent = Numbers(3 * 12, 2);
        float[] bias = Numbers(24, 3);
        Model model = Load(
            """{"class_name": "CuDNNLSTM", "config": {"name": "a", "units": 3, "batch_input_shape": [null, 4, 2]}}""",
            ("a/kernel:0", [2, 12], Turn(kernel, 2, 3, 4)), ("a/recurrent_kernel:0", [3, 12], Turn(recurrent, 3, 3, 4)),
            ("a/bias:0", [24], bias));
        IReadOnlyList<NDArray> weights = model.GetWeights();
        Assert.That(weights[0].Values, Is.EqualTo(kernel));
        Assert.That(weights[1].Values, Is.EqualTo(recurrent));
        Assert.That(weights[2].Values, Is.EqualTo(bias[..12].Zip(bias[12..], (a, b) => a + b)));
    }

    [Test]
    public void A_GRU_for_CuDNN_has_two_biases_in_a_row()
    {
        float[] kernel = Numbers(2 * 6, 1);
        float[] recurrent = Numbers(2 * 6, 2);
        float[] bias = Numbers(12, 3);
        string layer = """
            {"class_name": "Bidirectional", "config": {"name": "b", "layer": {"class_name": "CuDNNGRU", "config": {"name": "g",
              "units": 2}}, "batch_input_shape": [null, 4, 2]}}
            """;
        Model model = Load(layer,
            ("b/f/kernel:0", [2, 6], Turn(kernel, 2, 2, 3)), ("b/f/recurrent_kernel:0", [2, 6], Turn(recurrent, 2, 2, 3)),
            ("b/f/bias:0", [12], bias),
            ("b/b/kernel:0", [2, 6], Turn(recurrent, 2, 2, 3)), ("b/b/recurrent_kernel:0", [2, 6], Turn(kernel, 2, 2, 3)),
            ("b/b/bias:0", [12], bias));
        IReadOnlyList<NDArray> weights = model.GetWeights();
        Assert.That(weights[0].Values, Is.EqualTo(kernel));
        Assert.That(weights[4].Values, Is.EqualTo(kernel));
        Assert.That(weights[2].Shape, Is.EqualTo((int[])[2, 6]));
        Assert.That(weights[5].Values, Is.EqualTo(bias));
    }

    [Test]
    public void Gates_of_Keras_1_come_side_by_side()
    {
        var arrays = new List<(string, int[], float[])>();
        foreach (string gate in (string[])["i", "c", "f", "o"])
        {
            arrays.Add(($"l_W_{gate}:0", [2, 1], [gate[0], gate[0] + 0.5f]));
            arrays.Add(($"l_U_{gate}:0", [1, 1], [-gate[0]]));
            arrays.Add(($"l_b_{gate}:0", [1], [gate[0] / 2f]));
        }

        Model model = Load("""
            {"class_name": "LSTM", "config": {"name": "l", "output_dim": 1, "inner_activation": "hard_sigmoid", "inner_init":
              "orthogonal", "forget_bias_init": "one", "batch_input_shape": [null, 4, 2], "consume_less": "cpu"}}
            """, [.. arrays]);
        float[] order = ['i', 'f', 'c', 'o'];
        IReadOnlyList<NDArray> weights = model.GetWeights();
        Assert.That(weights[0].Values, Is.EqualTo((float[])[.. order, .. order.Select(gate => gate + 0.5f)]));
        Assert.That(weights[1].Values, Is.EqualTo(order.Select(gate => -gate)));
        Assert.That(weights[2].Values, Is.EqualTo(order.Select(gate => gate / 2)));
    }

    [Test]
    public void A_convolution_of_Keras_1_had_an_axis_more()
    {
        float[] kernel = Numbers(3 * 2 * 4, 1);
        Model model = Load("""
            {"class_name": "Convolution1D", "config": {"name": "c", "nb_filter": 4, "filter_length": 3, "border_mode": "valid",
              "batch_input_shape": [null, 5, 2]}}
            """, ("c_W:0", [3, 1, 2, 4], kernel), ("c_b:0", [4], Numbers(4, 2)));
        Assert.That(model.GetWeights()[0].Values, Is.EqualTo(kernel));
    }

    [TestCase("Adam/iter:0", "Adam/d/kernel/m:0 Adam/d/bias/m:0 Adam/d/kernel/v:0 Adam/d/bias/v:0", false)]
    [TestCase("training/Adam/Variable:0", "training/Adam/Variable_1:0 training/Adam/Variable_2:0 training/Adam/Variable_3:0 "
        + "training/Adam/Variable_4:0", false)]
    [TestCase("iteration:0", "Adam/m/d/kernel:0 Adam/v/d/kernel:0 Adam/m/d/bias:0 Adam/v/d/bias:0", true)]
    public void Moments_are_read_in_either_order(string iterations, string names, bool together)
    {
        // First moments are 1 and 2, second ones 3 and 4.
        string[] variables = names.Split(' ');
        (int[] Shape, float Value)[] kinds = [([1, 1], 1), ([1], 2), ([1, 1], 3), ([1], 4)];
        if (together)
        {
            (kinds[1], kinds[2]) = (kinds[2], kinds[1]);
        }

        string path = Path.Combine(folder, "model.h5");
        H5File file = Old("""{"class_name": "Dense", "config": {"name": "d", "units": 1, "batch_input_shape": [null, 1]}}""",
            ("d/kernel:0", [1, 1], [5]), ("d/bias:0", [1], [6]));
        file.Attributes["training_config"] = """
            {"loss": "mean_squared_error", "metrics": ["mae"], "weighted_metrics": null, "loss_weights": null,
             "sample_weight_mode": null, "optimizer_config": {"class_name": "Adam",
             "config": {"name": "Adam", "lr": 0.01, "decay": 0.0, "amsgrad": false}}}
            """;
        var group = new H5Group();
        file["optimizer_weights"] = group;
        group.Attributes["weight_names"] = (string[])[iterations, .. variables];
        Put(group, iterations, new H5Dataset(7));
        for (int i = 0; i < variables.Length; i++)
        {
            Put(group, variables[i],
                new H5Dataset((float[])[kinds[i].Value], fileDims: [.. kinds[i].Shape.Select(a => (ulong)a)]));
        }

        file.Write(path);
        Model model = KerasFile.Load(path);
        Assert.That(model.Optimizer!.Iterations, Is.EqualTo(7));
        Assert.That(model.Optimizer.LearningRate, Is.EqualTo(0.01).Within(1e-9));
        Assert.That(model.Optimizer.Slots.Select(slot => slot.Values.Values[0]), Is.EqualTo((float[])[1, 3, 2, 4]),
            "both of a parameter together");
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];
    }

    /// <summary>As Keras gave kernels to CuDNN: each gate's transposed, and its bytes in the old shape.</summary>
    private static float[] Turn(float[] kernel, int rows, int units, int gates)
    {
        var turned = new float[kernel.Length];
        for (int gate = 0; gate < gates; gate++)
        {
            var bytes = new List<float>();
            for (int unit = 0; unit < units; unit++)
            {
                for (int row = 0; row < rows; row++)
                {
                    bytes.Add(kernel[row * units * gates + gate * units + unit]);
                }
            }

            for (int i = 0; i < bytes.Count; i++)
            {
                turned[i / units * units * gates + gate * units + i % units] = bytes[i];
            }
        }

        return turned;
    }

    private Model Load(string layer, params (string Name, int[] Shape, float[] Values)[] arrays)
    {
        string path = Path.Combine(folder, "model.h5");
        Old(layer, arrays).Write(path);
        return KerasFile.Load(path);
    }

    private static H5File Old(string layer, params (string Name, int[] Shape, float[] Values)[] arrays)
    {
        var file = new H5File();
        file.Attributes["keras_version"] = "2.2.4";
        file.Attributes["model_config"] = $$"""{"class_name": "Sequential", "config": [{{layer}}]}""";
        var weights = new H5Group();
        file["model_weights"] = weights;
        weights.Attributes["layer_names"] = (string[])["one"];
        var group = new H5Group();
        weights["one"] = group;
        group.Attributes["weight_names"] = arrays.Select(array => array.Name).ToArray();
        foreach ((string name, int[] shape, float[] values) in arrays)
        {
            Put(group, name, new H5Dataset(values, fileDims: [.. shape.Select(axis => (ulong)axis)]));
        }

        return file;
    }

    private static void Put(H5Group group, string path, H5Dataset dataset)
    {
        string[] parts = path.Split('/');
        foreach (string part in parts[..^1])
        {
            if (!group.TryGetValue(part, out object? inside))
            {
                group[part] = inside = new H5Group();
            }

            group = (H5Group)inside;
        }

        group[parts[^1]] = dataset;
    }
}
