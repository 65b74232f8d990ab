using Recurrent.Constraints;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Regularizers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class LayerTests
{
    [Test]
    public void The_options_of_Dense_reach_its_parameters()
    {
        Regularizer kernelPenalty = "l2";
        Regularizer biasPenalty = "l2";
        Regularizer activityPenalty = "l2";
        Constraint kernelConstraint = "non_neg";
        Constraint biasConstraint = "non_neg";
        var layer = new Dense(
            2, "tanh", true, "zeros", "ones", kernelPenalty, biasPenalty, activityPenalty, kernelConstraint,
                biasConstraint, "out", false, 3);
        layer.Build(3, seed: 1);
        Parameter kernel = layer.Parameters[0];
        Parameter bias = layer.Parameters[1];
        Assert.That(kernel.Values.ToArray(), Is.All.Zero);
        Assert.That(bias.Values.ToArray(), Is.All.EqualTo((Real)1));
        Assert.That(kernel.Regularizer, Is.SameAs(kernelPenalty));
        Assert.That(bias.Regularizer, Is.SameAs(biasPenalty));
        Assert.That(layer.ActivityRegularizer, Is.SameAs(activityPenalty));
        Assert.That(kernel.Constraint, Is.SameAs(kernelConstraint));
        Assert.That(bias.Constraint, Is.SameAs(biasConstraint));
        Assert.That(layer.Parameters, Has.All.Property(nameof(Parameter.Trainable)).False);
        Assert.That(layer.Name, Is.EqualTo("out"));
        Assert.That(layer.DeclaredInputShape?.ToString(), Is.EqualTo("(batch, 3)"));
    }

    [Test]
    public void A_layer_introduces_itself()
    {
        var layer = new Dense(50, name: "dense");
        Assert.That(layer.ToString(), Is.EqualTo("Dense 'dense'"));
        layer.Build((10, 3), seed: 1);
        Assert.That(layer.ToString(), Is.EqualTo("Dense 'dense' (batch, 10, 3) → (batch, 10, 50), 200 parameters"));
    }

    [TestCase("Dense", "dense")]
    [TestCase("LSTM", "lstm")]
    [TestCase("SimpleRNN", "simple_rnn")]
    [TestCase("TimeDistributed", "time_distributed")]
    [TestCase("Conv1D", "conv1d")]
    [TestCase("PReLU", "p_re_lu")]
    [TestCase("GlobalAveragePooling1D", "global_average_pooling1d")]
    [TestCase("InputLayer", "input_layer")]
    public void Names_are_those_of_Keras(string className, string name) =>
        Assert.That(LayerNames.SnakeCase(className), Is.EqualTo(name));

    [Test]
    public void A_statistic_is_never_trainable()
    {
        var statistic = new Parameter("moving_mean", [3]) { IsStatistic = true };
        statistic.Trainable = true;
        Assert.That(statistic.Trainable, Is.False);
    }
}
