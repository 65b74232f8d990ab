using System.Text.Json;

namespace Recurrent.Text.Tests;

/// <summary>Spans and reports of random data beside counts that were made elsewhere (tests/fixtures/scores).</summary>
[TestFixture]
public sealed class ScoreFixtureTests
{
    private static readonly JsonElement All = JsonDocument.Parse(File.ReadAllBytes(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures", "scores", "scores.json"))).RootElement;

    private static IEnumerable<JsonElement> Entities => All.GetProperty("entities").EnumerateArray();

    private static IEnumerable<JsonElement> Reports => All.GetProperty("reports").EnumerateArray();

    [Test]
    public void Spans_are_counted_as_conlleval_counts_them([Values] bool strict)
    {
        int count = 0;
        foreach (JsonElement entry in Entities)
        {
            string[][] actual = Tags(entry, "actual");
            string[][] predicted = Tags(entry, "predicted");
            string what = $"{entry.GetProperty("actual")} {entry.GetProperty("predicted")}";
            bool marksEnds = actual.Concat(predicted).Any(
                tags => tags.Any(tag => "ELSU".Contains(tag[0], StringComparison.Ordinal)));
            EntityScores scores = EntityScores.Of(actual, predicted, strict, !strict ? null : marksEnds ? "bioes" : "bio");
            Dictionary<string, EntityScore> expected = entry.GetProperty(strict ? "strict" : "types").EnumerateObject()
                .ToDictionary(type => type.Name, type => new EntityScore(
                    type.Value[0].GetInt32(), type.Value[1].GetInt32(), type.Value[2].GetInt32()));
            Assert.That(scores.ByType, Is.EquivalentTo(expected), what);
            var all = new EntityScore(
                expected.Values.Sum(type => type.Correct), expected.Values.Sum(type => type.Found),
                expected.Values.Sum(type => type.Actual));
            Assert.That(scores.All, Is.EqualTo(all), what);
            double precision = all.Found == 0 ? 0 : (double)all.Correct / all.Found;
            double recall = all.Actual == 0 ? 0 : (double)all.Correct / all.Actual;
            Assert.That(scores.All.Precision, Is.EqualTo(precision));
            Assert.That(scores.All.Recall, Is.EqualTo(recall));
            double mean = all.Correct == 0 ? 0 : 2 * precision * recall / (precision + recall);
            Assert.That(scores.F1, Is.EqualTo(mean).Within(1e-15));
            Assert.That(scores.TokenAccuracy, Is.EqualTo(entry.GetProperty("accuracy").GetDouble()).Within(1e-15), what);
            Assert.That(
                scores.MacroF1,
                Is.EqualTo(expected.Count == 0 ? 0 : expected.Values.Average(type => type.F1)).Within(1e-15));
            count++;
        }

        Assert.That(count, Is.EqualTo(350));
    }

    [Test]
    public void Classes_and_means_are_scikit_learn_s()
    {
        foreach (JsonElement entry in Reports)
        {
            string? text = entry.GetProperty("report").GetString();
            string what = text ?? entry.ToString();
            string[]? labels = entry.GetProperty("labels").ValueKind == JsonValueKind.Null ? null : Strings(entry, "labels");
            ConfusionMatrix matrix = ConfusionMatrix.Of(Strings(entry, "actual"), Strings(entry, "predicted"), labels);
            ClassificationReport report = matrix.Report();
            JsonElement.ArrayEnumerator classes = entry.GetProperty("classes").EnumerateArray();
            Assert.That(report.Classes.Count, Is.EqualTo(classes.Count()));
            foreach ((ClassScore own, JsonElement expected) in report.Classes.Zip(classes))
            {
                Same(own, expected, what);
                Assert.That(own.Support, Is.EqualTo(expected[3].GetInt64()), what);
            }

            JsonElement means = entry.GetProperty("means");
            Same(report.Macro, means.GetProperty("macro"), what);
            Same(report.Weighted, means.GetProperty("weighted"), what);
            Same(report.Micro, means.GetProperty("micro"), what);
            Assert.That(report.ToString(3), Is.EqualTo(text ?? report.ToString(3)));
            if (entry.GetProperty("matrix") is { ValueKind: JsonValueKind.Array } counts)
            {
                Assert.That(
                    counts.EnumerateArray().SelectMany((row, i) => row.EnumerateArray()
                        .Select((cell, j) => matrix[i, j] == cell.GetInt64())),
                    Has.All.True, what);
            }

            if (entry.TryGetProperty("kappa", out JsonElement kappa))
            {
                Assert.That(matrix.Kappa, Is.EqualTo(kappa.GetDouble()).Within(1e-12), what);
            }

            Assert.That(matrix.Kappa, Is.Not.NaN);
        }
    }

    [Test]
    public void Classes_of_which_no_sample_was_taken_for_another_of_them_have_no_kappa_and_no_accuracy()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Of(["a", "b"], ["b", "a"], ["a"]);
        Assert.That((matrix.Kappa, matrix.Accuracy, matrix.Normalized("all")[0, 0]), Is.EqualTo((0.0, 0.0, 0.0)));
    }

    private static void Same(ClassScore own, JsonElement expected, string what)
    {
        Assert.That(own.Precision, Is.EqualTo(expected[0].GetDouble()).Within(1e-12), what);
        Assert.That(own.Recall, Is.EqualTo(expected[1].GetDouble()).Within(1e-12), what);
        Assert.That(own.F1, Is.EqualTo(expected[2].GetDouble()).Within(1e-12), what);
    }

    private static string[][] Tags(JsonElement entry, string side) =>
        [.. Strings(entry, side).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static string[] Strings(JsonElement entry, string name) =>
        [.. entry.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
