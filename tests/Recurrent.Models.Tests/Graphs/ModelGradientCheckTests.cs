using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Graphs;

/// <summary>A model is a layer, and its gradients can be checked as one.</summary>
[TestFixture]
public sealed class ModelGradientCheckTests
{
    [Test]
    public void A_line_of_layers()
    {
        var model = new Sequential([new GRU(3, returnSequences: true), new Dense(2, "tanh"), new LSTM(2)]);
        GradientReport report = GradientCheck.Run(model, (4, 2));
        Assert.That(report.Passed, report.ToString());
        Assert.That(report.Errors.Select(error => error.Name), Is.SupersetOf((string[])
        [
            "input", "sequential/dense/bias", "initial state 'hidden' of sequential/gru",
            "initial state 'cell' of sequential/lstm", "input, with a mask",
        ]));
    }

    [Test]
    public void A_graph_of_several_inputs_with_a_shared_layer()
    {
        Symbol a = new Input((4, 2)).Output;
        Symbol b = new Input((3, 2)).Output;
        var shared = new GRU(3);
        var model = new Model([a, b], new Dense(2).Call(new Multiply().Call(shared.Call(a), shared.Call(b))));
        GradientReport report = GradientCheck.Run(model, [(4, 2), (3, 2)]);
        Assert.That(report.Passed, report.ToString());
        Assert.That(report.Errors.Select(error => error.Name), Is.SupersetOf((string[])
        [
            "input 0", "input 1", "initial state 'hidden' of functional/gru", "initial state 'hidden' of functional/gru:1",
        ]));
    }

    [Test]
    public void States_of_a_model_inside_a_wrapper()
    {
        var inner = new Sequential([new LSTM(2)], name: "inner");
        GradientReport report = GradientCheck.Run(new TimeDistributed(inner), (2, 3, 2));
        Assert.That(report.Passed, report.ToString());
        Assert.That(report.Errors.Select(error => error.Name), Has.Member("initial state 'cell' of time_distributed/inner/lstm"));
    }

    [Test]
    public void States_of_a_model_inside_a_wrapper_are_traced()
    {
        var model = new Sequential([new TimeDistributed(new Sequential([new GRU(2)], name: "inner"), inputShape: new(2, 3, 1))]);
        Assert.That(
            model.Trace(new NDArray(1, 2, 3, 1)).Layers.Select(layer => layer.Layer),
            Is.EqualTo((string[])["time_distributed/inner/gru"]));
    }
}
