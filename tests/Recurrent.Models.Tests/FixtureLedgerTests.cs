namespace Recurrent.Tests.Models;

/// <summary>Every case of the files of Keras's reference values that need models is run by a test here.</summary>
[TestFixture]
public sealed class FixtureLedgerTests
{
    [Test]
    public void Every_case_of_every_file_is_run() => Assert.That(
        FixtureLedger.LeftOut(
            typeof(FixtureLedgerTests).Assembly,
            "functional_models.json",
            "graphs.json",
            "rnn_stateful.json"),
        Is.Empty);
}
