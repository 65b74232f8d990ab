using System.Text.Json;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class PadSequencesTests
{
    private static readonly int[][] Ids = [[3], [1, 1, 7]];

    private static IEnumerable<TestCaseData> Cases => KerasFixture.Load("preprocessing.json").Cases
        .Where(c => c.String("function") == "pad_sequences").Select(c => new TestCaseData(c) { TestName = $"{{m}}({c})" });

    [Test]
    public void There_are_cases() => Assert.That(Cases.Count(), Is.EqualTo(10));

    [TestCaseSource(nameof(Cases))]
    public void It_gives_what_Keras_gives(FixtureCase fixture)
    {
        FixtureNode options = fixture.Node("kwargs");
        int? maxlen = options.Has("maxlen") ? options.Int("maxlen") : null;
        SequenceEnd padding = End(options, "padding");
        SequenceEnd truncating = End(options, "truncating");
        double value = options.Has("value") ? options.Double("value") : 0;
        string dtype = options.Has("dtype") ? options.String("dtype") : "int32";
        JsonElement[] given = [.. fixture.Json.GetProperty("sequences").EnumerateArray()];
        NDArray expected = fixture.Array("output");

        if (expected.Rank == 3)
        {
            NDArray[] vectors = [.. given.Select(sequence => (NDArray)sequence.EnumerateArray().Select(Numbers).ToArray())];
            AssertEqual(PadSequences.Create(vectors, maxlen, padding, truncating, value, dtype), expected);
            return;
        }

        AssertEqual(PadSequences.Create(given.Select(Numbers), maxlen, padding, truncating, value, dtype), expected);
        AssertEqual(
            PadSequences.Create(given.Select(s => Numbers(s).Select(n => (float)n).ToArray()), maxlen, padding, truncating, value,
                dtype), expected);
        if (given.SelectMany(Numbers).All(number => number == Math.Floor(number)))
        {
            AssertEqual(PadSequences.Create(given.Select(s => Numbers(s).Select(n => (int)n).ToArray()), maxlen, padding,
                truncating, value), expected);
        }
    }

    [Test]
    public void Lists_may_be_written_down() => Assert.That(
        PadSequences.Create([[3], [1, 1, 7]], padding: SequenceEnd.Post).Values, Is.EqualTo(new float[] { 3, 0, 0, 1, 1, 7 }));

    [Test]
    public void Fractions_stay_unless_whole_numbers_are_asked_for()
    {
        double[][] sequences = [[-1.5, 2.5], [3.25]];
        Assert.That(PadSequences.Create(sequences).Values, Is.EqualTo(new[] { -1.5f, 2.5f, 0, 3.25f }));
        Assert.That(PadSequences.Create(sequences, dtype: "int32").Values, Is.EqualTo(new[] { -1f, 2, 0, 3 }));
    }

    [Test]
    public void Empty_sequences_are_all_padding()
    {
        NDArray padded = PadSequences.Create([new NDArray(0, 2), new NDArray([1, 2], [5, 6])], value: -1);
        Assert.That(padded.Shape, Is.EqualTo(new[] { 2, 1, 2 }));
        Assert.That(padded.Values, Is.EqualTo(new[] { -1f, -1, 5, 6 }));
        Assert.That(PadSequences.Create([Array.Empty<int>(), []]).Shape, Is.EqualTo(new[] { 2, 0 }));
    }

    [Test]
    public void What_cannot_be_padded_is_refused()
    {
        Refuses(() => PadSequences.Create(Array.Empty<int[]>()), "PadSequences: there is no sequence to pad.");
        Refuses(
            () => PadSequences.Create([[1.0]], maxlen: 0, dtype: "text", value: double.NaN),
            "PadSequences: maxlen must be at least 1, but is 0; dtype must be int32, float32 or null, but is 'text'; value "
            + "must be a finite number, but is NaN.");
        Refuses(() => PadSequences.Create([Ids[0], null!]), "sequences[1] is null.");
        Refuses(
            () => PadSequences.Create([new NDArray(0, 5), new NDArray(2, 3), new NDArray(4, 2)]),
            "sequences[2] has shape (4, 2), but sequences[1] has shape (2, 3). Sequences may differ in their steps alone, "
            + "which are the first axis. (Parameter 'sequences')");
        Refuses(
            () => PadSequences.Create([new NDArray([], [1f])]),
            "sequences[0] is a single number. Give every sequence its steps: shape (timesteps) or (timesteps, features). "
            + "(Parameter 'sequences')");
    }

    private static SequenceEnd End(FixtureNode options, string key) =>
        options.Has(key) && options.String(key) == "post" ? SequenceEnd.Post : SequenceEnd.Pre;

    private static double[] Numbers(JsonElement sequence) => [.. sequence.EnumerateArray().Select(number => number.GetDouble())];

    private static void AssertEqual(NDArray actual, NDArray expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.Values, Is.EqualTo(expected.Values));
    }

    private static void Refuses(Action act, string message) =>
        Assert.That(act, Throws.ArgumentException.With.Message.EqualTo(message));
}
