using System.Globalization;
using System.Runtime.CompilerServices;

namespace Recurrent.Tests;

/// <summary>
/// Runs the whole assembly under the culture that the environment variable RECURRENT_TEST_CULTURE names. It is set when the
/// assembly is loaded, so that it also holds for test cases that are generated while tests are being found.
/// </summary>
internal static class TestCulture
{
    internal const string Variable = "RECURRENT_TEST_CULTURE";

    /// <summary>The culture asked for, or null where none is.</summary>
    internal static CultureInfo? Requested =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? CultureInfo.GetCultureInfo(name) : null;

#pragma warning disable CA2255 // A test assembly is an application: nobody else decides its culture.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Apply()
    {
        if (Requested is CultureInfo culture)
        {
            CultureInfo.DefaultThreadCurrentCulture = culture;
            CultureInfo.DefaultThreadCurrentUICulture = culture;
            CultureInfo.CurrentCulture = culture;
            CultureInfo.CurrentUICulture = culture;
        }
    }
}
