using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Tests.Serialization;

/// <summary>Attention of heads with masks of every shape and along several axes, in models that Keras has written.</summary>
public sealed class KerasAttentionTests
{
    private static readonly KerasFixture Fixture = KerasFixture.Load("keras3/attention.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    private static IEnumerable<TestCaseData> Refusals =>
    [
        Refused([3], [(2, 3, 4), (2, 3, 4)],
            "MultiHeadAttention 'look': attentionAxes must name some of the axes 1 to 2 in rising order, those between samples "
            + "and features, but names (3)."),
        Refused([2, 1], [(2, 3, 4), (2, 3, 4)],
            "MultiHeadAttention 'look': attentionAxes must name some of the axes 1 to 2 in rising order, those between samples "
            + "and features, but names (2, 1)."),
        Refused([2], [(2, 3, 4), (3, 3, 4)],
            "MultiHeadAttention 'look' attends along axis (2): the others must be as long in query, value and key, and values as "
            + "many as keys, but they are (batch, 2, 3, 4), (batch, 3, 3, 4)."),
        Refused([2], [(2, 3, 4), (2, 5, 4), (2, 4, 4)],
            "MultiHeadAttention 'look' attends along axis (2): the others must be as long in query, value and key, and values as "
            + "many as keys, but they are (batch, 2, 3, 4), (batch, 2, 5, 4), (batch, 2, 4, 4)."),
        Refused([2], [(2, 3, 4), (2, 5, 4), (2, 5, 4), (3, 3, 5)],
            "MultiHeadAttention 'look' expects a mask of pairs that stretches to its scores, (batch, 2, 1, 3, 5), but it is "
            + "(batch, 3, 3, 5). Its last 2 axes are those of queries and keys; axes before may be missing from behind, and each "
            + "may be of length 1."),
    ];

    [Test]
    public void Every_case_of_the_file_is_run() => Assert.That(Cases.Count(), Is.EqualTo(73));

    [TestCaseSource(nameof(Cases))]
    public void A_model_gives_what_it_gives_in_Keras_and_so_do_its_gradients(FixtureCase test)
    {
        KerasModelCase.HasThePrediction(test, Inputs(test));
        KerasModelCase.HasTheGradients(test, Inputs(test));
    }

    [TestCaseSource(nameof(Cases))]
    public void Its_file_holds_all_of_it(FixtureCase test) => KerasModelCase.IsWhollyInItsFile(test, Inputs(test));

    [TestCaseSource(nameof(Refusals))]
    public void What_does_not_fit_is_refused_when_the_layer_is_called(int[] axes, Shape[] shapes, string message)
    {
        var layer = new MultiHeadAttention(1, 2, attentionAxes: axes, name: "look");
        Assert.That(() => layer.Call(shapes.Select(shape => (Symbol)new Input(shape)).ToArray()),
            Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void What_goes_by_the_order_of_steps_goes_along_one_axis()
    {
        var layer = new MultiHeadAttention(1, 2, useCausalMask: true, name: "look");
        var x = new Input((2, 3, 4));
        Assert.That(() => layer.Call(x, x), Throws.ArgumentException.With.Message.EqualTo(
            "MultiHeadAttention 'look': useCausalMask and slidingWindow go by the order of steps, but it attends along 2 axes at "
            + "once. Name one in attentionAxes."));
    }

    [Test]
    public void Training_over_several_axes_has_the_same_bits_on_any_number_of_threads()
    {
        Assert.That(Trained(3), Is.EqualTo(Trained(1)));

        static float[] Trained(int threads)
        {
            var x = new Input((2, 3, 4));
            Symbol y = new MultiHeadAttention(2, 3, dropout: 0.2, attentionAxes: [2]).Call(x, x);
            var model = new Model(x, new Dense(1).Call(new Flatten().Call(y))) { MaxDegreeOfParallelism = threads };
            model.Compile("adam", "mse");
            var inputs = new NDArray([40, 2, 3, 4], [.. Enumerable.Range(0, 960).Select(i => MathF.Sin(i))]);
            model.Fit(inputs, new NDArray([40, 1], [.. Enumerable.Range(0, 40).Select(i => MathF.Cos(i))]), epochs: 2,
                batchSize: 40, verbose: 0);
            return [.. model.GetWeights().SelectMany(weights => weights.Values)];
        }
    }

    private static TestCaseData Refused(int[] axes, Shape[] shapes, string message) => new(axes, shapes, message);

    private static ModelData Inputs(FixtureCase test)
    {
        IReadOnlyList<NDArray> arrays = test.Arrays("x");
        return arrays.Count == 1 ? arrays[0] : ModelData.Create([.. arrays.Select(array => (ModelData)array)]);
    }
}
