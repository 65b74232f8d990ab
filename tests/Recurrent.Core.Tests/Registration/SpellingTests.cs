using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Registration;

[TestFixture]
public sealed class SpellingTests
{
    [TestCase("glorot", "GlorotNormal")]
    [TestCase("glorot_unifrom", "glorot_uniform")]
    [TestCase("he_nromal", "he_normal")]
    [TestCase("orthogona", "orthogonal")]
    public void What_was_meant_is_found_among_initializers(string written, string meant) =>
        Assert.That(Spelling.Nearest(written, InitializerNames.Registry.Names), Is.EqualTo(meant).IgnoreCase);

    [TestCase("LTSM", "LSTM")]
    [TestCase("denze", "Dense")]
    [TestCase("Time", "TimeDistributed")]
    public void What_was_meant_is_found_among_layers(string written, string meant) =>
        Assert.That(Spelling.Nearest(written, LayerNames.Registry.Names), Is.EqualTo(meant));

    [TestCase("batch_input_shape")]
    [TestCase("time_major")]
    [TestCase("keras_version")]
    [TestCase("x")]
    [TestCase("")]
    public void Nothing_is_guessed_that_is_not_near(string written)
    {
        string[] keys = ["return_state", "name", "class_name", "units", "activation", "recurrent_activation", "seed"];
        Assert.That(Spelling.Near(written, keys), Is.Null);
        Assert.That(Spelling.DidYouMean(written, keys), Is.Empty);
        Assert.That(Spelling.Near(written, []), Is.Null);
    }

    [TestCase("act", "activation")]
    [TestCase("recurrent", "recurrent_activation")]
    [TestCase("units_", "units")]
    [TestCase("activation_fn", "activation")]
    [TestCase("sede", "seed")]
    public void What_is_near_is_asked_for(string written, string meant)
    {
        string[] keys = ["unit_forget_bias", "recurrent_activation", "units", "activation", "seed"];
        Assert.That(Spelling.DidYouMean(written, keys), Is.EqualTo($"Did you mean '{meant}'? "));
    }
}
