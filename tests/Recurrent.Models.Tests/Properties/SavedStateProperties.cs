using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Tests.Serialization;

namespace Recurrent.Tests.Models;

/// <summary>
/// Whatever a model is and whatever was done to it, Save then Load gives the same bits, predicts and trains on the same; or Save
/// says why not, before anything is written.
/// </summary>
[TestFixture]
public sealed class SavedStateProperties
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20251126UL, 7UL);

    /// <summary>A number from which a model, its training and what is done to it follow.</summary>
    private static readonly Arbitrary<int> Numbers = Gen.Choose(0, int.MaxValue).ToArbitrary();

    private static readonly string[] Names =
        ["a", "Ä", "日本語", "𝄞", "a b", "a\"b", "a\\b", "a'b", "\u00a0x", "\u200bx", "a.b[0]", "data", "null", "x\u001b[1m", "x\ny",
            "x\ud800", "x\u202ey"];

    [Test]
    public void What_is_saved_goes_on_as_it_was() => Check.One(Settings, Prop.ForAll(Numbers, number =>
    {
        var random = new SeededRandom((ulong)number);
        Sequential model = Create(ref random);
        (NDArray x, NDArray y) = Data(model, ref random);
        if (random.NextInt(4) > 0)
        {
            Train(model, x, y, 1 + random.NextInt(2));
        }

        for (int n = random.NextInt(4); n > 0; n--)
        {
            Meddle(model, x, y, ref random);
        }

        using var file = new MemoryStream();
        bool plain = random.NextInt(3) == 0;
        try
        {
            model.Save(file, includeOptimizer: true, plainNumbers: plain);
        }
        catch (InvalidOperationException refusal)
        {
            return file.Length == 0 && refusal.Message.Contains("save", StringComparison.Ordinal);
        }

        file.Position = 0;
        Sequential again = Sequential.Load(file);
        Assert.That(Text(again), Is.EqualTo(Text(model)));
        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(Documents.Bits(again), Is.EqualTo(Documents.Bits(model)));
        Assert.That(Flags(again), Is.EqualTo(Flags(model)));
        Assert.That(again.Optimizer!.LearningRate, Is.EqualTo(model.Optimizer!.LearningRate));
        Assert.That(again.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
        Assert.That(Train(again, x, y, 2), Is.EqualTo(Train(model, x, y, 2)));
        Assert.That(Documents.Bits(again), Is.EqualTo(Documents.Bits(model)));
        return true;
    }));

    private static Sequential Create(ref SeededRandom random)
    {
        bool odd = random.NextInt(3) == 0;
        var model = new Sequential(name: odd ? Name(ref random) : "m", seed: random.NextInt(1000));
        model.Add(new Input((3, 2)));
        for (int n = 1 + random.NextInt(3); n > 0; n--)
        {
            string? name = odd && random.NextInt(2) == 0 ? $"{Name(ref random)}{n}" : null;
            bool trainable = random.NextInt(5) > 0;
            model.Add(random.NextInt(9) switch
            {
                0 => new LSTM(2, returnSequences: true, dropout: 0.2, name: name, trainable: trainable),
                1 => new GRU(2, returnSequences: true, name: name, trainable: trainable, recurrentDropout: 0.1),
                2 => new TimeDistributed(new Dense(2, "tanh", trainable: random.NextInt(2) == 0), name: name,
                    trainable: trainable),
                3 => new Bidirectional(new SimpleRNN(1, returnSequences: true), name: name, trainable: trainable),
                4 => new Residual(new Residual(new Dense(2)), name: name, trainable: trainable),
                5 => new RNN(new StackedRNNCells([new LSTMCell(2), new ZoneoutCell(new GRUCell(2), 0.1)]), returnSequences: true,
                    name: name, trainable: trainable),
                6 => new Dilated(new IndRNN(2, returnSequences: true), 2, name: name, trainable: trainable),
                7 => new LayerNormalization(name: name, trainable: trainable),
                _ => new Dropout(0.3, name: name),
            });
        }

        model.Add(new Flatten());
        model.Add(new Dense(1, kernelRegularizer: "l2"));
        model.Compile(Optimizer(ref random), "mse", metrics: ["mae"]);
        return model;
    }

    private static Optimizer Optimizer(ref SeededRandom random)
    {
        double rate = random.NextInt(4) == 0 ? random.NextUniform(0, 1) * Math.Pow(10, random.NextInt(60) - 55)
            : random.NextUniform(0, 0.05);
        LearningRateSchedule schedule = random.NextInt(4) switch
        {
            0 => new ExponentialDecay(rate, 1 + random.NextInt(5), random.NextUniform(0, 1)),
            1 => new CosineDecay(rate, 3, alpha: random.NextUniform(0, 1)),
            _ => rate,
        };
        return random.NextInt(6) switch
        {
            0 => new SGD(schedule),
            1 => new SGD(schedule, momentum: random.NextUniform(0, 1), nesterov: true),
            2 => new RMSprop(schedule, rho: random.NextUniform(0, 1), momentum: 0.5, centered: random.NextInt(2) == 0),
            3 => new AdamW(schedule, weightDecay: random.NextUniform(0, 0.1), clipNorm: random.NextUniform(0.1, 1)),
            4 => new Adam(schedule, beta1: random.NextUniform(0, 1), epsilon: random.NextUniform(0, 1e-3), amsgrad: true),
            _ => new Adam(schedule, globalClipNorm: random.NextUniform(0.1, 2)),
        };
    }

    /// <summary>Does one of the things that people do to a model.</summary>
    private static void Meddle(Sequential model, NDArray x, NDArray y, ref SeededRandom random)
    {
        Layer layer = model.Layers[random.NextInt(model.Layers.Count)];
        bool flag = random.NextInt(2) == 0;
        switch (random.NextInt(9))
        {
            case 0:
                layer.Trainable = flag;
                break;
            case 1 when layer.Parameters.Count > 0:
                layer.Parameters[random.NextInt(layer.Parameters.Count)].Trainable = flag;
                break;
            case 2 when layer is TimeDistributed wrapper:
                wrapper.Layer.Trainable = flag;
                break;
            case 2 when layer is Residual residual:
                residual.Layer.Trainable = flag;
                break;
            case 3:
                model.Optimizer!.Iterations = random.NextInt(20) == 0 ? long.MaxValue : random.NextInt(50);
                break;
            case 4 when model.Optimizer!.Schedule.ClassName == "ConstantRate":
                model.Optimizer.LearningRate = random.NextInt(10) == 0 ? 1e39 : random.NextUniform(0, 0.1);
                break;
            case 5:
                model.Predict(x);
                break;
            case 6:
                model.Compile(Optimizer(ref random), "mae", metrics: ["mse"]);
                break;
            case 7:
                Train(model, x, y, 1);
                break;
            case 8 when layer.Parameters.Count > 0 && random.NextInt(4) == 0:
                layer.Parameters[0].Values[0] = flag ? float.NaN : 1e38f;
                layer.Parameters[0].MarkChanged();
                break;
        }
    }

    private static (NDArray X, NDArray Y) Data(Sequential model, ref SeededRandom random)
    {
        var x = new NDArray(6, 3, 2);
        var y = new NDArray(6, 1);
        for (int i = 0; i < x.Size; i++)
        {
            x.Values[i] = (float)random.NextUniform(-1, 1);
        }

        for (int i = 0; i < y.Size; i++)
        {
            y.Values[i] = (float)random.NextUniform(-1, 1);
        }

        return (x, y);
    }

    /// <summary>The losses of a run, or why there was none: two models that are the same do the same.</summary>
    private static string Train(Sequential model, NDArray x, NDArray y, int epochs)
    {
        try
        {
            return string.Join(' ', model.Fit(x, y, epochs, batchSize: 4, verbose: Verbosity.Silent)["loss"]);
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    private static string Name(ref SeededRandom random) =>
        Names[random.NextInt(Names.Length)] + (random.NextInt(10) == 0 ? new string('x', 5000) : string.Empty);

    private static string Text(Sequential model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Flags(Sequential model) => string.Concat(
        model.Layers.SelectMany(layer => layer.Parameters.Select(parameter => parameter.Trainable).Prepend(layer.Trainable))
            .Select(flag => flag ? '1' : '0'));
}
