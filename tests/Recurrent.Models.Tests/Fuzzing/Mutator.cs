using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Recurrent.Random;

namespace Recurrent.Tests.Fuzzing;

/// <summary>Makes a document out of others that is almost one: values, keys, nesting, sizes and types change, then tokens, then
/// bytes.</summary>
internal static class Mutator
{
    // Repeating what was repeated would soon make documents whose size alone takes half a minute.
    private const int MostLetters = 1 << 20;

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "3", "7", "64", "255", "1000", "65536", "100000", "16777217", "2147483647",
        "2147483648", "-2147483648",
        "4294967296", "9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "99999999999999999999999",
        "0.5", "-0.5", "1e-45", "5e-324", "3.5e38", "1e39", "1e300", "-1e300", "1.7976931348623157e308", "0.1", "1e5", "2.0",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "x", "a/b", "null", "true", "10", "linear", "relu", "softmax", "hard_sigmoid", "Dense", "LSTM", "GRU",
        "RNN", "Sequential",
        "Functional", "function", "keras", "keras.layers", "recurrent", "custom", "builtins", "float32", "float64",
        "mixed_float16", "adam",
        "mse", "accuracy", "same", "valid", "causal", "concat", "sum", "glorot_uniform", "l2", "max_norm", "\u001b[2J",
        "\ud83d\ude00", "é",
        "NaN", "Infinity", "__class__", "System.IO.File", "..\\..", "%n%s", "{0}", "\"", "\\",
    ];

    private static readonly string[] Wrappers = ["TimeDistributed", "Residual", "Bidirectional", "Dilated"];

    private static readonly string[] Keys =
    [
        "name", "trainable", "trained", "data", "shape", "config", "layer", "batch_input_shape", "time_major",
        "keras_version", "dtype",
        "seed", "cells",
    ];

    // What readers of JSON that are not strict take.
    private static readonly string[] Tokens =
    [
        "/**/", "//\n", "NaN", "undefined", "010", "0x10", "5.", ".5", "+1", "'x'", ",", ",,", "{", "}", "[", "]", ":", "\"",
        "\\u0000", "\\ud800",
        "\n", "\t", "\0", "\uFEFF", "\u00a0", "new Date(1)", "1e999", "-", "e", "true", "null", "\"a\":1,", "\"data\":",
        "{\"data\":\"AAAA\"}",
    ];

    /// <summary>A document.</summary>
    /// <param name="seeds">What it is made of.</param>
    /// <param name="random">Draws.</param>
    public static byte[] Next(IReadOnlyList<string> seeds, ref SeededRandom random)
    {
        string seed = seeds[random.NextInt(seeds.Count)];
        JToken root = Parse(seed);
        int changes = 1 + random.NextInt(4);
        for (int i = 0; i < changes; i++)
        {
            Change(ref root, seeds, ref random);
        }

        string text = root.ToString(random.NextInt(8) == 0 ? Formatting.Indented : Formatting.None);
        if (random.NextInt(4) == 0)
        {
            text = ChangeText(text, ref random);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return random.NextInt(6) == 0 ? ChangeBytes(bytes, ref random) : bytes;
    }

    public static JToken Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JToken.ReadFrom(reader);
    }

    private static void Change(ref JToken root, IReadOnlyList<string> seeds, ref SeededRandom random)
    {
        JToken[] all = [.. root is JContainer container ? container.DescendantsAndSelf().Where(token => token is not JProperty)
            : [root]];
        JToken target = all[random.NextInt(all.Length)];
        switch (random.NextInt(15))
        {
            case 0 or 1 or 2:
                Replace(ref root, target, Value(ref random));
                break;
            case 3:
                // A value of its own kind.
                Replace(ref root, target, target.Type switch
                {
                    JTokenType.Integer or JTokenType.Float => Raw(Numbers[random.NextInt(Numbers.Length)]),
                    JTokenType.String => new JValue(Texts[random.NextInt(Texts.Length)]),
                    JTokenType.Boolean => new JValue(!(bool)target),
                    _ => JValue.CreateNull(),
                });
                break;
            case 4:
                Remove(target);
                break;
            case 5:
                Rename(root, target, ref random);
                break;
            case 6:
                // From elsewhere in the document.
                Replace(ref root, target, all[random.NextInt(all.Length)].DeepClone());
                break;
            case 7:
                // From another document.
                JToken other = Parse(seeds[random.NextInt(seeds.Count)]);
                JToken[] parts = [.. other is JContainer outer ? outer.DescendantsAndSelf().Where(token => token is not JProperty)
                    : [other]];
                Replace(ref root, target, parts[random.NextInt(parts.Length)].DeepClone());
                break;
            case 8:
                Replace(ref root, target, Nested(target.DeepClone(), ref random));
                break;
            case 9:
                Repeat(target, ref random);
                break;
            case 10:
                Add(target, all, ref random);
                break;
            case 11:
                Reshape(root, ref random);
                break;
            case 12:
                Swap(target, ref random);
                break;
            case 13:
                Share(root, ref random);
                break;
            default:
                if (target.Type == JTokenType.String)
                {
                    string text = (string)target! + "x";
                    int times = Math.Min(1 << random.NextInt(12), Math.Max(1, MostLetters / text.Length));
                    Replace(ref root, target, new JValue(string.Concat(Enumerable.Repeat(text, times))));
                }

                break;
        }
    }

    private static JToken Value(ref SeededRandom random) => random.NextInt(8) switch
    {
        0 => JValue.CreateNull(),
        1 => new JValue(random.NextInt(2) == 0),
        2 or 3 => Raw(Numbers[random.NextInt(Numbers.Length)]),
        4 => new JValue(Texts[random.NextInt(Texts.Length)]),
        5 => new JArray(Raw(Numbers[random.NextInt(Numbers.Length)]), JValue.CreateNull()),
        6 => new JObject(),
        _ => new JArray(),
    };

    private static JRaw Raw(string number) => new(number);

    private static void Replace(ref JToken root, JToken target, JToken value)
    {
        if (target.Parent is null)
        {
            root = value;
        }
        else
        {
            target.Replace(value);
        }
    }

    private static void Remove(JToken target)
    {
        if (target.Parent is JProperty property)
        {
            property.Remove();
        }
        else if (target.Parent is not null)
        {
            target.Remove();
        }
    }

    private static void Rename(JToken root, JToken target, ref SeededRandom random)
    {
        if (target.Parent is not JProperty { Parent: JObject owner } property)
        {
            return;
        }

        string[] keys = [.. ((JContainer)root).DescendantsAndSelf().OfType<JProperty>().Select(each => each.Name).Distinct()];
        string name = random.NextInt(3) switch
        {
            0 => property.Name + "_",
            1 => property.Name.Length > 1 ? property.Name[1..] : "k",
            _ => keys[random.NextInt(keys.Length)],
        };
        if (owner.Property(name) is null)
        {
            property.Replace(new JProperty(name, target.DeepClone()));
        }
    }

    private static JToken Nested(JToken value, ref SeededRandom random)
    {
        int depth = 1 << random.NextInt(9);
        for (int i = 0; i < depth; i++)
        {
            value = random.NextInt(3) switch
            {
                0 => new JArray(value),
                1 => new JObject(new JProperty("data", value)),
                _ => new JObject(
                    new JProperty("class_name", Wrappers[random.NextInt(Wrappers.Length)]),
                    new JProperty("config", new JObject(new JProperty("layer", value)))),
            };
        }

        return value;
    }

    private static void Repeat(JToken target, ref SeededRandom random)
    {
        if (target is JArray { Count: > 0 and < 100 } list)
        {
            int times = 1 << random.NextInt(7);
            JToken[] items = [.. list.Select(item => item.DeepClone())];
            for (int i = 0; i < times && list.Count < 2000; i++)
            {
                foreach (JToken item in items)
                {
                    list.Add(item.DeepClone());
                }
            }
        }
        else if (target.Parent is JArray owner)
        {
            owner.Add(target.DeepClone());
        }
    }

    private static void Add(JToken target, JToken[] all, ref SeededRandom random)
    {
        JToken value = random.NextInt(2) == 0 ? Value(ref random) : all[random.NextInt(all.Length)].DeepClone();
        if (target is JArray list)
        {
            list.Insert(random.NextInt(list.Count + 1), value);
        }
        else if (target is JObject entries)
        {
            string key = Keys[random.NextInt(Keys.Length)];
            entries[key] = value;
        }
    }

    /// <summary>An array says that it is larger or smaller than it is, and may have the numbers too.</summary>
    private static void Reshape(JToken root, ref SeededRandom random)
    {
        JObject[] arrays = [.. root is JContainer container ? container.DescendantsAndSelf().OfType<JObject>()
            .Where(entries => entries["data"] is not null) : []];
        if (arrays.Length == 0)
        {
            return;
        }

        JObject array = arrays[random.NextInt(arrays.Length)];
        int size = 1 << random.NextInt(12);
        array["shape"] = random.NextInt(2) == 0 ? new JArray(size) : new JArray(size, 1 + random.NextInt(4));
        if (random.NextInt(2) == 0)
        {
            byte[] bytes = new byte[size * 4 * (random.NextInt(2) + 1)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)random.NextInt(random.NextInt(2) == 0 ? 256 : 60);
            }

            array["data"] = random.NextInt(2) == 0 ? Convert.ToBase64String(bytes)
                : new JArray(bytes.Take(size).Select(value => new JValue(value)));
        }
    }

    /// <summary>Components have one number, as if they were one; or one of them is the other.</summary>
    private static void Share(JToken root, ref SeededRandom random)
    {
        JObject[] components = [.. root is JContainer container
            ? container.DescendantsAndSelf().OfType<JObject>()
                .Where(entries => entries["class_name"] is not null && entries.Parent is not null)
            : []];
        if (components.Length < 2)
        {
            return;
        }

        JObject one = components[random.NextInt(components.Length)], other = components[random.NextInt(components.Length)];
        one["shared_object_id"] = other["shared_object_id"] = random.NextInt(3);
        if (random.NextInt(2) == 0 && !one.AncestorsAndSelf().Contains(other) && !other.Ancestors().Contains(one))
        {
            JToken copy = other.DeepClone();
            copy["name"] = one["name"]?.DeepClone();
            copy["inbound_nodes"] = one["inbound_nodes"]?.DeepClone();
            one.Replace(copy);
        }
    }

    private static void Swap(JToken target, ref SeededRandom random)
    {
        if (target.Parent is JArray { Count: > 1 } list)
        {
            JToken other = list[random.NextInt(list.Count)];
            JToken copy = other.DeepClone();
            other.Replace(target.DeepClone());
            if (target.Parent is not null)
            {
                target.Replace(copy);
            }
        }
    }

    private static string ChangeText(string text, ref SeededRandom random)
    {
        int at = random.NextInt(text.Length + 1);
        switch (random.NextInt(5))
        {
            case 0:
                return text[..at];
            case 1:
                return text.Insert(at, Tokens[random.NextInt(Tokens.Length)]);
            case 2:
                // Where a value begins.
                int colon = text.IndexOf(':', at);
                return colon < 0 ? text : text.Insert(colon + 1, Tokens[random.NextInt(Tokens.Length)]);
            case 3:
                // A key twice.
                int comma = text.IndexOf(",\"", at, StringComparison.Ordinal);
                int next = comma < 0 ? -1 : text.IndexOf(',', comma + 1);
                return next < 0 ? text : text.Insert(next, text[comma..next]);
            default:
                // A letter as an escape.
                return at < text.Length && char.IsAsciiLetter(text[at]) ? $"{text[..at]}\\u{(int)text[at]:x4}{text[(at + 1)..]}"
                    : text;
        }
    }

    private static byte[] ChangeBytes(byte[] document, ref SeededRandom random)
    {
        List<byte> bytes = [.. document];
        for (int n = random.NextInt(4); n >= 0 && bytes.Count > 0; n--)
        {
            int at = random.NextInt(bytes.Count);
            switch (random.NextInt(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(1 + random.NextInt(20), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + random.NextInt(60), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
