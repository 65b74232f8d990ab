using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>What is wrong with a graph, or with what it is given, is said before any work.</summary>
[TestFixture]
public sealed class GraphErrorTests
{
    [Test]
    public void An_output_that_depends_on_an_input_that_is_not_there()
    {
        Input a = new(3, name: "a"), b = new(3, name: "b");
        Symbol y = new Add(name: "sum").Call(a, b);
        Refuses(() => new Model(a, y), "The output 'sum' (batch, 3) depends on the Input 'b' (batch, 3), which is not among "
            + "the inputs of the model. Add it to inputs. (Parameter 'outputs')");
    }

    [Test]
    public void An_input_that_is_none_or_comes_twice()
    {
        Input a = new(3, name: "a");
        Symbol h = new Dense(2, name: "h").Call(a);
        Refuses(() => new Model(h, new Dense(1).Call(h)),
            "inputs[0] is 'h' (batch, 2), which a layer gives. A model begins at an Input: new Input(shape). (Parameter "
            + "'inputs')");
        Refuses(() => new Model([a, a], h), "inputs[1] is the Input 'a' (batch, 3), which is among the inputs already. Create "
            + "an Input for each. (Parameter 'inputs')");
        Input other = new(3, name: "a");
        Refuses(() => new Model([a, other], new Add().Call(a, other)),
            "Two inputs have the name 'a'. Give each Input a name of its own. (Parameter 'inputs')");
        Refuses(() => new Model([], h), "A model needs at least one input and one output: new Model(inputs: [x], outputs: [y]).");
    }

    [Test]
    public void Two_layers_of_one_name()
    {
        Input a = new(3);
        Symbol h = new Dense(2, name: "same").Call(a);
        Refuses(() => new Model(a, new Dense(1, name: "same").Call(h)),
            "The name 'same' is taken: model 'functional' would have 2 layers of that name. Give each a name of its own: "
            + "name: \"…\".");
    }

    [Test]
    public void A_model_within_itself()
    {
        var inner = new Sequential([new Dense(2, inputShape: 2)], name: "inner");
        var outer = new Sequential([inner], name: "outer");
        Refuses(() => inner.Add(outer), "Sequential 'outer' cannot be a layer of itself. (Parameter 'layer')");
        Refuses(() => inner.Add(inner), "Sequential 'inner' cannot be a layer of itself. (Parameter 'layer')");
    }

    [Test]
    public void Shapes_that_do_not_merge()
    {
        Symbol a = new Dense(4, name: "left").Call(new Input((5, 2)));
        Symbol b = new Dense(3, name: "right").Call(new Input((5, 2)));
        Symbol c = new LSTM(4, name: "last").Call(new Input((5, 2)));
        Refuses(() => new Add(name: "sum").Call(a, b),
            "Add 'sum' cannot merge (batch, 5, 4) of 'left' with (batch, 5, 3) of 'right'. All axes must be equally long, or "
            + "of length 1.");
        Refuses(() => new Concatenate(name: "both").Call(a, c),
            "Concatenate 'both' cannot merge (batch, 5, 4) of 'left' with (batch, 4) of 'last'. All axes but axis -1 must be "
            + "equally long.");
        Refuses(() => new Concatenate(axis: 1, name: "both").Call(a, b),
            "Concatenate 'both' cannot merge (batch, 5, 4) of 'left' with (batch, 5, 3) of 'right'. All axes but axis 1 must "
            + "be equally long.");
        Refuses(() => new Dot(axes: 2, name: "dot").Call(a, b),
            "Dot 'dot' cannot merge (batch, 5, 4) of 'left' with (batch, 5, 3) of 'right'. Axis 2 of the first has length 4 "
            + "and axis 2 of the second 3; they are summed together and must be equally long.");
        Refuses(() => new Add(name: "sum").Call(a),
            "Add 'sum' merges two or more inputs, but 1 is given. Call it with each of them: layer.Call(a, b).");
        Refuses(() => new Subtract().Call(a, a, a),
            "Subtract merges two inputs, but 3 are given. Call it with each of them: layer.Call(a, b).");
        Refuses(() => new Concatenate(axis: 0),
            "Concatenate: axis must not be 0, which is that of the batch; 1 is the first axis of a sample, and -1 its last.");
    }

