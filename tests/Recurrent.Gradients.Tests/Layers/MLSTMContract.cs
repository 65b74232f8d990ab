using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>The contract, from any states and from states of zero; and gradients of all final states.</summary>
[TestFixture]
public sealed class MLSTMContract : LayerContract<MLSTMContract>, ILayerCases
{
    private const int OneHead = 14 * 3;
    private const int TwoHeads = (12 + 8 + 4) * 3;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("one head", OneHead, 3, 1, null, "sigmoid", "linear", "sigmoid"),
        .. Of("two heads with long keys", TwoHeads, 4, 2, 3, "sigmoid", "linear", "sigmoid"),
        .. Of("exponential forget gate", OneHead, 3, 1, null, "exponential", "linear", "sigmoid"),
        .. Of("gelu and silu", OneHead, 3, 1, null, "sigmoid", "gelu", "silu"),
        .. Of("from zero", TwoHeads, 4, 2, 3, "exponential", "tanh", "sigmoid").Select(c => c with { Leaves = _ => [] }),
        .. StepByStep("step by step", "sigmoid", "linear", "sigmoid"),
        .. StepByStep("step by step, exponential, gelu and silu", "exponential", "gelu", "silu"),
        .. RecurrentCases.Both(
            "no bias", () => new MLSTM(3, options: new() { UseBias = false }, returnSequences: true), OneHead - 14),
        .. RecurrentCases.Both(
            "softmax", () => new MLSTM(3, options: new() { Activation = "softmax", RecurrentActivation = "softmax" }), OneHead),
        .. RecurrentCases.Both("units beyond a vector", () => new MLSTM(22, 2, 9, returnSequences: true), (36 + 44 + 4) * 3),
        .. RecurrentCases.Both("a head for each unit", () => new MLSTM(3, 3, 2, returnSequences: true), (12 + 6 + 6) * 3),
        .. RecurrentCases.Both("cell", () => new RNN(new MLSTMCell(3, options: new() { Seed = 3 })), OneHead),
        .. RecurrentCases.Both(
            "stacked cells", () => new RNN(new StackedRNNCells([new MLSTMCell(4, 2, 3), new MLSTMCell(3)])), TwoHeads + (14 * 5)),
        .. Long("many steps", () => new MLSTM(4, 2, 3, returnSequences: true)),
        .. Long("many steps, exponential", () => new MLSTM(4, 2, 3, "exponential", goBackwards: true)),
    ];

    /// <summary>
    /// A loss on all states, which are not scaled together as outputs are, so that what reaches m through the maximum matters.
    /// </summary>
    [Test]
    public void Gradients_of_a_loss_on_final_states_are_the_measured_slopes(
        [Values("sigmoid", "exponential")] string forgetGate, [Values] bool masked)
    {
        LayerCase layerCase = RecurrentCases.Case("final states", () => new MLSTM(4, 2, 3, forgetGate), TwoHeads);
        FinalStateSlopes.Check(layerCase with { Mask = masked ? RecurrentCases.HoledMask : null }, AssertSlopes);
    }

    /// <summary>Where the gradient is measured at each step, steps are not taken as one on the way back.</summary>
    [Test]
    public void Gradients_that_are_measured_on_the_way_are_the_same(
        [Values("sigmoid", "exponential")] string forgetGate, [Values] bool masked)
    {
        LayerCase layerCase = Long("measured", () => new MLSTM(4, 2, 3, forgetGate, returnSequences: true))
            .ElementAt(masked ? 1 : 0);
        var run = new LayerRun(layerCase);
        run.Forward();
        Real[] inputGradient = [.. run.Backward()!.Values];
        Real[][] gradients = [.. run.Pass.Gradients.Select(gradient => gradient.Values.ToArray())];
        Real[][] leaves = [.. run.Leaves.Select(leaf => leaf.Gradient().ToArray())];
        var measured = new LayerRun(layerCase, run.Layer);
        measured.Forward();
        ((RecurrentPass)measured.Pass).SquaredGradientNorms = new double[layerCase.Sample[0]!.Value];
        AssertClose(measured.Backward()!.Values, [.. inputGradient], "input");
        for (int i = 0; i < gradients.Length; i++)
        {
            AssertClose(measured.Pass.Gradients[i].Values, [.. gradients[i]], run.Layer.Parameters[i].Name);
        }

        for (int i = 0; i < leaves.Length; i++)
        {
            AssertClose(measured.Leaves[i].Gradient(), [.. leaves[i]], run.Leaves[i].Name);
        }

        Assert.That(((RecurrentPass)measured.Pass).SquaredGradientNorms![4..30], Has.All.GreaterThan(0));
    }

    /// <summary>The stabiliser is not idle: with C and n given, the output depends on m.</summary>
    [Test]
    public void The_gradient_of_the_initial_stabilizer_is_not_zero()
    {
        var run = new LayerRun(RecurrentCases.Case("stabilizer", () => new MLSTM(3), OneHead));
        run.Forward();
        run.Backward();
        Assert.That(run.Leaves[3].Gradient(), Has.Some.Matches<Real>(slope => Math.Abs(slope) > 1e-3));
        Assert.That(run.Leaves[0].Gradient(), Is.All.Zero, "no step reads the output of the one before");
    }

    private static IEnumerable<LayerCase> Of(
        string name, int weights, int units, int heads, int? keyDim, string forgetGate, string activation, string gates) =>
        RecurrentCases.Common(
            weights, (sequences, backwards, zero, dropout, _) => new MLSTM(
                units,
                heads,
                keyDim,
                forgetGate,
                options: new() { Activation = activation, RecurrentActivation = gates, Dropout = dropout },
                returnSequences: sequences,
                goBackwards: backwards,
                zeroOutputForMask: zero)).Select(c => c with { Name = $"{name}, {c.Name}" });

    /// <summary>As a cell of a stack, whose steps are not taken as one.</summary>
    private static IEnumerable<LayerCase> StepByStep(string name, string forgetGate, string activation, string gates) =>
        RecurrentCases.Common(
            TwoHeads, (sequences, backwards, zero, dropout, _) =>
            {
                var options = new CellOptions { Activation = activation, RecurrentActivation = gates, Dropout = dropout };
                return new RNN(
                    new StackedRNNCells([new MLSTMCell(4, 2, 3, forgetGate, options: options)]),
                    returnSequences: sequences,
                    goBackwards: backwards,
                    zeroOutputForMask: zero);
            }).Select(c => c with { Name = $"{name}, {c.Name}" });

    /// <summary>More steps than a chunk has, with a mask and without.</summary>
    private static IEnumerable<LayerCase> Long(string name, Func<Layer> create)
    {
        const int Steps = 37;
        LayerCase plain = RecurrentCases.Case(name, create, TwoHeads) with
        {
            Sample = (Steps, RecurrentCases.Features),
            Batch = 2,
        };
        yield return plain;
        yield return plain with
        {
            Name = $"{name}, mask",
            Mask = [.. Enumerable.Range(0, Steps * plain.Batch).Select(i => i % 2 == 0 ? i % 7 != 0 : i is > 8 and < 60)],
        };
    }
}
