using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Training;

/// <summary>A function of one's own is trained like any layer, and stays out of files.</summary>
[TestFixture]
public sealed class LambdaTests
{
    [Test]
    public void A_lambda_is_trained_and_not_saved()
    {
        NDArray x = new float[,] { { 0.5f, -1 }, { 1, 2 } };
        var model = new Sequential([new Dense(3, inputShape: 2), new Lambda(v => v * v, v => 2 * v, name: "square"),
            new Dense(1)]);
        model.Compile("sgd", "mse");
        model.Fit(x, new float[] { 1, 2 }, epochs: 3, verbose: 0);
        const string Refusal = "Lambda 'square' holds code, which no file does, so a model that has it is not saved. Save its "
            + "weights alone "
            + "(SaveWeights) and make the model by the same code again, or make the Lambda a layer with a name of its own and "
            + "read it with "
            + "CustomObjects.";
        using var file = new MemoryStream();
        Impossible(() => model.Save(file), Refusal);
        Assert.That(file.Length, Is.Zero);
        Impossible(() => model.ToJson(), Refusal);
        Impossible(
            () => model.Fit(x, new float[] { 1, 2 }, verbose: 0, callbacks: [new ModelCheckpoint("unsaved.json")]),
                Refusal);
        model.SaveWeights(file);

        Assert.That(
            () => Sequential.FromJson("""{"layers": [{"class_name": "Lambda", "config": {"name": "f", "function": "x"}}]}"""),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(
                "Lambda holds code, and code in a file is not run. Make the model in code, where new Lambda(…) takes a "
                + "function, and load the "
                + "weights alone (LoadWeights); or say what reads the layer: custom: new CustomObjects().Add(\"Lambda\", …)."));
        var untrained = new Sequential([new Dense(3, inputShape: 2), new Lambda(v => v * v, name: "square")]);
        Assert.That(untrained.Predict(x).Shape, Is.EqualTo((int[])[2, 3]));
        untrained.Compile("sgd", "mse");
        Impossible(
            () => untrained.Fit(x, new float[2, 3], verbose: 0),
            "Lambda 'square' has no gradient, but layers before it are to be trained. Give it one, new Lambda(f, derivative: "
            + "…), or freeze "
            + "those layers.");
    }

    [Test]
    public void A_lambda_of_arrays_has_the_shape_it_says()
    {
        // Sums over the steps.
        var sum = new Lambda(
            (x, y) =>
            {
                for (int i = 0; i < x.Size; i++)
                {
                    y.Values[(i / (4 * 3) * 3) + (i % 3)] += x.Values[i];
                }
            },
            (x, y, dy, dx) =>
            {
                for (int i = 0; i < x.Size; i++)
                {
                    dx.Values[i] = dy.Values[(i / (4 * 3) * 3) + (i % 3)];
                }
            },
            input => new(input.Features));
        Assert.That(GradientCheck.Run(sum, (4, 3)).Passed);
        Assert.That(GradientCheck.Run(new Lambda(MathF.Sin, MathF.Cos), (4, 3)).Passed);
        Assert.That(GradientCheck.Run(new Lambda(MathF.Sin, MathF.Sin), (4, 3)).Passed, Is.False);
        var model = new Sequential([new Input((4, 3)), new Lambda((x, y) => y.Values[0] = x.Shape[0], outputShape: _ => 1)]);
        Assert.That(model.Predict(new float[5, 4, 3]).Shape, Is.EqualTo((int[])[5, 1]));
        Refused(() => new Lambda((x, y) => { }, outputShape: _ => 2, keepsMask: true).ComputeOutputShape((4, 3)),
            "Lambda expects input whose steps stay steps, since keepsMask is set, but outputShape gives (batch, 2), but gets "
            + "(batch, 4, 3).\n"
            + "Leave keepsMask at false, or change the last axis alone.");
    }

    private static void Refused(Action act, string message) =>
        Assert.That(act, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));

    private static void Impossible(Action act, string message) =>
        Assert.That(act, Throws.InvalidOperationException.With.Message.EqualTo(message));
}
