namespace Recurrent.Architecture.Tests;

/// <summary>A checker that finds nothing is worth something only if it finds what is there.</summary>
[TestFixture]
public sealed class CheckerTests
{
    private const string Layer = "namespace Recurrent.Layers; public class Layer { public int Units; }";

    [Test]
    public void An_optimizer_that_sees_a_layer_is_found()
    {
        string[] found = Check(
            RoomCheck.Violations,
            ("src/Recurrent.Core/Layers/Layer.cs", Layer),
            ("src/Recurrent.Core/Optimizers/Sgd.cs", """
                using Recurrent.Layers;

                namespace Recurrent.Optimizers;

                public class Sgd
                {
                    public void Step(Layer layer)
                    {
                        layer.Units = 2;
                    }
                }
                """));
        Assert.That(found, Is.EqualTo(new[]
        {
            "src/Recurrent.Core/Optimizers/Sgd.cs(7): Core/Optimizers must not use Core/Layers (Layer)",
            "src/Recurrent.Core/Optimizers/Sgd.cs(9): Core/Optimizers must not use Core/Layers (Layer)",
        }));
    }

    [Test]
    public void A_type_that_is_never_named_is_found_by_its_members()
    {
        string[] found = Check(
            RoomCheck.Violations,
            ("src/Recurrent.Core/Regularizers/L2.cs", "public class L2 { public float Rate; }"),
            ("src/Recurrent.Core/Parameters/Parameter.cs", "public class Parameter { public L2 Penalty = new(); }"),
            ("src/Recurrent.Core/Optimizers/Sgd.cs", """
                public class Sgd
                {
                    public float Step(Parameter p)
                    {
                        return p.Penalty.Rate;
                    }
                }
                """));
        Assert.That(found,
            Is.EqualTo(new[] { "src/Recurrent.Core/Optimizers/Sgd.cs(5): Core/Optimizers must not use Core/Regularizers (L2)" }));
    }

    [Test]
    public void Arrows_of_the_table_are_let_through()
    {
        string[] found = Check(
            RoomCheck.Violations,
            ("src/Recurrent.Core/Activations/Tanh.cs", "public class Tanh { }"),
            ("src/Recurrent.Core/Layers/Layer.cs", "public class Layer { public Tanh Activation = new(); }"),
            ("src/Recurrent.Models/Model/Sequential.cs", "public class Sequential { public Layer Layer = new(); }"));
        Assert.That(found, Is.Empty);
    }

    [TestCase("Recurrent.Core/Layers", "System.Console.WriteLine();", "must not use System.Console (Console)")]
    [TestCase("Recurrent.Models/Training", "_ = new Newtonsoft.Json.JsonSerializer();", "must not use Newtonsoft.Json "
        + "(JsonSerializer)")]
    [TestCase("Recurrent.Models/Serialization", "_ = System.Text.Json.JsonDocument.Parse(\"\");",
        "must not use System.Text.Json (JsonDocument)")]
    [TestCase("Recurrent.Models/Forecasting", "_ = new CsvHelper.CsvReaderOptions();",
        "must not use CsvHelper (CsvReaderOptions)")]
    [TestCase("Recurrent.Core/Gadgets", "", "the room Core/Gadgets is not in the table of rooms")]
    public void A_package_in_the_wrong_room_is_found(string folder, string statement, string message)
    {
        string[] found = Check(RoomCheck.Violations, ($"src/{folder}/A.cs", $"class A {{ void F() {{ {statement} }} }}"));
        Assert.That(found, Has.Length.GreaterThanOrEqualTo(1).And.All.Contains(message));
    }

    [TestCase("unsafe void F() { }", "pointers")]
    [TestCase("void F(byte[] b) { _ = System.Runtime.CompilerServices.Unsafe.As<byte, int>(ref b[0]); }", "pointers")]
    [TestCase("static int count;", "static state")]
    [TestCase("static int Count { get; set; }", "static state")]
    [TestCase("[System.ThreadStatic] static int count;", "static state")]
    [TestCase("static event System.Action? Changed;", "static state")]
    [TestCase("string F(double x) => $\"{x}\";", "culture")]
    [TestCase("string F(float? x) => $\"{x:F2} is too much\";", "culture")]
    [TestCase("string F(System.DateTime x) => \"at \" + x;", "culture")]
    [TestCase("string F(double x) => $\"{x}\" + $\" is too much\";", "culture")]
    public void A_line_that_the_library_does_without_is_found(string member, string about)
    {
        string[] found = Check(LanguageCheck.Violations, ("src/Recurrent.Core/Layers/A.cs", $"class A {{ {member} }}"));
        Assert.That(found, Has.Length.EqualTo(1).And.All.Contains(about));
    }

    [TestCase("Layers", "static readonly int[] Primes = [2, 3]; const int Two = 2; static int Three => 3;")]
    [TestCase("Layers", "string F(double x, int n) => System.FormattableString.Invariant($\"{x} {n}\") + n + $\"{n}\";")]
    [TestCase("Layers", "string F(double x) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $\"{x}\");")]
    [TestCase("Layers", """
        string F(double x) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x}" + $" and {x}");
        """)]
    [TestCase("Numerics", "unsafe float F(float* x) => *x;")]
    [TestCase("Numerics", "[System.ThreadStatic] static float[]? scratch;")]
    public void Lines_that_are_in_order_are_let_through(string folder, string member) =>
        Assert.That(Check(LanguageCheck.Violations, ($"src/Recurrent.Core/{folder}/A.cs", $"class A {{ {member} }}")), Is.Empty);

    private static string[] Check(Func<SourceProject, IEnumerable<Violation>> check, params (string Path, string Text)[] sources)
    {
        var project = SourceProject.Of("Recurrent.Core", sources);
        Assert.That(project.Errors(), Is.Empty, "the synthetic sources must compile");
        return [.. check(project).Select(violation => violation.ToString())];
    }
}
