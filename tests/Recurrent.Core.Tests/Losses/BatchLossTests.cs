using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Tests.Losses;

/// <summary>Losses that look at more than a column: numbers worked out by hand, weights, masks, and what is refused.</summary>
public sealed class BatchLossTests
{
    private static readonly Real[] Targets = [1, 0, 1, 1];
    private static readonly Real[] Outputs = [0.5f, 0.25f, 1, 0.5f];
    private static readonly Real[] Vectors = [1, 0, 0.6f, 0.8f, 0, 1];

    // One step of two classes with the probabilities ¼ and ¾, so many times.
    private static readonly Real Log3 = RealMath.Log(3);

    public static IEnumerable<TestCaseData> Overlaps =>
    [
        // I = 0.5 + 1 + 0.5 = 2, Y = 3, P = 2.25: 1 − 4 / 5.25.
        new(new Dice(), (Real[])[], 1 - (4 / 5.25)),
        new(new Dice([0, 1]), (Real[])[], 1 - (4 / 5.25)),

        // By samples: 1 − 1 / 1.75 and 1 − 3 / 3.5; by outputs: I = 1.5, 0.5, Y = 2, 1, P = 1.5, 0.75.
        new(new Dice([1]), (Real[])[], (1 - (1 / 1.75) + 1 - (3 / 3.5)) / 2),
        new(new Dice([-1]), (Real[])[], (1 - (1 / 1.75) + 1 - (3 / 3.5)) / 2),
        new(new Dice([0]), (Real[])[], (1 - (3 / 3.5) + 1 - (1 / 1.75)) / 2),
        new(new Dice([-1], Reduction.Sum), (Real[])[], 1 - (1 / 1.75) + 1 - (3 / 3.5)),

        // Weights 1 and 3 of the samples; of the whole batch they scale the loss by their mean.
        new(new Dice([-1]), (Real[])[1, 3], (1 - (1 / 1.75) + (3 * (1 - (3 / 3.5)))) / 2),
        new(new Dice([-1], Reduction.MeanWithSampleWeight), (Real[])[1, 3], (1 - (1 / 1.75) + (3 * (1 - (3 / 3.5)))) / 4),
        new(new Dice(), (Real[])[1, 3], 2 * (1 - (4 / 5.25))),
        new(new Dice(reduction: Reduction.Sum), (Real[])[1, 3], 4 * (1 - (4 / 5.25))),

        // 3 − 2 = 1 is missed, 2.25 − 2 is too much: 1 − 2 / (2 + 0.7 + 0.3 · 0.25).
        new(new Tversky(0.7, 0.3), (Real[])[], 1 - (2 / 2.775)),
        new(new Tversky(), (Real[])[], 1 - (4 / 5.25)),
    ];

    [TestCaseSource(nameof(Overlaps))]
    public void Overlap_is_what_the_arithmetic_gives(BatchLoss loss, Real[] weights, double expected) =>
        Assert.That(Evaluate(loss, Targets, 2, Outputs, 2, 2, weights), Is.EqualTo(expected).Within(1e-6));

    [Test]
    public void A_hidden_column_is_in_no_sum()
    {
        // Only the first of two samples of one output: 1 − 2 · 0.5 / 1.5.
        Real[] gradient = new Real[2];
        var batch = new LossBatch
        {
            Targets = [1, 1],
            TargetRows = 1,
            Predictions = [0.5f, 0.9f],
            SampleShape = 1,
            Samples = 2,
            Counts = [true, false],
            Scratch = new double[100],
        };
        Assert.That(new Dice().Evaluate(batch, gradient), Is.EqualTo(1 - (1 / 1.5)).Within(1e-6));
        Assert.That(gradient[1], Is.Zero);
    }

    [Test]
    public void Circle_is_what_the_arithmetic_gives()
    {
        // γ = 2, m = 0.4; distances 0.4, 1 and 0.2. Sample 0: partner 2 (0.16 − 0.16) = 0, opponent 2 · 0.4 · −0.4 = −0.32:
        // log(1 + e^−0.32) = 0.5458930. Sample 1: 0 and 2 · 1.2 · 0.4 = 0.96: log(1 + e^0.96) = 1.2841775. Sample 2 has no
        // partner.
        Assert.That(Evaluate(new Circle(2), [0, 0, 1], 1, Vectors, 3, 2), Is.EqualTo((0.5458930 + 1.2841775) / 2).Within(1e-6));

        // Its own partner at the distance 0: e^(2 · −0.16), beside 1 of the other one. Sample 2: −0.32 with opponents −0.32 and
        // 0.96.
        double self = Math.Exp(-0.32);
        double expected = Math.Log(1 + ((1 + self) * Math.Exp(-0.32))) + Math.Log(1 + ((1 + self) * Math.Exp(0.96)))
            + Math.Log(1 + (self * (Math.Exp(-0.32) + Math.Exp(0.96))));
        Assert.That(Evaluate(new Circle(2, removeDiagonal: false), [0, 0, 1], 1, Vectors, 3, 2),
            Is.EqualTo(expected / 3).Within(1e-6));

        // Weights 1 and 3 of those that count.
        Assert.That(
            Evaluate(new Circle(2), [0, 0, 1], 1, Vectors, 3, 2, [1, 3, 5]),
                Is.EqualTo((0.5458930 + (3 * 1.2841775)) / 2).Within(1e-6));
    }

    [Test]
    public void Samples_all_alike_have_no_circle() => Assert.That(Evaluate(new Circle(), [1, 1, 1], 1, Vectors, 3, 2), Is.Zero);

