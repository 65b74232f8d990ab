namespace Recurrent.Tests.Serialization;

/// <summary>Layers with options that few use, in models that Keras has written: what they predict, their gradients, and files of
/// one's own.</summary>
public sealed class KerasLayerTests
{
    private static readonly KerasFixture Fixture = KerasFixture.Load("keras3/layers.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    [Test]
    public void Every_case_of_the_file_is_run() => Assert.That(Cases.Count(), Is.EqualTo(45));

    [TestCaseSource(nameof(Cases))]
    public void A_model_gives_what_it_gives_in_Keras(FixtureCase test) => KerasModelCase.HasThePrediction(test, test.Array("x"));

    [TestCaseSource(nameof(Cases))]
    public void Its_gradients_are_Keras_s(FixtureCase test) => KerasModelCase.HasTheGradients(test, test.Array("x"));

    [TestCaseSource(nameof(Cases))]
    public void Its_file_holds_all_of_it(FixtureCase test) => KerasModelCase.IsWhollyInItsFile(test, test.Array("x"));
}
