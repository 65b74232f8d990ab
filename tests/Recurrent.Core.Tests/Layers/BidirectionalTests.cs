using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Layers;

/// <summary>Pairs of layers: names, what makes a pair, and two outputs from one call.</summary>
[TestFixture]
public sealed class BidirectionalTests
{
    private static readonly NDArray X = new([2, 3, 1], [1, -2, 3, 4, 0.5f, -6]);

    private static IEnumerable<TestCaseData> WrongPairs =>
    [
        Case(
            () => new Bidirectional(new LSTM(3), "max"),
            "Bidirectional: mergeMode must be 'concat', 'sum', 'mul', 'ave' or null, but is 'max'."),
        Case(
            () => new Bidirectional(new LSTM(3, goBackwards: true, name: "reader"),
                backwardLayer: new LSTM(3, goBackwards: true)),
            "Bidirectional: both layers must not read the same way, but goBackwards is true for the forward LSTM 'reader' and "
            + "for the backward LSTM. " +
            "Set goBackwards: false on the backward layer."),
        Case(
            () => new Bidirectional(new LSTM(3), backwardLayer: new GRU(3), name: "both"),
            "Bidirectional 'both': both layers must not read the same way, but goBackwards is false for the forward LSTM and "
            + "for the backward GRU. " +
            "Set goBackwards: true on the backward layer."),
        Case(
            () => new Bidirectional(new LSTM(3, returnSequences: true), backwardLayer: new GRU(3, goBackwards: true)),
            "Bidirectional: both layers must have the same returnSequences, but it is true for the forward LSTM and false for "
            + "the backward GRU."),
        Case(
            () => new Bidirectional(new LSTM(3, name: "a"),
                backwardLayer: new GRU(3, goBackwards: true, returnState: true, stateful: true, name: "b")),
            "Bidirectional: both layers must have the same returnState, but it is false for the forward LSTM 'a' and true for "
            + "the backward GRU 'b'; " +
            "both layers must have the same stateful, but it is false for the forward LSTM 'a' and true for the backward "
            + "GRU 'b'."),
        Case(
            () => new Bidirectional(new LSTM(3), backwardLayer: new LSTM(3, goBackwards: true, name: "forward_lstm")),
            "Bidirectional: both layers would be called 'forward_lstm'. Give the backward layer another name."),
        Case(
            () => new Bidirectional(new LSTM(3, inputShape: (3, 1))),
            "Bidirectional: give inputShape to Bidirectional, not to the wrapped LSTM."),
        Case(
            () => new Bidirectional(Built()),
            "Bidirectional: LSTM is built already, and belongs to one place of one model."),
    ];

