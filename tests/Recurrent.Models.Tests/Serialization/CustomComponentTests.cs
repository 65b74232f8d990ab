using Newtonsoft.Json.Linq;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Tests.Serialization;

/// <summary>Layers, activations and losses of one's own in files: read where the reader names them, and nowhere else.</summary>
[TestFixture]
public sealed class CustomComponentTests
{
    private static readonly NDArray X = new([2, 3], [1, -2, 3, 0.5f, 0.25f, -1]);

    private static CustomObjects Custom => new CustomObjects()
        .Add<Layer>("Gain", Gain.Read)
        .Add("Cubic", Cubic.Read)
        .Add<Loss>("Quartic", Quartic.Read);

    [Test]
    public void A_model_of_components_of_one_s_own_is_saved_and_trains_on()
    {
        Sequential model = Model();
        model.Compile("adam", new Quartic());
        model.TrainOnBatch(X, new NDArray(2, 2));
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        Sequential loaded = Sequential.Load(stream, custom: Custom);

        Assert.That(loaded.Predict(X).Values, Is.EqualTo(model.Predict(X).Values));
        Assert.That(loaded.Loss, Is.TypeOf<Quartic>());
        Assert.That(loaded.TrainOnBatch(X, new NDArray(2, 2))["loss"],
            Is.EqualTo(model.TrainOnBatch(X, new NDArray(2, 2))["loss"]));
        Assert.That(loaded.Predict(X).Values, Is.EqualTo(model.Predict(X).Values));
        Assert.That(loaded.ToJson(), Is.EqualTo(model.ToJson()));
    }

    [Test]
    public void What_is_not_the_library_s_says_so()
    {
        Sequential model = Model();
        model.Compile("adam", new Quartic());
        JToken json = JToken.Parse(model.ToJson());
        foreach (JToken component in (JToken[])[json["config"]!["layers"]![1]!, json["compile_config"]!["loss"]!])
        {
            Assert.That((string?)component["module"], Is.EqualTo("custom"));
            Assert.That(component["registered_name"], Is.EqualTo(component["class_name"]).Using(JToken.EqualityComparer));
        }

        Assert.That((string?)json["config"]!["layers"]![2]!["config"]!["activation"]!["module"], Is.EqualTo("custom"));
        Assert.That((string?)json["config"]!["layers"]![2]!["module"], Is.EqualTo("keras.layers"));
    }

    [TestCase("Gain")]
    [TestCase("Cubic")]
    [TestCase("Quartic")]
    public void Without_what_reads_it_a_name_is_refused(string missing)
    {
        Sequential model = Model();
        model.Compile("adam", new Quartic());
        var custom = new CustomObjects();
        custom = missing == "Gain" ? custom : custom.Add<Layer>("Gain", Gain.Read);
        custom = missing == "Cubic" ? custom : custom.Add("Cubic", Cubic.Read);
        custom = missing == "Quartic" ? custom : custom.Add<Loss>("Quartic", Quartic.Read);
        Assert.That(
            () => Sequential.FromJson(model.ToJson(), custom: custom),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(
                $"'{missing}' is of the module 'custom', whose code is not in this library. What can be read beside the "
                + $"library's is {string.Join(", ", custom.Names)}."));
        Assert.That(() => Sequential.FromJson(model.ToJson()), Throws.TypeOf<ModelFormatException>());
    }

    [Test]
    public void What_Keras_writes_of_a_registered_class_is_read_by_its_class_name()
    {
        string json = Model().ToJson()
            .Replace("\"module\":\"custom\",\"class_name\":\"Gain\"", "\"module\":\"my.package\",\"class_name\":\"Gain\"",
                StringComparison.Ordinal)
            .Replace("\"registered_name\":\"Gain\"", "\"registered_name\":\"Mine>Gain\"", StringComparison.Ordinal);
        Assert.That(json, Does.Contain("my.package").And.Contain("Mine>Gain"));
        Assert.That(Sequential.FromJson(json, custom: Custom).Layers[0], Is.TypeOf<Gain>());
    }

    [Test]
    public void What_a_reader_throws_has_its_place_in_the_document()
    {
        string json = Model().ToJson().Replace("\"strength\":2.0", "\"strength\":-2.0", StringComparison.Ordinal);
        Assert.That(
            () => Sequential.FromJson(json, custom: Custom),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            "config.layers[1].config.strength: Gain 'gain': strength must be a finite number above 0, but is -2."));
    }

    private static Sequential Model() => new([new Gain(2, inputShape: 3), new Dense(2, new Cubic(0.5))]);

    /// <summary>y = strength · w∘x.</summary>
    private sealed class Gain : UnaryLayer
    {
        private readonly double strength;

        public Gain(double strength, string? name = null, bool trainable = true, Shape? inputShape = null)
            : base(name, trainable, inputShape)
        {
            new OptionCheck(Introduction).Above(nameof(strength), strength, 0).ThrowIfAny();
            this.strength = strength;
        }

        public override string ClassName => "Gain";

        public static Gain Read(ConfigReader config) =>
            new(config.Double("strength"), config.OptionalString("name"), config.Bool("trainable", true));

        public override Shape ComputeOutputShape(Shape input) => input;

        public override Config GetConfig()
        {
            Config config = StartConfig();
            config.Add("strength", strength);
            return config;
        }

        public override SequenceBatch Forward(Pass pass, SequenceBatch input)
        {
            var output = new SequenceBatch(input.SampleShape, input.BatchSize);
            for (int i = 0; i < output.Values.Values.Length; i++)
            {
                output.Values.Values[i] = (float)strength * Parameters[0].Values[i % input.Values.RowCount]
                    * input.Values.Values[i];
            }

            return output;
        }

        public override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient) => null;

        protected override void BuildParameters(Shape input) => AddParameter(new Parameter("gain", [input.Features]), "ones");
    }

    /// <summary>y = factor · x³.</summary>
    private sealed class Cubic(double factor) : ActivationFunction
    {
        public override string ClassName => "Cubic";

        public override bool NeedsInput => true;

        public static Cubic Read(ConfigReader config) => new(config.Double("factor", 1));

        public override Config GetConfig() => new() { { "factor", factor } };

        public override void Forward(ReadOnlySpan<float> x, Span<float> y, int rows)
        {
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = (float)factor * x[i] * x[i] * x[i];
            }
        }

        public override void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
            Span<float> dx, int rows)
        {
            for (int i = 0; i < x.Length; i++)
            {
                dx[i] = 3 * (float)factor * x[i] * x[i] * dy[i];
            }
        }
    }

    /// <summary>(prediction − target)⁴, summed over the rows.</summary>
    private sealed class Quartic() : Loss(Reduction.SumOverBatchSize, "quartic")
    {
        public override string ClassName => "Quartic";

        public static Quartic Read(ConfigReader config)
        {
            _ = config.OptionalString("name");
            _ = config.OptionalString("reduction");
            return new();
        }

        public override void Evaluate(ReadOnlySpan<float> targets, ReadOnlySpan<float> predictions, int rows, Span<float> losses,
            Span<float> gradient)
        {
            losses.Clear();
            for (int i = 0; i < predictions.Length; i++)
            {
                float difference = predictions[i] - targets[i];
                losses[i / rows] += difference * difference * difference * difference;
                if (!gradient.IsEmpty)
                {
                    gradient[i] = 4 * difference * difference * difference;
                }
            }
        }
    }
}
