using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What layers without time refuse, word for word.</summary>
[TestFixture]
public sealed class SimpleLayerErrorTests
{
    private static IEnumerable<TestCaseData> Options =>
    [
        Case(() => new ReLU(-1), "relu: max_value must be a finite number of at least 0, but is -1."),
        Case(() => new LeakyReLU(-0.1), "leaky_relu: negative_slope must be a finite number of at least 0, but is -0.1."),
        Case(() => new ELU(double.NaN), "elu: alpha must be a finite number of at least 0, but is NaN."),
        Case(() => new Dense(4, "glu"), "The activation 'glu' halves the features, so it cannot stand inside a layer. Give the "
            + "layer twice the units and no activation, and put new Activation(\"glu\") behind it."),
        Case(() => new PReLU(sharedAxes: [0]),
            "PReLU: sharedAxes must name each axis once, and not that of the batch (0), but is (0)."),
        Case(() => new Softmax([1, 1]), "Softmax: axis must name each axis once, and not that of the batch (0), but is (1, 1)."),
        Case(() => new Softmax([]), "Softmax: axis must name at least one axis."),
        Case(() => new RMSNormalization([0], 0), "RMSNormalization: axis must name each axis once, and not that of the batch "
            + "(0), but is (0); epsilon must be a finite number above 0, but is 0."),
        Case(() => new GroupNormalization(0),
            "GroupNormalization: groups must be at least 1, or -1 for a group of each channel, but is 0."),
        Case(() => new Reshape([2, -1, -1]),
            "Reshape: targetShape must have axes of at least 1, one of which may be -1, but is (2, -1, -1)."),
        Case(() => new Permute([2, 2]), "Permute: dims must hold each of the axes 1, 2, … once, but is (2, 2)."),
        Case(() => new Cropping1D((1, -1)), "Cropping1D: cropping must be at least 0 at both ends, but is (1, -1)."),
        Case(() => new UpSampling1D(0), "UpSampling1D: size must be at least 1, but is 0."),
        Case(() => new ZeroPadding1D(-2, "nwc"), "ZeroPadding1D: padding must be at least 0 at both ends, but is (-2, -2); "
            + "dataFormat must be 'channels_last' or 'channels_first', but is 'nwc'."),
        Case(() => new GaussianNoise(-1, name: "noise"),
            "GaussianNoise 'noise': stddev must be a finite number of at least 0, but is -1."),
        Case(() => new GaussianDropout(1), "GaussianDropout: rate must be at least 0 and below 1, but is 1."),
        Case(() => new AlphaDropout(2, [3, 1]), "AlphaDropout: rate must be at least 0 and below 1, but is 2; noiseShape must "
            + "be null for the batch axis, and null or at least 1 for each other axis, but is [3, 1]."),
        Case(() => new ActivityRegularization(-1, -2), "ActivityRegularization: l1 must be a finite number of at least 0, but "
            + "is -1; l2 must be a finite number of at least 0, but is -2."),
        Case(() => new EinsumDense("ab,bc", [2]), "EinsumDense: equation must have the form X,W->Y, ...X,W->...Y or "
            + "X...,W->Y..., each part of letters, but is 'ab,bc'."),
        Case(() => new EinsumDense("a...,bc->ac...", [2]), "EinsumDense: equation must have the form X,W->Y, ...X,W->...Y or "
            + "X...,W->Y..., each part of letters, but is 'a...,bc->ac...'."),
        Case(() => new EinsumDense("ab, bc->ac", [2]), "EinsumDense: equation must have the form X,W->Y, ...X,W->...Y or "
            + "X...,W->Y..., each part of letters, but is 'ab, bc->ac'."),
        Case(() => new EinsumDense("abb,bc->ac", [2]), "EinsumDense: equation 'abb,bc->ac' must name each axis once in each "
            + "part, and 'abb' does not."),
        Case(() => new EinsumDense("ab,bc->ad", [2]), "EinsumDense: equation 'ab,bc->ad' gives the output 'd', which neither "
            + "input nor kernel has; equation 'ab,bc->ad' gives the kernel 'c', which neither input nor output has."),
        Case(() => new EinsumDense("ab,ac->bc", [2, 2]), "EinsumDense: equation 'ab,ac->bc' must begin input and output with "
            + "one letter, that of the batch, which the kernel has not."),
        Case(() => new EinsumDense("abc,cd->abd", [2]), "EinsumDense: outputShape must have a length for each axis of 'bd', "
            + "which the output of 'abc,cd->abd' has beside the batch, but has 1."),
        Case(() => new EinsumDense("abc,cd->abd", [null, null], name: "heads"), "EinsumDense 'heads': outputShape must say how "
            + "long axis 'd' of 'abc,cd->abd' is, since the input does not have it."),
        Case(() => new EinsumDense("abc,cd->abd", [0, 2], biasAxes: "ad"), "EinsumDense: outputShape must have lengths of at "
            + "least 1, or null; biasAxes must name axes of 'bd', which the output of 'abc,cd->abd' has beside the batch, each "
            + "once, but is 'ad'."),
        Case(() => new Rescaling(double.PositiveInfinity), "Rescaling: scale and offset must be finite numbers."),
    ];

