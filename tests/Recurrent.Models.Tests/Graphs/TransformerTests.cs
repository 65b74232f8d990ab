using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Tests.Graphs;

/// <summary>Blocks of transformers: models of layers that have tests of their own, put together as they should be.</summary>
[TestFixture]
public sealed class TransformerTests
{
    [Test]
    public void A_causal_block_does_not_look_ahead([Values] bool normalizeFirst)
    {
        var model = new Sequential([new TransformerEncoder(4, 2, 6, normalizeFirst: normalizeFirst, useCausalMask: true)]);
        NDArray x = Random(1, 3, 5, 4);
        NDArray before = model.Predict(x);
        for (int i = 3 * 4; i < 5 * 4; i++)
        {
            x.Values[i] += 1;
        }

        NDArray after = model.Predict(x);
        Assert.That(after.Values[..12], Is.EqualTo(before.Values[..12]), "steps before the change");
        Assert.That(after.Values[12..20], Is.Not.EqualTo(before.Values[12..20]), "steps from it on");
    }

    [Test]
    public void A_block_that_is_not_causal_looks_everywhere()
    {
        var model = new Sequential([new TransformerEncoder(4, 2, 6)]);
        NDArray x = Random(1, 1, 5, 4);
        NDArray before = model.Predict(x);
        x.Values[^1] += 1;
        Assert.That(model.Predict(x).Values[..4], Is.Not.EqualTo(before.Values[..4]));
    }

    [Test]
    public void The_equations_are_those_of_the_summary([Values] bool normalizeFirst)
    {
        var block = new TransformerEncoder(4, 2, 6, normalizeFirst: normalizeFirst);
        var x = new Input((5, 4));
        var attention = (MultiHeadAttention)block.GetLayer("attention");
        var first = (LayerNormalization)block.GetLayer("attention_norm");
        var second = (LayerNormalization)block.GetLayer("feed_forward_norm");
        Symbol Feed(Symbol value) =>
            block.GetLayer("feed_forward_output").Call(block.GetLayer("feed_forward_intermediate").Call(value));
        Symbol n = normalizeFirst ? first.Call(x) : x.Output;
        Symbol h = new Add().Call(x, attention.Call(n, n));
        h = normalizeFirst ? h : first.Call(h);
        Symbol y = new Add().Call(h, Feed(normalizeFirst ? second.Call(h) : h));
        var spelledOut = new Model(x, normalizeFirst ? y : second.Call(y));
        NDArray input = Random(2, 2, 5, 4);
        Assert.That(new Model(x, block.Call(x)).Predict(input).Values, Is.EqualTo(spelledOut.Predict(input).Values));
    }

    [Test]
    public void A_decoder_looks_at_the_encoder_and_not_ahead()
    {
        Input source = new((6, 3), name: "source"), target = new((5, 4), name: "target");
        var model = new Model([target, source], new TransformerDecoder(4, 2, 8, encoderFeatures: 3).Call(target, source));
        NDArray t = Random(3, 1, 5, 4), s = Random(4, 1, 6, 3);
        NDArray before = model.Predict([t, s]);
        t.Values[^1] += 1;
        Assert.That(model.Predict([t, s]).Values[..16], Is.EqualTo(before.Values[..16]));
        s.Values[^1] += 1;
        Assert.That(model.Predict([t, s]).Values[..4], Is.Not.EqualTo(before.Values[..4]));
    }

    [Test]
    public void A_decoder_without_cross_attention_takes_one_input() =>
        Assert.That(new TransformerDecoder(4, 2, 8, encoderFeatures: 0).Inputs, Has.Count.EqualTo(1));

    [Test]
    public void Blocks_of_different_names_have_different_weights()
    {
        float[] Weights(string name) => [.. new TransformerEncoder(4, 2, 6, name: name).GetWeights()[0].Values];
        float[] first = Weights("block_1");
        Assert.That(Weights("block_2"), Is.Not.EqualTo(first));
        Assert.That(Weights("block_1"), Is.EqualTo(first));
    }

    [Test]
    public void Two_blocks_learn_where_to_look()
    {
        // The second feature marks one step; its first feature is the target.
        var random = new SeededRandom(5);
        NDArray x = new(256, 8, 2), y = new(256, 1);
        for (int sample = 0; sample < 256; sample++)
        {
            int marked = random.NextInt(8);
            for (int step = 0; step < 8; step++)
            {
                x.Values[(((sample * 8) + step) * 2) + 0] = (float)random.NextNormal();
                x.Values[(((sample * 8) + step) * 2) + 1] = step == marked ? 3 : 0;
            }

            y.Values[sample] = x.Values[((sample * 8) + marked) * 2];
        }

        var model = new Sequential(
        [
            new Dense(8, inputShape: (8, 2)), new TransformerEncoder(8, 2, 16, name: "block_1"),
                new TransformerEncoder(8, 2, 16, name: "block_2"),
            new GlobalAveragePooling1D(), new Dense(1),
        ]);
        model.Compile("adam", "mse");
        model.Optimizer!.LearningRate = 0.005;
        History history = model.Fit(x, y, epochs: 40, batchSize: 32, verbose: 0);
        Assert.That(history["loss"][^1], Is.LessThan(0.15 * history["loss"][0]));
    }

    [Test]
    public void Options_out_of_range_are_told_together() => Assert.That(
        () => new TransformerEncoder(10, 4, 0, dropout: 2),
        Throws.ArgumentException.With.Message.Contains("intermediateDim must be at least 1, but is 0")
            .And.Message.Contains(
            "features must be a multiple of numHeads, of which each takes an equal share, but 10 is none of 4")
            .And.Message.Contains("dropout must be at least 0 and at most 1, but is 2"));

    [Test]
    public void An_encoder_of_fewer_features_than_none_is_told() => Assert.That(
        () => new TransformerDecoder(4, 2, 8, encoderFeatures: -1),
        Throws.ArgumentException.With.Message.Contains("encoderFeatures must be at least 0, but is -1"));

    private static NDArray Random(ulong seed, params int[] shape)
    {
        var random = new SeededRandom(seed);
        var array = new NDArray(shape);
        foreach (ref float value in array.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return array;
    }
}
