using Recurrent.Activations;
using Recurrent.Registration;

namespace Recurrent.Tests.Activations;

/// <summary>What callers of any activation rely on.</summary>
public sealed class ActivationContractTests
{
    private const int Rows = 7;

    private static IEnumerable<string> Names => ActivationNames.Registry.Names;

    private static IEnumerable<string> NamesWithoutInput => Names.Where(name => !((ActivationFunction)name).NeedsInput);

    private static IEnumerable<string> BoundedNames => Names.Where(name => name != "exponential");

    private static Real[] Inputs => [.. Enumerable.Range(0, 5 * Rows).Select(i => (Real)(((i * 37 % 71) - 35) / 8.0))];

    [TestCaseSource(nameof(Names))]
    public void Forward_in_place_gives_the_same_bits(string name)
    {
        ActivationFunction activation = name;
        Real[] y = Forward(activation, Inputs);
        Real[] inPlace = Inputs;

        activation.Forward(inPlace, inPlace, Rows);

        Assert.That(inPlace, Is.EqualTo(y));
    }

    [TestCaseSource(nameof(Names))]
    public void Backward_in_place_gives_the_same_bits(string name)
    {
        ActivationFunction activation = name;
        Real[] y = Forward(activation, Inputs);
        Real[] dy = [.. Inputs.Select(v => (Real)1.5 - v)];
        Real[] dx = new Real[y.Length];
        activation.Backward(Inputs, y, dy, dx, Rows);

        activation.Backward(Inputs, y, dy, dy, Rows);

        Assert.That(dy, Is.EqualTo(dx));
    }

    [TestCaseSource(nameof(NamesWithoutInput))]
    public void Backward_needs_the_input_no_input_where_it_says_so(string name)
    {
        ActivationFunction activation = name;
        Real[] y = Forward(activation, Inputs);
        Real[] dx = new Real[y.Length];

        activation.Backward([], y, Inputs, dx, Rows);

        Real[] withInput = new Real[y.Length];
        activation.Backward(Inputs, y, Inputs, withInput, Rows);
        Assert.That(dx, Is.EqualTo(withInput));
    }

    [TestCaseSource(nameof(Names))]
    public void Columns_do_not_touch_each_other(string name)
    {
        ActivationFunction activation = name;
        Real[] together = Forward(activation, Inputs);

        Real[] apart = [.. Inputs.Chunk(Rows).SelectMany(column => Forward(activation, column))];

        Assert.That(together, Is.EqualTo(apart));
    }

    [TestCaseSource(nameof(BoundedNames))]
    public void Large_arguments_give_finite_values_and_gradients(string name)
    {
        ActivationFunction activation = name;
        Real[] x = [10_000, -10_000, 90, -90, 30, -30, 0];
        Real[] y = Forward(activation, x);
        Real[] dx = new Real[Rows];

        activation.Backward(x, y, [1, 1, 1, 1, 1, 1, 1], dx, Rows);

        Assert.Multiple(() =>
        {
            Assert.That(y, Has.All.Matches<Real>(Real.IsFinite));
            Assert.That(dx, Has.All.Matches<Real>(Real.IsFinite));
        });
    }

    [TestCaseSource(nameof(Names))]
    public void Something_that_is_not_a_number_stays_visible(string name)
    {
        Real[] x = Inputs;
        x[3] = Real.NaN;

        Assert.That(Forward(name, x)[3], Is.NaN);
    }

    [Test]
    public void Softmax_sums_to_one_and_survives_large_arguments()
    {
        Real[] y = Forward("softmax", [1000, 1001, -1000, 0, 0, 0, 1001]);

        Assert.That(y.Sum(), Is.EqualTo(1).Within(1e-6));
        Assert.That(y[1], Is.EqualTo(y[6]));
    }

    [Test]
    public void Sparsemax_is_the_projection_onto_the_simplex()
    {
        // Support {0.5, 0.4, 0.3}: τ = (1.2 − 1)/3.
        Real[] y = Forward("sparsemax", [(Real)0.5, (Real)0.4, (Real)0.3, -1, -2, -3, -4]);

        Assert.That(y, Is.EqualTo((Real[])[(Real)(0.5 - (0.2 / 3)), (Real)(0.4 - (0.2 / 3)), (Real)(0.3 - (0.2 / 3)), 0, 0, 0, 0])
            .Within(1e-6));
    }

