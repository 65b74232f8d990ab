using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Tests.Regularizers;

public sealed class RegularizerTests
{
    private static IEnumerable<FixtureCase> Cases => KerasFixture.Load("regularizers.json").Cases;

    private static IEnumerable<string> Names => RegularizerNames.Registry.Names;

    [TestCaseSource(nameof(Cases))]
    public void Value_and_gradient_are_those_of_Keras(FixtureCase reference)
    {
        Regularizer regularizer = RegularizerNames.Registry.Create(reference.Component("regularizer"));
        NDArray x = reference.Array("x");
        Real[] gradient = new Real[x.Size];

        double value = regularizer.Penalty(x.Values, x.Shape[^1]);
        regularizer.AddGradient(x.Values, gradient, x.Shape[^1], scale: 1);

        Assert.That(value, Is.EqualTo(reference.Double("value")).Within(1e-6));
        Assert.That(gradient, Is.EqualTo(reference.Array("gradient").Values).Within(1e-6));
        Assert.That(regularizer.GetConfig(), Is.EqualTo(reference.Component("regularizer").Config));
    }

    [Test]
    public void Orthogonal_rows_are_those_of_the_kernel()
    {
        // Rows (1, 0), (0, 1), (1, 1): the products of the three pairs are 0, 1/√2, 1/√2.
        Real[] kernel = [1, 0, 0, 1, 1, 1];

        Assert.Multiple(() =>
        {
            Assert.That(new OrthogonalRegularizer(3).Penalty(kernel, rows: 2), Is.EqualTo(3 * 2 / Math.Sqrt(2) / 3).Within(1e-6));

            // Columns (1, 0, 1) and (0, 1, 1): u·v = 1/2.
            Assert.That(new OrthogonalRegularizer(3, "columns").Penalty(kernel, rows: 2), Is.EqualTo(3 * 0.5).Within(1e-6));
        });
    }

    [TestCaseSource(nameof(Names))]
    public void The_gradient_is_added_and_scaled(string name)
    {
        Regularizer regularizer = name == "l1_l2" || name == "L1L2" ? new L1L2(0.1, 0.2) : name;
        Real[] values = [1, -2, 3, 0, (Real)0.5, -1];
        Real[] once = new Real[6];
        regularizer.AddGradient(values, once, 3, scale: 1);
        Real[] twice = [1, 1, 1, 1, 1, 1];

        regularizer.AddGradient(values, twice, 3, scale: 2);

        Assert.That(twice, Is.EqualTo(once.Select(g => 1 + (2 * g)).ToArray()).Within(1e-6));
        Assert.That(once, Has.Some.Not.Zero);
    }

    [TestCaseSource(nameof(WithOptions))]
    public void Options_survive_a_round_trip(Regularizer regularizer)
    {
        Regularizer again = RegularizerNames.Registry.Create(ComponentConfig.Of(regularizer));

        Assert.That(again, Is.TypeOf(regularizer.GetType()));
        Assert.That(again.GetConfig(), Is.EqualTo(regularizer.GetConfig()));
        Assert.That(again.GetConfig(), Is.Not.EqualTo(((Regularizer)regularizer.ClassName).GetConfig()));
    }

    [Test]
    public void Defaults_are_those_of_Keras() => Assert.Multiple(() =>
    {
        Assert.That(((Regularizer)"l1").GetConfig(), Is.EqualTo(new L1(0.01).GetConfig()));
        Assert.That(((Regularizer)"l2").GetConfig(), Is.EqualTo(new L2(0.01).GetConfig()));
        Assert.That(((Regularizer)"l1_l2").GetConfig(), Is.EqualTo(new L1L2(0, 0).GetConfig()));
        Assert.That(((Regularizer)"orthogonal_regularizer").GetConfig(),
            Is.EqualTo(new OrthogonalRegularizer(0.01, "rows").GetConfig()));
    });

    [Test]
    public void All_problems_are_reported_together() => Assert.Multiple(() =>
    {
        Assert.That(
            () => new L1L2(-1, double.PositiveInfinity),
            Throws.ArgumentException.With.Message.EqualTo(
                "L1L2: l1 must be a finite number of at least 0, but is -1; l2 must be a finite number of at least 0, but is "
                + "Infinity."));
        Assert.That(
            () => new OrthogonalRegularizer(-1, "row"),
            Throws.ArgumentException.With.Message.EqualTo(
                "OrthogonalRegularizer: factor must be a finite number of at least 0, but is -1; "
                + "mode must be 'rows' or 'columns', but is 'row'."));
    });

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest() => Assert.That(
        () => (Regularizer)"l3",
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            "Unknown regularizer 'l3'. Did you mean 'L1'? Valid names: L1, L1L2, L2, OrthogonalRegularizer, l1_l2, "
            + "orthogonal_regularizer."));

    [Test]
    public void An_orthogonal_penalty_on_a_vector_is_refused_when_the_parameter_is_made() => Assert.That(
        () => new Parameter("bias", [4], new OrthogonalRegularizer()),
        Throws.ArgumentException.With.Message.StartsWith(
            "OrthogonalRegularizer takes matrices only, but the parameter has the shape (4)."));

    private static IEnumerable<Regularizer> WithOptions() =>
        [new L1(0.5), new L2(0.5), new L1L2(0.5, 0.25), new OrthogonalRegularizer(0.5, "columns")];
}
