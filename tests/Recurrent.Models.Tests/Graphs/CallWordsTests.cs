using Newtonsoft.Json.Linq;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Models;

/// <summary>What a file of Keras's can say in several ways is written again as it was read.</summary>
[TestFixture]
public sealed class CallWordsTests
{
    private const string Node = "config.layers[1].inbound_nodes[0]";

    private static IEnumerable<TestCaseData> Calls =>
    [
        new TestCaseData(0, "{}").SetName("{m}(nothing said)"),
        new TestCaseData(0, "{\"use_causal_mask\": false}").SetName("{m}(the default said)"),
        new TestCaseData(0, "{\"use_causal_mask\": false, \"return_attention_scores\": false}")
            .SetName("{m}(both defaults said)"),
        new TestCaseData(0, "{\"use_causal_mask\": true}").SetName("{m}(an option)"),
        new TestCaseData(3, "{}").SetName("{m}(keys by position)"),
        new TestCaseData(-2, "{}").SetName("{m}(all by name)"),
        new TestCaseData(-3, "{}").SetName("{m}(all by name, with keys)"),
    ];

    [TestCaseSource(nameof(Calls))]
    public void A_call_of_attention_is_written_as_it_was_read(int inputs, string options)
    {
        JObject root = JObject.Parse(Attending(withKeys: Math.Abs(inputs) == 3).ToJson());
        JToken call = root.SelectToken(Node)!;
        JToken tensor = call["args"]![0]!;
        var named = JObject.Parse(options);
        var args = new JArray(Enumerable.Repeat(tensor, Math.Max(inputs, inputs == 0 ? 2 : 0)));
        foreach (string name in new[] { "query", "value", "key" }.Take(-Math.Min(inputs, 0)))
        {
            named[name] = tensor.DeepClone();
        }

        call["args"] = args;
        call["kwargs"] = named;

        Model model = Model.FromJson(root.ToString());

        Assert.That(JToken.DeepEquals(JObject.Parse(model.ToJson()), root), model.ToJson());
        Assert.That(JToken.DeepEquals(JObject.Parse(model.Clone().ToJson()), root), model.Clone().ToJson());
    }

    [Test]
    public void A_mask_of_pairs_needs_no_keys_and_stands_before_them_in_Keras_s_order()
    {
        Input q = new((3, 2), name: "q"), v = new((4, 2), name: "v"), m = new((3, 4), name: "m"), k = new((4, 2), name: "k");
        Symbol own = new Dense(2, name: "of_keys").Call(k), pairs = new Activation("relu", name: "of_pairs").Call(m);
        var model = new Model([q, v, m, k], new MultiHeadAttention(1, 2, name: "mha").Call(q, v, own, pairs));
        string[] names = [.. model.Layers.Select(layer => layer.Name!)];
        Assert.That(Array.IndexOf(names, "of_pairs"), Is.LessThan(Array.IndexOf(names, "of_keys")));

        JObject root = JObject.Parse(new Model([q, v, m], new MultiHeadAttention(1, 2, name: "mha").Call(q, v, v, m)).ToJson());
        ((JObject)root.SelectToken("config.layers[3].inbound_nodes[0].kwargs")!).Remove("key");
        ((JObject)root.SelectToken("config.layers[3].build_config.shapes_dict")!).Remove("key_shape");
        Assert.That(JToken.DeepEquals(JObject.Parse(Model.FromJson(root.ToString()).ToJson()), root));
    }

    [Test]
    public void One_first_state_stands_alone_or_in_a_list()
    {
        Input x = new((3, 2), name: "x"), h = new(4, name: "h");
        string list = new Model([x, h], new GRU(4, name: "gru").Call(x, initialState: [h])).ToJson();
        JObject alone = JObject.Parse(list);
        JToken states = alone.SelectToken("config.layers[2].inbound_nodes[0].kwargs.initial_state")!;
        states.Replace(states[0]!);
        JToken shapes = alone.SelectToken("config.layers[2].build_config.shapes_dict.initial_state_shape")!;
        shapes.Replace(shapes[0]!);

        Assert.That(Model.FromJson(list).ToJson(), Is.EqualTo(list));
        Assert.That(JToken.DeepEquals(JObject.Parse(Model.FromJson(alone.ToString()).ToJson()), alone));
    }

    [TestCase("[[\"x\", 0, 0]]", "[[\"mha\", 0, 0]]")]
    [TestCase("[\"x\", 0, 0]", "{\"mha\": [\"mha\", 0, 0]}")]
    [TestCase("{\"x\": [\"x\", 0, 0]}", "[\"mha\", 0, 0]")]
    public void Inputs_and_outputs_are_written_as_they_were_read(string inputs, string outputs)
    {
        JObject root = JObject.Parse(Attending().ToJson());
        root["config"]!["input_layers"] = JToken.Parse(inputs);
        root["config"]!["output_layers"] = JToken.Parse(outputs);

        Assert.That(JToken.DeepEquals(JObject.Parse(Model.FromJson(root.ToString()).ToJson()), root));
    }

    [Test]
    public void Inputs_by_name_come_in_the_order_of_their_names_and_are_called_as_their_layers()
    {
        Input b = new(2, name: "b"), a = new(3, name: "a");
        JObject root = JObject.Parse(new Model([b, a], new Concatenate(name: "c").Call(b, a)).ToJson());
        root["config"]!["input_layers"] = JToken.Parse("{\"b\": [\"b\", 0, 0], \"a\": [\"a\", 0, 0]}");
        Assert.That(Model.FromJson(root.ToString()).InputNames, Is.EqualTo(new[] { "a", "b" }));

        root["config"]!["output_layers"] = JToken.Parse("{\"y\": [\"c\", 0, 0]}");
        Assert.That(() => Model.FromJson(root.ToString()), Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            "config.output_layers.y: 'c' is called 'y' here, and inputs and outputs go by the names of their layers. Give the "
            + "layer that name, or the model lists: Model(inputs=[a, b], outputs=[c])."));
    }

    private static Model Attending(bool withKeys = false)
    {
        Input x = new((3, 4), name: "x");
        var attention = new MultiHeadAttention(1, 2, name: "mha");
        return new(x, withKeys ? attention.Call(x, x, x) : attention.Call(x, x));
    }
}