    [Test]
    public void Relu_has_Keras_options()
    {
        Relu relu = new(negativeSlope: 0.5, maxValue: 3, threshold: 1);

        // 0.5 (x − 1) up to 1, then x, at most 3.
        Assert.That(Forward(relu, [-3, 0, 1, (Real)1.5, 3, 4, 2]), Is.EqualTo((Real[])[-2, (Real)(-0.5), 0, (Real)1.5, 3, 3, 2]));
    }

    [Test]
    public void Small_arguments_keep_their_digits()
    {
        Real small = (Real)1e-10;

        Assert.Multiple(() =>
        {
            Assert.That(Forward("elu", Column(-small))[0], Is.EqualTo(-small).Within(1e-6 * small));
            Assert.That(Forward("softplus", Column(-40))[0], Is.EqualTo(Math.Exp(-40)).Within(1e-6 * Math.Exp(-40)));
            Assert.That(Forward("log_sigmoid", Column(40))[0], Is.EqualTo(-Math.Exp(-40)).Within(1e-6 * Math.Exp(-40)));
            Assert.That(Forward("squareplus", Column(-1000))[0], Is.EqualTo(1e-3).Within(2e-9));
            Assert.That(Forward("gelu", Column(-8))[0], Is.EqualTo(-8 * 6.220960574271785e-16).Within(1e-20));
        });
    }

    [TestCaseSource(nameof(Names))]
    public void A_name_makes_an_activation_whose_config_is_empty(string name)
    {
        ActivationFunction activation = name;

        Assert.That(activation.GetConfig(), Is.Empty);
        Assert.That(ActivationNames.Registry.Contains(activation.ClassName));
    }

    [TestCaseSource(nameof(WithOptions))]
    public void Options_survive_a_round_trip(ActivationFunction activation)
    {
        ComponentConfig config = ComponentConfig.Of(activation);

        ActivationFunction again = ActivationNames.Registry.Create(config);

        Assert.That(config.Config, Is.Not.Empty);
        Assert.That(again.GetConfig(), Is.EqualTo(config.Config));
        Assert.That(Forward(again, Inputs), Is.EqualTo(Forward(activation, Inputs)));
        Assert.That(Forward(again, Inputs), Is.Not.EqualTo(Forward(activation.ClassName, Inputs)));
    }

    [TestCase("negative_slope must be a finite number of at least 0, but is -1; threshold must be a finite number of at least "
        + "0, but is -2; max_value must be a finite number of at least 0, but is -3.")]
    public void All_problems_are_reported_together(string problems) => Assert.That(
        () => new Relu(negativeSlope: -1, maxValue: -3, threshold: -2),
        Throws.ArgumentException.With.Message.EqualTo($"relu: {problems}"));

    [Test]
    public void Softmax_along_another_axis_is_refused() => Assert.That(
        () => ActivationNames.Registry.Create(new ComponentConfig("softmax", new() { { "axis", 1 } })),
        Throws.TypeOf<ConfigException>().With.Message.EqualTo("softmax: axis = 1 is not supported; it must be -1."));

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest()
    {
        Assert.That(
            () => (ActivationFunction)"tahn",
            Throws.TypeOf<ConfigException>().With.Message.StartsWith(
            "Unknown activation 'tahn'. Did you mean 'tanh'? Valid names: celu, elu, exponential, gelu, hard_shrink, "));
    }

    [TestCase("swish", "silu")]
    [TestCase("hard_swish", "hard_silu")]
    [TestCase("ReLU", "relu")]
    public void Aliases(string alias, string name) => Assert.That(((ActivationFunction)alias).ClassName, Is.EqualTo(name));

    private static IEnumerable<ActivationFunction> WithOptions() =>
    [
        new Relu(negativeSlope: 0.1, maxValue: 2, threshold: 0.5),
        new LeakyRelu(0.4),
        new Elu(0.5),
        new Celu(1.5),
        new Gelu(approximate: true),
        new HardShrink(1),
        new SoftShrink(1),
        new Squareplus(2),
        new Threshold(1, 20),
    ];

    private static Real[] Column(Real first) => [first, 0, 0, 0, 0, 0, 0];

    private static Real[] Forward(ActivationFunction activation, Real[] x)
    {
        Real[] y = new Real[x.Length];
        activation.Forward(x, y, Rows);
        return y;
    }
}
