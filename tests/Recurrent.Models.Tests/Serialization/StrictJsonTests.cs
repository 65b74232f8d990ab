using System.Text;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>JSON is read as RFC 8259 has it: what is none is refused with its place, and what is one means what it means
/// elsewhere.</summary>
[TestFixture]
public sealed class StrictJsonTests
{
    [TestCase("010")]
    [TestCase("-010")]
    [TestCase("0x10")]
    [TestCase("0X1f")]
    [TestCase("5.")]
    [TestCase("5.e3")]
    [TestCase(".5")]
    [TestCase("+5")]
    [TestCase("-")]
    [TestCase("1e")]
    [TestCase("1e+")]
    [TestCase("1 2")]
    [TestCase("0b1")]
    [TestCase("1_000")]
    [TestCase("1f")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("-Infinity")]
    [TestCase("undefined")]
    [TestCase("True")]
    [TestCase("nul")]
    [TestCase("nulll")]
    [TestCase("[1,]")]
    [TestCase("[,1]")]
    [TestCase("[1,,2]")]
    [TestCase("[1 2]")]
    [TestCase("[1}")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{,}")]
    [TestCase("{\"a\" 1}")]
    [TestCase("{\"a\":}")]
    [TestCase("{\"a\"}")]
    [TestCase("{\"a\":1 \"b\":2}")]
    [TestCase("{a:1}")]
    [TestCase("{'a':1}")]
    [TestCase("{1:1}")]
    [TestCase("{\"a\":1]")]
    [TestCase("'x'")]
    [TestCase("\"\\'\"")]
    [TestCase("\"\\x41\"")]
    [TestCase("\"\\u00g0\"")]
    [TestCase("\"\\u00e\"")]
    [TestCase("\"a\nb\"")]
    [TestCase("\"a\tb\"")]
    [TestCase("\"a\rb\"")]
    [TestCase("/* c */ 1")]
    [TestCase("1 // c")]
    [TestCase("new Date(1)")]
    [TestCase("\"a\" \"b\"")]
    [TestCase("\u00a01")]
    [TestCase("\v1")]
    [TestCase("\f1")]
    public void What_is_no_JSON_is_refused_with_its_place(string value)
    {
        ModelFormatException refusal =
            Refuse($$"""{"class_name": "Sequential", "config": {"layers": [], "name": {{value}}}, "module": "keras"}""");
        Assert.That(refusal.Path, Does.StartWith("config.name"), refusal.Message);
        Assert.That(refusal.Message, Does.Match(@"\(line [0-9]+, position [0-9]+\)"));
        ModelFormatException alone = Refuse(value);
        Assert.That(alone.Path, Does.Not.Contain("config"));
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("{")]
    [TestCase("[")]
    [TestCase("{\"a\"")]
    [TestCase("{\"a\":")]
    [TestCase("{\"a\":1")]
    [TestCase("\"a")]
    [TestCase("tru")]
    [TestCase("-")]
    [TestCase("{}{}")]
    [TestCase("{} x")]
    [TestCase("{},")]
    public void What_is_no_whole_document_is_refused(string text) => Refuse(text);

    [TestCase("0", 0L)]
    [TestCase("-0", 0L)]
    [TestCase("12", 12L)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("-9223372036854775808", long.MinValue)]
    [TestCase("0.5", 0.5)]
    [TestCase("-0.0", -0.0)]
    [TestCase("1e3", 1000.0)]
    [TestCase("1E+3", 1000.0)]
    [TestCase("12.5e-1", 1.25)]
    [TestCase("5e-324", 5e-324)]
    [TestCase("1.7976931348623157E+308", 1.7976931348623157E+308)]
    [TestCase("0.1", 0.1)]
    [TestCase("true", true)]
    [TestCase("false", false)]
    [TestCase("null", null)]
    [TestCase("\"\"", "")]
    [TestCase("\"a\\\"\\\\\\/\\u00e9\"", "a\"\\/é")]
    [TestCase("\"é€𝄞\"", "é€𝄞")]
    [TestCase("\"\\ud834\\udd1e\"", "𝄞")]
    public void What_is_JSON_is_read(string text, object? expected)
    {
        foreach (string around in (string[])["X", " X ", "\r\n\tX\n", "\uFEFFX"])
        {
            object? value = JsonTree.Read(around.Replace("X", text, StringComparison.Ordinal), ReadLimits.Default).Value;
            Assert.That(value, Is.EqualTo(expected));
            if (expected is double number)
            {
                Assert.That(BitConverter.DoubleToInt64Bits((double)value!), Is.EqualTo(BitConverter.DoubleToInt64Bits(number)));
            }
        }
    }

    [TestCase("\\ud834")]
    [TestCase("\\ud834x")]
    [TestCase("\\ud834\\n")]
    [TestCase("\\ud834\\ud834\\udd1e")]
    [TestCase("\\udd1e")]
    [TestCase("\\udd1e\\ud834")]
    [TestCase("x\\uDFFF")]
    public void Half_of_a_surrogate_pair_is_no_text(string name) => Assert.That(
        Refuse($$"""{"name": "{{name}}"}""").Message, Does.Contain("half of a surrogate pair"));

    [Test]
    public void Every_length_of_what_comes_before_gives_the_same_path()
    {
        // Readers work in blocks; where in one the fault is must not matter.
        for (int length = 0; length < 3000; length += 7)
        {
            string text = $$"""{"padding": "{{new string('é', length)}}", "config": {"layers": [{"units": 010}]} }""";
            Assert.That(Refuse(text).Path, Is.EqualTo("config.layers[0].units"), $"{length}");
        }
    }

    [TestCase("\\u001b[2J")]
    [TestCase("\\u0000")]
    [TestCase("a\\nb")]
    [TestCase("\\u009b")]
    [TestCase("\\u202egpj")]
    [TestCase("\\u007f")]
    public void What_would_be_a_command_to_a_terminal_is_no_text_and_no_key(string name)
    {
        foreach (string text in (string[])
            [
                $$"""{"config": {"name": "{{name}}", "layers": []}, "class_name": "Sequential"}""",
                $$"""{"config": {"{{name}}": 1, "layers": []}, "class_name": "Sequential"}""",
                $$"""{"config": {"layers": [{"class_name": "{{name}}", "config": {} }]}, "class_name": "Sequential"}""",
                $$"""{"config": {"x": {"{{name}}": 010} }, "class_name": "Sequential"}""",
            ])
        {
            ModelFormatException refusal = Refuse(text);
            Assert.That(refusal.Message + refusal.Path, Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]"));
        }
    }

    [Test]
    public void Base64_may_be_escaped_as_some_writers_do()
    {
        string text = Documents.SmallFile;
        string escaped = EscapeIn(text,
            c => c switch { '/' => "\\/", '+' => "\\u002b", '=' => "\\u003D", 'A' => "\\u0041", _ => c.ToString() });
        Assert.That(escaped, Is.Not.EqualTo(text));
        Assert.That(Documents.Bits(Documents.Load(escaped)), Is.EqualTo(Documents.Bits(Documents.Load(text))));
    }

    [TestCase(" ")]
    [TestCase("\\n")]
    [TestCase("-")]
    [TestCase("=")]
    [TestCase("\\u0020")]
    [TestCase("\\u0141")]
    [TestCase("é")]
    public void What_is_no_base64_is_refused(string inside)
    {
        string text = Documents.SmallFile;
        int data = text.IndexOf("\"data\":\"", StringComparison.Ordinal) + 8;
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => Documents.Load(text.Insert(data + 4, inside)))!;
        Assert.That(refusal.Path, Is.EqualTo("weights[0].data"));
    }

