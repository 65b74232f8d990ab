namespace Recurrent.Tests;

/// <summary>Every case of Keras's reference values for preparing data is run by a test here.</summary>
[TestFixture]
public sealed class FixtureLedgerTests
{
    private static readonly string[] Missing =
    [
        // Tokenizer: KerasTokenizerTests of Recurrent.Text.Tests runs them.
        "preprocessing.json: tokenizer_basic", "preprocessing.json: tokenizer_num_words_oov",

        // Normalization.adapt: PreprocessingTests of Recurrent.Core.Tests runs it.
        "preprocessing.json: normalization_layer_adapt",
    ];

    [Test]
    public void Every_case_of_every_file_is_run() =>
        Assert.That(FixtureLedger.LeftOut(typeof(FixtureLedgerTests).Assembly, "preprocessing.json"), Is.EquivalentTo(Missing));
}