    [Test]
    public void An_input_that_is_given_under_two_names_or_read_by_nothing()
    {
        Model model = TwoInputs();
        NDArray a = new(2, 3, 1), b = new(2, 4);
        Refuses(
            () => model.Predict(new ModelData { ["series"] = a, ["vector"] = b, ["vectors"] = b }),
            "x names 'vectors', but the inputs of model 'two' are series, vector. Did you mean 'vector'? (Parameter 'x')");
        Input x = new(3, name: "x");
        Symbol y = new Dense(2).Call(x);
        Refuses(
            () => new Model([x, x.Output, new Input(2)], y),
            "inputs[1] is the Input 'x' (batch, 3), which is among the inputs already. Create an Input for each. (Parameter "
            + "'inputs')");
    }

    [Test]
    public void Outputs_that_hang_on_nothing()
    {
        Input a = new(3, name: "a"), b = new(3, name: "b");
        Refuses(
            () => new Model(a, b.Output),
            "The output 'b' (batch, 3) depends on the Input 'b' (batch, 3), which is not among the inputs of the model. Add it "
            + "to inputs. (Parameter 'outputs')");
        Symbol h = new Dense(2, name: "h").Call(a);
        Refuses(
            () => new Model(b, [new Dense(1, name: "fine").Call(b), new Dense(1, name: "loose").Call(h)]),
            "The output 'loose' (batch, 1) depends on the Input 'a' (batch, 3), which is not among the inputs of the model. "
            + "Add it to inputs. (Parameter 'outputs')");
        Refuses(() => new Model(a, []), "A model needs at least one input and one output: new Model(inputs: [x], outputs: [y]).");
    }

    [Test]
    public void A_shared_layer_that_cannot_take_both()
    {
        Input a = new(3), b = new(4);
        var shared = new Dense(2, name: "shared");
        Symbol y = new Add().Call(shared.Call(a), shared.Call(b));
        Refuses(() => new Model([a, b], y),
            "Dense 'shared' is built for input of shape (batch, 3) and cannot be shared with one of shape (batch, 4), for "
            + "which its weights would be others. Use a layer of its own there.");
        Assert.That(shared.Parameters, Is.Empty, "nothing is left of the try");
    }

    [Test]
    public void Several_outputs_where_one_is_needed()
    {
        Symbols all = new LSTM(2, returnState: true, name: "lstm").Call(new Input((3, 1)));
        Refuses(() => new Dense(1, name: "end").Call(all),
            "Dense 'end' takes one input, but 3 came, of shapes (batch, 2), (batch, 2), (batch, 2). To make one of several, "
            + "use Concatenate, Add or another merging layer; of a layer with returnState: true, pass on the outputs that "
            + "are meant.");
        Refuses(() => { Symbol one = all; }, "LSTM 'lstm' gives 3 outputs where one is needed. Take them apart, var (y, state) "
            + "= layer.Call(x), or choose one: layer.Call(x)[0].");
        Assert.That(() => { var (y, h) = all; }, Throws.InvalidOperationException.With.Message.EqualTo(
            "LSTM 'lstm' gives 3 outputs, which cannot be taken apart into 2. A recurrent layer gives its states with "
            + "returnState: true."));
    }