    private static IEnumerable<TestCaseData> Inputs =>
    [
        Input(new PReLU(), new((int?)null, 3),
            "Share the slopes along that axis (sharedAxes: [1]), or give its length in inputShape."),
        Input(new Softmax(2), 3,
            "Axis 0 is that of the batch, 1 the first of a sample, and negative axes count from the end: -1 is the last."),
        Input(new GroupNormalization(2), (4, 3), "GroupNormalization expects input whose channels (axis -1) 2 groups divide, "
            + "but gets (batch, 4, 3).\nGive groups a number that divides 3, or -1 for a group of each channel."),
        Input(new RMSNormalization([1]), new((int?)null, 3),
            "Give its length in inputShape: scale has an entry for each place along it."),
        Input(new Reshape([5, -1]), (4, 3), "Reshape expects input whose number of values 5 divides, for the target shape (5, "
            + "-1), but gets (batch, 4, 3).\nA sample has 12 values: give targetShape as many, or one axis of -1."),
        Input(new Reshape([5, 2]), (4, 3),
            "Reshape expects input of 10 values, for the target shape (5, 2), but gets (batch, 4, 3)."),
        Input(new Permute([2, 1]), 3, "Give dims the axes 1 to 1, each of them once; that of the batch stays."),
        Input(new Cropping1D((2, 2)), (4, 3), "Cropping1D expects input of more than 4 steps, since cropping is (2, 2), but "
            + "gets (batch, 4, 3).\nGive it longer sequences, or a smaller cropping."),
        Input(new UpSampling1D(), 3, "UpSampling1D expects input of rank 3 (batch, timesteps, features), but gets (batch, "
            + "3).\nSet returnSequences: true on the recurrent layer before it, or reshape the data to (samples, timesteps, "
            + "features)."),
        Input(new UpSampling1D(int.MaxValue), (4, 3), "Use a smaller size."),
        Input(new ZeroPadding1D((int.MaxValue, 1)), (4, 3), "Use a smaller padding."),
        Input(new Activation("glu"), (4, 3), "Activation expects input with an even number of features, since glu halves them, "
            + "but gets (batch, 4, 3).\nGive the layer before it twice the units."),
        Input(new EinsumDense("abc,cd->abd", [null, 2]), 3, "EinsumDense expects input of rank 3 for the equation "
            + "'abc,cd->abd', but gets (batch, 3).\nThe letters before the comma stand for the axes of the input, that of the "
            + "batch included."),
        Input(new EinsumDense("...bc,cd->...bd", [null, 2]), 3, "EinsumDense expects input of rank 3 or more for the equation "
            + "'...bc,cd->...bd', but gets (batch, 3)."),
        Input(new EinsumDense("abc,cd->abd", [5, 2]), (4, 3), "EinsumDense expects input whose axis 'b' has the length 5, as "
            + "outputShape says of the output's, but gets (batch, 4, 3).\nAxis 'b' of 'abc,cd->abd' is one of both. Leave it "
            + "open with null, or set it to 4."),
        Input(new EinsumDense("abc,bd->adc", [2, null]), new((int?)null, 3), "EinsumDense expects input whose axis 'b' of "
            + "'abc,bd->adc' is known, but gets (batch, ?, 3).\nGive the length of that axis in inputShape: the kernel has it "
            + "too."),
        Input(new CategoryEncoding(3), new Shape(), "CategoryEncoding expects input of rank 2 or more (batch, tokens), but "
            + "gets (batch).\nGive every sample a list of tokens, if only of one."),
        Input(new Normalization(2), 3, "Axis 0 is that of the batch, 1 the first of a sample, and negative axes count from the "
            + "end: -1 is the last."),
        Input(new Rescaling([1, 2]), (4, 3), "Give scale and offset one number, or one for each feature."),
        Input(new AlphaDropout(0.5, [null, 2]), 3,
            "Give noiseShape as many axes as the input has, with null, 1 or the input's length for each."),
    ];

    [TestCaseSource(nameof(Options))]
    public void Options_out_of_range_are_refused(Func<Layer> create, string message) =>
        Assert.That(() => create(), Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));

    [TestCaseSource(nameof(Inputs))]
    public void Inputs_that_do_not_fit_are_refused(Layer layer, Shape input, string message) =>
        Assert.That(() => layer.ComputeOutputShape(input), Throws.TypeOf<ShapeException>().With.Message.Contains(message));

    private static TestCaseData Case(Func<Layer> create, string message) =>
        new TestCaseData(create, message).SetArgDisplayNames(message[..20]);

    private static TestCaseData Input(Layer layer, Shape input, string message) =>
        new TestCaseData(layer, input, message).SetArgDisplayNames(layer.ClassName, input.ToString());

    [Test]
    public void Glu_weights_the_first_half_by_the_second()
    {
        var layer = new Activation("glu");
        layer.Build(4, 0);
        Pass pass = layer.CreatePass(new(4, 1, Differentiable: false, InputGradient: false));
        pass.Begin(false, 0);
        SequenceBatch output = layer.Forward(pass, SequenceBatch.FromArray(new NDArray([1, 4], [2f, -3f, 0f, 1f])));
        Assert.That(output.Values.Values, Is.EqualTo((float[])[1f, -3f / (1 + MathF.Exp(-1))]).Within(1e-6f));
    }
}
