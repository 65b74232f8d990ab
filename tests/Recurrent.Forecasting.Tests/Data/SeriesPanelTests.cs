using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class SeriesPanelTests
{
    private static readonly DateTime Start = new(2024, 1, 1);

    [Test]
    public void Several_variables_stand_side_by_side()
    {
        var series = TimeSeries.Create("w", ["rain", "wind"], [[1, double.NaN, 3], [4, 5, 6]], Frequency.Daily.After(Start, 3));
        Assert.Multiple(() =>
        {
            Assert.That(series.Values.ToArray(), Is.EqualTo(new[] { 1, double.NaN, 3 }));
            Assert.That(series.Variable("WIND")[1], Is.EqualTo(5));
            Assert.That(series.Variable(1)[2], Is.EqualTo(6));
            Assert.That(series.Select("wind").HasMissing, Is.False);
            Assert.That(series.Select("wind", "rain").Variables, Is.EqualTo(new[] { "wind", "rain" }));
            Assert.That(series.With("rain", [7, 8, 9]).Values.ToArray(), Is.EqualTo(new[] { 7.0, 8, 9 }));
            Assert.That(series.With("sun", [7, 8, 9]).Variables, Is.EqualTo(new[] { "rain", "wind", "sun" }));
            Assert.That(series.HoldOut(1).HeldOut.Variable("wind")[0], Is.EqualTo(6));
            Assert.That(series.Continue("f", series.Variables, [[1, 2], [3, 4]]).Dates![1], Is.EqualTo(new DateTime(2024, 1, 6)));
            Assert.That(series.Split()["wind"].Frequency, Is.EqualTo(Frequency.Daily));
            Assert.That(series.ToString(), Is.EqualTo("w: 3 values of rain, wind, 2024-01-02 to 2024-01-04"));
        });
    }

    [Test]
    public void What_is_no_series_is_refused_with_its_place() => Assert.Multiple(() =>
    {
        Refused(() => _ = new TimeSeries("x", [1, double.PositiveInfinity]), "Value 1 is Infinity");
        Refused(() => TimeSeries.Create("x", ["a", "b"], [[1], [double.NegativeInfinity]]),
            "Value 0 of variable 'b' of series 'x' is -Inf");
        Refused(() => TimeSeries.Create("x", ["a", "a"], [[1], [2]]), "Series 'x' has two variables of the name 'a'");
        Refused(() => TimeSeries.Create("x", ["a", "b"], [[1], [2, 3]]), "Series 'x' has 1 values of 'a' but 2 of 'b'");
        Refused(() => TimeSeries.Create("x", ["a", "b"], [[1]]), "Series 'x' has 2 names of variables and 1 columns");
        Refused(() => TimeSeries.Create("x", ["rain"], [[1]]).Variable("rian"),
            "Series 'x' has no variable 'rian'. Did you mean 'rain'?");
        Refused(() => _ = new TimeSeries("x", [1]).Select(), "Select takes at least one");
        Refused(() => _ = new TimeSeries("x", [1]).With("y", [1, 2]), "Series 'x' has 1 steps, but there are 2 values");
    });

    [Test]
    public void A_panel_holds_series_by_name_with_their_attributes()
    {
        var panel = new SeriesPanel([new("a", [1, 2, 3]), new("b", [4, 5])], new Dictionary<string, IReadOnlyDictionary<string,
            AttributeValue>>
        {
            ["a"] = new Dictionary<string, AttributeValue> { ["kind"] = "shop", ["size"] = 3 },
            ["b"] = new Dictionary<string, AttributeValue> { ["kind"] = "stall", ["size"] = double.NaN },
        });
        Assert.Multiple(() =>
        {
            Assert.That(panel["b"][0], Is.EqualTo(4));
            Assert.That(panel.Names, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(panel.AttributeNames, Is.EqualTo(new[] { "kind", "size" }));
            Assert.That(panel.Attributes["b"]["kind"].Text, Is.EqualTo("stall"));
            Assert.That(panel.Select("b").Attributes["b"]["kind"].Text, Is.EqualTo("stall"));
            Assert.That(panel.HoldOut(1).HeldOut["a"][0], Is.EqualTo(3));
            Assert.That(panel.ToString(), Is.EqualTo("2 series of 2 to 3 values of a"));
            Refused(() => panel["c"].ToString(), "The panel has no series 'c'.");
        });
    }

    [Test]
    public void What_is_no_panel_is_refused_by_name() => Assert.Multiple(() =>
    {
        Refused(() => _ = new SeriesPanel([]), "A panel has at least one series");
        Refused(() => _ = new SeriesPanel([new("a", [1]), new("a", [2])]),
            "The panel has two series of the name 'a' (places 0 and 1)");
        Refused(() => _ = new SeriesPanel([new("a", [1]), TimeSeries.Create("b", ["x", "y"], [[1], [2]])]),
            "The series of a panel have the same");
        Refused(() => new SeriesPanel([new("a", [1]), new("b", [1])], new Dictionary<string, IReadOnlyDictionary<string,
            AttributeValue>>
        {
            ["a"] = new Dictionary<string, AttributeValue> { ["kind"] = "shop" },
        }), "All series of a panel have the same attributes");
    });

    private static void Refused(Action action, string message) =>
        Assert.That(action, Throws.ArgumentException.With.Message.StartsWith(message));
}
