using System.Text;
using Newtonsoft.Json.Linq;
using Recurrent.Random;

namespace Recurrent.Tests.Serialization;

/// <summary>What can happen to a file, and what somebody can do to it: no failure but the one that says so.</summary>
public sealed class TamperingTests
{
    private static readonly string[] OtherValues =
        ["null", "true", "-1", "0", "7", "1.5", "1e300", "123456789012345", "\"\"", "\"x\"", "\"a/b\"", "[]", "[null]", "[[1]]",
            "{}", "{\"class_name\": \"Dense\"}"];

    [OneTimeSetUp]
    public void WarmUp() => Documents.Load(Documents.SmallFile);

    [Test]
    public void No_part_of_a_file_is_a_file()
    {
        byte[] file = Encoding.UTF8.GetBytes(Documents.SmallFile);
        for (int length = 0; length < file.Length; length += length > file.Length - 200 ? 1 : 41)
        {
            Assert.That(Attack.OnFile(file[..length], $"the first {length} bytes"), Is.Not.Null, $"the first {length} bytes");
        }
    }

    [Test]
    public void Nothing_may_follow()
    {
        foreach (string tail in (string[])["x", "{}", "]", ",", "\0", "1", "//"])
        {
            Assert.That(Attack.OnFile(Documents.SmallFile + tail, tail), Is.Not.Null, tail);
        }

        Assert.That(Attack.OnFile(Documents.SmallFile + " \n", "white space"), Is.Null);
    }

    [Test]
    public void Every_key_can_be_missing()
    {
        foreach (string path in Paths())
        {
            Attack.OnFile(Documents.With(Documents.SmallFile, path, null), $"without {path}");
        }
    }

    [TestCase("format")]
    [TestCase("format_version")]
    [TestCase("dtype")]
    [TestCase("seed")]
    [TestCase("model")]
    [TestCase("weights")]
    [TestCase("training")]
    [TestCase("weights[0].shape")]
    [TestCase("weights[0].name")]
    [TestCase("weights[3].data")]
    [TestCase("training.slots")]
    [TestCase("training.iterations")]
    [TestCase("model.config.layers")]
    [TestCase("model.config.layers[1].config.units")]
    [TestCase("model.config.layers[1].class_name")]
    public void Some_keys_must_be_there(string path)
    {
        var refusal = Attack.OnFile(Documents.With(Documents.SmallFile, path, null), path);

        Assert.That(refusal, Is.Not.Null);
        Assert.That(refusal!.Message, Does.Contain($"'{path.Split('.')[^1]}'"));
    }

    [Test]
    public void No_key_may_appear_twice()
    {
        JToken root = Documents.Parse(Documents.SmallFile);
        foreach (string path in Paths())
        {
            var property = (JProperty)root.SelectToken(path)!.Parent!;
            string text = property.ToString(Newtonsoft.Json.Formatting.None);
            property.AddAfterSelf(new JProperty("\u0001here", 0));
            string doubled = root.ToString(Newtonsoft.Json.Formatting.None)
                .Replace("\"\\u0001here\":0", text, StringComparison.Ordinal);
            property.Next!.Remove();

            var refusal = Attack.OnFile(doubled, $"{path} twice");
            Assert.That(refusal?.Message, Does.Contain("appears twice"), path);
        }
    }

    [Test]
    public void Every_value_can_be_another()
    {
        JToken root = Documents.Parse(Documents.SmallFile);
        foreach (string path in Paths())
        {
            var property = (JProperty)root.SelectToken(path)!.Parent!;
            JToken original = property.Value;
            foreach (string other in OtherValues)
            {
                property.Value = Documents.Parse(other);
                string text = root.ToString(Newtonsoft.Json.Formatting.None);
                Attack.OnFile(text, $"{path} = {other}");
                if (path.StartsWith("model.", StringComparison.Ordinal))
                {
                    Attack.OnArchitecture(root["model"]!.ToString(Newtonsoft.Json.Formatting.None), $"{path} = {other}");
                }
            }

            property.Value = original;
        }
    }

    [Test]
    public void Unknown_keys_are_named_with_the_one_that_was_meant()
    {
        foreach ((string path, string key, string meant) in ((string, string, string)[])
            [
                (string.Empty, "wieghts", "'weights'"),
                ("model", "konfig", "'config'"),
                ("model.config", "layer", "'layers'"),
                ("model.config.layers[1]", "clas_name", "'class_name'"),
                ("model.config.layers[1].config", "unitz", "'units'"),
                ("model.config.layers[1].config.kernel_initializer.config", "sed", "'seed'"),
                ("model.compile_config", "optimiser", "'optimizer'"),
                ("model.compile_config.optimizer.config", "beta1", "'beta_1'"),
                ("weights[0]", "dat", "'data'"),
                ("training", "step", "'steps'"),
            ])
        {
            var refusal = Attack.OnFile(Documents.WithKey(Documents.SmallFile, path, key, 1), key);
            Assert.That(refusal, Is.Not.Null, key);
            Assert.That(refusal!.Path, Is.EqualTo(path.Length == 0 ? key : $"{path}.{key}"));
            Assert.That(refusal.Message, Does.Contain(meant));
        }
    }

