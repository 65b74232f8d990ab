using System.Diagnostics;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>What an option of a document asks room for counts against what the document may ask for, whatever option it
/// is.</summary>
[TestFixture]
public sealed class OptionSizeTests
{
    private static readonly string[] Sizes = ["100000000", "536870912", "2000000000", "2147483647"];

    [TestCase("""{"class_name": "AUC", "config": {"num_thresholds": N}}""", "num_thresholds")]
    [TestCase("""{"class_name": "PrecisionAtRecall", "config": {"recall": 0.5, "num_thresholds": N}}""", "num_thresholds")]
    [TestCase("""{"class_name": "MeanIoU", "config": {"num_classes": N}}""", "num_classes")]
    [TestCase("""{"class_name": "OneHotIoU", "config": {"num_classes": N, "target_class_ids": [0]}}""", "num_classes")]
    public void Thresholds_are_counted_before_there_is_room_for_them(string metric, string option)
    {
        foreach (string size in Sizes)
        {
            ModelFormatException refusal =
                Attack.OnArchitecture(Compiled("", metric.Replace("N", size, StringComparison.Ordinal)), size)!;
            Assert.That(refusal.Path, Does.EndWith(option));
            Assert.That(refusal.Message, Does.Contain("ReadLimits.MaxParameters"));
        }
    }

    [Test]
    public void Many_options_share_one_budget()
    {
        string metrics = string.Join(',', Enumerable.Range(0, 900)
            .Select(i => $$"""{"class_name": "AUC", "config": {"num_thresholds": 100000, "name": "a{{i}}"} }"""));
        ModelFormatException refusal = Attack.OnArchitecture(Compiled("", metrics), "900 metrics")!;
        Assert.That(refusal.Path, Does.StartWith("compile_config.metrics["));
    }

    [TestCase("RepeatVector", "n", "[null, 3]", "")]
    [TestCase("Dilated", "rate", "[null, 5, 3]", ", \"layer\": {\"class_name\": \"SimpleRNN\", \"config\": {\"units\": 1}}")]
    [TestCase("Embedding", "input_dim", "[null, 5]", ", \"output_dim\": 1")]
    [TestCase("Embedding", "output_dim", "[null, 5]", ", \"input_dim\": 1")]
    [TestCase("ConvLSTM1D", "filters", "[null, 5, 6, 1]", ", \"kernel_size\": 1")]
    [TestCase("ConvLSTM1D", "kernel_size", "[null, 5, 6, 1]", ", \"filters\": 1, \"padding\": \"same\"")]
    [TestCase("JordanRNN", "outputs", "[null, 5, 1]", ", \"units\": 1")]
    [TestCase("ProjectedLSTM", "projection", "[null, 5, 1]", ", \"units\": 1")]
    [TestCase("ProjectedLSTM", "units", "[null, 5, 1]", ", \"projection\": 1")]
    [TestCase("IndRNN", "units", "[null, 5, 1]", "")]
    [TestCase("SLSTM", "units", "[null, 5, 1]", "")]
    [TestCase("MLSTM", "units", "[null, 5, 1]", "")]
    [TestCase("MLSTM", "units", "[null, 5, 1]", ", \"key_dim\": 1")]
    [TestCase("MLSTM", "num_heads", "[null, 5, 1]", ", \"units\": 4")]
    [TestCase("MLSTM", "key_dim", "[null, 5, 1]", ", \"units\": 1")]
    [TestCase("S6", "units", "[null, 5, 1]", "")]
    [TestCase("S6", "state_size", "[null, 5, 1]", ", \"units\": 1")]
    [TestCase("S6", "delta_rank", "[null, 5, 1]", ", \"units\": 1")]
    public void Sizes_of_layers_are_counted_before_there_is_room_for_them(string className, string option,
        string shape, string others)
    {
        foreach (string size in Sizes)
        {
            string layer = $$"""{"class_name": "{{className}}", "config": {"name": "l", "{{option}}": {{size}}{{others}} } }""";
            ModelFormatException refusal = Attack.OnArchitecture(Model(layer, shape), $"{className} {option} {size}")!;
            Assert.That(refusal, Is.Not.Null, $"{className} {option} {size}");
        }
    }

