namespace Recurrent.Tests.Models;

/// <summary>Every case of the files of Keras's reference values that need models is run by a test here.</summary>
[TestFixture]
public sealed class FixtureLedgerTests
{
    /// <summary>What is not there yet, or is run elsewhere.</summary>
    private static readonly string[] Missing =
    [
        // Vectors and windows: KerasUtilityTests of Recurrent.Forecasting.Tests runs them, and its ledger sees to it.
        "preprocessing.json: to_categorical_basic", "preprocessing.json: to_categorical_num_classes",
        "preprocessing.json: to_categorical_column", "preprocessing.json: to_categorical_matrix",
        "preprocessing.json: normalize_axis_last", "preprocessing.json: normalize_axis1_order1",
        "preprocessing.json: timeseries_basic", "preprocessing.json: timeseries_targets",
        "preprocessing.json: timeseries_stride_rate", "preprocessing.json: timeseries_forecast",
        "preprocessing.json: timeseries_start_end",
        "preprocessing.json: timeseries_generator_basic", "preprocessing.json: timeseries_generator_rate_stride",
        "preprocessing.json: timeseries_generator_reverse",

        // Tokenizer.
        "preprocessing.json: tokenizer_basic", "preprocessing.json: tokenizer_num_words_oov",

        // Normalization.adapt: PreprocessingTests of Recurrent.Core.Tests runs it.
        "preprocessing.json: normalization_layer_adapt",
    ];

    [Test]
    public void Every_case_of_every_file_is_run() => Assert.That(
        FixtureLedger.LeftOut(
            typeof(FixtureLedgerTests).Assembly,
            "functional_models.json",
            "graphs.json",
            "preprocessing.json",
            "rnn_stateful.json"),
        Is.EquivalentTo(Missing));
}
