using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What attention and layers of positions say of options, inputs and masks that do not fit, word for word.</summary>
[TestFixture]
public sealed class AttentionErrorTests
{
    private static readonly Input Query = new((3, 4), name: "query");
    private static readonly Input Value = new((5, 4), name: "value");

    private static IEnumerable<TestCaseData> Options =>
    [
        Case(
            () => new GroupedQueryAttention(4, 5, 2),
            "GroupedQueryAttention: numQueryHeads must be a multiple of numKeyValueHeads, but 5 is none of 2."),
        Case(
            () => new GroupedQueryAttention(4, 2, 4, name: "att"),
            "GroupedQueryAttention 'att': numQueryHeads must be a multiple of numKeyValueHeads, but 2 is none of 4."),
        Case(
            () => new GroupedQueryAttention(0, 5, 0),
            "GroupedQueryAttention: headDim, numQueryHeads and numKeyValueHeads must be at least 1, but are 0, 5 and 0."),
        Case(
            () => new MultiHeadAttention(0, 4, -1),
            "MultiHeadAttention: numHeads, keyDim and valueDim must be at least 1, but are 0, 4 and -1."),
        Case(
            () => new MultiHeadAttention(2, 4, dropout: 1.5, outputShape: 0, slidingWindow: 0, name: "att"),
            "MultiHeadAttention 'att': dropout must be at least 0 and at most 1, but is 1.5; slidingWindow must be at least 1, "
            + "but is 0; outputShape must be at least 1, but is 0."),
        Case(
            () => new SelfAttention(0, 0, 0, dropout: 2),
            "SelfAttention: units must be at least 1, but is 0; valueUnits must be at least 1, but is 0; outputUnits must be at "
            + "least 1, but is 0; dropout must be at least 0 and at most 1, but is 2."),
        Case(() => new Attention(dropout: -1), "Attention: dropout must be at least 0 and at most 1, but is -1."),
        Case(() => new AdditiveAttention(dropout: -1), "AdditiveAttention: dropout must be at least 0 and at most 1, but is -1."),
    ];

    /// <summary>Every layer of heads, called with a mask of pairs that does not fit 3 queries and 5 keys.</summary>
    private static IEnumerable<TestCaseData> Pairs =>
        from layer in (Func<Layer>[])[() => new MultiHeadAttention(2, 2), () => new GroupedQueryAttention(2, 2, 1)]
        from shape in (Shape[])[(5, 3), (3, 4), (4, 5), 5, (3, 3, 5)]
        select new TestCaseData(layer, shape);

    private static IEnumerable<TestCaseData> Calls =>
    [
        Call(
            () => new MultiHeadAttention(2, 2).Call(Query, Value, new Input((4, 4))),
            "MultiHeadAttention needs as many keys as values, but the keys are (batch, 4, 4) and the values (batch, 5, 4). Give "
            + "both as many timesteps."),
        Call(
            () => new Attention().Call(Query, new Input((5, 3))),
            "Attention compares queries and keys feature by feature, but the query is (batch, 3, 4) and the value (batch, 5, 3). "
            + "Bring both to one width with a Dense layer, or use MultiHeadAttention, which projects them."),
        Call(
            () => new AdditiveAttention(name: "att").Call(Query, Value, new Input((5, 3))),
            "AdditiveAttention 'att' compares queries and keys feature by feature, but the query is (batch, 3, 4) and the key "
            + "(batch, 5, 3). Bring both to one width with a Dense layer, or use MultiHeadAttention, which projects them."),
        Call(
            () => new Attention().Call(Query, Value, Value, new Input((3, 5))),
            "Attention takes a query and a value, then keys where they differ from the values, but 4 inputs are given. For "
            + "attention of a sequence to itself call it with the sequence twice: layer.Call(x, x)."),
        Call(
            () => new GroupedQueryAttention(2, 2, 1).Call(Query),
            "GroupedQueryAttention takes a query and a value, then keys where they differ from the values, then a mask of pairs, "
            + "but 1 input is given. For attention of a sequence to itself call it with the sequence twice: layer.Call(x, x)."),
        Call(
            () => new MultiHeadAttention(2, 2).Call(new Input(4), Value),
            "MultiHeadAttention expects as its query input of rank 3 (batch, timesteps, features) with a known number of "
            + "features, but gets (batch, 4).\nSet returnSequences: true on a recurrent layer before it."),
        Call(
            () => new RotaryEmbedding().Call(new Input((4, 3))),
            "RotaryEmbedding expects input with an even number of features, which it turns in pairs, but gets (batch, 4, 3).\n"
            + "Give one feature more or less."),
        Call(
            () => new PositionalEmbedding(3).Call(new Input((4, 2))),
            "PositionalEmbedding expects sequences of at most 3 timesteps, but gets (batch, 4, 2).\n"
            + "Give sequenceLength: 4 or more, or cut the sequences."),
    ];

