using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>The contract, from states as they are in the middle of a sequence and from states of zero; and gradients of all final
/// states.</summary>
[TestFixture]
public sealed class SLSTMContract : LayerContract<SLSTMContract>, ILayerCases
{
    private const int Normalizer = 2;
    private const int WithBias = 4 * 3 * (2 + 3 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("sigmoid forget gate", "tanh", "sigmoid", "sigmoid"),
        .. Of("exponential forget gate", "tanh", "sigmoid", "exponential"),
        .. Of("gelu and silu", "gelu", "silu", "sigmoid").Select(c => c with { Leaves = _ => [], Name = $"{c.Name}, from zero" }),
        .. Both("no bias", () => new SLSTM(3, options: new() { UseBias = false }, returnSequences: true), WithBias - 12),
        .. Both("no unit forget bias", () => new SLSTM(3, options: new() { UnitForgetBias = false }), WithBias),
        .. Both("softmax", () => new SLSTM(3, options: new() { Activation = "softmax", RecurrentActivation = "softmax" },
            returnSequences: true), WithBias),
        .. Both("units beyond a vector", () => new SLSTM(11, returnSequences: true), 4 * 11 * (2 + 11 + 1)),
        .. Both("units beyond a vector, exponential", () => new SLSTM(11, forgetGate: "exponential", returnSequences: true),
            4 * 11 * (2 + 11 + 1)),
        .. Both("cell", () => new RNN(new SLSTMCell(3, forgetGate: "exponential", options: new() { Seed = 3 })), WithBias),
    ];

    /// <summary>A loss on all states, which are not scaled together as outputs are, so that what reaches m through the maximum
    /// matters.</summary>
    [Test]
    public void Gradients_of_a_loss_on_final_states_are_the_measured_slopes(
        [Values("sigmoid", "exponential")] string forgetGate) =>
        FinalStateSlopes.Check(Case("final states", () => new SLSTM(3, forgetGate: forgetGate), WithBias), AssertSlopes);

    /// <summary>The stabiliser is not idle: with c and n given, the output depends on m.</summary>
    [Test]
    public void The_gradient_of_the_initial_stabilizer_is_not_zero()
    {
        var run = new LayerRun(Case("stabilizer", () => new SLSTM(3), WithBias));
        run.Forward();
        run.Backward();
        Assert.That(run.Leaves[3].Gradient(), Has.Some.Matches<Real>(slope => Math.Abs(slope) > 1e-3));
    }

    private static IEnumerable<LayerCase> Of(string name, string activation, string gateActivation, string forgetGate) =>
        RecurrentCases.Common(
        WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new SLSTM(
            RecurrentCases.Units,
            forgetGate,
            options: new()
            {
                Activation = activation,
                RecurrentActivation = gateActivation,
                Dropout = dropout,
                RecurrentDropout = recurrentDropout
            },
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero)).Select(c => Running(c with { Name = $"{name}, {c.Name}" }));

    private static LayerCase Case(string name, Func<Layer> create, int weights) =>
        Running(RecurrentCases.Case(name, create, weights));

    private static IEnumerable<LayerCase> Both(string name, Func<Layer> create, int weights) =>
        RecurrentCases.Both(name, create, weights).Select(Running);

    /// <summary>Starts from states as they are in the middle of a sequence: n above zero.</summary>
    private static LayerCase Running(LayerCase layerCase) => layerCase with
    {
        Leaves = pass =>
        {
            IReadOnlyList<Leaf> leaves = layerCase.Leaves(pass);
            foreach (ref Real n in leaves[Normalizer].Values.AsSpan())
            {
                n += (Real)1.5;
            }

            return leaves;
        },
    };
}
