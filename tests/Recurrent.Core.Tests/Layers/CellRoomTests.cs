using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>How much room cells and layers say that they need, which is checked before any is made.</summary>
[TestFixture]
public sealed class CellRoomTests
{
    private static IEnumerable<TestCaseData> Rows =>
    [
        Case(new SimpleRNNCell(5), new(3), 5),
        Case(new LSTMCell(5), new(3), 4 * 5),
        Case(new ProjectedLSTMCell(5, 2), new(3), 4 * 5),
        Case(new JordanRNNCell(2, 9), new(3), 9),
        Case(new ZoneoutCell(new GRUCell(5)), new(3), 3 * 5),
        Case(new StackedRNNCells([new LSTMCell(2), new GRUCell(5), new SimpleRNNCell(7)]), new(3), 3 * 5),
        Case(new StackedRNNCells([new LSTMCell(9), new GRUCell(5)]), new(3), 4 * 9),
        Case(new ConvLSTM1DCell(2, 3), (6, 7), 3 * 7),
        Case(new ConvLSTM1DCell(7, 3), (6, 2), 4 * 7),
        Case(new ConvLSTM1DCell(2, 5), (6, 1), 5 * 2),
    ];

    private static IEnumerable<TestCaseData> Values =>
    [
        Case(new LSTM(5), (7, 3), 7 * 20, 7 * 3),
        Case(new LSTM(5), (7, 1), 7 * 20, 20),
        Case(new SimpleRNN(2), (7, 3), 7 * 3, 7 * 3),
        Case(new ConvLSTM1D(2, 3), (4, 6, 1), 4 * 4 * 8, 4 * 8),
        Case(new Dilated(new LSTM(5), 4), (7, 1), 8 * 20, 20),
        Case(new Dilated(new LSTM(5), 7), (7, 1), 7 * 20, 20),
        Case(new Dilated(new LSTM(5), 100), (7, 1), 7 * 20, 20),
        Case(new Residual(new GRU(3, returnSequences: true)), (7, 3), 7 * 9, 7 * 3),
        Case(new Bidirectional(new LSTM(5), backwardLayer: new SimpleRNN(30, goBackwards: true)), (7, 1), 7 * 30, 30),
        Case(new Bidirectional(new LSTM(5), backwardLayer: new SimpleRNN(3, goBackwards: true)), (7, 1), 7 * 20, 20),
        Case(new TimeDistributed(new LSTM(5)), (2, 7, 1), 2 * 7 * 20, 2 * 20),
    ];

    [TestCaseSource(nameof(Rows))]
    public void The_highest_matrix_of_a_cell(RecurrentCell cell, Shape step, int rows) =>
        Assert.That(cell.MostRows(step), Is.EqualTo(rows));

    [Test]
    public void Rows_beyond_an_int_are_no_number() =>
        Assert.That(() => new ConvLSTM1DCell(2, int.MaxValue).MostRows((6, 7)), Throws.TypeOf<OverflowException>());

    [TestCaseSource(nameof(Values))]
    public void The_largest_matrix_of_a_layer_by_samples(Layer layer, Shape input, long backward, long forward)
    {
        Assert.That(layer.ValuesPerSample(input, differentiable: true), Is.EqualTo(backward));
        Assert.That(layer.ValuesPerSample(input, differentiable: false), Is.EqualTo(forward));
    }

    [Test]
    public void What_no_array_can_hold_is_refused_and_what_it_can_is_not()
    {
        var layer = new LSTM(5, name: "wide");
        int most = Array.MaxLength / (7 * 20);
        layer.RequireRoom((7, 1), new(5), most, differentiable: true);
        Assert.That(
            () => layer.RequireRoom((7, 1), new(5), most + 1, differentiable: true),
            Throws.ArgumentException.With.Message.StartsWith(
            "LSTM 'wide' needs a matrix of 140 values for each sample of input (batch, 7, 1)"));
        Assert.That(
            () => layer.RequireRoom((7, 1), (7, 90), most, differentiable: true),
            Throws.ArgumentException.With.Message.StartsWith("LSTM 'wide' needs a matrix of 630 values for each sample"),
            "the output is larger");
    }

    private static TestCaseData Case(RecurrentCell cell, Shape step, int rows) =>
        new TestCaseData(cell, step, rows).SetArgDisplayNames($"{cell.ClassName}, {step}, {rows}");

    private static TestCaseData Case(Layer layer, Shape input, long backward, long forward) =>
        new TestCaseData(layer, input, backward, forward)
            .SetArgDisplayNames($"{layer.ClassName}, {input}, {backward}, {forward}");
}
