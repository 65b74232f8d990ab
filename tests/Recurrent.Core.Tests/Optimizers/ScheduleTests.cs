using Recurrent.Optimizers;
using Recurrent.Registration;

namespace Recurrent.Tests.Optimizers;

/// <summary>Learning-rate schedules as Keras computes them.</summary>
public sealed class ScheduleTests
{
    private static readonly KerasFixture Fixture = KerasFixture.Load("schedules.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    [Test]
    public void Every_case_of_the_file_is_run() => Assert.That(Fixture.Cases, Has.Count.EqualTo(14));

    [TestCaseSource(nameof(Cases))]
    public void Matches_keras(FixtureCase test)
    {
        LearningRateSchedule schedule = LearningRateScheduleNames.Registry.Create(test.Component("schedule"));
        Assert.That(test.Ints("steps").Select(s => schedule.At(s)), Is.EqualTo(test.Doubles("values")).Within(1e-6));
        Assert.That(schedule.GetConfig().Select(e => e.Key), Is.EqualTo(test.Component("schedule").Config.Select(e => e.Key)));
        Config again = LearningRateScheduleNames.Registry.Create(ComponentConfig.Of(schedule)).GetConfig();
        Assert.That(again, Is.EqualTo(schedule.GetConfig()));
    }

    [Test]
    public void All_wrong_options_are_named_together() => Assert.That(
        () => new ExponentialDecay(-1, 0, 0.5),
        Throws.ArgumentException.With.Message.EqualTo(
            "ExponentialDecay: initialLearningRate must be a finite number of at least 0, but is -1; decaySteps must be at "
            + "least 1, but is 0."));

    [Test]
    public void Values_and_boundaries_must_fit_together() => Assert.That(
        () => new PiecewiseConstantDecay([5, 3], [0.1, 0.2]),
        Throws.ArgumentException.With.Message.EqualTo(
            "PiecewiseConstantDecay: values must have one entry more than boundaries, but has 2 for 2 boundaries; boundaries "
            + "must ascend."));

    [TestCase(1000, 2.0)]
    [TestCase(1000, 3.0)]
    [TestCase(7, 3.0)]
    [TestCase(10, 1.5)]
    [TestCase(10, 1.1)]
    [TestCase(1000, 1.001)]
    [TestCase(1, 2.0)]
    [TestCase(3, 1.0)]
    [TestCase(100000, 10.0)]
    public void Cosine_restarts_begin_at_the_very_step(int first, double tMul)
    {
        var schedule = new CosineDecayRestarts(1, first, tMul);
        decimal start = 0;
        decimal length = first;
        for (int period = 0; period < 12; period++)
        {
            if (start == decimal.Truncate(start) && start < 1L << 45)
            {
                long step = (long)start;
                Assert.That(schedule.At(step), Is.EqualTo(1), $"period {period} begins at step {step}");
                if (step > 0 && length > 20)
                {
                    Assert.That(schedule.At(step - 1), Is.LessThan(0.1), $"the step before period {period}");
                }
            }

            start += length;
            length *= (decimal)tMul;
        }
    }

    [Test]
    public void Cosine_restarts_are_right_at_large_steps()
    {
        Assert.That(new CosineDecayRestarts(1, 1000, tMul: 3).At(121000), Is.EqualTo(1));
        Assert.That(new CosineDecayRestarts(1, 1, tMul: 2).At((1L << 40) - 1), Is.EqualTo(1));
        Assert.That(new CosineDecayRestarts(1, 1, tMul: 2).At((1L << 40) - 1 + (1L << 39)), Is.EqualTo(0.5).Within(1e-9));
        Assert.That(new CosineDecayRestarts(1, 5, tMul: 1, mMul: 0.5).At(25), Is.EqualTo(1 / 32.0));
        Assert.That(new CosineDecayRestarts(1, 5, tMul: 1, mMul: 0.5).At(1_000_000), Is.Zero.Within(1e-30));
        Assert.That(new CosineDecayRestarts(1, 5, tMul: 1 + 1e-13).At(5_000), Is.EqualTo(1).Within(1e-6));
    }

    private static IEnumerable<LearningRateSchedule> Everywhere =>
    [
        new CosineDecay(0.1, 10, 0.1, 0.2, 3), new CosineDecay(0, 1), new CosineDecayRestarts(0.1, 3, 1.7, 0.9, 0.1),
        new CosineDecayRestarts(0, 3, 2, 1000), new CosineDecayRestarts(0.1, 1, 1, 0), new CosineDecayRestarts(0.1, 1, 1e38),
        new CosineDecayRestarts(0.1, 7, 1 + 1e-15), new ExponentialDecay(0.1, 3, 0.5), new ExponentialDecay(0, 1, 10),
        new ExponentialDecay(0.1, 1, 0, true), new InverseTimeDecay(0.1, 3, 0.5, true), new InverseTimeDecay(0.1, 1, 1e38),
        new PolynomialDecay(0.1, 3, 0.01, 0.5, true), new PolynomialDecay(0.1, 3, 0.01, 0),
            new PiecewiseConstantDecay([1, 5], [0.1, 0.2, 0.3]),
        new OneCycle(0.1, 2, 0.3), new OneCycle(0.1, 3, 0.01, "linear"), new OneCycle(1, 10, 0.49, threePhase: true),
        new OneCycle(0, 100, 0.9, divFactor: 1, finalDivFactor: 1e30), new WarmUp(0.1, 1), new WarmUp(new OneCycle(0.1, 10), 3),
        new WarmUp(new WarmUp(0.5, 2, 1, 0.5), 1000, power: 3),
    ];

    // PyTorch's OneCycleLR, of which this is the definition, written out.
    [Test]
    public void One_cycle_rises_and_falls([Values("cos", "linear")] string strategy, [Values] bool threePhase)
    {
        const int Total = 20;
        var schedule = new OneCycle(0.5, Total, 0.3, strategy, 10, 100, threePhase);
        (double End, double From, double To)[] phases = threePhase
            ? [(5, 0.05, 0.5), (10, 0.5, 0.05), (19, 0.05, 0.0005)]
            : [(5, 0.05, 0.5), (19, 0.5, 0.0005)];
        for (int step = 0; step < 30; step++)
        {
            double start = 0;
            foreach ((double end, double from, double to) in phases)
            {
                double share = Math.Min((step - start) / (end - start), 1);
                double expected = strategy == "linear" ? from + ((to - from) * share)
                    : to + ((from - to) / 2 * (Math.Cos(Math.PI * share) + 1));
                if (step <= end || end == 19)
                {
                    Assert.That(schedule.At(step), Is.EqualTo(expected).Within(1e-12), $"step {step}");
                    break;
                }

                start = end;
            }
        }

        Assert.That((schedule.At(0), schedule.At(5)), Is.EqualTo((0.05, 0.5)));
        Assert.That((schedule.At(19), schedule.At(1000)), Is.EqualTo((0.0005, 0.0005)).Within(1e-15));
    }

    [Test]
    public void Warm_up_comes_before_a_number_or_a_schedule()
    {
        var number = new WarmUp(0.4, 4);
        Assert.That(Enumerable.Range(0, 6).Select(step => number.At(step)),
            Is.EqualTo((double[])[0, 0.1, 0.2, 0.3, 0.4, 0.4]).Within(1e-15));
        var cosine = new CosineDecay(0.4, 10);
        var before = new WarmUp(cosine, 4, 0.2, power: 2);
        Assert.That(Enumerable.Range(0, 4).Select(step => before.At(step)),
            Is.EqualTo((double[])[0.2, 0.2125, 0.25, 0.3125]).Within(1e-15));
        Assert.That(Enumerable.Range(4, 12).Select(step => before.At(step)),
            Is.EqualTo(Enumerable.Range(0, 12).Select(step => cosine.At(step))));
    }

    [Test]
    public void Own_schedules_come_back_from_their_config()
    {
        foreach (LearningRateSchedule schedule in new LearningRateSchedule[]
        {
            new OneCycle(0.5, 20, 0.2, "linear", 10, 100, true, "a"), new WarmUp(0.4, 4, 0.1, 2, "b"),
            new WarmUp(new WarmUp(new CosineDecay(0.4, 10), 2), 4),
        })
        {
            LearningRateSchedule again = LearningRateScheduleNames.Registry.Create(ComponentConfig.Of(schedule));
            Assert.That(Enumerable.Range(0, 40).Select(step => again.At(step)),
                Is.EqualTo(Enumerable.Range(0, 40).Select(step => schedule.At(step))));
            Assert.That(again.Name, Is.EqualTo(schedule.Name));
            Assert.That(again.GetConfig().Select(e => e.Key), Is.EqualTo(schedule.GetConfig().Select(e => e.Key)));
        }

        Assert.That(() => new OneCycle(0.1, 1, 1, "sin", 0.5), Throws.ArgumentException.With.Message.EqualTo(
            "OneCycle: totalSteps must be at least 2, but is 1; pctStart must be above 0 and below 1, but is 1; annealStrategy "
            + "must be 'cos' or 'linear', but is 'sin'; divFactor must be a finite number of at least 1, but is 0.5."));
        Assert.That(() => new WarmUp(-1, 0, power: 0), Throws.ArgumentException.With.Message.EqualTo(
            "WarmUp: learningRate must be a finite number of at least 0, but is -1; warmupSteps must be at least 1, but is 0; "
            + "power must be a finite number above 0, but is 0."));
    }

    [TestCaseSource(nameof(Everywhere))]
    public void Rates_are_numbers_at_every_step(LearningRateSchedule schedule)
    {
        foreach (long step in new[] { 0, 1, 2, 3, 4, 10, 1000, 999_999_999_999, long.MaxValue - 1, long.MaxValue })
        {
            Assert.That(schedule.At(step), Is.InRange(0, 1), $"step {step}");
        }
    }

    [Test]
    public void A_boundary_that_is_no_number_is_refused() => Assert.That(
        () => new PiecewiseConstantDecay([double.NaN], [0.1, 0.2]),
        Throws.ArgumentException.With.Message.Contains("boundaries[0] must be a finite number"));
}