    [TestCaseSource(nameof(WrongPairs))]
    public void Pairs_that_disagree_are_refused(Func<object> create, string message) =>
        Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));

    [Test]
    public void A_layer_is_not_its_own_backward_layer()
    {
        var layer = new LSTM(3);
        Assert.That(
            () => new Bidirectional(layer, backwardLayer: layer),
            Throws.ArgumentException.With.Message.EqualTo(
            "Bidirectional: the backward layer must be a layer of its own, but is the forward layer itself."));
    }

    /// <summary>As in Keras: the forward layer's output in its order of reading, the backward layer's turned round, so both in
    /// reverse order.</summary>
    [Test]
    public void With_a_forward_layer_that_reads_from_the_end_the_steps_of_the_output_are_in_reverse_order()
    {
        var plain = new Bidirectional(new GRU(2, returnSequences: true, seed: 1),
            backwardLayer: new GRU(2, returnSequences: true, goBackwards: true, seed: 2));
        var turned = new Bidirectional(new GRU(2, returnSequences: true, goBackwards: true, seed: 2));
        NDArray y = plain.Call(X).Output;
        NDArray reversed = turned.Call(X).Output;
        Assert.That(turned.BackwardLayer.GoBackwards, Is.False);
        turned.BackwardLayer.Parameters.Zip(plain.ForwardLayer.Parameters).ToList().ForEach(pair =>
        {
            pair.Second.Values.CopyTo(pair.First.Values);
            pair.First.MarkChanged();
        });
        reversed = turned.Call(X).Output;
        for (int i = 0; i < y.Size; i++)
        {
            (int sample, int t, int unit) = (i / 12, i / 4 % 3, i % 4);
            Assert.That(reversed[sample, 2 - t, (unit + 2) % 4], Is.EqualTo(y[sample, t, unit]));
        }
    }

    [Test]
    public void Outputs_of_two_sizes_merge_by_concat_alone()
    {
        Bidirectional Pair(string mode) => new(new LSTM(3, name: "a"), mode, new GRU(2, goBackwards: true, name: "b"), "both");
        Assert.That(Pair("concat").ComputeOutputShape((4, 1)).Features, Is.EqualTo(5));
        Assert.That(
            () => Pair("mul").ComputeOutputShape((4, 1)),
            Throws.ArgumentException.With.Message.EqualTo(
                "Bidirectional 'both' cannot take the mul of outputs of two sizes: LSTM 'forward_a' gives (batch, 3), but GRU "
                + "'b' gives (batch, 2). Use mergeMode 'concat', or give both layers the same units."));
    }

    [Test]
    public void Input_of_the_wrong_rank_is_told_in_the_wrapper_s_name() => Assert.That(
        () => new Bidirectional(new LSTM(3), name: "both").ComputeOutputShape(5),
        Throws.InstanceOf<ShapeException>().With.Message.EqualTo(
            "Bidirectional 'both' expects input of rank 3 (batch, timesteps, features), but gets (batch, 5).\n" +
            "Reshape the data to (samples, timesteps, features), or set returnSequences: true on the recurrent layer "
            + "before it."));

    [Test]
    public void A_cell_that_no_registry_knows_needs_a_backward_layer_of_its_own()
    {
        Assert.That(
            () => new Bidirectional(new RNN(new NamelessCell())),
            Throws.ArgumentException.With.Message.StartsWith(
            "Bidirectional: no layer like the wrapped RNN can be made for the other direction (Unknown cell 'NamelessCell'.")
                .And.Message.EndsWith("Give one: backwardLayer: a layer of its own with goBackwards: true."));
        var pair = new Bidirectional(new RNN(new NamelessCell()), backwardLayer: new RNN(new NamelessCell(), goBackwards: true));
        Assert.That(pair.Call(X).Output.Shape, Is.EqualTo((int[])[2, 4]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ZeroOutputForMask_follows_from_returnSequences(bool sequences)
    {
        var pair = new Bidirectional(new LSTM(2, returnSequences: sequences, zeroOutputForMask: !sequences));
        Config[] inner = [.. pair.GetConfig().Where(e => e.Key.EndsWith("layer", StringComparison.Ordinal))
            .Select(e => ((ComponentConfig)e.Value!).Config)];
        Assert.That(inner, Has.Length.EqualTo(2));
        Assert.That(inner.Select(c => c.First(e => e.Key == "zero_output_for_mask").Value), Is.All.EqualTo(sequences));
    }

    [Test]
    public void Names_and_directions_are_those_of_Keras()
    {
        var pair = new Bidirectional(new LSTM(2, name: "reader"), name: "both");
        Assert.That((pair.ForwardLayer.Name, pair.BackwardLayer.Name), Is.EqualTo(("forward_reader", "backward_reader")));
        Assert.That((pair.ForwardLayer.GoBackwards, pair.BackwardLayer.GoBackwards), Is.EqualTo((false, true)));
        Assert.That(pair.StateNames,
            Is.EqualTo((string[])["forward_hidden", "forward_cell", "backward_hidden", "backward_cell"]));

        var again = (Bidirectional)LayerNames.Registry.Create(ComponentConfig.Of(pair));
        Assert.That((again.ForwardLayer.Name, again.BackwardLayer.Name), Is.EqualTo(("forward_reader", "backward_reader")));
    }

    [Test]
    public void Merge_mode_null_gives_both_outputs_in_the_order_of_time()
    {
        var pair = new Bidirectional(new GRU(2, returnSequences: true), mergeMode: null);
        RecurrentOutput both = pair.Call(X);
        RecurrentOutput reversed = pair.BackwardLayer.Call(X);
        Assert.That(both.Output.Values, Is.EqualTo(pair.ForwardLayer.Call(X).Output.Values));
        Assert.That(both.BackwardOutput.Shape, Is.EqualTo((int[])[2, 3, 2]));
        for (int t = 0; t < 3; t++)
        {
            Assert.That(both.BackwardOutput[1, t, 1], Is.EqualTo(reversed.Output[1, 2 - t, 1]));
        }

        string json = ConfigText.Of(pair);
        Assert.That(ConfigText.Of(LayerNames.Registry.Create(ComponentConfig.Of(pair))), Is.EqualTo(json));
    }

    [Test]
    public void The_two_layers_start_from_different_weights()
    {
        var pair = new Bidirectional(new GRU(2));
        pair.Build((3, 1), seed: 3);
        Assert.That(pair.Parameters[0].Values.ToArray(), Is.Not.EqualTo(pair.Parameters[3].Values.ToArray()));
    }

    private static LSTM Built()
    {
        var layer = new LSTM(3);
        layer.Build((3, 1), seed: 1);
        return layer;
    }

    private static TestCaseData Case(Func<object> create, string message) =>
        new TestCaseData(create, message).SetArgDisplayNames(message[..Math.Min(70, message.Length)]);

    /// <summary>A cell that is in no registry.</summary>
    private sealed class NamelessCell : GatedCell
    {
        public NamelessCell()
            : base(2, 1)
        {
        }

        public override string ClassName => "NamelessCell";

        public override void Forward(CellPass pass, int t) =>
            Activation.Forward(((GatedCellPass)pass).ZOf(t).Values, pass.States[0].After(t).Values, Units);

        public override void Backward(CellPass pass, int t) => throw new NotSupportedException();
    }
}
