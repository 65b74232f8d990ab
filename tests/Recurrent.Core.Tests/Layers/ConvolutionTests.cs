using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>
/// Convolutions against their definitions, term by term; <see cref="LayerFixtureTests"/> has Keras's own numbers.
/// </summary>
[TestFixture]
public sealed class ConvolutionTests
{
    private const int Batch = 2;
    private const int Features = 3;
    private const int Filters = 4;

    [Test]
    public void A_transposed_convolution_adds_every_step_where_it_reaches(
        [Values("valid", "same")] string padding,
        [Values(1, 2, 3, 4, 5)] int taps,
        [Values(1, 2, 3)] int strides,
        [Values(null, 0, 1, 2)] int? more)
    {
        Assume.That(more is null || more < strides);
        const int Steps = 5;
        NDArray x = Random(Batch, Steps, Features);
        (NDArray y, Layer layer) = Run(new Conv1DTranspose(Filters, taps, strides, padding, more), x);

        // What Keras documents: the whole, cut to the wanted length, more at the end than in front where the number is odd.
        int whole = ((Steps - 1) * strides) + taps;
        int length = padding == "valid"
            ? ((Steps - 1) * strides) + (more is int behind ? taps + behind : Math.Max(taps, strides))
            : more is int further ? ((Steps - 1) * strides) + (taps % 2) + further : Steps * strides;
        int cut = padding == "same" ? Math.Max(0, whole - length) / 2 : 0;
        var expected = new NDArray(Batch, length, Filters);
        Parameter kernel = layer.Parameters[0];
        ForEach([Batch, length, Filters], at => expected[at[0], at[1], at[2]] = layer.Parameters[1].Values[at[2]]);
        ForEach([Batch, Steps, taps, Filters, Features], at =>
        {
            (int b, int i, int k, int f, int c) = (at[0], at[1], at[2], at[3], at[4]);
            int j = (i * strides) + k - cut;
            if (j >= 0 && j < length)
            {
                expected[b, j, f] += x[b, i, c] * kernel.Values[(((k * Filters) + f) * Features) + c];
            }
        });
        AssertClose(y, expected);
    }

    [Test]
    public void A_depthwise_convolution_sees_each_channel_by_itself(
        [Values("valid", "same")] string padding,
        [Values(1, 3)] int multiplier,
        [Values(1, 2)] int strides,
        [Values(1, 2)] int dilation)
    {
        Assume.That(strides == 1 || dilation == 1);
        const int Steps = 7;
        const int Taps = 3;
        NDArray x = Random(Batch, Steps, Features);
        (NDArray y, Layer layer) = Run(new DepthwiseConv1D(Taps, strides, padding, multiplier, dilationRate: dilation), x);
        AssertClose(y, Depthwise(x, y.Shape[1], layer, multiplier, strides, dilation, padding, Taps, layer.Parameters[1].Values));
    }

    [Test]
    public void A_separable_convolution_mixes_what_a_depthwise_one_gives(
        [Values("valid", "same")] string padding, [Values(1, 2)] int multiplier, [Values(1, 2)] int strides)
    {
        const int Taps = 2;
        NDArray x = Random(Batch, 6, Features);
        (NDArray y, Layer layer) = Run(new SeparableConv1D(Filters, Taps, strides, padding, depthMultiplier: multiplier), x);
        int inner = Features * multiplier;
        NDArray middle = Depthwise(x, y.Shape[1], layer, multiplier, strides, 1, padding, Taps, new Real[inner]);
        var expected = new NDArray([.. y.Shape]);
        ForEach(y.Shape, at =>
        {
            Real sum = layer.Parameters[2].Values[at[2]];
            for (int c = 0; c < inner; c++)
            {
                sum += middle[at[0], at[1], c] * layer.Parameters[1].Values[(c * Filters) + at[2]];
            }

            expected[at[0], at[1], at[2]] = sum;
        });
        AssertClose(y, expected);
    }

