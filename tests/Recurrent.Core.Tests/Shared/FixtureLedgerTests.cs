namespace Recurrent.Tests.Shared;

/// <summary>Every case of Keras's reference values is run by a test here, or in one of the projects named.</summary>
public sealed class FixtureLedgerTests
{
    /// <summary>What needs models: Recurrent.Models.Tests runs it, and in float64 Recurrent.Gradients.Tests.</summary>
    private static readonly string[] OfModels =
        ["functional_models.json", "graphs.json", "preprocessing.json", "rnn_float64.json", "rnn_stateful.json"];

    /// <summary>Optimizers that are not there yet.</summary>
    private static readonly string[] Missing =
    [
        "optimizers.json: nadam", "optimizers.json: adamax", "optimizers.json: adagrad", "optimizers.json: adadelta",
        "optimizers.json: adadelta_default_lr", "optimizers.json: lion", "optimizers.json: ftrl", "optimizers.json: ftrl_reg",

        // A model in a model: FunctionalKerasTests.
        "core_layers.json: nested_sequential",
    ];

    [Test]
    public void Every_case_of_every_file_is_run() => Assert.That(
        FixtureLedger.LeftOut(typeof(FixtureLedgerTests).Assembly, FixtureLedger.Files.Except(OfModels)),
        Is.EquivalentTo(Missing));
}