    [TestCase("1", 1, 0.2876821)] // −ln ¾
    [TestCase("1", 2, 0.0645385)] // All but two blanks: −ln (1 − 1/16)
    [TestCase("1,1", 3, 1.9616585)] // Label, blank, label: −ln (¾ · ¼ · ¾)
    [TestCase("0", 2, 2.7725887)] // Two blanks: −ln 1/16
    public void CTC_sums_over_all_alignments(string labels, int steps, double expected)
    {
        Real[] target =
            [.. labels.Split(',').Select(label => Real.Parse(label, System.Globalization.CultureInfo.InvariantCulture))];
        Real[] logits = [.. Enumerable.Range(0, steps).SelectMany(_ => new[] { 0, Log3 })];
        var batch = new LossBatch
        {
            Targets = target,
            TargetRows = target.Length,
            Predictions = logits,
            SampleShape = (steps, 2),
            Samples = 1,
            Scratch = new double[200],
        };
        Assert.That(new CTC().Evaluate(batch, []), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void CTC_leaves_hidden_steps_out()
    {
        var batch = new LossBatch
        {
            Targets = [1, 0],
            TargetRows = 2,
            Predictions = [9, -9, 0, Log3, 0, Log3],
            SampleShape = (3, 2),
            Samples = 1,
            Counts = [false, true, true],
            Scratch = new double[200],
        };
        Real[] gradient = [5, 5, 5, 5, 5, 5];
        Assert.That(new CTC().Evaluate(batch, gradient), Is.EqualTo(0.0645385).Within(1e-6));
        Assert.That(gradient[..2], Is.All.Zero);
    }

    public static IEnumerable<TestCaseData> Refused =>
    [
        new((Action)(() => _ = new Circle(0, -1)),
            "Circle: gamma must be a finite number above 0, but is 0; margin must be a finite number of at least 0, but is -1."),
        new((Action)(() => _ = new Tversky(-1)), "Tversky: alpha must be a finite number of at least 0, but is -1."),
        new((Action)(() => _ = new Dice([])), "Dice: axis must have at least one entry, or be null for all axes."),
        new((Action)(() => _ = new Dice([1, 1])), "Dice: axis names an axis twice."),
        new((Action)(() => new Dice([2]).CheckOutput(3)),
            "Dice: axis 2 does not exist, because the output has 2 axes, samples included: -2 to 1."),
        new((Action)(() => new Dice([1]).CheckOutput(new Shape(4, 5, 3))),
            "Dice: axis names 1 of the 2 axes between samples and outputs. Name all of them, or none."),
        new((Action)(() => new Dice([1, -1]).CheckOutput(3)), "Dice: axis names an axis of the 2 of the output twice."),
        new((Action)(() => new Dice([0]).CheckOutput(new Shape(null, 3))),
            "Dice: axis sums over samples step by step, but sequences of unequal length have no steps in common. Name "
            + "axis 1 too."),
        new((Action)(() => new Circle().CheckOutput((5, 3))),
            "Circle compares one vector of each sample with those of others, but the output has the shape (batch, 5, 3). Set "
            + "returnSequences: false on the last recurrent layer."),
        new((Action)(() => new Circle().CheckTargets([1, 0.5f], 1, 3)),
            "Circle: row 1 of the targets holds 0.5. Its targets are labels, whole numbers."),
        new((Action)(() => new CTC().CheckOutput(3)),
            "CTC needs scores of at least two classes, the blank among them, at each step, but the output has the shape "
            + "(batch, 3). Set returnSequences: true on the last recurrent layer and let a Dense layer with one unit for each "
            + "class follow."),
        new((Action)(() => new CTC().CheckTargets([1, 0, 1, 3], 2, 3)),
            "CTC: sample 1 of the targets holds the label 3. Labels are whole numbers from 1 to 2; 0, the blank, fills up."),
        new((Action)(() => new CTC().CheckTargets([1, 1, 0, 1], 2, 3)),
            "CTC: sample 1 of the targets holds a label after a 0. Class 0 is the blank, which only fills up behind the "
            + "labels: number the classes from 1."),
        new((Action)(() => new CTC().CheckSteps([1, 1, 2, 0], 3, 7)),
            "CTC: sample 7 has 3 labels, which need at least 4 steps (a blank stands between equal labels), but its output has "
            + "3. Leave the sample out, or give it more steps."),
        new((Action)(() => _ = new LossMetric(new CTC())),
            "CTC looks at more than a column at a time, so it cannot be a metric. As the loss of the model it is in the logs."),
    ];

    [TestCaseSource(nameof(Refused))]
    public void What_cannot_be_is_refused(Action action, string message) =>
        Assert.That(() => action(), Throws.ArgumentException.With.Message.EqualTo(message));

    [Test]
    public void A_column_alone_has_no_such_loss() => Assert.That(
        () => new Dice().Evaluate([1], [1], 1, new Real[1], []),
        Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(
        "Dice looks at more than a column: call Evaluate with a LossBatch."));

    [Test]
    public void The_axis_in_a_file_is_a_number_or_a_list()
    {
        Assert.That(Read(1).Axis, Is.EqualTo(new[] { 1 }));
        Assert.That(Read(new[] { 1, 2 }).Axis, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Read(null).Axis, Is.Null);

        static Dice Read(object? axis) =>
            (Dice)LossNames.Registry.Create(new ComponentConfig("Dice", new Config { { "axis", axis } }));
    }

    private static double Evaluate(
        BatchLoss loss, Real[] targets, int targetRows, Real[] outputs, int samples, int rows, Real[]? weights = null)
    {
        var batch = new LossBatch
        {
            Targets = targets,
            TargetRows = targetRows,
            Predictions = outputs,
            SampleShape = rows,
            Samples = samples,
            Weights = weights ?? [],
            Scratch = new double[loss.ScratchLength(samples, 1, rows, targetRows)],
        };
        return loss.Evaluate(batch, []);
    }
}
