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
}
