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

    [Test]
    public void A_wrapper_that_is_made_trainable_before_it_is_built_is_trained()
    {
        Layer[] wrappers =
        [
            new Residual(new LSTM(2, returnSequences: true, trainable: false), inputShape: ((int?)null, 2)),
            new Dilated(new LSTM(2, trainable: false), 2, inputShape: ((int?)null, 2)),
            new TimeDistributed(new Dense(2, trainable: false), inputShape: ((int?)null, 2)),
        ];
        foreach (Layer wrapper in wrappers)
        {
            wrapper.Trainable = true;
            _ = new Sequential([wrapper]);
            Assert.That(wrapper.Parameters.Select(parameter => parameter.Trainable), Has.All.True, wrapper.ClassName);
        }
    }

    [Test]
    public void A_cell_in_a_file_is_checked_as_one_that_is_made()
    {
        foreach (RecurrentCell cell in (RecurrentCell[])[new SimpleRNNCell(3), new LSTMCell(3), new GRUCell(3), new UGRNNCell(3)])
        {
            string json = Model(cell).ToJson();
            string wrong = json.Replace("\"units\":3", "\"units\":0", StringComparison.Ordinal);
            Assert.That(wrong, Is.Not.EqualTo(json));
            ModelFormatException refused = Assert.Throws<ModelFormatException>(() => Sequential.FromJson(wrong))!;
            Assert.That(refused.Message, Does.Contain("units must be at least 1, but is 0"));
        }
    }

    [Test]
    public void An_activation_that_a_file_does_not_name_is_the_default_and_null_is_linear()
    {
        const string Named = "\"activation\":\"tanh\",\"recurrent_activation\":\"sigmoid\",";
        var model = new Sequential([new LSTM(3, inputShape: ((int?)null, 2))]);
        string json = model.ToJson();
        Assert.That(json, Does.Contain(Named));
        Assert.That(Sequential.FromJson(json.Replace(Named, string.Empty, StringComparison.Ordinal)).ToJson(), Is.EqualTo(json));
        string linear = Sequential.FromJson(
            json.Replace("\"activation\":\"tanh\"", "\"activation\":null", StringComparison.Ordinal)).ToJson();
        Assert.That(linear,
            Is.EqualTo(json.Replace("\"activation\":\"tanh\"", "\"activation\":\"linear\"", StringComparison.Ordinal)));
    }

    [TestCase(" ")]
    [TestCase("a/b")]
    public void A_cell_needs_a_name_that_can_stand_in_a_path(string name)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => _ = new LSTMCell(2, name: name))!;
        Assert.That(refused.Message,
            Does.StartWith($"The name '{name}' is not a name: it must not be blank and must not contain '/'."));
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
        int place = json.IndexOf(Trained, json.IndexOf($"\"{cell.ClassName}\"", StringComparison.Ordinal),
            StringComparison.Ordinal);
        return json[..place] + "\"trainable\":false" + json[(place + Trained.Length)..];
    }
}
