using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Which gates of which cells start with a bias of 1.</summary>
[TestFixture]
public sealed class FirstBiasTests
{
    private static IEnumerable<TestCaseData> Cases =>
    [
        Case(new LSTM(2), 0, 0, 1, 1, 0, 0, 0, 0),
        Case(new PeepholeLSTM(2), 0, 0, 1, 1, 0, 0, 0, 0),
        Case(new ProjectedLSTM(2, 1), 0, 0, 1, 1, 0, 0, 0, 0),
        Case(new LayerNormLSTM(2), 0, 0, 1, 1, 0, 0, 0, 0),
        Case(new CoupledLSTM(2), 1, 1, 0, 0, 0, 0),
        Case(new UGRNN(2), 1, 1, 0, 0),
        Case(new UGRNN(2, options: new() { BiasInitializer = "ones" }), 1, 1, 1, 1),
        Case(new UGRNN(2, options: new() { UnitForgetBias = false }), 0, 0, 0, 0),
        Case(new CoupledLSTM(2, options: new() { UnitForgetBias = false }), 0, 0, 0, 0, 0, 0),
        Case(new LSTM(2, unitForgetBias: false), 0, 0, 0, 0, 0, 0, 0, 0),
        Case(new PeepholeLSTM(2, options: new() { UnitForgetBias = false }), 0, 0, 0, 0, 0, 0, 0, 0),
        Case(new ProjectedLSTM(2, 1, options: new() { UnitForgetBias = false }), 0, 0, 0, 0, 0, 0, 0, 0),
        Case(new LayerNormLSTM(2, options: new() { UnitForgetBias = false }), 0, 0, 0, 0, 0, 0, 0, 0),
        Case(new SLSTM(2), 0, 0, 1, 1, 0, 0, 0, 0),
        Case(new SLSTM(2, options: new() { UnitForgetBias = false }), 0, 0, 0, 0, 0, 0, 0, 0),
        Case(new LayerNormGRU(2), 0, 0, 0, 0, 0, 0),
    ];

    [TestCaseSource(nameof(Cases))]
    public void The_bias_starts_at(Layer layer, Real[] expected)
    {
        layer.Build((4, 3), seed: 1);
        Assert.That(layer.Parameters.Single(p => p.Name == "bias").Values.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Peepholes_start_at_zero_and_gains_at_one()
    {
        var peephole = new PeepholeLSTM(2);
        peephole.Build((4, 3), seed: 1);
        Assert.That(peephole.Parameters[^1].Values.ToArray(), Is.All.Zero);
        var norm = new LayerNormLSTM(2);
        norm.Build((4, 3), seed: 1);
        Assert.That(
            norm.Parameters.Skip(3).Select(p => (p.Name, p.Values[0])),
            Is.EqualTo(new[] { ("kernel_gamma", (Real)1), ("recurrent_gamma", 1), ("cell_gamma", 1), ("cell_beta", 0) }));
    }

    private static TestCaseData Case(Layer layer, params Real[] expected) =>
        new TestCaseData(layer, expected).SetArgDisplayNames(layer.ClassName, string.Join(' ', expected));
}