    [Test]
    public void States_that_are_not_the_layer_s()
    {
        Input x = new((3, 1)), h = new(2), wide = new(5);
        Refuses(() => new LSTM(2, name: "lstm").Call(x, initialState: h),
            "LSTM 'lstm' has 2 states (hidden, cell), but initialState has 1. Give one symbol for each, in this order.");
        Refuses(() => new LSTM(2, name: "lstm").Call(x, initialState: [h, wide]),
            "LSTM 'lstm' expects the state 'cell' of shape (batch, 2), but in initialState it has shape (batch, 5). Its last "
            + "axis has as many entries as the layer has units.");
        Refuses(() => new LSTM(2, stateful: true, name: "lstm").Call(x, initialState: [h, h]),
            "LSTM 'lstm' is stateful and goes on from its own states, so it cannot begin with states that are given. Set "
            + "stateful: false, or leave initialState out.");
    }

    [Test]
    public void Inputs_of_the_wrong_number_order_or_name()
    {
        Model model = TwoInputs();
        NDArray a = new(2, 3, 1), b = new(2, 4);
        Refuses(() => model.Predict(a), "Model 'two' has 2 inputs (series, vector), but x is one array. Give one for each, in "
            + "this order or by name: [a, b], or new() { [\"series\"] = a, … }. (Parameter 'x')");
        Refuses(() => model.Predict([a, b, a]), "Model 'two' has 2 inputs (series, vector), but x has 3. Give one for each, in "
            + "this order or by name: [a, b], or new() { [\"series\"] = a, … }. (Parameter 'x')");
        Refuses(() => model.Predict([b, a]),
            "Input 'series' expects input of rank 3 (batch, timesteps, features) with shape (batch, 3, 1), but x[0] has shape "
            + "(2, 4). It fits the input 'vector': give the arrays in the order series, vector, or by name. (Parameter 'x[0]')");
        Refuses(() => model.Predict(new ModelData { ["serie"] = a, ["vector"] = b }),
            "x names 'serie', but the inputs of model 'two' are series, vector. Did you mean 'series'? (Parameter 'x')");
        Refuses(() => model.Predict(new ModelData { ["vector"] = b }),
            "x has nothing for the input 'series' of model 'two'. Each input needs data. (Parameter 'x')");
        Refuses(() => model.Predict([a, new NDArray(3, 4)]), "Input 'vector' of model 'two' has 3 samples, but 'series' has 2. "
            + "Each sample needs a part for every input. (Parameter 'x')");
    }

    [Test]
    public void Targets_losses_and_metrics_that_do_not_go_with_the_outputs()
    {
        Model model = TwoOutputs();
        Refuses(() => model.Compile("sgd", ["mse"]), "Model 'two' has 2 outputs (first, second), but loss has 1 entry. Give "
            + "one for each, in this order or by name. (Parameter 'loss')");
        Refuses(() => model.Compile("sgd", new OutputLosses { ["third"] = "mse" }),
            "loss names 'third', but the outputs of model 'two' are first, second. (Parameter 'loss')");
        Refuses(() => model.Compile("sgd", new OutputLosses { ["secnd"] = "mse" }),
            "loss names 'secnd', but the outputs of model 'two' are first, second. Did you mean 'second'? (Parameter 'loss')");
        Refuses(() => model.Compile("sgd", "mse", metrics: ["mae"]), "Model 'two' has 2 outputs (first, second), but metrics "
            + "has 1 entry. Give one for each, in this order or by name. (Parameter 'metrics')");
        Refuses(() => model.Compile("sgd", "mse", lossWeights: [1, -1]),
            "lossWeights has -1 for output 1; a weight must be a finite number of at least 0. (Parameter 'weights')");
        Refuses(() => model.Compile("sgd", new OutputLosses { ["first"] = "mse" }, new OutputMetrics { ["second"] = "mae" }),
            "Output 'second' of model 'two' has metrics but no loss, so it gets no targets. Give it a loss; lossWeights: 0 "
            + "keeps it out of the sum. (Parameter 'metrics')");
        model.Compile("sgd", "mse");
        NDArray x = new(2, 3), y = new(2, 1);
        Refuses(() => model.Fit(x, y), "Model 'two' has 2 outputs (first, second), but y is one array. Give one for each, in "
            + "this order or by name: [a, b], or new() { [\"first\"] = a, … }. (Parameter 'y')");
        Refuses(() => model.Fit(x, new ModelData { ["first"] = y }),
            "y has nothing for the output 'second' of model 'two'. Give each output that has a loss its targets, or compile "
            + "the model without a loss for it. (Parameter 'y')");
        Assert.That(() => model.Predict(x), Throws.InvalidOperationException.With.Message.EqualTo(
            "Model 'two' has 2 outputs (first, second). PredictAll gives an array for each."));
        model.Compile("sgd", new OutputLosses { ["second"] = "mse" });
        Refuses(() => model.Fit(x, new ModelData { ["first"] = y, ["second"] = y }),
            "Output 'first' of model 'two' has no loss, so y must have nothing for it. Leave it out, or compile the model with "
            + "a loss for it. (Parameter 'y')");
        model.Fit(x, y, verbose: Verbosity.Silent);
    }