    [Test]
    public void Arrays_of_every_length_come_back_in_base64_and_in_numbers()
    {
        for (int n = 1; n < 9000; n = (n * 5 / 4) + 1)
        {
            var model = new Sequential([new Layers.Dense(n, useBias: false, inputShape: 1)]);
            foreach (bool plain in (bool[])[false, true])
            {
                Assert.That(Documents.Bits(Documents.Load(Documents.Text(model, plain))),
                    Is.EqualTo(Documents.Bits(model)), $"{n}");
            }
        }
    }

    [Test]
    public void A_long_text_is_refused_before_it_is_in_memory()
    {
        string text = "{\"name\": \"" + new string('x', 30_000_000) + "\"}";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ModelFormatException>(() => Documents.Load(bytes));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(12 << 20));
    }

    [TestCase("weights")]
    [TestCase("other.data")]
    public void Numbers_are_long_only_where_weights_stand(string place)
    {
        string data = "{\"data\": \"" + new string('A', 4_000_000) + "\"}";
        string text = place == "weights" ? $$"""{"model": {"weights": [{{data}}]} }""" : $$"""{"other": {{data}} }""";
        Assert.That(Refuse(text).Message, Does.Contain("too long"));
    }

    private static string EscapeIn(string text, Func<char, string> escape)
    {
        var result = new StringBuilder();
        bool inside = false;
        for (int i = 0; i < text.Length; i++)
        {
            inside = inside ? text[i] != '"' : text.AsSpan(0, i).EndsWith("\"data\":\"");
            result.Append(inside ? escape(text[i]) : text[i].ToString());
        }

        return result.ToString();
    }

    private static ModelFormatException Refuse(string text)
    {
        ModelFormatException first = Assert.Throws<ModelFormatException>(() => Sequential.FromJson(text), text)!;
        Assert.Throws<ModelFormatException>(() => Documents.Load(text), text);
        return first;
    }
}
