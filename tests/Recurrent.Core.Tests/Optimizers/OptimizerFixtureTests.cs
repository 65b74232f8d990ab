using Recurrent.Constraints;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Tests.Optimizers;

/// <summary>Five updates on Keras's gradients: the weights after each, the learning rates, and the state at the end.</summary>
public sealed class OptimizerFixtureTests
{
    private const double Tolerance = 1e-5;

    private static readonly KerasFixture Fixture = KerasFixture.Load("optimizers.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    [Test]
    public void Twenty_eight_cases_are_run() => Assert.That(Cases.Count(), Is.EqualTo(28));

    [TestCaseSource(nameof(Cases))]
    public void Matches_keras(FixtureCase test)
    {
        Optimizer optimizer = OptimizerNames.Registry.Create(test.Component("optimizer"));
        Parameter[] parameters = Parameters(test);
        optimizer.Build(parameters);
        foreach (FixtureNode step in test.Nodes("steps"))
        {
            Assert.That(optimizer.LearningRate, Is.EqualTo(step.Double("learning_rate_used")).Within(1e-7));
            optimizer.Apply(Gradients(step, parameters));
            foreach ((Parameter parameter, NDArray expected) in parameters.PairedWith(step.Arrays("variables_after")))
            {
                Assert.That(parameter.Values.ToArray(), Is.EqualTo(expected.Values).Within(Tolerance));
            }
        }

        AssertState(optimizer, test);
        AssertConfig(optimizer.GetConfig(), test.Component("optimizer").Config);
    }

    [TestCaseSource(nameof(Cases))]
    public void A_restored_optimizer_goes_on_with_the_same_bits(FixtureCase test)
    {
        Optimizer optimizer = OptimizerNames.Registry.Create(test.Component("optimizer"));
        Parameter[] parameters = Parameters(test);
        optimizer.Build(parameters);
        IReadOnlyList<FixtureNode> steps = test.Nodes("steps");
        Apply(optimizer, parameters, steps.Take(2));

        Optimizer again = OptimizerNames.Registry.Create(ComponentConfig.Of(optimizer));
        Parameter[] copies = Parameters(test);
        again.Build(copies);
        again.Iterations = optimizer.Iterations;
        foreach ((Slot to, Slot from) in again.Slots.PairedWith(optimizer.Slots))
        {
            Assert.That((to.Name, to.ParameterIndex), Is.EqualTo((from.Name, from.ParameterIndex)));
            from.Values.Values.CopyTo(to.Values.Values, 0);
        }

        foreach ((Parameter to, Parameter from) in copies.PairedWith(parameters))
        {
            from.Values.CopyTo(to.Values);
        }

        Apply(optimizer, parameters, steps.Skip(2));
        Apply(again, copies, steps.Skip(2));
        Assert.That(copies.SelectMany(p => p.Values.ToArray()), Is.EqualTo(parameters.SelectMany(p => p.Values.ToArray())));
    }

    private static void Apply(Optimizer optimizer, Parameter[] parameters, IEnumerable<FixtureNode> steps)
    {
        foreach (FixtureNode step in steps)
        {
            optimizer.Apply(Gradients(step, parameters));
        }
    }

    private static Parameter[] Parameters(FixtureCase test)
    {
        Constraint? constraint = test.Has("constraint_on_first_variable") ? new ColumnsOfLengthOne() : null;
        var parameters = new List<Parameter>();
        foreach (NDArray variable in test.Arrays("variables"))
        {
            var parameter = new Parameter($"v{parameters.Count}", variable.Shape, null, parameters.Count == 0
                ? constraint : null);
            variable.Values.CopyTo(parameter.Values);
            parameters.Add(parameter);
        }

        return [.. parameters];
    }

    private static DenseMatrix[] Gradients(FixtureNode step, Parameter[] parameters) =>
    [
        .. step.Arrays("gradients").Zip(
            parameters, (g, p) => new DenseMatrix(p.Value.RowCount, p.Value.ColumnCount, [.. g.Values])),
    ];

    private static void AssertState(Optimizer optimizer, FixtureCase test)
    {
        // Keras's state: iteration, the learning rate where it is a number, then the slots, as "adam/v0_momentum".
        IReadOnlyList<NamedArray> state = test.NamedArrays("optimizer_state_after");
        Assert.That(optimizer.Iterations, Is.EqualTo((long)state[0].Value.Values[0]));
        // Nadam's product of momenta, a variable without a name, follows from the iteration here.
        NamedArray[] slots = [.. state.Skip(1).Where(s =>
            s.Name != "variable" && !s.Name.EndsWith("/learning_rate", StringComparison.Ordinal))];
        Assert.That(
            optimizer.Slots.Select(s => $"v{s.ParameterIndex}_{s.Name}"), Is.EqualTo(slots.Select(s => s.Name.Split('/')[1])));
        foreach ((Slot slot, NamedArray expected) in optimizer.Slots.PairedWith(slots))
        {
            Assert.That(slot.Values.Values, Is.EqualTo(expected.Value.Values).Within(Tolerance), expected.Name);
        }
    }

    private static void AssertConfig(Config actual, Config expected)
    {
        Assert.That(actual.Select(e => e.Key), Is.EqualTo(expected.Select(e => e.Key)));
        foreach ((KeyValuePair<string, object?> a, KeyValuePair<string, object?> e) in actual.PairedWith(expected))
        {
            if (e.Value is ComponentConfig schedule)
            {
                Assert.That(((ComponentConfig)a.Value!).Config.OrderBy(x => x.Key),
                    Is.EqualTo(schedule.Config.OrderBy(x => x.Key)));
            }
            else
            {
                Assert.That(a.Value, Is.EqualTo(e.Value), a.Key);
            }
        }
    }

    /// <summary>What the one case with a constraint uses: no column of Keras's kernel, a row of values here, is longer than
    /// 1.</summary>
    private sealed class ColumnsOfLengthOne : Constraint
    {
        public override string ClassName => "MaxNorm";

        public override void Apply(ReadOnlySpan<int> shape, Span<Real> values)
        {
            for (int j = 0; j < shape[1]; j++)
            {
                double sum = 0;
                for (int i = 0; i < shape[0]; i++)
                {
                    sum += values[(i * shape[1]) + j] * values[(i * shape[1]) + j];
                }

                double length = Math.Sqrt(sum);
                for (int i = 0; i < shape[0]; i++)
                {
                    values[(i * shape[1]) + j] *= (Real)(Math.Min(length, 1) / (1e-7 + length));
                }
            }
        }

        public override Config GetConfig() => [];
    }
}
