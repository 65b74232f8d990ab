namespace Recurrent.Architecture.Tests;

/// <summary>The rules of the library's sources. They compile the library, which takes long without hardware intrinsics.</summary>
[TestFixture]
[Category("Slow")]
public sealed class ArchitectureTests
{
    private const int LongestFile = 400;

    // max_line_length of .editorconfig, which no compiler enforces.
    private const int LongestLine = 130;

    // What nobody builds unasked: eng/mutation.sh's project, whose tests are those of other projects once more, and the
    // benchmarks' peer, which brings half a gigabyte of native code.
    private static readonly string[] BuiltWhenAsked =
    [
        "tests/Mutation/Recurrent.Mutation.Tests.csproj",
        "tests/Recurrent.Benchmarks.Libtorch/Recurrent.Benchmarks.Libtorch.csproj",
    ];

    [Test]
    public void The_checker_understands_every_source() =>
    AssertNone(SourceProject.Library.Value.SelectMany(project => project.Errors()));

    [Test]
    public void Every_room_uses_only_what_the_table_allows() =>
        AssertNone(SourceProject.Library.Value.SelectMany(RoomCheck.Violations));

    [Test]
    public void No_pointers_outside_Numerics_no_static_state_no_culture_dependent_text() =>
        AssertNone(SourceProject.Library.Value.SelectMany(LanguageCheck.Violations));

    [Test]
    public void No_source_is_longer_than_one_idea() => AssertNone(
        from file in Repository.Files("src", "*.cs")
        let lines = Repository.Read(file).AsSpan().Count('\n')
        where lines > LongestFile
        select $"{file} has {lines} lines: more than {LongestFile} are two ideas");

    [Test]
    public void No_line_is_longer_than_an_editor_shows() => AssertNone(
        from folder in (string[])["src", "tests", "examples"]
        from file in Repository.Files(folder, "*.cs")
        from line in Repository.Read(file).ReplaceLineEndings("\n").Split('\n').Select((text, i) => (Text: text, Number: i + 1))
        let columns = line.Text.EnumerateRunes().Count()
        where columns > LongestLine
        select $"{file}({line.Number}): {columns} columns, and {LongestLine} is the most");

    [Test]
    public void In_the_table_no_arrow_runs_backwards()
    {
        List<string> names = [.. Rooms.All.Select(room => room.Name)];
        AssertNone(
            from room in Rooms.All
            from used in room.Uses
            let index = names.IndexOf(used)
            where index < 0 || index >= names.IndexOf(room.Name)
            where !(Rooms.Circle.Contains(room.Name) && Rooms.Circle.Contains(used))
            select $"{room.Name} → {used}: a room may use only rooms that stand above it in the table");
    }

    [Test]
    public void Every_project_is_part_of_the_solution()
    {
        string solution = Repository.Read("Recurrent.sln").Replace('\\', '/');
        AssertNone(
            from file in Repository.Files(".", "*.csproj")
            where !BuiltWhenAsked.Contains(file) && !solution.Contains($"\"{file}\"", StringComparison.Ordinal)
            select $"{file} is not in Recurrent.sln, so nothing builds or tests it");
    }

    private static void AssertNone<T>(IEnumerable<T> violations)
    {
        string[] all = [.. violations.Select(v => $"{v}").Distinct()];
        Assert.That(all, Is.Empty, string.Join('\n', all));
    }
}