    [Test]
    public void With_channels_first_the_axes_are_swapped_and_nothing_else(
        [ValueSource(nameof(EitherFormat))] Func<string, Layer> create)
    {
        NDArray x = Random(Batch, 7, Features);
        (NDArray last, Layer layer) = Run(create("channels_last"), x);
        (NDArray first, _) = Run(create("channels_first"), Swapped(x));
        AssertClose(last.Rank == 3 ? Swapped(first) : first, last);
        Assert.That(layer.Parameters.Count, Is.Zero.Or.GreaterThan(1));
    }

    [TestCase(10, 3, "0-4 3-7 6-10")]
    [TestCase(4, 6, "0-1 0-2 1-2 2-3 2-4 3-4")]
    [TestCase(6, 1, "0-6")]
    [TestCase(6, 6, "0-1 1-2 2-3 3-4 4-5 5-6")]
    public void Adaptive_pooling_cuts_a_sequence_into_parts(int steps, int size, string parts)
    {
        NDArray x = Random(Batch, steps, Features);
        (NDArray largest, _) = Run(new AdaptiveMaxPooling1D(size), x);
        (NDArray means, _) = Run(new AdaptiveAveragePooling1D(size), x);
        (int First, int End)[] expected = [.. parts.Split(' ')
            .Select(part => (part[0] - '0', int.Parse(part[2..], System.Globalization.CultureInfo.InvariantCulture)))];
        ForEach([Batch, size, Features], at =>
        {
            (int first, int end) = expected[at[1]];
            Real[] seen = [.. Enumerable.Range(first, end - first).Select(t => x[at[0], t, at[2]])];
            Assert.That(largest[at[0], at[1], at[2]], Is.EqualTo(seen.Max()));
            Assert.That(means[at[0], at[1], at[2]], Is.EqualTo(seen.Average()).Within(1e-6));
        });
    }

    [Test]
    public void The_mean_of_all_steps_leaves_masked_ones_out_and_the_largest_does_not()
    {
        NDArray x = new Real[,,] { { { 1, 2 }, { 9, -8 }, { 5, 4 } }, { { 7, 7 }, { 7, 7 }, { 7, 7 } } };
        bool[] mask = [true, false, false, false, true, false];
        (NDArray means, _) = Run(new GlobalAveragePooling1D(), x, mask);
        Assert.That(means.Values, Is.EqualTo(new Real[] { 3, 3, 0, 0 }), "of a sample without data it is zero");
        (NDArray largest, _) = Run(new GlobalMaxPooling1D(), x, mask);
        Assert.That(largest.Values, Is.EqualTo(new Real[] { 9, 4, 7, 7 }), "as in Keras");
    }

    [Test]
    public void The_public_gradient_check_proves_them()
    {
        foreach (Layer layer in (Layer[])
            [new Conv1D(3, 3, padding: "causal", activation: "tanh"), new Conv1DTranspose(3, 2, 2), new SeparableConv1D(3, 2),
             new MaxPooling1D(), new GlobalAveragePooling1D()])
        {
            Assert.That(GradientCheck.Run(layer, (6, 2)).Passed, layer.ClassName);
        }
    }

    [Test]
    public void A_mask_ends_at_all_of_them()
    {
        NDArray x = Random(Batch, 4, 2);
        foreach (Layer layer in (Layer[])
            [new Conv1D(2, 2, padding: "causal"), new DepthwiseConv1D(2), new SeparableConv1D(2, 2), new Conv1DTranspose(2, 2),
             new MaxPooling1D(), new AveragePooling1D(), new AdaptiveMaxPooling1D(2), new GlobalMaxPooling1D(keepdims: true)])
        {
            layer.Build((4, 2), 1);
            Pass pass = layer.CreatePass(new((4, 2), Batch, false, false));
            layer.Prepare();
            pass.Begin(false, 1);
            SequenceBatch batch = Batches.Of(x);
            batch.Mask = new bool[Batch * 4];
            Assert.That(layer.Forward(pass, batch).Mask, Is.Null, layer.ClassName);
        }
    }

