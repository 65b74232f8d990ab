using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Recurrent.Architecture.Tests;

/// <summary>A project of the library as the compiler sees it: every name resolves to what it stands for.</summary>
internal sealed class SourceProject
{
    // What ImplicitUsings brings; src/Real.props and the project file add theirs.
    private static readonly string[] ImplicitUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] Platform =
    [
        .. from file in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
           where !Path.GetFileName(file).StartsWith("Recurrent.", StringComparison.Ordinal)
           select MetadataReference.CreateFromFile(file),
    ];

    private SourceProject(CSharpCompilation compilation) => Compilation = compilation;

    /// <summary>The library's projects, each seeing the internals of the one before it.</summary>
    internal static readonly Lazy<IReadOnlyList<SourceProject>> Library = new(() =>
    {
        SourceProject core = Load("Recurrent.Core", []);
        return [core, Load("Recurrent.Models", [core])];
    });

    internal CSharpCompilation Compilation { get; }

    /// <summary>The project's own files, without what the checker adds.</summary>
    internal IEnumerable<SyntaxTree> Files => Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    /// <summary>Compiles sources that are given as text.</summary>
    internal static SourceProject Of(string name, params (string Path, string Text)[] sources) => Compile(name, sources, [], []);

    /// <summary>What the compiler could not make sense of; without this nothing else here can be believed.</summary>
    internal IEnumerable<string> Errors() =>
        from diagnostic in Compilation.GetDiagnostics()
        where diagnostic.Severity == DiagnosticSeverity.Error

        // The partial method that a source generator would fill in.
        where diagnostic.Id is not "CS8795"
        select diagnostic.ToString();

    private static SourceProject Load(string name, IReadOnlyList<SourceProject> references) => Compile(
        name,
        Repository.Files($"src/{name}", "*.cs").Select(file => (file, Repository.Read(file))),
        [.. Usings("src/Real.props"), .. Usings($"src/{name}/{name}.csproj")],
        references);

    private static SourceProject Compile(
        string name, IEnumerable<(string Path, string Text)> sources, IEnumerable<string> usings,
            IReadOnlyList<SourceProject> references)
    {
        IEnumerable<string> header =
        [
            .. ImplicitUsings.Concat(usings).Select(u => $"global using {u};"),
            """[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Recurrent.Models")]""",
        ];
        return new(CSharpCompilation.Create(
            name,
            [
                CSharpSyntaxTree.ParseText(string.Join('\n', header), Options),
                .. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, Options, source.Path)),
            ],
            [.. Platform, .. references.Select(project => project.Compilation.ToMetadataReference())],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable)));
    }

    // <Using Include="System.Single" Alias="Real" /> of the float build.
    private static IEnumerable<string> Usings(string file) =>
        from item in XDocument.Parse(Repository.Read(file)).Descendants("Using")
        where item.Parent!.Attribute("Condition")?.Value.Contains("== 'true'", StringComparison.Ordinal) is not true
        let alias = item.Attribute("Alias")?.Value
        select alias is null ? item.Attribute("Include")!.Value : $"{alias} = {item.Attribute("Include")!.Value}";
}
