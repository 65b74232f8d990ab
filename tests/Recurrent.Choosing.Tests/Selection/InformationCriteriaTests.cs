using MathNet.Numerics;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Selection;

namespace Recurrent.Tests.Selection;

/// <summary>Likelihoods of fitted models beside those that R gives, and by hand.</summary>
[TestFixture]
public sealed class InformationCriteriaTests
{
    private static readonly float[] Speed =
    [
        4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 17,
            18, 18, 18,
        18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25,
    ];

    private static readonly float[] Distance =
    [
        2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40,
            50, 42, 56,
        76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85,
    ];

    // R: logLik(lm(dist ~ speed, cars)) is -206.5784 (df=3), AIC 419.1569, BIC 424.8929.
    [Test]
    public void A_line_has_what_R_says([Values(7, 32, 50)] int batchSize, [Values] Reduction reduction)
    {
        Sequential line = Line(new MeanSquaredError(reduction));
        InformationCriteria criteria = InformationCriteria.Of(line, Column(Speed), Column(Distance), batchSize);
        Assert.Multiple(() =>
        {
            Assert.That(criteria.LogLikelihood, Is.EqualTo(-206.5784).Within(1e-4));
            Assert.That(criteria.Parameters, Is.EqualTo(3));
            Assert.That(criteria.Observations, Is.EqualTo(50));
            Assert.That(criteria.Aic, Is.EqualTo(419.1569).Within(2e-4));
            Assert.That(criteria.Bic, Is.EqualTo(424.8929).Within(2e-4));
            Assert.That(criteria.Aicc, Is.EqualTo(criteria.Aic + (2.0 * 3 * 4 / 46)).Within(1e-9));
            Assert.That(criteria.ToString(), Does.Contain("AIC 419.1").And.Contain("3 parameters, 50 observations"));
        });
    }

    [Test]
    public void Absolute_errors_are_Laplace()
    {
        InformationCriteria criteria = InformationCriteria.Of(Line(new MeanAbsoluteError()), Column(Speed), Column(Distance));
        double b = Speed.Zip(Distance).Average(pair => Math.Abs(pair.Second - (-17.579095f + (3.932409f * pair.First))));
        Assert.That(criteria.LogLikelihood, Is.EqualTo(-50 * (Math.Log(2 * b) + 1)).Within(1e-3));
        Assert.That(criteria.Parameters, Is.EqualTo(3));
    }

    [Test]
    public void Counts_are_Poisson_with_their_factorials()
    {
        float[] counts = [0, 1, 2, 3, 4, 7, 2, 5];
        var model = new Sequential([new Dense(1, activation: "exponential", inputShape: 1)]);
        model.Compile("adam", "poisson");
        model.SetWeights([new NDArray([1, 1], [0.25f]), new NDArray([1], [0.1f])]);
        float[] x = [-1, 0, 1, 2, 3, 4, 0.5f, 2.5f];
        double expected = x.Zip(counts).Sum(pair => (pair.Second * ((0.25 * pair.First) + 0.1)) - Math.Exp((0.25 * pair.First)
            + 0.1)
            - SpecialFunctions.FactorialLn((int)pair.Second));
        InformationCriteria criteria = InformationCriteria.Of(model, Column(x), Column(counts), batchSize: 3);
        Assert.That(criteria.LogLikelihood, Is.EqualTo(expected).Within(1e-4));
        Assert.That(criteria.Parameters, Is.EqualTo(2), "no scale is estimated");
    }

    [TestCase("categorical_crossentropy")]
    [TestCase("sparse_categorical_crossentropy")]
    [TestCase("ce")]
    public void Classes_have_the_likelihood_of_their_probabilities(string loss)
    {
        var model = new Sequential([new GRU(4, inputShape: (5, 2)), new Dense(3, activation: "softmax")], seed: 3);
        model.Compile("adam", loss, metrics: ["accuracy"]);
        var x = new NDArray([10, 5, 2], [.. Enumerable.Range(0, 100).Select(i => MathF.Sin(i))]);
        int[] labels = [0, 1, 2, 2, 1, 0, 0, 1, 2, 0];
        ModelData y = loss == "categorical_crossentropy"
            ? new NDArray([10, 3], [.. labels.SelectMany(label => Enumerable.Range(0, 3).Select(i => i == label ? 1f : 0))])
                : labels;
        NDArray probabilities = model.Predict(x);
        double expected = labels.Select((label, i) => Math.Log(probabilities[i, label])).Sum();
        InformationCriteria criteria = InformationCriteria.Of(model, x, y, batchSize: 4);
        Assert.That(criteria.LogLikelihood, Is.EqualTo(expected).Within(1e-4));
        Assert.That(criteria.Observations, Is.EqualTo(10));
        Assert.That(criteria.Parameters, Is.EqualTo(model.ParameterCount));
        model.Layers[0].Trainable = false;
        Assert.That(InformationCriteria.Of(model, x, y).Parameters, Is.EqualTo(15), "frozen weights are not paid for");
    }

