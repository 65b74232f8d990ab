/// <summary>Hands the requested culture to the test runner too, which carries one of its own from thread to thread.</summary>
[SetUpFixture]
#pragma warning disable CA1050 // Outside of any namespace, so that it holds for the whole assembly.
public sealed class TestCultureSetUp
#pragma warning restore CA1050
{
    [OneTimeSetUp]
    public void Apply() => Recurrent.Tests.TestCulture.Apply();
}
