using Recurrent.Initializers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Tests.Initializers;

/// <summary>What callers of any initializer rely on.</summary>
public sealed class InitializerContractTests
{
    private static readonly string[] Fixed = ["Constant", "Identity", "Ones", "Zeros"];

    private static IEnumerable<string> Names => InitializerNames.Registry.Names;

    private static IEnumerable<string> RandomNames => Names.Where(n => !Fixed.Contains(((Initializer)n).ClassName));

    [TestCaseSource(nameof(Names))]
    public void The_same_seed_gives_the_same_values(string name)
    {
        Real[] first = Fill(name, 5);

        Assert.That(Fill(name, 5), Is.EqualTo(first));
    }

    [TestCaseSource(nameof(RandomNames))]
    public void Another_seed_gives_other_values(string name) => Assert.That(Fill(name, 5), Is.Not.EqualTo(Fill(name, 6)));

    [TestCaseSource(nameof(Names))]
    public void A_config_makes_the_same_initializer_again(string name)
    {
        Initializer initializer = name;

        Initializer again = InitializerNames.Registry.Create(ComponentConfig.Of(initializer));

        Assert.That(again, Is.TypeOf(initializer.GetType()));
        Assert.That(again.GetConfig(), Is.EqualTo(initializer.GetConfig()));
    }

    [TestCaseSource(nameof(WithOptions))]
    public void Options_survive_a_round_trip(Initializer initializer)
    {
        Initializer again = InitializerNames.Registry.Create(ComponentConfig.Of(initializer));

        Assert.That(again.Seed, Is.EqualTo(initializer.Seed));
        Assert.That(again.GetConfig(), Is.EqualTo(initializer.GetConfig()));
        Assert.That(Fill(again, 1), Is.EqualTo(Fill(initializer, 1)));
        Assert.That(Fill(again, 1), Is.Not.EqualTo(Fill(initializer.ClassName, 1)));
    }

    [Test]
    public void Axes_choose_the_fans()
    {
        // A kernel (6, 8) taken the other way round has 8 inputs: a limit of √(6/8), where it had been √(6/6).
        Real[] swapped = Fill(new HeUniform(inputAxes: [-1], outputAxes: [0]), 1);

        Assert.That(swapped.Max(), Is.InRange(0.7, Math.Sqrt(6.0 / 8)));
    }

    [Test]
    public void An_axis_that_is_not_there_is_named() => Assert.That(
        () => Fill(new HeUniform(inputAxes: [2], outputAxes: [0]), 1),
        Throws.ArgumentException.With.Message.EqualTo("input_axes has the axis 2, but the parameter has the shape (6, 8)."));

    [Test]
    public void All_problems_are_reported_together() => Assert.That(
        () => new VarianceScaling(scale: 0, mode: "fan", distribution: "gauss", inputAxes: [0]),
        Throws.ArgumentException.With.Message.EqualTo(
            "VarianceScaling: scale must be a finite number above 0, but is 0; "
            + "mode must be 'fan_in' or 'fan_out' or 'fan_avg', but is 'fan'; "
            + "distribution must be 'truncated_normal' or 'untruncated_normal' or 'uniform', but is 'gauss'; "
            + "input_axes and output_axes must be given together."));

    [Test]
    public void Deviations_and_bounds_are_checked() => Assert.Multiple(() =>
    {
        Assert.That(
            () => new RandomNormal(mean: double.NaN, stddev: -1),
            Throws.ArgumentException.With.Message.EqualTo(
                "RandomNormal: mean must be a finite number, but is NaN; stddev must be a finite number of at least 0, "
                + "but is -1."));
        Assert.That(
            () => new RandomUniform(1, 0.5),
            Throws.ArgumentException.With.Message.EqualTo("RandomUniform: minval (1) must not exceed maxval (0.5)."));
    });

    [Test]
    public void A_seed_that_is_not_a_number_is_refused() => Assert.That(
        () => InitializerNames.Registry.Create(
            new ComponentConfig("GlorotUniform", new() { { "seed", new ComponentConfig("SeedGenerator", []) } })),
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            "GlorotUniform: seed must be a whole number, but is SeedGenerator."));

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest() => Assert.That(
        () => (Initializer)"glorot_unifrom",
        Throws.TypeOf<ConfigException>().With.Message.StartsWith(
            "Unknown initializer 'glorot_unifrom'. Did you mean 'glorot_uniform'? Valid names: Constant, GlorotNormal, "));

    [TestCase("normal", "RandomNormal")]
    [TestCase("uniform", "RandomUniform")]
    [TestCase("zero", "Zeros")]
    [TestCase("one", "Ones")]
    [TestCase("glorot_uniform", "GlorotUniform")]
    [TestCase("OrthogonalInitializer", "Orthogonal")]
    public void Aliases(string alias, string name) => Assert.That(((Initializer)alias).ClassName, Is.EqualTo(name));

    [Test]
    public void Identity_takes_matrices_only() => Assert.That(
        () => new Identity().Fill([2, 2, 2], new Real[8], default),
        Throws.ArgumentException.With.Message.StartsWith(
            "Identity fills matrices only, but the parameter has the shape (2, 2, 2)."));

    private static IEnumerable<Initializer> WithOptions() =>
    [
        new Constant(0.25),
        new GlorotNormal(7, [-1], [0, 1]),
        new GlorotUniform(7, [-1], [0, 1]),
        new HeNormal(7, [-1], [0]),
        new HeUniform(7, [-1], [0]),
        new Identity(2),
        new LecunNormal(7, [-1], [0]),
        new LecunUniform(7, [-1], [0]),
        new Orthogonal(3, 7),
        new RandomNormal(1, 2, 7),
        new RandomUniform(1, 2, 7),
        new TruncatedNormal(1, 2, 7),
        new VarianceScaling(3, "fan_out", "uniform", 7, [-1], [0]),
    ];

    private static Real[] Fill(Initializer initializer, ulong seed)
    {
        Real[] values = new Real[48];
        initializer.Fill([6, 8], values, new SeededRandom(SeededRandom.Key(seed, 0)));
        return values;
    }
}
