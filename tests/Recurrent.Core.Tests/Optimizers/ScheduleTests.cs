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
            "ExponentialDecay: initialLearningRate must be a finite number of at least 0, but is -1; decaySteps must be at least 1, but is 0."));

    [Test]
    public void Values_and_boundaries_must_fit_together() => Assert.That(
        () => new PiecewiseConstantDecay([5, 3], [0.1, 0.2]),
        Throws.ArgumentException.With.Message.EqualTo(
            "PiecewiseConstantDecay: values must have one entry more than boundaries, but has 2 for 2 boundaries; boundaries must ascend."));
}
