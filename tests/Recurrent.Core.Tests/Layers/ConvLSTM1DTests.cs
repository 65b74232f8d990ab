using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

/// <summary>ConvLSTM1D against Keras's equations computed with PyTorch's convolution, and by hand; its config and its
/// errors.</summary>
[TestFixture]
public sealed class ConvLSTM1DTests
{
    private static readonly string[] Parameters = ["kernel", "recurrent_kernel", "bias"];

    private static IEnumerable<TestCaseData> Cases
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "pytorch", "conv_lstm1d.json")));
            foreach (JsonElement json in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                var fixture = new FixtureCase(json.Clone());
                yield return new TestCaseData(fixture).SetName($"{{m}}({fixture})");
            }
        }
    }

    [Test]
    public void A_step_holds_data_where_any_of_its_places_does([Values] bool goBackwards)
    {
        // Two samples of four steps with four places of one channel, column (t · 4 + place) · 2 + sample.
        const int Steps = 4;
        const int Places = 4;
        var layer = new ConvLSTM1D(2, 3, goBackwards: goBackwards, returnSequences: true);
        SequenceBatch input = Batches.Of(Numbers(2, Steps, Places, 1));
        input.Mask = new bool[Steps * Places * 2];
        void Hold(int sample, int t, params int[] places) =>
            Array.ForEach(places, place => input.Mask[(((t * Places) + place) * 2) + sample] = true);
        Hold(0, 0, 0, 1, 2, 3);
        Hold(0, 2, 1, 2);
        Hold(1, 1, 3);
        layer.Build(input.SampleShape, seed: 1);
        Pass pass = layer.CreatePass(new(input.SampleShape, 2, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        SequenceBatch output = layer.Forward(pass, input);

        // The output has two places; the mask of its steps stays in the order of the input, as in Keras.
        Assert.That(output.Mask, Is.EqualTo(
            Enumerable.Range(0, Steps).SelectMany(t => new[] { t is 0 or 2, t == 1, t is 0 or 2, t == 1 })));
        Assert.That(layer.StateSizes, Is.EqualTo(new[] { 4, 4 }), "two filters at two places");
        Assert.That(new ConvLSTM1D(2, 3).StateSizes, Is.EqualTo(new[] { 2, 2 }), "places are not known yet");
    }

    [Test]
    public void The_number_of_channels_must_be_known() =>
        Assert.That(
            () => new ConvLSTM1D(2, 3).ComputeOutputShape(new(4, 4, null)),
            Throws.TypeOf<ShapeException>().With.Message.Contains("input whose last axis (channels) is known"));

    [TestCaseSource(nameof(Cases))]
    public void Outputs_and_gradients_are_those_of_PyTorch(FixtureCase fixture)
    {
        FixtureNode values = fixture.Node("values");
        SequenceBatch input = Batches.Of(values.Array("x"));
        var layer = new ConvLSTM1D(
            fixture.Int("filters"),
            fixture.Int("kernel_size"),
            fixture.Int("strides"),
            fixture.String("padding"),
            fixture.Int("dilation_rate"),
            returnSequences: true);
        Build(layer, input, [.. Parameters.Select(name => values.Array(name).Values)]);
        Assert.That(layer.Parameters.Select(p => p.Name), Is.EqualTo(Parameters));
        Assert.That(layer.Parameters.Select(p => p.Shape), Is.EqualTo(Parameters.Select(name => values.Array(name).Shape)));
        Pass pass = layer.CreatePass(new(input.SampleShape, input.BatchSize, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        AssertClose(layer.Forward(pass, input).ToArray(), fixture.Array("output"));
        DenseMatrix dx = layer.Backward(pass, Batches.Of(fixture.Array("cotangent")).Values)!;
        FixtureNode gradients = fixture.Node("gradients");
        AssertClose(new SequenceBatch(input.SampleShape, input.BatchSize, dx).ToArray(), gradients.Array("x"));
        for (int i = 0; i < Parameters.Length; i++)
        {
            NDArray expected = gradients.Array(Parameters[i]);
            AssertClose(new NDArray(expected.Shape, pass.Gradients[i].Values), expected);
        }
    }

    [Test]
    public void There_are_cases() => Assert.That(Cases.Count(), Is.EqualTo(8));

    [Test]
    public void With_linear_activations_by_hand()
    {
        // One filter, two taps, one channel; gates i, f, o = 1 by their biases, so c_t = c_{t−1} + g_t and h_t = c_t.
        // W_g = (1, 10), U_g = (100, 1000); x_1 = (1, 2, 3): g_1 = (1 + 20, 2 + 30) = (21, 32) = c_1 = h_1.
        // x_2 = (0, 1, 0): W∗x_2 = (10, 1). "same" with two taps has its zero behind: U∗h_1 = (100·21 + 1000·32, 100·32) =
        // (34100, 3200). c_2 = (21 + 10 + 34100, 32 + 1 + 3200) = (34131, 3233).
        NDArray y = Run(
            new ConvLSTM1D(1, 2, options: new() { Activation = "linear", RecurrentActivation = "linear" }, returnSequences: true),
            new NDArray([1, 2, 3, 1], [1, 2, 3, 0, 1, 0]),
            [0, 0, 1, 0, 0, 0, 10, 0],
            [0, 0, 100, 0, 0, 0, 1000, 0],
            [1, 1, 0, 1]);
        Assert.That(y.Shape, Is.EqualTo((int[])[1, 2, 2, 1]));
        Assert.That(y.Values, Is.EqualTo((Real[])[21, 32, 34131, 3233]));
    }

    [Test]
    public void The_config_has_Keras_s_keys_in_Keras_s_order()
    {
        var layer = new ConvLSTM1D(4, 3, dilationRate: 2, padding: "same", name: "conv");
        string[] keys = [.. layer.GetConfig().Select(entry => entry.Key)];
        Assert.That(keys, Is.EqualTo((string[])
        [
            "name", "trainable", "return_sequences", "return_state", "go_backwards", "stateful", "unroll",
            "zero_output_for_mask", "filters",
            "kernel_size", "strides", "padding", "data_format", "dilation_rate", "activation", "recurrent_activation", "use_bias",
            "kernel_initializer", "recurrent_initializer", "bias_initializer", "unit_forget_bias", "kernel_regularizer",
            "recurrent_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "recurrent_constraint",
            "bias_constraint", "dropout", "recurrent_dropout", "seed",
        ]));
        Assert.That(ConfigText.Of(layer), Does.Contain("filters: 4, kernel_size: [3], strides: [1], padding: 'same', "
            + "data_format: 'channels_last', dilation_rate: [2]"));
        layer.Build((5, 6, 2), seed: 1);
        Assert.That(layer.ParameterPaths.First(), Is.EqualTo("conv/conv_lstm_cell/kernel"));
    }

    [Test]
    public void A_size_may_be_a_number()
    {
        Layer layer =
            LayerNames.Registry.Create(new ComponentConfig("ConvLSTM1D", new() { { "filters", 4 }, { "kernel_size", 3 } }));
        Assert.That(((ConvLSTM1D)layer).KernelSize, Is.EqualTo(3));
        Assert.That(
            () => LayerNames.Registry.Create(new ComponentConfig("ConvLSTM1D", new() { { "filters", 4 } })),
            Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            "ConvLSTM1D needs the option 'kernel_size', which is missing."));
        Assert.That(
            () => LayerNames.Registry.Create(new ComponentConfig(
                "ConvLSTM1D", new() { { "filters", 4 }, { "kernel_size", 3 }, { "data_format", "channels" } })),
            Throws.ArgumentException.With.Message.EqualTo(
            "ConvLSTM1D: dataFormat must be 'channels_last' or 'channels_first', but is 'channels'."));
    }

    [Test]
    public void Channels_first_is_the_same_with_two_axes_swapped([Values] bool goBackwards, [Values] bool sequences)
    {
        var last = new ConvLSTM1D(3, 3, strides: 2, returnState: true, goBackwards: goBackwards, returnSequences: sequences);
        var first = new ConvLSTM1D(3, 3, strides: 2, returnState: true, goBackwards: goBackwards, returnSequences: sequences,
            dataFormat: "channels_first");
        NDArray x = Numbers(2, 4, 6, 2);
        last.Call(x);
        first.Call(Swapped(x));
        Assert.That(first.DataFormat, Is.EqualTo("channels_first"));
        Assert.That(first.ComputeOutputShape((4, 2, 6)).ToString(), Is.EqualTo(sequences ? "(batch, 4, 3, 2)" : "(batch, 3, 2)"));
        for (int i = 0; i < last.Parameters.Count; i++)
        {
            last.Parameters[i].Values.CopyTo(first.Parameters[i].Values);
            first.Parameters[i].MarkChanged();
        }

        RecurrentOutput expected = last.Call(x);
        RecurrentOutput actual = first.Call(Swapped(x));
        Assert.That(actual.Output.Values, Is.EqualTo(Swapped(expected.Output).Values));

        // States go out and in as outputs do: (filters, rows) of each sample.
        RecurrentOutput expectedNext = last.Call(x, expected.State);
        RecurrentOutput next = first.Call(Swapped(x), actual.State);
        Assert.That(next.Output.Values, Is.EqualTo(Swapped(expectedNext.Output).Values));
        Assert.That(first.StateSizes, Is.EqualTo(last.StateSizes));
    }

    [Test]
    public void Activations_that_compare_channels_are_refused_where_Keras_compares_places() => Assert.That(
        () => new ConvLSTM1D(2, 3, options: new() { Activation = "softmax" }, dataFormat: "channels_first"),
        Throws.ArgumentException.With.Message.EqualTo(
            "ConvLSTM1D: softmax, log_softmax and sparsemax compare the channels of a place, but with dataFormat "
            + "\"channels_first\" Keras compares the places of a channel. Use another activation, or channels_last."));

    [Test]
    public void Channels_first_says_which_axis_is_which()
    {
        var layer = new ConvLSTM1D(4, 3, name: "conv", dataFormat: "channels_first");
        Fails((10, 2, 2), "ConvLSTM1D 'conv' expects input with a known number of rows, at least the 3 that its window spans, "
            + "but gets (batch, 10, 2, 2).\nGive inputShape (timesteps, channels, rows) with that many rows, set padding: "
            + "\"same\", or choose a smaller kernelSize or dilationRate.");
        Fails(new(10, null, 4), "ConvLSTM1D 'conv' expects input whose second axis (channels) is known, but gets "
            + "(batch, 10, ?, 4).\nGive the length of that axis in inputShape: the kernel has one row for each feature.");
        Fails((10, 4), "ConvLSTM1D 'conv' expects input of rank 4 (batch, timesteps, channels, rows), but gets (batch, 10, 4).\n"
            + "Reshape the data to (samples, timesteps, channels, rows).");
        void Fails(Shape shape, string message) =>
            Assert.That(() => layer.ComputeOutputShape(shape), Throws.TypeOf<ShapeException>().With.Message.EqualTo(message));
    }

    /// <summary>The array with its last two axes swapped.</summary>
    private static NDArray Swapped(NDArray x)
    {
        (int rows, int columns) = (x.Shape[^2], x.Shape[^1]);
        var swapped = new NDArray([.. x.Shape.SkipLast(2), columns, rows]);
        for (int i = 0; i < x.Size; i++)
        {
            int place = i % (rows * columns);
            swapped.Values[i - place + (place % columns * rows) + (place / columns)] = x.Values[i];
        }

        return swapped;
    }

    [Test]
    public void Options_out_of_range_are_reported_together() => Assert.That(
        () => new ConvLSTM1D(0, 0, strides: 2, padding: "causal", dilationRate: 2),
        Throws.ArgumentException.With.Message.EqualTo(
            "ConvLSTM1D: filters must be at least 1, but is 0; kernelSize must be at least 1, but is 0; padding must be "
            + "'valid' or 'same', " +
            "but is 'causal'; strides (2) and dilationRate (2) cannot both be above 1."));

    [Test]
    public void Inputs_that_do_not_fit()
    {
        var layer = new ConvLSTM1D(4, 3, dilationRate: 2, name: "conv");
        const string Advice =
            "\nGive inputShape (timesteps, rows, channels) with that many rows, set padding: \"same\", or choose a smaller "
            + "kernelSize or dilationRate.";
        Fails(
            (10, 4, 2),
            "ConvLSTM1D 'conv' expects input with a known number of rows, at least the 5 that its window spans, but gets "
            + $"(batch, 10, 4, 2).{Advice}");
        Fails(
            new(10, null, 2),
            "ConvLSTM1D 'conv' expects input with a known number of rows, at least the 5 that its window spans, but gets "
            + $"(batch, 10, ?, 2).{Advice}");
        Fails(
            (10, 4),
            "ConvLSTM1D 'conv' expects input of rank 4 (batch, timesteps, rows, channels), but gets (batch, 10, 4).\n" +
            "Reshape the data to (samples, timesteps, rows, channels).");
        Assert.That(layer.ComputeOutputShape((10, 5, 2)).ToString(), Is.EqualTo("(batch, 1, 4)"));
        void Fails(Shape shape, string message) =>
            Assert.That(() => layer.ComputeOutputShape(shape), Throws.TypeOf<ShapeException>().With.Message.EqualTo(message));
    }

    private static void AssertClose(NDArray actual, NDArray expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.Values, Is.EqualTo(expected.Values).Within(1e-5));
    }

    [Test]
    public void A_call_with_other_rows_is_told_what_the_layer_was_built_for()
    {
        var layer = new ConvLSTM1D(4, 3, padding: "same", name: "conv");
        layer.Call(new NDArray(2, 3, 5, 2));
        Assert.That(
            Assert.Throws<ArgumentException>(() => layer.Call(new NDArray(2, 3, 6, 2)))!.Message,
            Is.EqualTo("ConvLSTM1D 'conv' was built for (batch, ?, 5, 2), but x has shape (2, 3, 6, 2). All axes after the "
                + "steps must be those it was built for. (Parameter 'x')"));
    }
}
