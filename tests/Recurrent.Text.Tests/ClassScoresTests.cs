using Recurrent.Text;

namespace Recurrent.Tests;

/// <summary>Reports as scikit-learn prints them, and spans as conlleval counts them.</summary>
[TestFixture]
public sealed class ClassScoresTests
{
    private static readonly string[] Actual =
        [.. "cat ant cat cat ant bird bird ant cat dog dog bird ant cat bird cat".Split(' ')];

    private static readonly string[] Predicted =
        [.. "ant ant cat cat ant cat bird dog cat dog cat bird ant cat bird ant".Split(' ')];

    [Test]
    public void A_report_of_numbered_classes() => Assert.That(
        ConfusionMatrix.Of([0, 1, 2, 2, 2], [0, 0, 2, 2, 1], ["class 0", "class 1", "class 2"]).Report().ToString(),
        Is.EqualTo(
            """
                          precision    recall  f1-score   support

                 class 0       0.50      1.00      0.67         1
                 class 1       0.00      0.00      0.00         1
                 class 2       1.00      0.67      0.80         3

                accuracy                           0.60         5
               macro avg       0.50      0.56      0.49         5
            weighted avg       0.70      0.60      0.61         5

            """.ReplaceLineEndings("\n")));

    [Test]
    public void A_report_with_more_digits() => Assert.That(
        ConfusionMatrix.Of(Actual, Predicted).Report().ToString(4),
        Is.EqualTo(
            """
                          precision    recall  f1-score   support

                     ant     0.6000    0.7500    0.6667         4
                    bird     1.0000    0.7500    0.8571         4
                     cat     0.6667    0.6667    0.6667         6
                     dog     0.5000    0.5000    0.5000         2

                accuracy                         0.6875        16
               macro avg     0.6917    0.6667    0.6726        16
            weighted avg     0.7125    0.6875    0.6935        16

            """.ReplaceLineEndings("\n")));

    [Test]
    public void A_report_of_some_classes() => Assert.That(
        ConfusionMatrix.Of(Actual, Predicted, ["ant", "cat"]).Report().ToString(3),
        Is.EqualTo(
            """
                          precision    recall  f1-score   support

                     ant      0.600     0.750     0.667         4
                     cat      0.667     0.667     0.667         6

               micro avg      0.636     0.700     0.667        10
               macro avg      0.633     0.708     0.667        10
            weighted avg      0.640     0.700     0.667        10

            """.ReplaceLineEndings("\n")));