    [TestCase("""{"class_name": "StackedRNNCells", "config": {"cells": [CELLS]} }""")]
    public void Four_thousand_cells_are_read_in_no_time(string stack)
    {
        string cells = string.Join(',', Enumerable.Repeat("""{"class_name": "SimpleRNNCell", "config": {"units": 1}}""", 4000));
        string layer =
            $$"""{"class_name": "RNN", "config": {"cell": {{stack.Replace("CELLS", cells, StringComparison.Ordinal)}} } }""";
        var clock = Stopwatch.StartNew();
        Sequential model = Sequential.FromJson(Model(layer, "[null, 3, 1]"));
        Sequential again = Documents.Load(Documents.Text(model));
        NDArray expected = model.Predict(new NDArray(1, 3, 1));
        Assert.That(again.Predict(new NDArray(1, 3, 1)).Values, Is.EqualTo(expected.Values));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
        Assert.That(((StackedRNNCells)((RNN)model.Layers[0]).Cell).Cells[3999].Name, Is.EqualTo("simple_rnn_cell_3999"));
    }

    [Test]
    public void Thousands_of_layers_get_their_names_in_no_time()
    {
        var clock = Stopwatch.StartNew();
        var model = new Sequential([.. Enumerable.Range(0, 3000).Select(_ => new Activation("relu"))]);
        Assert.That(model.Layers[2999].Name, Is.EqualTo("activation_2999"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void What_code_asks_for_is_refused_before_there_is_room_for_it()
    {
        var far = new Sequential([new Dilated(new SimpleRNN(1), 500_000_000, inputShape: ((int?)null, 1))]);
        RefusedAtOnce(() => far.OpenSession());
        Assert.That(far.Predict(new NDArray(1, 4, 1)).Size, Is.EqualTo(1),
            "of the phases only those are made that there are steps for");
        RefusedAtOnce(() => far.PredictWithState(new NDArray(1, 4, 1)));
        RefusedAtOnce(() => far.ZeroState(1));

        var longer = new Sequential([new RepeatVector(500_000_000, inputShape: 1)]);
        RefusedAtOnce(() => longer.Predict(new NDArray(1, 1)));
        var wide = new Sequential([new RepeatVector(1_000_000, inputShape: 1000), new LSTM(1)]);
        RefusedAtOnce(() => wide.Predict(new NDArray(1, 1000)));
    }

    [Test]
    [Category("Slow")]
    public void A_large_file_takes_little_more_memory_than_its_numbers()
    {
        // 64 MB of weights.
        var model = new Sequential([new Dense(4096, useBias: false, kernelInitializer: "zeros", inputShape: 4096)]);
        long numbers = model.ParameterCount * sizeof(float);
        string path = Path.GetTempFileName();
        model.Save(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Sequential again = Sequential.Load(path);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(again.ParameterCount, Is.EqualTo(model.ParameterCount));
        Assert.That(allocated, Is.LessThan((2 * numbers) + (4 << 20)), "once as they come in, and once as weights");

        before = GC.GetAllocatedBytesForCurrentThread();
        again.Save(path);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(5 * numbers),
            "pieces of text, each soon forgotten");
        File.Delete(path);
    }

    private static void RefusedAtOnce(Action run)
    {
        long before = GC.GetTotalAllocatedBytes();
        Assert.That(run, Throws.InstanceOf<ArgumentException>().With.Message.Contains("Use a smaller"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(64 << 20));
    }

    private static string Model(string layers, string shape) => $$"""
        {"class_name": "Sequential", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "config": {"batch_shape": {{shape}} } }, {{layers}} ] } }
        """;

    private static string Compiled(string layers, string metrics) => $$"""
        {"class_name": "Sequential", "config": {"name": "m", "layers": [{{layers}}]},
         "compile_config": {"optimizer": "adam", "loss": "mse", "metrics": [{{metrics}}]} }
        """;
}
