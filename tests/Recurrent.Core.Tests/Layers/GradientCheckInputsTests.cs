using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>The check of layers with several inputs and outputs, and of what counts in the loss beside outputs.</summary>
[TestFixture]
public sealed class GradientCheckInputsTests
{
    private static IEnumerable<TestCaseData> SeveralInputs =>
    [
        Case("add", () => new Add(), (3, 2), (3, 2), (3, 2)),
        Case("multiply", () => new Multiply(), 4, 4),
        Case("dot", () => new Dot(1), (3, 2), (3, 4)),
        Case("attention", () => new Attention(useScale: true), (3, 4), (5, 4)),
        Case("attention with keys", () => new AdditiveAttention(), (3, 4), (5, 4), (5, 4)),
        Case("heads", () => new MultiHeadAttention(2, 3), (3, 4), (5, 4)),
        Case("lstm with its states", () => new LSTM(3, returnSequences: true, returnState: true), (4, 2), 3, 3),
        Case("gru backwards", () => new GRU(3, goBackwards: true), (4, 2), 3),
        Case("both ways", () => new Bidirectional(new GRU(2, returnState: true)), (4, 3), 2, 2),
    ];

    [TestCaseSource(nameof(SeveralInputs))]
    public void Every_input_is_checked(Func<Layer> create, Shape[] samples)
    {
        GradientReport report = GradientCheck.Run(create(), samples);
        Assert.That(report.Passed, report.ToString());
        Assert.That(
            report.Errors.Select(error => error.Name),
            Is.SupersetOf(Enumerable.Range(0, samples.Length).Select(i => $"input {i}")));

        // States that are inputs are no states of the layer's own.
        Assert.That(report.Errors.Select(error => error.Name), Has.None.StartsWith("initial state"));
    }

    [Test]
    public void Outputs_beside_the_first_count()
    {
        GradientReport apart = GradientCheck.Run(new Bidirectional(new LSTM(2), mergeMode: null), (4, 3));
        Assert.That(apart.Passed, apart.ToString());
        Assert.That(
            apart.Errors.Single(error => error.Name.EndsWith("backward_lstm/kernel", StringComparison.Ordinal)
                || error.Name.EndsWith("backward_lstm/lstm_cell/kernel", StringComparison.Ordinal)).Slope,
            Is.Not.Zero);
        GradientReport states = GradientCheck.Run(new LSTM(2, returnState: true), (4, 3));
        Assert.That(states.Passed, states.ToString());
        Assert.That(states.Errors.Select(error => error.Name), Has.Member("initial state 'cell'"));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_wrong_gradient_of_any_input_is_found(int wrong)
    {
        GradientReport report = GradientCheck.Run(new Product { Wrong = wrong }, [3, 3]);
        Assert.That(
            report.Errors.Where(error => error.Error > report.Tolerance).Select(error => error.Name),
            Is.EqualTo((string[])[$"input {wrong}"]));
        Assert.That(GradientCheck.Run(new Product(), [3, 3]).Passed);
    }

    [Test]
    public void A_gradient_that_is_not_given_is_wrong()
    {
        GradientReport report = GradientCheck.Run(new Product { Silent = true }, [3, 3]);
        Assert.That(report.Passed, Is.False);
        Assert.That(report.ToString(), Does.Contain("WRONG  input 1"));
    }

    [Test]
    public void Penalties_on_activities_count()
    {
        GradientReport right = GradientCheck.Run(new Dense(3, "tanh") { ActivityRegularizer = new L2(0.3) }, (4, 2));
        Assert.That(right.Passed, right.ToString());
        GradientReport inside = GradientCheck.Run(new Bidirectional(new GRU(2) { ActivityRegularizer = new L2(0.3) }), (4, 2));
        Assert.That(inside.Passed, inside.ToString());
        GradientReport wrong = GradientCheck.Run(new Dense(3) { ActivityRegularizer = new HalfL2() }, (4, 2));
        Assert.That(wrong.ToString(), Does.Contain("WRONG  dense/kernel").And.Contain("WRONG  input"));
    }

    [Test]
    public void Samples_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => GradientCheck.Run(new Add(), [(null, 2), (3, 2)]),
            Throws.ArgumentException.With.Message.StartsWith(
                "The sample has shape (batch, ?, 2); give the length of every axis"));
        Assert.That(
            () => GradientCheck.Run(new Add(), [(3, 2)]),
            Throws.ArgumentException.With.Message.StartsWith("Add 'add' merges two or more inputs, but 1 is given."));
        Assert.That(
            () => GradientCheck.Run(new Dense(2), [(3, 2), (3, 2)]),
            Throws.ArgumentException.With.Message.StartsWith("Dense 'dense' takes one input, but 2 came"));
    }

    private static TestCaseData Case(string name, Func<Layer> create, params Shape[] samples) =>
        new TestCaseData(create, samples).SetArgDisplayNames(name);

    /// <summary>a ∘ b, with the gradient of one of them wrong or missing.</summary>
    private sealed class Product() : Layer(null, true, null)
    {
        public int Wrong { get; init; } = -1;

        public bool Silent { get; init; }

        public override string ClassName => "Product";

        public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];

        public override Config GetConfig() => StartConfig();

        public override Pass CreatePass(PassOptions options) => new Memory(this, options);

        public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
        {
            var own = (Memory)pass;
            own.Inputs = inputs.ToArray();
            outputs[0] = own.Output;
            inputs[0].Values.PointwiseMultiply(inputs[1].Values, own.Output.Values);
        }

        public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
        {
            SequenceBatch[] inputs = ((Memory)pass).Inputs;
            for (int i = 0; i < 2; i++)
            {
                inputGradients[i] = Silent && i == 1
                    ? null
                    : (DenseMatrix)outputGradients[0]!.PointwiseMultiply(inputs[i == Wrong ? i : 1 - i].Values);
            }
        }

        private sealed class Memory(Layer layer, PassOptions options) : Pass(layer, options)
        {
            public SequenceBatch Output { get; } = new(options.InputShape, options.BatchSize);

            public SequenceBatch[] Inputs { get; set; } = [];
        }
    }

    /// <summary>The penalty <c>½ Σ w²</c> with the gradient of <c>Σ w²</c>.</summary>
    private sealed class HalfL2 : Regularizer
    {
        public override string ClassName => "HalfL2";

        public override double Penalty(ReadOnlySpan<float> values, int rows)
        {
            double sum = 0;
            foreach (float value in values)
            {
                sum += 0.5 * value * value;
            }

            return sum;
        }

        public override void AddGradient(ReadOnlySpan<float> values, Span<float> gradient, int rows, float scale)
        {
            for (int i = 0; i < values.Length; i++)
            {
                gradient[i] += 2 * scale * values[i];
            }
        }

        public override Config GetConfig() => [];
    }
}
