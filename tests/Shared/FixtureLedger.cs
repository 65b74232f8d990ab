using System.Collections;
using System.Reflection;

namespace Recurrent.Tests;

/// <summary>
/// Which cases of Keras's reference files the tests of an assembly are given: all that stand in a <c>TestCaseSource</c> of one of
/// its fixtures. So nobody can leave out a case without a test saying so.
/// </summary>
public static class FixtureLedger
{
    private const BindingFlags Members =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Every file of reference values.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.GetFiles(Path.GetDirectoryName(KerasFixture.PathOf("losses.json"))!, "*.json")
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The cases of some files that no test of an assembly runs, as <c>file: case</c>.</summary>
    /// <param name="tests">The assembly.</param>
    /// <param name="files">The files.</param>
    public static IReadOnlyList<string> LeftOut(Assembly tests, params IEnumerable<string> files)
    {
        HashSet<(string, string)> run =
        [
            .. from type in tests.GetTypes()
               where !type.ContainsGenericParameters
               from method in type.GetMethods(Members)
               from source in method.GetCustomAttributes<TestCaseSourceAttribute>()
               from given in Source(source.SourceType ?? type, source.SourceName)
               select (given.File, given.Name),
        ];
        return
        [
            .. from file in files
               from test in KerasFixture.Load(file).Cases
               where !run.Contains((file, test.Name))
               select $"{file}: {test.Name}",
        ];
    }

    /// <summary>The cases in a source, whether they stand there themselves or in test cases.</summary>
    private static IEnumerable<FixtureCase> Source(Type type, string? name)
    {
        object? source = name is null ? null
            : type.GetProperty(name, Members) is { } property && property.GetMethod!.IsStatic ? property.GetValue(null)
            : type.GetField(name, Members) is { IsStatic: true } field ? field.GetValue(null)
            : type.GetMethod(name, Members) is { IsStatic: true } method && method.GetParameters().Length == 0
                ? method.Invoke(null, null)
            : null;
        return source is IEnumerable items
            ? items.Cast<object?>().SelectMany(item => item is TestCaseData data ? data.Arguments : [item]).OfType<FixtureCase>()
            : [];
    }
}
