using System.Text;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.States;

namespace Recurrent.Tests.Serialization;

/// <summary>The state of a layer goes to a file and back; what is none is refused.</summary>
[TestFixture]
public sealed class RecurrentStateFileTests
{
    private static readonly NDArray X = new([2, 3, 1], [0.5f, -1, 2, 1, 0.25f, -0.75f]);

    [Test]
    public void A_layer_goes_on_from_a_state_that_was_saved()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-state-{Environment.ProcessId}.json");
        try
        {
            var layer = new LSTM(4, returnState: true);
            RecurrentState state = layer.Call(X).State;
            state.Save(path);
            state.Save(path);
            RecurrentState again = RecurrentStateFile.Load(path);
            Assert.That(again.Names, Is.EqualTo(state.Names));
            Assert.That(layer.Call(X, again).Output.Values, Is.EqualTo(layer.Call(X, state).Output.Values));
            Assert.That(((LSTMState)again).Cell.Values, Is.EqualTo(state["cell"].Values));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void What_is_no_state_of_a_layer_is_refused()
    {
        string text = Text(stream => new RecurrentState(("hidden", new NDArray(2, 3)), ("cell", new NDArray(2, 3))).Save(stream));
        Assert.That(Load(text).Names, Is.EqualTo(new[] { "hidden", "cell" }));
        Refuses(text.Replace("\"sequences\":2", "\"sequences\":3", StringComparison.Ordinal),
            "states[0]: expected the shape (sequences, size) with 3 sequences, but this is 'hidden' of shape (2, 3).");
        Refuses(text.Replace("\"cell\"", "\"hidden\"", StringComparison.Ordinal),
            "states: Two states have the same name: hidden, hidden.");
        Refuses(text.Replace("\"cell\"", "\" \"", StringComparison.Ordinal), "states: ");
        Refuses("{}", "the key 'format' is missing.");
        using var layerState = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.That(
            () => ModelState.Load(layerState),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            "layers: this is the state of one layer, and not of a model. Read it with RecurrentStateFile.Load."));
        var model = new Sequential([new LSTM(3, inputShape: (3, 1))]);
        Refuses(Text(stream => model.ZeroState(2).Save(stream)),
            "layers: this is the state of a model, and not of one layer. Read it with ModelState.Load.");
        Refuses(
            """
            {"format":"recurrent-session","format_version":1,"dtype":"float32","layers":[],"sequences":2,"steps":0,"states":[]}
            """,
            "states: A state holds at least one array.");
    }

    private static void Refuses(string text, string message) =>
        Assert.That(() => Load(text),
            Throws.TypeOf<ModelFormatException>().With.Message.StartsWith(message).And.Message.Not.Contain("Parameter"));

    private static string Text(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static RecurrentState Load(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return RecurrentStateFile.Load(stream);
    }
}