    [Test]
    public void Steps_behind_a_mask_are_no_observations_and_penalties_no_likelihood()
    {
        Sequential Masked(bool penalty)
        {
            var model = new Sequential(
                [
                    new Masking(-1, inputShape: (4, 1)),
                    new LSTM(3, returnSequences: true, activityRegularizer: penalty ? "l2" : null,
                        kernelRegularizer: penalty ? "l2" : null),
                    new Dense(2),
                ], seed: 1);
            model.Compile("adam", "mse");
            return model;
        }

        float[] x = [1, 2, -1, -1, 3, 4, 5, -1];
        float[] y = [.. Enumerable.Range(0, 16).Select(i => i / 3f)];
        var input = new NDArray([2, 4, 1], x);
        var target = new NDArray([2, 4, 2], y);
        Sequential plain = Masked(false);
        NDArray output = plain.Predict(input);
        double squares = 0;
        for (int i = 0; i < 8; i++)
        {
            squares += x[i] == -1 ? 0 : Math.Pow(output.Values[2 * i] - y[2 * i], 2) + Math.Pow(output.Values[(2 * i)
                + 1] - y[(2 * i) + 1], 2);
        }

        double expected = -0.5 * 10 * (Math.Log(2 * Math.PI * squares / 10) + 1);
        InformationCriteria criteria = InformationCriteria.Of(plain, input, target);
        Assert.That(criteria.Observations, Is.EqualTo(10));
        Assert.That(criteria.LogLikelihood, Is.EqualTo(expected).Within(1e-4));
        Assert.That(InformationCriteria.Of(Masked(true), input, target).LogLikelihood, Is.EqualTo(expected).Within(1e-4));
    }

    [Test]
    public void Likelihood_losses_are_themselves_and_others_are_refused()
    {
        var model = new Sequential([new Dense(2, inputShape: 1)]);
        model.Compile("adam", new GaussianNLL());
        model.SetWeights([new NDArray([1, 2], [3.9f, 0]), new NDArray([2], [-17.6f, 15])]);
        double sigma = Math.Log(1 + Math.Exp(15)) + 1e-4;
        double expected = Speed.Zip(Distance).Sum(pair => (-0.5 * Math.Log(2 * Math.PI)) - Math.Log(sigma)
            - (0.5 * Math.Pow((pair.Second - (-17.6f + (3.9f * pair.First))) / sigma, 2)));
        Assert.That(InformationCriteria.Of(model, Column(Speed), Column(Distance)).LogLikelihood, Is.EqualTo(expected)
            .Within(1e-3));
        foreach (Loss loss in (Loss[])[new Huber(), new BinaryCrossentropy(labelSmoothing: 0.1), new Hinge()])
        {
            var other = new Sequential([new Dense(1, inputShape: 1)]);
            other.Compile("adam", loss);
            Assert.That(() => InformationCriteria.Of(other, Column(Speed), Column(Distance.Select(_ => 1f))),
                Throws.InvalidOperationException.With.Message.Contains("is no likelihood"));
        }

        Assert.That(() => InformationCriteria.Of(Line(new MeanSquaredError()), Column([0f, 0]), Column([-17.579095f,
            -17.579095f])),
            Throws.InvalidOperationException.With.Message.Contains("All errors are zero"));
        Assert.That(() => InformationCriteria.Of(new Sequential([new Dense(1, inputShape: 1)]), Column(Speed), Column(Distance)),
            Throws.InvalidOperationException.With.Message.Contains("Compile"));
    }

    [Test]
    public void Too_many_parameters_have_no_corrected_criterion() =>
        Assert.That(new InformationCriteria(-10, 9, 10).Aicc, Is.EqualTo(double.PositiveInfinity));

    private static Sequential Line(Loss loss)
    {
        var model = new Sequential([new Dense(1, inputShape: 1)]);
        model.Compile("adam", loss);
        model.SetWeights([new NDArray([1, 1], [3.932409f]), new NDArray([1], [-17.579095f])]);
        return model;
    }

    private static NDArray Column(IEnumerable<float> values)
    {
        float[] all = [.. values];
        return new([all.Length, 1], all);
    }
}
