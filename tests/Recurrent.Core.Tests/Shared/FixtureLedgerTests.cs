namespace Recurrent.Tests.Shared;

/// <summary>Every case of Keras's reference values is run by a test here, or in one of the projects named.</summary>
public sealed class FixtureLedgerTests
{
    /// <summary>What needs models: Recurrent.Models.Tests runs it, and in float64 Recurrent.Gradients.Tests.</summary>
    private static readonly string[] OfModels =
        ["functional_models.json", "graphs.json", "preprocessing.json", "rnn_float64.json", "rnn_stateful.json"];

    /// <summary>A model in a model: FunctionalKerasTests.</summary>
    private static readonly string[] Elsewhere = ["core_layers.json: nested_sequential"];

    [Test]
    public void Every_case_of_every_file_is_run() => Assert.That(
        FixtureLedger.LeftOut(typeof(FixtureLedgerTests).Assembly, FixtureLedger.Files.Except(OfModels)),
        Is.EquivalentTo(Elsewhere));
}
