using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Streaming;

namespace Recurrent.Tests.Training;

/// <summary>Models that take strings: looked up once where they come in, and saved with their vocabularies.</summary>
[TestFixture]
public sealed class StringModelTests
{
    private static readonly string[] Colours = ["red", "green", "blue", "red", "blue", "red"];

    private static readonly float[] Warm = [1, 0, 0, 1, 0, 1];

    [Test]
    public void A_sequential_model_takes_strings_and_learns()
    {
        var lookup = new StringLookup();
        lookup.Adapt(Colours);
        Sequential model = Embedded(lookup, inputShape: true);
        model.Fit(Colours, Warm, epochs: 60, verbose: 0);
        NDArray scores = model.Predict(["red", "green", "purple"]);
        Assert.That(scores.Shape, Is.EqualTo((int[])[3, 1]));
        Assert.That(scores.Values[0], Is.GreaterThan(0.8f));
        Assert.That(scores.Values[1], Is.LessThan(0.4f));
        Assert.That(model.PredictOne("red").Values[0], Is.EqualTo(scores.Values[0]));
        Assert.That(model.Evaluate(Colours, Warm)["loss"], Is.LessThan(0.3));

        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Model again = Model.Load(file);
        Assert.That(again.Predict(["red", "green", "purple"]).Values, Is.EqualTo(scores.Values));
        Assert.That(((StringLookup)again.Layers[0]).GetVocabulary(), Is.EqualTo(lookup.GetVocabulary()));
        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(model.ToJson(), Does.Contain("\"dtype\":\"string\""));
    }

    [Test]
    public void A_model_that_is_not_built_is_built_for_strings()
    {
        var lookup = new StringLookup(vocabulary: ["red", "green", "blue"]);
        Sequential model = Embedded(lookup, inputShape: false);
        model.Fit(Colours, Warm, epochs: 1, verbose: 0);
        Assert.That(model.InputShape!.ToString(), Is.EqualTo("(batch, 1)"));
        Assert.That(model.Predict(Colours).Shape, Is.EqualTo((int[])[6, 1]));
    }

    [Test]
    public void Several_layers_may_read_one_input()
    {
        var text = new Input(2, dtype: "string", name: "text");
        var number = new Input(3, name: "number");
        Symbol known = new StringLookup(vocabulary: ["red", "green"], outputMode: "count", name: "known").Call(text);
        Symbol hashed = new Hashing(3, outputMode: "multi_hot", name: "hashed").Call(text);
        Symbol masked = new StringLookup(maskToken: "red", vocabulary: ["green"], outputMode: "count", name: "masked").Call(text);
        var model = new Model(inputs: [text, number], outputs: new Concatenate().Call(known, number, hashed, masked));
        string[,] words = { { "red", "green" }, { "blue", "blue" } };
        NDArray output = model.Predict([words, new float[,] { { 7, 8, 9 }, { 4, 5, 6 } }]);
        float[] bins = new Hashing(3, outputMode: "multi_hot").Call(words).Values;
        Assert.That(output.ToArray2D(), Is.EqualTo(new[,]
        {
            { 0, 1, 1, 7, 8, 9, bins[0], bins[1], bins[2], 0, 1 }, { 2, 0, 0, 4, 5, 6, bins[3], bins[4], bins[5], 2, 0 },
        }));
        Assert.That(
            model.Predict(new ModelData { ["number"] = new float[,] { { 7, 8, 9 }, { 4, 5, 6 } }, ["text"] = words }).Values,
            Is.EqualTo(output.Values));
        Model again = Model.FromJson(model.ToJson());
        Assert.That(again.Predict([words, new float[,] { { 7, 8, 9 }, { 4, 5, 6 } }]).Values, Is.EqualTo(output.Values));
    }

    [Test]
    public void A_lookup_may_be_shared_by_inputs_and_models()
    {
        var lookup = new StringLookup(vocabulary: ["red", "green"]);
        var first = new Input(1, dtype: "string", name: "first");
        var second = new Input(1, dtype: "string", name: "second");
        var model = new Model([first, second], new Concatenate().Call(lookup.Call(first), lookup.Call(second)));
        string[] ones = ["red", "green"];
        string[] others = ["green", "blue"];
        Assert.That(model.Predict([ones, others]).ToArray2D(), Is.EqualTo(new float[,] { { 1, 2 }, { 2, 0 } }));

        var outer = new Input(1, dtype: "string", name: "outer");
        var inner = new Sequential([new StringLookup(vocabulary: ["red"], outputMode: "one_hot", inputShape: 1), new Dense(2)]);
        var around = new Model(outer, inner.Call(outer));
        Assert.That(around.Predict(["red"]).Values, Is.EqualTo(inner.Predict(["red"]).Values));
        Assert.That(Model.FromJson(around.ToJson()).Predict(["red"]).Shape, Is.EqualTo((int[])[1, 2]));
    }

