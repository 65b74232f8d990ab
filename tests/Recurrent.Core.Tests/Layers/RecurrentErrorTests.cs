using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What recurrent layers and cells say, word for word.</summary>
[TestFixture]
public sealed class RecurrentErrorTests
{
    private static readonly CellPassOptions OneStep = new(3, 1, 1, Differentiable: true);

    private static IEnumerable<TestCaseData> Shapes =>
    [
        new(
            new LSTM(3, name: "lstm_2"),
            (Shape)50,
            "LSTM 'lstm_2' expects input of rank 3 (batch, timesteps, features), but gets (batch, 50).\n" +
            "Reshape the data to (samples, timesteps, features), or set returnSequences: true on the recurrent layer before it."),
        new(
            new GRU(3),
            (Shape)(2, 3, 4),
            "GRU expects input of rank 3 (batch, timesteps, features), but gets (batch, 2, 3, 4).\n" +
            "Reshape the data to (samples, timesteps, features)."),
        new(
            new SimpleRNN(3),
            new Shape(10, null),
            "SimpleRNN expects input whose last axis (features) is known, but gets (batch, 10, ?).\n" +
            "Give the length of that axis in inputShape: the kernel has one row for each feature."),
    ];

    private static IEnumerable<TestCaseData> Options =>
    [
        Refused(
            () => new LSTM(0, dropout: 1, recurrentDropout: -0.5),
            "LSTM: units must be at least 1, but is 0; dropout must be at least 0 and below 1, but is 1; " +
            "recurrentDropout must be at least 0 and below 1, but is -0.5."),
        Refused(() => new GRU(2, dropout: 1), "GRU: dropout must be at least 0 and below 1, but is 1."),
        Refused(() => new SimpleRNN(2, name: "reader", recurrentDropout: 1),
            "SimpleRNN 'reader': recurrentDropout must be at least 0 and below 1, but is 1."),
        Refused(() => new LSTMCell(-1, name: "mine"), "LSTMCell 'mine': units must be at least 1, but is -1."),
        Refused(() => new GRUCell(0), "GRUCell: units must be at least 1, but is 0."),
        Refused(() => new SimpleRNNCell(0), "SimpleRNNCell: units must be at least 1, but is 0."),
        Refused(() => new SimpleRNNCell(2, dropout: 1), "SimpleRNNCell: dropout must be at least 0 and below 1, but is 1."),
        Refused(() => new LSTMCell(2, recurrentDropout: -1),
            "LSTMCell: recurrentDropout must be at least 0 and below 1, but is -1."),
        Refused(() => new StackedRNNCells([]), "StackedRNNCells: cells must hold at least one cell."),
        Refused(
            () =>
            {
                var cell = new LSTMCell(2);
                return new StackedRNNCells([cell, cell]);
            },
            "StackedRNNCells: each place needs a cell of its own, but one appears twice."),
        Refused(
            () => new StackedRNNCells([new LSTMCell(2, name: "a"), new LSTMCell(2), new GRUCell(2, name: "a")], "stack"),
            "StackedRNNCells 'stack': two cells have the same name."),
        Refused(
            () => new ZoneoutCell(new StackedRNNCells([new LSTMCell(2)]), 1, -0.5),
            "ZoneoutCell: hiddenRate must be at least 0 and below 1, but is 1; cellRate must be at least 0 and below 1, but "
            + "is -0.5; " +
            "a StackedRNNCells holds cells itself. Wrap those."),
        Refused(() => new ZoneoutCell(new ZoneoutCell(new LSTMCell(2))),
            "ZoneoutCell: a ZoneoutCell holds cells itself. Wrap those."),
    ];

    private static IEnumerable<TestCaseData> Nulls =>
    [
        Null("cell", () => _ = new RNN((RecurrentCell)null!)),
        Null("cell", () => _ = new ZoneoutCell(null!)),
        Null("cells", () => _ = new StackedRNNCells(null!)),
        Null("cell", () => _ = new CellPass(null!, OneStep)),
        Null("options", () => _ = new CellPass(new LSTMCell(2), null!)),
        Null("matrix", () => _ = new CellPass(new LSTMCell(2), OneStep).StepOf(null!, 0)),
        Null("options", () => new StackedRNNCells([new LSTMCell(2)]).CreatePass(null!)),
        Null("options", () => new ZoneoutCell(new LSTMCell(2)).CreatePass(null!)),
        Null("weights", () => _ = new LinearMap(null!)),
        Null("weights", () => _ = new LinearMap(null!, 0, 1)),
        Null("pass", () => new LinearMap(new Parameter("kernel", [1, 1]))
            .AddGradient(new DenseMatrix(1, 1), new DenseMatrix(1, 1), null!)),
        Null("input", () => new LSTM(2).ComputeOutputShape(null!)),
    ];

    [TestCaseSource(nameof(Shapes))]
    public void A_shape_that_does_not_fit(Layer layer, Shape input, string message) =>
        Assert.That(() => layer.ComputeOutputShape(input), Throws.TypeOf<ShapeException>().With.Message.EqualTo(message));

    [TestCaseSource(nameof(Options))]
    public void Options_out_of_range(Func<object> create, string message) =>
        Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));

    [TestCaseSource(nameof(Nulls))]
    public void Arguments_that_are_missing(string parameter, Action action) =>
        Assert.That(() => action(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo(parameter));

    [Test]
    public void A_cell_belongs_to_one_place()
    {
        var cell = new LSTMCell(2, name: "mine");
        _ = new RNN(cell);
        const string Message = "LSTMCell 'mine' belongs to a layer already. Create a cell of its own for each layer.";
        Assert.That(() => new RNN(cell), Throws.InvalidOperationException.With.Message.EqualTo(Message));
        Assert.That(() => new ZoneoutCell(cell), Throws.InvalidOperationException.With.Message.EqualTo(Message));
        Assert.That(() => new StackedRNNCells([cell]), Throws.InvalidOperationException.With.Message.EqualTo(Message));
    }

    [Test]
    public void A_cell_that_is_not_built_says_so() => Assert.That(
        new LSTMCell(2).Pack,
        Throws.InvalidOperationException.With.Message.EqualTo(
        "LSTMCell is not built: it has no weights yet. Use it in a layer."));

    [Test]
    public void A_pass_knows_the_parameters_of_its_cell_only()
    {
        var layer = new RNN(new LSTMCell(2));
        layer.Build((1, 3), seed: 1);
        Assert.That(
            () => new CellPass(layer.Cell, OneStep).GradientOf(new Parameter("foreign", [1])),
            Throws.ArgumentException.With.Message.StartsWith("The cell has no parameter 'foreign'."));
    }

    [Test]
    public void What_hinders_streaming_and_Sequential_is_said()
    {
        Assert.That(new LSTM(2).StreamingObstacle, Is.Null);
        Assert.That(new LSTM(2, goBackwards: true).StreamingObstacle?.ToString(),
            Does.StartWith("it reads the sequence from its end."));
        Assert.That(new LSTM(2).SequentialObstacle, Is.Null);
        Assert.That(new LSTM(2, returnState: true).SequentialObstacle?.ToString(), Does.StartWith("with returnState: true"));
    }

    private static TestCaseData Refused(Func<object> create, string message) =>
        new TestCaseData(create, message).SetArgDisplayNames(message);

    private static TestCaseData Null(string parameter, Action action) => new(parameter, action);
}