    [TestCase("model.config.layers[1].config.units", "\"many\"", null)]
    [TestCase("model.config.layers[1].config.units", "0", null)]
    [TestCase("model.config.layers[1].config.recurrent_dropout", "1.5", null)]
    [TestCase("model.config.layers[1].config.activation", "\"tanhh\"", null)]
    [TestCase("model.config.layers[1].config.kernel_initializer.config.seed", "\"x\"", null)]
    [TestCase("model.config.layers[1].config.dtype.config.name", "\"float16\"", "model.config.layers[1].config.dtype")]
    [TestCase("model.config.layers[1].config.dtype", "\"mixed_bfloat16\"", null)]
    [TestCase("model.config.layers[1].class_name", "\"LTSM\"", null)]
    [TestCase("model.config.layers[1].module", "\"evil\"", null)]
    [TestCase("model.config.layers[1].registered_name", "\"mine>LSTM\"", null)]
    [TestCase("model.config.layers[1].config.name", "\"a/b\"", "model.config.layers[1].config.name")]
    [TestCase("model.config.layers[2].config.rate", "7", null)]
    [TestCase("model.config.layers[0].config.batch_shape", "[null, 0, 2]", "model.config.layers[0].config")]
    [TestCase("model.config.layers[3].config.layer.config.units", "-1", null)]
    [TestCase("model.compile_config.loss.class_name", "\"MeanSquared\"", null)]
    [TestCase("model.compile_config.optimizer.config.learning_rate", "-1", null)]
    [TestCase("format", "\"another\"", null)]
    [TestCase("format_version", "4", null)]
    [TestCase("dtype", "\"float8\"", null)]
    [TestCase("weights[1].shape", "[3, 13]", "weights[1].data")]
    [TestCase("weights[1].shape", "[12, 3]", null)]
    [TestCase("weights[1].name", "\"lstm/kernel\"", null)]
    [TestCase("training.slots[0].name", "\"x\"", "training.slots[0]")]
    public void What_is_wrong_is_said_with_its_place(string path, string value, string? named)
    {
        var refusal = Attack.OnFile(Documents.With(Documents.SmallFile, path, Documents.Parse(value)), path);

        Assert.That(refusal, Is.Not.Null);
        Assert.That(refusal!.Path, Is.EqualTo(named ?? path), refusal.Message);
        Assert.That(refusal.Message, Does.StartWith(refusal.Path));
    }

    [Test]
    public void Weights_must_be_finite()
    {
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            string path = "weights[2].data";
            byte[] bytes = Convert.FromBase64String((string)Documents.Parse(Documents.SmallFile).SelectToken(path)!);
            BitConverter.TryWriteBytes(bytes.AsSpan(8), value);
            Assert.That(Attack.OnFile(Documents.With(Documents.SmallFile, path, Convert.ToBase64String(bytes)), path)!.Path,
                Is.EqualTo(path));
        }

        string plain = Documents.Text(Documents.NewModel(), plainNumbers: true);
        foreach (string value in (string[])["NaN", "Infinity", "1e39", "1e999", "null", "\"1\"", "[1]"])
        {
            Assert.That(Attack.OnFile(plain.Replace("\"data\":[", $"\"data\":[{value},", StringComparison.Ordinal), value),
                Is.Not.Null, value);
        }
    }

    [Test]
    public void There_must_be_just_the_weights_that_the_model_has()
    {
        JObject root = (JObject)Documents.Parse(Documents.SmallFile);
        JToken last = root.SelectTokens("weights[*]").Last();
        ((JArray)root["weights"]!).Add(last.DeepClone());
        Assert.That(Attack.OnFile(root.ToString(), "one more")!.Message, Does.Contain("no parameter for"));

        last.Next!.Remove();
        last.Remove();
        Assert.That(Attack.OnFile(root.ToString(), "one less")!.Path, Is.EqualTo("weights"));
    }

    [Test]
    public void Random_damage_is_refused_or_harmless([Range(1, 4)] int seed)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 0));
        byte[] file = Encoding.UTF8.GetBytes(Documents.SmallFile);
        string architecture = Documents.NewModel().ToJson();
        for (int i = 0; i < 1000; i++)
        {
            Attack.OnFile(Damage(file, ref random), $"seed {seed}, round {i}");
            Attack.OnArchitecture(
                Encoding.UTF8.GetString(Damage(Encoding.UTF8.GetBytes(architecture), ref random)),
                    $"architecture, seed {seed}, round {i}");
        }
    }

    /// <summary>Flips, replaces, doubles or drops a few bytes.</summary>
    private static byte[] Damage(byte[] document, ref SeededRandom random)
    {
        List<byte> bytes = [.. document];
        for (int n = random.NextInt(4); n >= 0; n--)
        {
            int at = random.NextInt(bytes.Count);
            switch (random.NextInt(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[at] = (byte)"0123456789{}[]\",:-eE.tfn \\/*"[random.NextInt(28)];
                    break;
                case 2:
                    bytes.Insert(at, (byte)('0' + random.NextInt(10)));
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(1 + random.NextInt(20), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + random.NextInt(60), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>The path of every key of the small file.</summary>
    private static string[] Paths() =>
        [.. ((JContainer)Documents.Parse(Documents.SmallFile)).DescendantsAndSelf().OfType<JProperty>()
            .Select(property => property.Path)];
}
