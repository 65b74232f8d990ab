using System.Text;
using Newtonsoft.Json.Linq;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Small documents that ask for much get nothing.</summary>
public sealed class HostileSizeTests
{
    private static readonly long[] Sizes = [20_000, 50_000, 65_536, 536_870_912, 1_073_741_824, 2_000_000_000, int.MaxValue,
        3_000_000_000, long.MaxValue];

    [OneTimeSetUp]
    public void WarmUp() => Documents.Load(Documents.SmallFile);

    [TestCase("LSTM")]
    [TestCase("GRU")]
    [TestCase("SimpleRNN")]
    [TestCase("Dense")]
    public void Units_without_weights_are_refused_before_there_is_room_for_them(string className)
    {
        foreach (long units in Sizes)
        {
            string model = Architecture(className, units, 1000, 10);
            string file = $$"""
                {"format": "recurrent-model", "format_version": 1, "dtype": "float32", "seed": 0, "model": {{model}},
                "weights": [], "training": null}
                """;

            Assert.That(Attack.OnFile(file, $"{className}({units})"), Is.Not.Null);
            Assert.That(Attack.OnArchitecture(model, $"{className}({units})"), Is.Not.Null);
        }
    }

    [Test]
    public void Features_without_weights_are_refused_before_there_is_room_for_them()
    {
        foreach (long features in Sizes)
        {
            Assert.That(Attack.OnArchitecture(Architecture("LSTM", 100, 3, features), $"{features} features"), Is.Not.Null);
        }
    }

    [Test]
    public void A_parameter_is_never_larger_than_its_numbers()
    {
        JToken root = Documents.Parse(Documents.SmallFile);
        foreach (string shape in (string[])["[2147483647]", "[65536, 65536]", "[2147483647, 2147483647, 2147483647]",
            "[4294967296, 4294967296]", "[0]", "[-3, -8]", "[]", "[1,1,1,1,1,1,1,1,1]"])
        {
            root["weights"]![0]!["shape"]!.Replace(Documents.Parse(shape));
            Assert.That(Attack.OnFile(root.ToString(), shape), Is.Not.Null, shape);
        }
    }

    [TestCase("[", "]")]
    [TestCase("{\"a\":", "}")]
    [TestCase("{\"data\":[", "]}")]
    public void Deep_nesting_is_refused(string open, string close)
    {
        foreach (int depth in (int[])[65, 1000, 200_000])
        {
            string text = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            Assert.That(Attack.OnFile(text, $"{depth} levels"), Is.Not.Null);
            Assert.That(Attack.OnArchitecture(text, $"{depth} levels"), Is.Not.Null);
        }
    }

    [Test]
    public void Wrappers_in_wrappers_end_somewhere()
    {
        string layer = """{"class_name": "Dense", "config": {"units": 1}}""";
        for (int i = 0; i < 100; i++)
        {
            layer = $$"""{"class_name": "TimeDistributed", "config": {"layer": {{layer}} } }""";
        }

        Assert.That(Attack.OnArchitecture($$"""{"layers": [{{layer}}]}""", "wrappers"), Is.Not.Null);
    }

    [Test]
    public void Layers_are_counted()
    {
        const string Layer = """{"class_name": "Activation", "config": {"activation": "relu"}},""";
        string few = Repeat(Layer, 1000)[..^1];
        Assert.DoesNotThrow(() => Sequential.FromJson($$"""{"layers": [{{few}}]}"""));
        Assert.That(Attack.OnArchitecture($$"""{"layers": [{{few}}, {{few}}]}""", "2000 layers")!.Path, Is.EqualTo("layers"));
    }

    [Test]
    public void Numbers_keys_and_texts_have_an_end()
    {
        string digits = Repeat("9", 100_000);
        foreach (string value in (string[])
            [
                digits, "-" + digits, "0." + digits, "1e" + digits, digits[..30], "1e999", "-1e999",
                    "0x7fffffffffffffffffff", "NaN",
                $"\"{digits}\"", $"{{\"{digits}\": 1}}", "undefined", "new Date(1)", "'x'", "{a: 1}", "/* */ 1", "[1,,2]",
            ])
        {
            string text = $$"""{"class_name": "Sequential", "config": {{value}}}""";
            Assert.That(Attack.OnArchitecture(text, value[..Math.Min(value.Length, 30)]), Is.Not.Null);
        }

        string manyKeys = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"\"k{i}\":1"));
        Assert.That(Attack.OnArchitecture($"{{{manyKeys}}}", "many keys"), Is.Not.Null);
        Assert.That(Attack.OnArchitecture($$"""{"layers": [{{Repeat("[],", 2_000_000)}} 1]}""", "many lists"), Is.Not.Null);
    }

    [Test]
    public void A_long_file_is_refused_before_it_is_read()
    {
        var limits = new ReadLimits { MaxLength = 1000 };

        Assert.That(() => Documents.Load(Documents.SmallFile, limits),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("MaxLength"));
        Assert.That(() => Sequential.FromJson(Documents.NewModel().ToJson(), limits: limits),
            Throws.TypeOf<ModelFormatException>());
    }

    [Test]
    public void What_is_not_text_is_refused()
    {
        foreach (byte[] bytes in (byte[][])
            [
                [], [0xFF, 0xFE, 0x7B, 0x00], Encoding.Unicode.GetBytes(Documents.SmallFile), "\u0089HDF\r\n"u8.ToArray(),
                "PK\u0003\u0004"u8.ToArray(),
                [.. "{\"format\": \""u8, 0xC3, 0x28, .. "\"}"u8], new byte[100_000], "null"u8.ToArray(),
                "[]"u8.ToArray(), "7"u8.ToArray(),
            ])
        {
            Assert.That(Attack.OnFile(bytes, Convert.ToHexString(bytes.AsSpan(0, Math.Min(8, bytes.Length)))), Is.Not.Null);
        }
    }

    [Test]
    public void A_layer_made_of_its_options_has_no_memory_yet()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = new LSTM(20_000);
        _ = new GRU(20_000, resetAfter: false);
        _ = new SimpleRNN(40_000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void The_message_stays_readable()
    {
        string many = string.Join(',', Enumerable.Range(0, 900).Select(i => $"\"{Repeat("k", 200)}{i}\":1"));

        var refusal = Attack.OnArchitecture($$$"""{"layers": [{"class_name": "Dense", "config": { {{{many}}} } } ]}""",
            "many options");

        Assert.That(refusal!.Message, Has.Length.LessThan(2100));
    }

    private static string Architecture(string className, long units, long steps, long features) => $$"""
        {"class_name": "Sequential", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "config": {"batch_shape": [null, {{steps}}, {{features}}] } },
          {"class_name": "{{className}}", "config": {"name": "l", "units": {{units}} } } ] } }
        """;

    private static string Repeat(string text, int times) =>
        new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
