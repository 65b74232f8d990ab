using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Registration;

[TestFixture]
public sealed class CustomObjectsTests
{
    private static readonly CustomObjects Custom = new CustomObjects().Add("Cube", Cube.Read)
        .Add<Layer>("Mine", _ => new Dense(3, "tanh"));

    [Test]
    public void A_component_of_one_s_own_stands_inside_one_of_the_library()
    {
        var dense = new Dense(2, new Cube(3), name: "d");
        Layer again = LayerNames.Registry.Create(ComponentConfig.Of(dense), Custom);
        Assert.That(ConfigText.Of(again), Is.EqualTo(ConfigText.Of(dense)).And.Contain("Cube"));
        Assert.That(() => LayerNames.Registry.Create(ComponentConfig.Of(dense)), Throws.TypeOf<ConfigException>());
    }

    [Test]
    public void An_unknown_name_lists_what_there_is_of_its_kind() => Assert.That(
        () => LayerNames.Registry.Create(new ComponentConfig("Mines", []), Custom),
        Throws.TypeOf<ConfigException>().With.Message.StartsWith(
        "Unknown layer 'Mines'. Did you mean 'Mine'? Valid names: Mine, Activation,"));

    [Test]
    public void One_kind_does_not_stand_for_another() => Assert.That(
        () => LayerNames.Registry.Create(new ComponentConfig("Cube", []), Custom),
        Throws.TypeOf<ConfigException>().With.Message.StartsWith("Unknown layer 'Cube'."));

    [Test]
    public void Options_that_nothing_reads_are_refused() => Assert.That(
        () => ActivationNames.Registry.Create(new ComponentConfig("Cube", new Config { { "faktor", 2 } }), Custom),
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
        "Cube has no option 'faktor'. Did you mean 'factor'? Its options are factor."));

    [Test]
    public void A_name_stands_for_one_component()
    {
        CustomObjects custom = new CustomObjects().Add("Cube", Cube.Read);
        Assert.That(
            () => custom.Add("Cube", Cube.Read),
            Throws.ArgumentException.With.Message.StartsWith("'Cube' is there already. Each name stands for one component."));
        Assert.That(custom.Names, Is.EqualTo((string[])["Cube"]));
        Assert.That((custom.Contains("Cube"), custom.Contains("cube")), Is.EqualTo((true, false)));
    }

    /// <summary>y = factor · x³.</summary>
    private sealed class Cube(double factor) : ActivationFunction
    {
        public double Factor => factor;

        public override string ClassName => "Cube";

        public override bool NeedsInput => true;

        public static Cube Read(ConfigReader config) => new(config.Double("factor", 1));

        public override Config GetConfig() => new() { { "factor", factor } };

        public override void Forward(ReadOnlySpan<float> x, Span<float> y, int rows)
        {
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = (float)(factor * x[i] * x[i] * x[i]);
            }
        }

        public override void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
            Span<float> dx, int rows) =>
            throw new NotSupportedException();
    }
}