    [TestCaseSource(nameof(Options))]
    public void Options_that_make_no_sense(Func<Layer> create, string message) =>
        Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));

    [TestCaseSource(nameof(Pairs))]
    public void A_mask_of_pairs_of_the_wrong_shape_is_refused_when_the_layer_is_called(Func<Layer> create, Shape shape)
    {
        Layer layer = create();
        Assert.That(
            () => layer.Call(Query, Value, Value, new Input(shape)),
            Throws.ArgumentException.With.Message.EqualTo(
                $"{layer.ClassName} expects a mask of pairs (batch, queries, keys) with 3 queries and 5 keys, but it is {shape}. "
                + "Its rows are the queries' timesteps, its columns those of the keys; before them may stand an axis of the 2 "
                + "heads, and an axis of length 1 stands for all."));
    }

    [TestCaseSource(nameof(Calls))]
    public void Inputs_that_do_not_fit(Func<Symbols> call, string message) =>
        Assert.That(() => call(), Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));

    [TestCase(0.5f, "0.5")]
    [TestCase(-1f, "-1")]
    [TestCase(float.NaN, "NaN")]
    public void A_mask_of_pairs_holds_nothing_but_0_and_1(float value, string said)
    {
        foreach (Layer layer in (Layer[])
            [new MultiHeadAttention(2, 2, name: "att"), new GroupedQueryAttention(2, 2, 1, name: "att")])
        {
            Shape[] shapes = [(3, 4), (5, 4), (5, 4), (3, 5)];
            layer.Build(shapes, 1, null);
            Pass pass = layer.CreatePass(new PassOptions(shapes, 2, Differentiable: false, [false, false, false, false]));
            layer.Prepare();
            pass.Begin(training: false, key: 1);
            SequenceBatch[] inputs = [.. shapes.Select(shape => new SequenceBatch(shape, 2))];
            inputs[3].Values[4, (1 * 2) + 1] = value;
            Assert.That(
                () => layer.Forward(pass, inputs, new SequenceBatch[1]),
                Throws.ArgumentException.With.Message.EqualTo(
                    $"{layer.ClassName} 'att' expects a mask of pairs of 0 and 1, 1 where a query may look at a key, but it "
                    + $"holds {said} at sample 1, query 1, key 4."));
        }
    }

    [Test]
    public void A_mask_of_a_batch_has_an_entry_for_each_column()
    {
        var batch = new SequenceBatch((4, 3), 2);
        Assert.That(
            () => batch.Mask = new bool[4],
            Throws.ArgumentException.With.Message.EqualTo(
                "The mask has 4 entries, but the batch of 2 samples (batch, 4, 3) has 8 columns, one for each step of each "
                + "sample: entry t · 2 + b tells of step t of sample b. (Parameter 'value')"));
        Assert.That(() => batch.Mask = new bool[8], Throws.Nothing);
        Assert.That(() => batch.Mask = null, Throws.Nothing);
    }

    private static TestCaseData Case(Func<Layer> create, string message) => new(create, message);

    private static TestCaseData Call(Func<Symbols> call, string message) => new(call, message);
}
