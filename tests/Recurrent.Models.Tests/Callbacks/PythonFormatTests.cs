using Recurrent.Callbacks;

namespace Recurrent.Tests.Callbacks;

/// <summary>Expected texts are what Python 3 gives for <c>format(value, specification)</c>.</summary>
[TestFixture]
[SetCulture("de-DE")]
public sealed class PythonFormatTests
{
    [TestCase("02", 1, "01")]
    [TestCase("02", 12, "12")]
    [TestCase("02d", 1, "01")]
    [TestCase("03", 123, "123")]
    [TestCase("4", 7, "   7")]
    [TestCase("4d", 7, "   7")]
    [TestCase("d", 7, "7")]
    [TestCase("<4", 7, "7   ")]
    [TestCase("^4", 7, " 7  ")]
    [TestCase("_>4", 7, "___7")]
    [TestCase("+d", 7, "+7")]
    [TestCase("+04d", 7, "+007")]
    [TestCase(",", 1234567, "1,234,567")]
    [TestCase("x", 255, "ff")]
    [TestCase("04b", 5, "0101")]
    [TestCase(".1f", 3, "3.0")]
    public void Whole_numbers(string specification, int value, string expected) =>
        Assert.That(PythonFormat.Format(specification, value, whole: true), Is.EqualTo(expected));

    [TestCase(".2f", 0.126, "0.13")]
    [TestCase("f", 0.5, "0.500000")]
    [TestCase("08.3f", 3.14159, "0003.142")]
    [TestCase("8.3f", 3.14159, "   3.142")]
    [TestCase("+.2f", 0.5, "+0.50")]
    [TestCase("+.2f", -0.5, "-0.50")]
    [TestCase("07.2f", -0.5, "-000.50")]
    [TestCase(".4", 0.123456, "0.1235")]
    [TestCase(".3", 1234567, "1.23e+06")]
    [TestCase("g", 0.00001, "1e-05")]
    [TestCase("g", 1500000, "1.5e+06")]
    [TestCase("g", 150000, "150000")]
    [TestCase(".3g", 0.5, "0.5")]
    [TestCase(".2e", 12345, "1.23e+04")]
    [TestCase("e", 0.5, "5.000000e-01")]
    [TestCase(".1%", 0.9731, "97.3%")]
    [TestCase(",.2f", 1234567.891, "1,234,567.89")]
    [TestCase(".2f", double.NaN, "nan")]
    [TestCase(".2f", double.PositiveInfinity, "inf")]
    public void Decimal_numbers(string specification, double value, string expected) =>
        Assert.That(PythonFormat.Format(specification, value, whole: false), Is.EqualTo(expected));

    [TestCase("d")]
    [TestCase("02d")]
    [TestCase("x")]
    [TestCase("q")]
    [TestCase("yyyy")]
    [TestCase("2.")]
    [TestCase("999.2f")]
    public void What_is_no_format_of_a_decimal_number(string specification) =>
        Assert.That(() => PythonFormat.Format(specification, 0.5, whole: false), Throws.TypeOf<FormatException>());
}
