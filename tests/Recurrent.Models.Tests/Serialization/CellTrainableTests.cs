using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Whether a cell is trained goes to a file and comes back, and follows its layer.</summary>
[TestFixture]
public sealed class CellTrainableTests
{
    private const string Trained = "\"trainable\":true";

    [Test]
    public void A_cell_that_a_file_says_is_not_trained_is_not()
    {
        foreach (RecurrentCell cell in Cells())
        {
            string json = Frozen(cell);
            Sequential model = Sequential.FromJson(json);
            Assert.That(model.Layers[0].Parameters.Select(parameter => parameter.Trainable), Has.All.False, cell.ClassName);
            Assert.That(model.ToJson(), Is.EqualTo(json), cell.ClassName);
        }
    }

    [Test]
    public void A_layer_that_is_made_trainable_is_so_in_its_file()
    {
        foreach (RecurrentCell cell in Cells())
        {
            Sequential model = Sequential.FromJson(Frozen(cell));
            model.Layers[0].Trainable = true;
            Sequential again = Sequential.FromJson(model.ToJson());
            Assert.That(again.Layers[0].Parameters.Select(parameter => parameter.Trainable), Has.All.True, cell.ClassName);
        }
    }

    [Test]
    public void A_Bidirectional_that_is_made_trainable_before_it_is_built_is_trained()
    {
        var both = new Bidirectional(new LSTM(2), trainable: false, inputShape: ((int?)null, 2)) { Trainable = true };
        _ = new Sequential([both]);
        Assert.That(both.Parameters.Select(parameter => parameter.Trainable), Has.All.True);
    }

    [TestCase(" ")]
    [TestCase("a/b")]
    public void A_cell_needs_a_name_that_can_stand_in_a_path(string name)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => _ = new LSTMCell(2, name: name))!;
        Assert.That(refused.Message, Does.StartWith($"The name '{name}' is not a name: it must not be blank and must not contain '/'."));
        string json = Model(new LSTMCell(2, name: "mine")).ToJson().Replace("\"mine\"", $"\"{name}\"", StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => Sequential.FromJson(json));
    }

    private static RecurrentCell[] Cells() =>
        [new LSTMCell(3), new StackedRNNCells([new LSTMCell(3)]), new ZoneoutCell(new GRUCell(3))];

    private static Sequential Model(RecurrentCell cell) => new([new RNN(cell, inputShape: ((int?)null, 2))]);

    /// <summary>A model whose outermost cell is not trained.</summary>
    private static string Frozen(RecurrentCell cell)
    {
        string json = Model(cell).ToJson();
        int place = json.IndexOf(Trained, json.IndexOf($"\"{cell.ClassName}\"", StringComparison.Ordinal), StringComparison.Ordinal);
        return json[..place] + "\"trainable\":false" + json[(place + Trained.Length)..];
    }
}
