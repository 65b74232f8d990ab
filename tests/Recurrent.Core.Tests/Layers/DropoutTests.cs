using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class DropoutTests
{
    [Test]
    public void It_drops_about_its_rate_and_scales_up_the_rest()
    {
        SequenceBatch output = Run(new Dropout(0.25), key: 1);
        double share = output.Values.Values.Count(value => value == 0) / 30000.0;
        Assert.That(share, Is.EqualTo(0.25).Within(0.01));
        Assert.That(output.Values.Values.Where(value => value != 0), Is.All.EqualTo((Real)(1 / 0.75)));
    }

    [Test]
    public void Rate_1_drops_everything() => Assert.That(Run(new Dropout(1), key: 1).Values.Values, Is.All.Zero);

    [Test]
    public void Every_step_draws_anew_and_the_same_step_draws_the_same()
    {
        Real[] first = Run(new Dropout(0.5, seed: 1), key: 1).Values.Values;
        Assert.That(Run(new Dropout(0.5, seed: 1), key: 1).Values.Values, Is.EqualTo(first));
        Assert.That(Run(new Dropout(0.5, seed: 1), key: 2).Values.Values, Is.Not.EqualTo(first));
        Assert.That(Run(new Dropout(0.5, seed: 2), key: 1).Values.Values, Is.Not.EqualTo(first));
    }

    [Test]
    public void Outside_training_the_output_is_the_input_itself()
    {
        var layer = new Dropout(0.5);
        layer.Build((100, 3), seed: 1);
        Pass pass = layer.CreatePass(new((100, 3), 100, Differentiable: false, InputGradient: false));
        pass.Begin(training: false, key: 1);
        var input = new SequenceBatch((100, 3), 100);
        Assert.That(layer.Forward(pass, input), Is.SameAs(input));
    }

    [Test]
    public void Axes_of_noise_length_1_share_a_draw()
    {
        NDArray output = Run(new Dropout(0.5, [null, 1, null]), key: 1).ToArray();
        for (int sample = 0; sample < 100; sample++)
        {
            for (int step = 1; step < 100; step++)
            {
                for (int feature = 0; feature < 3; feature++)
                {
                    Assert.That(output[sample, step, feature], Is.EqualTo(output[sample, 0, feature]));
                }
            }
        }

        Assert.That(output.Values.Count(value => value == 0) / 30000.0, Is.EqualTo(0.5).Within(0.1));
    }

    [Test]
    public void Spatial_dropout_drops_a_feature_at_all_steps_of_a_sample()
    {
        NDArray output = Run(new SpatialDropout1D(0.5, seed: 1), key: 1).ToArray();
        int dropped = 0;
        for (int sample = 0; sample < 100; sample++)
        {
            for (int feature = 0; feature < 3; feature++)
            {
                Real first = output[sample, 0, feature];
                Assert.That(first, Is.Zero.Or.EqualTo((Real)2));
                dropped += first == 0 ? 1 : 0;
                for (int step = 1; step < 100; step++)
                {
                    Assert.That(output[sample, step, feature], Is.EqualTo(first));
                }
            }
        }

        Assert.That(dropped / 300.0, Is.EqualTo(0.5).Within(0.1));
        Assert.That(Run(new SpatialDropout1D(0.5, seed: 1), key: 2).ToArray().Values, Is.Not.EqualTo(output.Values));
    }

    private static SequenceBatch Run(Layer layer, ulong key)
    {
        layer.Build((100, 3), seed: 1);
        Pass pass = layer.CreatePass(new((100, 3), 100, Differentiable: true, InputGradient: true));
        pass.Begin(training: true, key);
        var input = new SequenceBatch((100, 3), 100);
        Array.Fill(input.Values.Values, 1);
        return layer.Forward(pass, input);
    }
}