    [Test]
    public void A_matrix_counts_what_was_taken_for_what()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Of(Actual, Predicted);
        long[,] expected = { { 3, 0, 0, 1 }, { 0, 3, 1, 0 }, { 2, 0, 4, 0 }, { 0, 0, 1, 1 } };
        Assert.Multiple(() =>
        {
            for (int i = 0; i < 4; i++)
            {
                for (int j = 0; j < 4; j++)
                {
                    Assert.That(matrix[i, j], Is.EqualTo(expected[i, j]), $"{i}, {j}");
                }
            }

            Assert.That(matrix.Accuracy, Is.EqualTo(0.6875));
            Assert.That(matrix.Kappa, Is.EqualTo(0.5652173913043479).Within(1e-14));
            Assert.That(matrix.Normalized()[2, 0], Is.EqualTo(2 / 6.0));
            Assert.That(matrix.Normalized("predicted")[2, 0], Is.EqualTo(2 / 5.0));
            Assert.That(matrix.Normalized("all")[2, 0], Is.EqualTo(2 / 16.0));
            Assert.That(matrix.Report().Weighted.F1, Is.EqualTo(0.6934523809523809).Within(1e-14));
            Assert.That(
                matrix.ToString(),
                Is.EqualTo("       ant  bird   cat   dog\nant      3     0     0     1\nbird     0     3     1     0\n"
                    + "cat      2     0     4     0\ndog      0     0     1     1"));
        });
    }

    [TestCase(0.125, 2, "0.12")]
    [TestCase(0.375, 2, "0.38")]
    [TestCase(0.625, 2, "0.62")]
    [TestCase(0.5, 0, "0")]
    [TestCase(0.126, 2, "0.13")]
    [TestCase(2.0 / 3, 4, "0.6667")]
    [TestCase(0.0625, 3, "0.062")]
    public void Numbers_are_rounded_as_Python_does(double value, int digits, string expected) =>
        Assert.That(ScoreText.Fixed(value, digits), Is.EqualTo(expected));

    [Test]
    public void Spans_are_right_as_a_whole()
    {
        string[][] actual = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "O"], ["O", "B-ORG", "I-ORG"]];
        string[][] predicted = [["B-PER", "I-PER", "O", "B-PER"], ["B-LOC", "I-LOC"], ["O", "B-ORG", "I-ORG"]];
        EntityScores scores = EntityScores.Of(actual, predicted);
        Assert.Multiple(() =>
        {
            Assert.That(scores.All, Is.EqualTo(new EntityScore(Correct: 2, Found: 4, Actual: 4)));
            Assert.That(scores.F1, Is.EqualTo(0.5));
            Assert.That(scores.ByType["PER"], Is.EqualTo(new EntityScore(1, 2, 1)));
            Assert.That(scores.ByType["LOC"], Is.EqualTo(new EntityScore(0, 1, 2)));
            Assert.That(scores.TokenAccuracy, Is.EqualTo(7 / 9.0));
            Assert.That(scores.MacroF1, Is.EqualTo(((2 / 3.0) + 0 + 1) / 3).Within(1e-15));
            Assert.That(
                scores.ToString(),
                Is.EqualTo(
                    """
                    processed 9 tokens with 4 phrases; found: 4 phrases; correct: 2.
                    accuracy:  77.78%; precision:  50.00%; recall:  50.00%; FB1:  50.00
                                  LOC: precision:   0.00%; recall:   0.00%; FB1:   0.00  1
                                  ORG: precision: 100.00%; recall: 100.00%; FB1: 100.00  1
                                  PER: precision:  50.00%; recall: 100.00%; FB1:  66.67  2

                    """.ReplaceLineEndings("\n")));
        });
    }

    [Test]
    public void Mistakes_are_named() => Assert.Multiple(() =>
    {
        Refused(() => ConfusionMatrix.Of([1], [1, 2]), "There are 1 actual, but 2 predicted");
        Refused(() => ConfusionMatrix.Of([0, 3], [0, 1], ["a", "b"]), "The class 3 has no name");
        Refused(() => ConfusionMatrix.Of(["a"], ["b"], ["a", "a"]), "'a' comes twice");
        Refused(() => ConfusionMatrix.Of(["a"], ["b"], ["c"]), "None of the labels");
        Refused(() => EntityScores.Of([["O"]], [["O", "O"]]), "Sequence 0 has 1 tags, but 2 were predicted");
        Refused(() => EntityScores.Of([["O", "X-PER"]], [["O", "O"]]), "The tag 'X-PER' of sequence 0 at 1 is none");
        Refused(() => EntityScores.Of([["O"], null!], [["O"], null!]), "actual[1] is null.");
        Refused(() => EntityScores.Of([["O"], ["O"]], [["O"], null!]), "predicted[1] is null.");
        Refused(() => EntityScores.Of([["O", null!]], [["O", "O"]]), "The tag 'null' of sequence 0 at 1 is none");
        Refused(() => ConfusionMatrix.Of(["a", "b"], ["a", null!]), "predicted[1] is null.");
        Refused(() => ConfusionMatrix.Of(["a", "b"], ["a", "b"], ["a", null!]), "labels[1] is null.");
        Refused(() => EntityScores.SpansOf(["PER"]), "The tag 'PER' at 0 is none");
    });

    private static void Refused(Action act, string message) =>
        Assert.That(() => act(), Throws.ArgumentException.With.Message.Contains(message));
}
