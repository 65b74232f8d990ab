using Recurrent.Registration;

namespace Recurrent.Tests.Shared;

public sealed class KerasFixtureTests
{
    [Test]
    public void A_case_gives_its_arrays_and_its_components()
    {
        FixtureCase l2 = KerasFixture.Load("regularizers.json")["l2"];

        NDArray x = l2.Array("x");
        ComponentConfig component = l2.Component("regularizer");
        Assert.Multiple(() =>
        {
            Assert.That(x.Shape, Is.EqualTo((int[])[4, 3]));
            Assert.That(x.Values[0], Is.EqualTo((Real)(-0.089996025)));
            Assert.That(component.ClassName, Is.EqualTo("L2"));
            Assert.That(component.Config, Is.EqualTo((KeyValuePair<string, object?>[])[new("l2", 0.03)]));
            Assert.That(l2.Double("value"), Is.EqualTo(0.181555048));
        });
    }
}