    private static IEnumerable<Func<string, Layer>> EitherFormat =>
    [
        format => new Conv1D(Filters, 3, 2, "same", format, activation: "tanh"),
        format => new Conv1D(Filters, 3, 1, "causal", format, 2),
        format => new Conv1DTranspose(Filters, 3, 2, "same", dataFormat: format),
        format => new DepthwiseConv1D(3, 2, "same", 2, format),
        format => new SeparableConv1D(Filters, 2, 1, "valid", format, depthMultiplier: 2),
        format => new MaxPooling1D(3, 2, "same", format),
        format => new AveragePooling1D(3, 2, "same", format),
        format => new AdaptiveAveragePooling1D(3, format),
        format => new GlobalMaxPooling1D(format),
        format => new GlobalAveragePooling1D(format, keepdims: true),
    ];

    /// <summary>Depthwise: the kernel (taps, channels, multiplier) is the layer's first parameter.</summary>
    private static NDArray Depthwise(
        NDArray x,
        int length,
        Layer layer,
        int multiplier,
        int strides,
        int dilation,
        string padding,
        int taps,
        ReadOnlySpan<Real> bias)
    {
        int steps = x.Shape[1];
        int span = ((taps - 1) * dilation) + 1;
        int before = padding == "same" ? Math.Max(0, ((length - 1) * strides) + span - steps) / 2 : 0;
        var y = new NDArray(Batch, length, Features * multiplier);
        Real[] start = bias.ToArray();
        ForEach(y.Shape, at =>
        {
            (int b, int i, int channel) = (at[0], at[1], at[2]);
            Real sum = start[channel];
            for (int k = 0; k < taps; k++)
            {
                int j = (i * strides) + (k * dilation) - before;
                if (j >= 0 && j < steps)
                {
                    sum += layer.Parameters[0].Values[(k * Features * multiplier) + channel] * x[b, j, channel / multiplier];
                }
            }

            y[b, i, channel] = sum;
        });
        return y;
    }

    private static void ForEach(IReadOnlyList<int> shape, Action<int[]> visit)
    {
        var at = new int[shape.Count];
        do
        {
            visit(at);
        }
        while (Next());

        bool Next()
        {
            for (int axis = at.Length - 1; axis >= 0; axis--)
            {
                if (++at[axis] < shape[axis])
                {
                    return true;
                }

                at[axis] = 0;
            }

            return false;
        }
    }

    private static (NDArray Output, Layer Layer) Run(Layer layer, NDArray x, bool[]? mask = null)
    {
        Shape sample = new([.. x.Shape.Skip(1).Select(axis => (int?)axis)]);
        layer.Build(sample, seed: 1);
        ulong seed = 10;
        foreach (Parameter parameter in layer.Parameters)
        {
            Fill(parameter.Values, seed++);
            parameter.MarkChanged();
        }

        Pass pass = layer.CreatePass(new(sample, x.Shape[0], Differentiable: false, InputGradient: false));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        SequenceBatch batch = Batches.Of(x);
        batch.Mask = mask;
        return (layer.Forward(pass, batch).ToArray(), layer);
    }

    private static NDArray Random(params int[] shape)
    {
        var array = new NDArray(shape);
        Fill(array.Values, 3);
        return array;
    }

    private static void Fill(Span<Real> values, ulong seed)
    {
        var random = new SeededRandom(seed);
        foreach (ref Real value in values)
        {
            value = (Real)random.NextUniform(-1, 1);
        }
    }

    private static NDArray Swapped(NDArray x)
    {
        var swapped = new NDArray(x.Shape[0], x.Shape[2], x.Shape[1]);
        ForEach(x.Shape, at => swapped[at[0], at[2], at[1]] = x[at[0], at[1], at[2]]);
        return swapped;
    }

    private static void AssertClose(NDArray actual, NDArray expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.Values, Is.EqualTo(expected.Values).Within(1e-5f));
    }
}