    [Test]
    public void Rows_of_unequal_length_give_what_each_gives_by_itself()
    {
        var lookup = new StringLookup(vocabulary: ["a", "b", "c"]);
        var model = new Sequential([lookup, new Embedding(lookup.VocabularySize, 4), new LSTM(3), new Dense(2)]);
        model.Build(new Shapes.Shape((int?)null));
        string[][] rows = [["a"], ["b", "x", "c"], ["c", "a"]];
        NDArray together = model.Predict(rows);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.That(together[i].Values, Is.EqualTo(model.Predict((string[][])[rows[i]]).Values), $"row {i}");
        }

        var bags = new Sequential([new StringLookup(vocabulary: ["a", "b", "c"], outputMode: "count")]);
        bags.Build(new Shapes.Shape((int?)null));
        Assert.That(bags.Predict(rows).ToArray2D(), Is.EqualTo(new float[,] { { 0, 1, 0, 0 }, { 1, 0, 1, 1 }, { 0, 1, 0, 1 } }));
        model.Compile("adam", "mse");
        model.Fit(rows, new float[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } }, epochs: 2, verbose: 0);
    }

    [Test]
    public void Ids_of_unequal_length_are_encoded_without_their_padding()
    {
        var model = new Sequential([new IntegerLookup(vocabulary: [7, 9], outputMode: "multi_hot")]);
        model.Build(new Shapes.Shape((int?)null));
        int[][] ids = [[7], [9, 9, 3]];
        Assert.That(
            model.Predict((RaggedSequences)ids).Stack().ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 1, 0 }, { 1, 0, 1 } }));
        var sequence = new Sequential([new CategoryEncoding(4, "one_hot"), new GRU(2)]);
        sequence.Build(new Shapes.Shape((int?)null));
        RaggedSequences two = (int[][])[[1], [1, 2, 3]];
        Assert.That(sequence.Predict(two)[0].Values, Is.EqualTo(sequence.Predict((NDArray)new[,] { { 1 } }).Values));
    }

    [Test]
    public void Layers_that_must_adapt_say_so_before_any_work()
    {
        var words = new Sequential([new StringLookup(name: "words", inputShape: 1), new Embedding(4, 2), new Flatten(),
            new Dense(1)]);
        words.Compile("sgd", "mse");
        const string NoWords = "StringLookup 'words' has no vocabulary yet: call Adapt with data, or give it a vocabulary.";
        Impossible(() => words.Fit(Colours, Warm, verbose: 0), NoWords);
        Impossible(() => words.Predict(["red"]), NoWords);
        Impossible(() => words.Evaluate(Colours, Warm), NoWords);
        Impossible(() => words.TrainOnBatch(Colours, Warm), NoWords);
        var scaled = new Sequential([new Normalization(name: "scale", inputShape: 2), new Dense(1)]);
        scaled.Compile("sgd", "mse");
        Impossible(
            () => scaled.Fit(new float[,] { { 1, 2 } }, new float[] { 1 }, verbose: 0),
            "Normalization 'scale' has no mean and variance yet: call Adapt with data, or create it with them.");
        var binned = new Sequential([new TimeDistributed(new Discretization(numBins: 3, name: "bins"), inputShape: (2, 2)),
            new LSTM(1)]);
        Impossible(
            () => binned.Predict(new float[1, 2, 2]),
            "Discretization 'bins' has no bins yet: call Adapt with data, or create it with binBoundaries.");
        Impossible(
            () => new Sequential([new StringLookup(outputMode: "one_hot", inputShape: 1, name: "hot")]),
            "StringLookup 'hot' has no vocabulary yet: call Adapt with data, or give it a vocabulary.");
    }

    [Test]
    public void What_Normalization_has_learnt_is_in_the_file()
    {
        var normalization = new Normalization();
        NDArray data = new float[,] { { 1, 200 }, { 3, 400 }, { 5, 900 } };
        normalization.Adapt(data);
        var model = new Sequential([normalization, new Dense(1)]);
        model.Compile("sgd", "mse");
        model.Fit(data, new float[] { 1, 2, 3 }, epochs: 2, verbose: 0);
        Assert.That(model.Layers[0].GetWeights()[0].Values, Is.EqualTo((float[])[3, 500]), "training leaves it");
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Model again = Model.Load(file);
        Assert.That(again.Predict(data).Values, Is.EqualTo(model.Predict(data).Values));

        var copy = new Sequential([new Normalization(inputShape: 2), new Dense(1)]);
        copy.SetWeights(model.GetWeights());
        Assert.That(copy.Predict(data).Values, Is.EqualTo(model.Predict(data).Values), "weights that are set need no Adapt");
        normalization.Adapt(new float[,] { { 0, 0 }, { 2, 2 } });
        Assert.That(model.Layers[0].GetWeights()[0].Values, Is.EqualTo((float[])[1, 1]));
    }

    [Test]
    public void Strings_in_the_wrong_place_are_refused()
    {
        var text = new Input(1, dtype: "string", name: "text");
        var number = new Input(1, name: "number");
        Refused(() => new Dense(1).Call(text),
            "Dense reads numbers, but 'text' gives strings. Look them up first: StringLookup, TextVectorization or Hashing.");
        Refused(() => new Flatten().Call(text),
            "Flatten reads numbers, but 'text' gives strings. Look them up first: StringLookup, TextVectorization or Hashing.");
        Refused(() => new StringLookup(vocabulary: ["a"]).Call(number),
            "StringLookup reads strings, but 'number' gives numbers. Call it on new Input(shape, dtype: \"string\"), or use "
            + "IntegerLookup for "
            + "whole numbers.");
        Refused(() => new StringLookup(vocabulary: ["a"], invert: true).Call(number),
            "StringLookup gives strings (invert: true), which no layer reads and no model gives. Call it by itself on what the "
            + "model "
            + "predicts: lookup.Call(indices).");
        Refused(() => new Hashing(3, maskValue: 0).Call(text),
            "Hashing reads numbers, but 'text' gives strings. Look them up first: StringLookup, TextVectorization or Hashing.");
        Refused(() => new Model(text, text), "The output 'text' (batch, 1) would be strings, and a model gives numbers. Look "
            + "them up: StringLookup.");
        Refused(() => new Sequential([new Dense(1, inputShape: 1), new StringLookup(vocabulary: ["a"])]),
            "StringLookup reads strings, but 'dense' gives numbers. Call it on new Input(shape, dtype: \"string\"), or use "
            + "IntegerLookup for "
            + "whole numbers.");
        Refused(() => new Sequential([new Input(1, dtype: "string"), new Dense(1)]),
            "Dense reads numbers, but 'InputLayer' gives strings. Look them up first: StringLookup, TextVectorization or "
            + "Hashing.");
        Refused(() => new TimeDistributed(new StringLookup(vocabulary: ["a"])),
            "TimeDistributed: the wrapped StringLookup reads strings, which are looked up where a model begins; put it before "
            + "TimeDistributed.");
        Refused(
            () => new Sequential([new StringLookup(vocabulary: ["a", "b"], inputShape: 1), new Embedding(2, 3)]),
            "Embedding 'embedding' takes ids below 2 (inputDim), but StringLookup 'string_lookup' gives 3. Set inputDim: "
            + "lookup.VocabularySize, or give the lookup maxTokens: 2.");
    }

    [Test]
    public void Data_of_the_wrong_kind_are_refused()
    {
        Sequential model = Embedded(new StringLookup(numOovIndices: 0, vocabulary: ["red", "green"]), inputShape: true);
        Refused(() => model.Predict((NDArray)new[,] { { 1 } }),
            "Input 'input_layer' of model 'sequential' takes strings, but x holds numbers. Give it strings: string[], "
            + "string[,] or "
            + "string[][]. (Parameter 'x')");
        Refused(() => new Sequential([new Dense(1, inputShape: 1)]).Predict(["red"]),
            "Input 'input_layer' of model 'sequential' takes numbers, but x holds strings. Begin the model with new "
            + "Input(shape, dtype: "
            + "\"string\") and a layer that looks them up: StringLookup, TextVectorization or Hashing. (Parameter 'x')");
        Refused(() => model.Fit((string[])["red"], (string[])["red"]),
            "y holds strings, but targets and weights are numbers. Give each label its index: StringLookup. (Parameter 'y')");
        Refused(() => model.Predict(["red", "blue"]),
            "StringLookup 'string_lookup' does not know 'blue' in x at 1, and has no index for what it does not know. Set "
            + "numOovIndices: 1, or "
            + "add it to the vocabulary. (Parameter 'x')");
        var numbers = new Sequential([new IntegerLookup(numOovIndices: 0, vocabulary: [5], inputShape: 2)]);
        Refused(() => numbers.Predict((NDArray)new[,] { { 5, 5 }, { 5, 6 } }),
            "IntegerLookup 'integer_lookup' does not know 6 in x in row 1 at step 1, and has no index for what it does not "
            + "know. Set "
            + "numOovIndices: 1, or add it to the vocabulary. (Parameter 'x')");
        Refused(() => numbers.Predict((NDArray)new[,] { { 5, 5.5f } }),
            "IntegerLookup 'integer_lookup' looks up whole numbers, but gets 5.5 in x in row 0 at step 1. Use Discretization for "
            + "measurements. (Parameter 'x')");
        Refused(() => model.Predict(Array.Empty<string>()),
            "x is empty: its shape is (0). Give at least one string. (Parameter 'x')");
        Assert.That(
            () => model.OpenSession(),
            Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(
                "A session feeds numbers step by step, but model 'sequential' takes strings. Make a model of the layers behind "
                + "the lookup, "
                + "and step it with what the lookup gives: lookup.Call([token])."));
    }

    [Test]
    public void Preprocessing_works_step_by_step()
    {
        Same(new Sequential([new IntegerLookup(vocabulary: [7, 9]), new Embedding(3, 4), new LSTM(3)]),
            new float[,] { { 7, 1, 9, 9 } });
        Same(new Sequential([new CategoryEncoding(5, "one_hot"), new GRU(3)]), new float[,] { { 4, 1, 0, 2 } });
        Same(
            new Sequential([new Hashing(6, outputMode: "one_hot"), new EinsumDense("abc,cd->abd", [null, 4]), new GRU(3)]),
            new float[,] { { 40, 1, 7, 2 } });
        Same(
            new Sequential(
            [
                new Normalization(-1, new[] { 1f, 2 }, new[] { 1f, 4 }), new EinsumDense("...x,xy->...y", [3], "tanh", "y"),
                    new GRU(3),
            ]),
            new float[,,] { { { 1, 2 }, { 3, 4 }, { -1, 0 }, { 2, 2 } } });
        Same(
            new Sequential([new Discretization([0, 1]), new LSTM(3)]),
                new float[,,] { { { 1, 2 }, { 3, 4 }, { -1, 0 }, { 2, 2 } } });

        static void Same(Sequential model, NDArray x)
        {
            model.Build(new Shapes.Shape([null, .. x.Shape.Skip(2).Select(axis => (int?)axis)]));
            float[] expected = model.Predict(x).Values;
            StreamingSession session = model.OpenSession();
            float[] last = [];
            for (int t = 0; t < x.Shape[1]; t++)
            {
                last = session.Step(x.Values.AsSpan(t * (x.Size / x.Shape[1]), x.Size / x.Shape[1]).ToArray());
            }

            Assert.That(
                last,
                Is.EqualTo(expected).Within(1e-6f), string.Join(", ", model.Layers.Select(layer => layer.ClassName)));
        }
    }

    [Test]
    public void An_EinsumDense_leaves_padding_out()
    {
        var model = new Sequential([new EinsumDense("abc,cde->abde", [null, 2, 2], "relu", "de"),
            new EinsumDense("abcd,cde->abe", [null, 3])]);
        model.Add(new LSTM(2));
        model.Build((timesteps: null, features: 2));
        NDArray[] rows = [new float[,] { { 1, 2 } }, new float[,] { { 0, 1 }, { 2, 2 }, { 3, -1 } }];
        RaggedSequences together = model.Predict((RaggedSequences)rows);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.That(together[i].Values, Is.EqualTo(model.Predict(NDArray.Stack(rows[i])).Values), $"row {i}");
        }
    }

    private static Sequential Embedded(StringLookup lookup, bool inputShape)
    {
        var model = new Sequential();
        if (inputShape)
        {
            model.Add(new Input(1, dtype: "string"));
        }

        model.Add(lookup);
        model.Add(new Embedding(lookup.VocabularySize, 4));
        model.Add(new Flatten());
        model.Add(new Dense(1, "sigmoid"));
        model.Compile(new Adam(0.05), "binary_crossentropy");
        return model;
    }

    private static void Refused(Action act, string message) =>
        Assert.That(act, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));

    private static void Impossible(Action act, string message) =>
        Assert.That(act, Throws.InvalidOperationException.With.Message.EqualTo(message));
}
