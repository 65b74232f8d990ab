using Newtonsoft.Json;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

[TestFixture]
public sealed class NDArrayConverterTests
{
    private static readonly NDArrayConverter Converter = new();

    [TestCase(new int[0], "1.0")]
    [TestCase(new[] { 3 }, "[1.0,2.0,3.0]")]
    [TestCase(new[] { 0 }, "[]")]
    [TestCase(new[] { 2, 1 }, "[[1.0],[2.0]]")]
    [TestCase(new[] { 2, 1, 2 }, "[[[1.0,2.0]],[[3.0,4.0]]]")]
    [TestCase(new[] { 0, 3 }, "{\"shape\":[0,3],\"values\":[]}")]
    [TestCase(new[] { 2, 0 }, "{\"shape\":[2,0],\"values\":[]}")]
    public void Arrays_are_nested_lists_and_come_back(int[] shape, string json)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = i + 1;
        }

        Assert.That(JsonConvert.SerializeObject(array, Converter), Is.EqualTo(json));
        NDArray back = Read(json);
        Assert.That(back.Shape, Is.EqualTo(shape));
        Assert.That(back.Values, Is.EqualTo(array.Values));
    }

    [Test]
    public void Every_bit_comes_back()
    {
        NDArray array = new float[] { 0.1f, 1 / 3f, float.MaxValue, float.Epsilon, -0f, float.NaN, float.NegativeInfinity,
            16777216, 3.0000002e9f };
        NDArray back = Read(JsonConvert.SerializeObject(array, Converter));
        Assert.That(back.Values.Select(BitConverter.SingleToInt32Bits),
            Is.EqualTo(array.Values.Select(BitConverter.SingleToInt32Bits)));
    }

    [Test]
    public void It_stands_inside_other_objects()
    {
        var settings = new JsonSerializerSettings { Converters = { Converter } };
        var message = JsonConvert.DeserializeObject<Dictionary<string, NDArray?>>("{\"x\":[[1,2]],\"y\":null}", settings)!;
        Assert.That(message["x"]!.Shape, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(message["y"], Is.Null);
    }

    [TestCase("[[1,2],[3]]", "a list of 1 stands beside one of 2")]
    [TestCase("[[1],2]", "a number stands where a list should")]
    [TestCase("[1,[2]]", "a list stands where a number should")]
    [TestCase("[[],[1]]", "a list of 1 stands beside one of 0")]
    [TestCase("[1,\"2\"]", "a number is expected, but string '2' came")]
    [TestCase("[1,null]", "a number is expected, but null '' came")]
    [TestCase("[true]", "a number is expected, but boolean 'True' came")]
    [TestCase("[16777217]", "16777217 is a whole number of which a float would lose digits")]
    [TestCase("[1e39]", "beyond the largest float")]
    [TestCase("[99999999999999999999]", "a number is expected")]
    [TestCase("{\"shape\":[2],\"values\":[1]}", "holds 2 values")]
    [TestCase("{\"shape\":[-2],\"values\":[]}", "an object must be")]
    [TestCase("{\"shape\":[65536,65536],\"values\":[]}", "would hold 4294967296 values")]
    [TestCase("{\"values\":[1]}", "an object must be")]
    [TestCase("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "a list stands where a number should, at depth 16")]
    public void What_is_no_array_is_refused_with_its_place(string json, string problem) => Assert.That(
        () => Read(json), Throws.TypeOf<JsonSerializationException>().With.Message.Contains(problem));

    [TestCase("[1,2")]
    [TestCase("[[1,")]
    public void A_text_that_ends_too_early_is_an_error(string json) =>
        Assert.That(() => Read(json), Throws.InstanceOf<JsonException>());

    private static NDArray Read(string json) => JsonConvert.DeserializeObject<NDArray>(json, Converter)!;
}
