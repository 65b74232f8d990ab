using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>Models of every kind can be diagnosed, and their rates tried, and stay as they are.</summary>
public sealed class DiagnosisOfAllKindsTests
{
    public static IEnumerable<TestCaseData> Everything
    {
        get
        {
            yield return Case("stateful with a declared batch", new Sequential(
                [new Input((5, 2), batchSize: 8), new LSTM(3, stateful: true), new Dense(1)]), "mse", Values(24, 5, 2),
                Values(24, 1));
            yield return Case("not built", new Sequential([new LSTM(3), new Dense(1)]), "mse", Values(24, 5, 2), Values(24, 1));
            yield return Case("one sample", new Sequential([new LSTM(3, inputShape: (5, 2)), new Dense(1)]), "mse",
                Values(1, 5, 2), Values(1, 1));
            yield return Case("dropout and normalization", new Sequential([new Conv1D(4, 2, inputShape: (5, 2)),
                new BatchNormalization(), new Dropout(0.5), new Bidirectional(new GRU(3)), new Dense(1)]), "mae",
                Values(24, 5, 2), Values(24, 1));
            yield return Case("wrappers", new Sequential([
                new TimeDistributed(new Dense(3, activation: "relu"), inputShape: (5, 2)),
                new Dilated(new LSTM(3, returnSequences: true), 2), new Residual(new SimpleRNN(3, returnSequences: true)),
                new Dense(1)]), "mse", Values(24, 5, 2), Values(24, 5, 1));
            yield return Case("nothing trainable", new Sequential([new Dense(1, inputShape: 2) { Trainable = false }]), "mse",
                Values(24, 2), Values(24, 1));
            yield return Case("CTC", new Sequential([new LSTM(4, returnSequences: true, inputShape: (9, 2)),
                new Dense(4, activation: "softmax")]), new CTC(), Values(12, 9, 2), Labels(12, 2, 3));
            yield return Case("labels at each step", new Sequential([new GRU(4, returnSequences: true, inputShape: (9, 2)),
                new Dense(4, activation: "softmax")]), "sparse_categorical_crossentropy", Values(12, 9, 2), Labels(12, 9, 4));
            yield return Case("an activity that is large", new Sequential([new Dense(3, activation: "exponential", inputShape: 2),
                new Dense(1)]), "mse", Large(24, 2), Values(24, 1));
        }
    }

    [TestCaseSource(nameof(Everything))]
    public void Can_be_diagnosed(Sequential model, OutputLosses loss, NDArray x, NDArray y)
    {
        model.Compile(new Adam(0.01), loss);
        float[] before = Bits(model);
        Diagnosis diagnosis = model.Diagnose(x, y, validationSplit: x.Shape[0] > 16 ? 0.34 : 0);
        TestContext.Out.WriteLine(diagnosis);
        Assert.That(diagnosis.ToHtml(), Does.Contain("Diagnosis of sequential"));
        LearningRateCurve curve = model.FindLearningRate(x, y, steps: 12);
        Assert.That(curve.ToHtml(), Does.Contain("Learning rates of sequential"));
        Assert.That(Bits(model), Is.EqualTo(before));
        Assert.That(model.Optimizer!.IsBuilt, Is.False);
    }

    [Test]
    public void Strings_and_several_outputs_are_looked_at_too()
    {
        var colour = new Input(1, name: "colour", dtype: "string");
        var size = new Input(2, name: "size");
        Symbol h = new Flatten().Call(new Embedding(5, 2).Call(new StringLookup(vocabulary: ["red", "green"]).Call(colour)));
        h = new Concatenate().Call(h, size);
        var model = new Model(inputs: [colour, size],
            outputs: [new Dense(1, name: "price").Call(h), new Dense(1, activation: "sigmoid", name: "sold").Call(h)]);
        model.Compile("adam", ["mse", "binary_crossentropy"]);
        StringArray colours = new([20, 1], [.. Enumerable.Range(0, 20).Select(i => i % 3 == 0 ? "red" : "blue")]);
        var sold = new NDArray([20, 1], [.. Enumerable.Range(0, 20).Select(i => i == 7 ? 1f : 0)]);
        Diagnosis diagnosis = model.Diagnose(
            new Dictionary<string, ModelData> { ["colour"] = colours, ["size"] = Large(20, 2) },
            (NDArray[])[Values(20, 1), sold]);
        Assert.That(diagnosis.Of(FindingKind.UnscaledInputs).Single().Where, Is.EqualTo("input 'size'"));
        Assert.That(diagnosis.Of(FindingKind.ClassImbalance).Single().Where, Is.EqualTo("output 1"));
    }

    private static TestCaseData Case(string name, Sequential model, OutputLosses loss, NDArray x, NDArray y) =>
        new TestCaseData(model, loss, x, y).SetArgDisplayNames(name);

    private static NDArray Large(int samples, int features) =>
        new([samples, features], [.. Values(samples, features).Values.Select(value => 100 * value)]);

    private static NDArray Values(params int[] shape)
    {
        var random = new System.Random(1);
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return array;
    }

    private static NDArray Labels(int samples, int steps, int classes)
    {
        var array = new NDArray(samples, steps);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (i % (classes - 1)) + 1;
        }

        return array;
    }

    private static float[] Bits(Model model) =>
        model.IsBuilt ? [.. model.GetWeights().SelectMany(weights => weights.Values)] : [];
}