    [Test]
    public void Layers_by_name_and_symbols_that_are_not_there()
    {
        Model model = TwoInputs();
        Assert.That(() => model.GetLayer("lstn"), Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo(
            "Model 'two' has no layer 'lstn'. It has lstm, both, end. Did you mean 'lstm'?"));
        var shared = new Dense(2, name: "shared");
        Assert.That(() => shared.Output, Throws.InvalidOperationException.With.Message.EqualTo(
            "Dense 'shared' has not been used yet: call it on a symbol, or add it to a model that is built."));
        shared.Call(new Input(2));
        shared.Call(new Input(2));
        Assert.That(() => shared.Output, Throws.InvalidOperationException.With.Message.EqualTo(
            "Dense 'shared' is used 2 times, and each time gives something else. Keep the symbol that the call has given."));
        Refuses(() => new Sequential([new Dense(2, inputShape: 2), model]),
            "Functional 'two' cannot stand in a Sequential: it has 2 inputs and 1 outputs, and a Sequential passes on one. Use "
            + "new Model(inputs, outputs): model.Call(…). (Parameter 'layer')");
        Refuses(() => model.Call(new Input((3, 1))),
            "Functional 'two' takes 2 inputs (series, vector), but it is called with 1. Give one symbol for each, in "
            + "this order.");
    }

    [Test]
    public void Training_after_layers_have_come_or_gone_asks_to_compile()
    {
        var model = new Sequential([new Dense(3, inputShape: 2), new Dense(1)]);
        model.Compile("adam", "mse");
        NDArray x = new(4, 2);
        model.Fit(x, new NDArray(4, 1), verbose: Verbosity.Silent);
        model.Pop();
        model.Add(new Dense(2));
        Assert.That(() => model.Fit(x, new NDArray(4, 2), verbose: Verbosity.Silent),
            Throws.InvalidOperationException.With.Message.EqualTo(
            "Layers of model 'sequential' have come or gone since it was trained, and its optimizer remembers the parameters "
            + "that there were. Call Compile with a new optimizer."));
        model.Compile("adam", "mse");
        model.Fit(x, new NDArray(4, 2), verbose: Verbosity.Silent);
    }

    private static Model TwoInputs()
    {
        Input a = new((3, 1), name: "series"), b = new(4, name: "vector");
        Symbol both = new Concatenate(name: "both").Call(new LSTM(2, name: "lstm").Call(a), b);
        return new Model([a, b], new Dense(1, name: "end").Call(both), name: "two");
    }

    private static Model TwoOutputs()
    {
        Input x = new(3);
        return new Model(x, [new Dense(1, name: "first").Call(x), new Dense(1, name: "second").Call(x)], name: "two");
    }

    private static void Refuses(Action act, string message) =>
        Assert.That(() => act(), Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));
}
