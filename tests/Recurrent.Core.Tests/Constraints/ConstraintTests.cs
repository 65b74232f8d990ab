using Recurrent.Constraints;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Tests.Constraints;

public sealed class ConstraintTests
{
    private static IEnumerable<FixtureCase> Cases => KerasFixture.Load("constraints.json").Cases;

    [TestCaseSource(nameof(Cases))]
    public void Values_are_those_of_Keras(FixtureCase reference)
    {
        Constraint constraint = ConstraintNames.Registry.Create(reference.Component("constraint"));
        NDArray w = reference.Array("w");

        constraint.Apply([.. w.Shape], w.Values);

        Assert.That(w.Values, Is.EqualTo(reference.Array("result").Values).Within(1e-6));
        Assert.That(constraint.GetConfig(), Is.EqualTo(reference.Component("constraint").Config));
    }

    [Test]
    public void Norms_run_along_several_axes()
    {
        // Shape (2, 2, 3), norms over the first two axes: values 3, 0, 0, 4 at the first channel give 5, and so on.
        Real[] w = [3, 1, 0, 0, 1, 2, 0, 1, 0, 4, 1, 0];

        new UnitNorm([0, 1]).Apply([2, 2, 3], w);

        Assert.That(
            w,
            Is.EqualTo((Real[])[(Real)0.6, (Real)0.5, 0, 0, (Real)0.5, 1, 0, (Real)0.5, 0, (Real)0.8, (Real)0.5, 0])
            .Within(1e-6));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_negative_axis_counts_from_the_end(int axis)
    {
        Real[] expected = [.. Enumerable.Range(-7, 24).Select(v => (Real)v)];
        Real[] actual = [.. expected];

        new MaxNorm(1, axis).Apply([2, 3, 4], expected);
        new MaxNorm(1, axis - 3).Apply([2, 3, 4], actual);

        Assert.That(actual, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(AxesOfRankThree))]
    public void Norms_agree_with_their_definition(int[] axes)
    {
        int[] shape = [2, 3, 4];
        Real[] w = [.. Enumerable.Range(0, 24).Select(i => (Real)((i * 7 % 11) - 5))];
        Real[] expected = [.. w];
        for (int i = 0; i < 24; i++)
        {
            double squares = Enumerable.Range(0, 24).Where(j => Group(j) == Group(i)).Sum(j => w[j] * w[j]);
            expected[i] = (Real)(w[i] / (Math.Sqrt(squares) + 1e-7));
        }

        new UnitNorm(axes).Apply(shape, w);

        Assert.That(w, Is.EqualTo(expected).Within(1e-6));

        (int, int, int) Group(int i) => (
            axes.Contains(0) ? 0 : i / 12,
            axes.Contains(1) ? 0 : i / 4 % 3,
            axes.Contains(2) ? 0 : i % 4);
    }

    [TestCaseSource(nameof(WithOptions))]
    public void Options_survive_a_round_trip(Constraint constraint)
    {
        Constraint again = ConstraintNames.Registry.Create(ComponentConfig.Of(constraint));

        Assert.That(again, Is.TypeOf(constraint.GetType()));
        Assert.That(again.GetConfig(), Is.EqualTo(constraint.GetConfig()));
        Assert.That(again.GetConfig(), Is.Not.EqualTo(((Constraint)constraint.ClassName).GetConfig()));
    }

    [TestCase("max_norm", "MaxNorm")]
    [TestCase("min_max_norm", "MinMaxNorm")]
    [TestCase("non_neg", "NonNeg")]
    [TestCase("unit_norm", "UnitNorm")]
    public void Aliases(string alias, string name) => Assert.That(((Constraint)alias).ClassName, Is.EqualTo(name));

    [Test]
    public void All_problems_are_reported_together() => Assert.That(
        () => new MinMaxNorm(3, -1, 2, [0, 0]),
        Throws.ArgumentException.With.Message.EqualTo(
            "MinMaxNorm: max_value must be a finite number of at least 0, but is -1; min_value (3) must not exceed "
            + "max_value (-1); "
            + "rate must be at least 0 and at most 1, but is 2; axis must name at least one axis and none twice, but "
            + "is [0, 0]."));

    [Test]
    public void Null_is_not_an_axis() => Assert.That(
        () => ConstraintNames.Registry.Create(new ComponentConfig("UnitNorm", new() { { "axis", null } })),
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            "UnitNorm: axis must be a whole number or a list of whole numbers."));

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest() => Assert.That(
        () => (Constraint)"maximum_norm",
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            "Unknown constraint 'maximum_norm'. Did you mean 'max_norm'? Valid names: "
            + "MaxAbs, MaxNorm, MinMaxNorm, NonNeg, UnitNorm, max_abs, max_norm, min_max_norm, non_neg, unit_norm."));

    [TestCase(1)]
    [TestCase(-2)]
    public void An_axis_that_the_parameter_does_not_have_is_refused_when_it_is_made(int axis) => Assert.That(
        () => new Parameter("bias", [4], constraint: new MaxNorm(1, axis)),
        Throws.ArgumentException.With.Message.StartsWith(
            $"MaxNorm takes norms along axis {axis}, but the parameter has the shape (4)."));

    private static IEnumerable<int[]> AxesOfRankThree() => [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

    private static IEnumerable<Constraint> WithOptions() =>
        [new MaxNorm(3, 1), new MaxNorm(2, [0, 1]), new MinMaxNorm(0.5, 2, 0.9, -1), new UnitNorm(-1), new UnitNorm([0, 2])];

    [Test]
    public void Norms_of_large_and_of_tiny_weights_are_numbers([Values(1e20, 1e30, 2e38, 1e-25)] double size,
        [Values(0, 1)] int axis)
    {
        // Norms along either axis of a 2 × 2 kernel are 5 and 5 times the size.
        double[] unit = axis == 0 ? [3, 5, 4, 0] : [3, 4, 5, 0];
        Real[] w = [.. unit.Select(value => (Real)(value / 5 * size))];
        double eps = 1e-7;

        Real[] result = [.. w];
        new UnitNorm(axis).Apply([2, 2], result);
        Assert.That(result, Is.EqualTo(unit.Select(value => (Real)(value / 5 * size / (size + eps)))).Within(1e-4).Percent);

        result = [.. w];
        new MaxNorm(2, axis).Apply([2, 2], result);
        Assert.That(result, Is.EqualTo(unit.Select(value => (Real)(value / 5 * size * Math.Min(size, 2) / (size + eps))))
            .Within(1e-4).Percent);

        result = [.. w];
        new MinMaxNorm(0.5, 2, 1, axis).Apply([2, 2], result);
        Assert.That(result, Is.EqualTo(unit.Select(value => (Real)(value / 5 * size * Math.Clamp(size, 0.5, 2) / (size + eps))))
            .Within(1e-4).Percent);
    }
}
